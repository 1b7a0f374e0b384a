package io.github.forkless.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How long to wait on this machine, as busy as it is. Tests name the time that an idle, fast machine has; it is multiplied
 * by how much longer a JVM takes to start here than there. That is measured once in each JVM that runs tests, and again
 * before somebody gives up.
 */
public final class Patience {
    /** What {@code java -version} takes on an idle, fast machine. */
    private static final Duration IDLE_START = Duration.ofMillis(25);

    private static final int STARTS = 3;

    private static double slowness = measured();

    /** What is waited for. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws IOException;
    }

    private Patience() {}

    /** How many times slower this machine is than an idle, fast one; 1 or more. */
    public static synchronized double slowness() {
        return slowness;
    }

    /** What takes {@code atMost} on an idle, fast machine may take so long here. */
    public static Duration of(Duration atMost) {
        return Duration.ofNanos((long) (atMost.toNanos() * slowness()));
    }

    /**
     * Waits until {@code condition} holds.
     *
     * @param atMost how long an idle, fast machine may take
     * @return whether it holds; if not, then after a time that the machine's speed right now does not excuse
     */
    public static boolean awaits(Duration atMost, Condition condition) throws InterruptedException {
        long started = System.nanoTime();
        while (true) {
            long waited = System.nanoTime() - started;
            if (holds(condition)) {
                return true;
            }
            if (waited > of(atMost).toNanos()) {
                measureAgain();
                if (waited > of(atMost).toNanos()) {
                    return holds(condition);
                }
            }
            Thread.sleep(5);
        }
    }

    /**
     * Whether something took no longer than it may, or than the machine's speed right now excuses.
     *
     * @param atMost how long an idle, fast machine may take
     */
    public static boolean excuses(Duration atMost, Duration took) {
        if (took.compareTo(of(atMost)) > 0) {
            measureAgain();
        }
        return took.compareTo(of(atMost)) <= 0;
    }

    private static boolean holds(Condition condition) {
        try {
            return condition.holds();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void measureAgain() {
        double now = measured();
        synchronized (Patience.class) {
            slowness = Math.max(slowness, now);
        }
    }

    /** By the slowest of a few starts: others may want the processors in the next moment, too. */
    private static double measured() {
        try {
            long slowest = 0;
            for (int i = 0; i < STARTS; i++) {
                long started = System.nanoTime();
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-version")
                        .redirectOutput(Redirect.DISCARD)
                        .redirectError(Redirect.DISCARD)
                        .start()
                        .waitFor();
                slowest = Math.max(slowest, System.nanoTime() - started);
            }
            return Math.max(1, (double) slowest / IDLE_START.toNanos());
        } catch (IOException e) {
            throw new UncheckedIOException("a JVM cannot be started, which tells how fast the machine is", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
