package io.github.forkless.coordinator.run;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that complete futures of the library's users. What hangs on these may wait for other runs, or never end: it
 * keeps no worker and no other run waiting.
 */
public final class Completions {
    private static final int MOST_THREADS = 1024;

    /** Makes a thread when all are busy, up to a number that no system minds; then virtual ones. */
    public static final Executor EXECUTOR = new ThreadPoolExecutor(
            0,
            MOST_THREADS,
            100,
            TimeUnit.MILLISECONDS,
            new SynchronousQueue<>(),
            // Not numbered: the factory that counts has the JVM spin six classes, in the way of every run's answer.
            Thread.ofPlatform().daemon().name("forkless-results").factory(),
            (task, _) -> Thread.startVirtualThread(task));

    private Completions() {}
}
