package io.github.forkless.coordinator.files;

import java.time.Duration;

/**
 * Something to do when this JVM goes down. It is waited for only a little while: a file on a disk that does not answer, a
 * terminal that is stopped or a worker that does not end must not keep a program from ending that was told to.
 */
public final class ShutdownHook {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** A thread for {@link Runtime#addShutdownHook}. */
    public static Thread of(String name, Runnable action) {
        return new Thread(() -> runFor(PATIENCE, name, action), name);
    }

    /** Whether this JVM is going down: hooks run, and what fails from now on may fail because of that. */
    public static boolean haveBegun() {
        var probe = new Thread(() -> {});
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    static void runFor(Duration patience, String name, Runnable action) {
        try {
            Thread.ofPlatform().daemon().name(name + "-work").start(action).join(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (OutOfMemoryError noThread) {
            action.run(); // then without the limit
        }
    }

    private ShutdownHook() {}
}
