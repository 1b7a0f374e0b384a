package io.github.forkless.coordinator.schedule;

import java.time.Duration;

/** Durations as people read them. */
public final class Durations {
    private static final int NANOS_PER_MILLI = 1_000_000;

    /** In nanoseconds, these are within 64 bits. */
    private static final long MAX_SECONDS = 9_000_000_000L;

    private Durations() {}

    /** {@code 30 s}, {@code 500 ms}, or {@code 20000 ns} where it is no whole number of milliseconds. */
    public static String text(Duration duration) {
        long seconds = duration.getSeconds();
        if (seconds > MAX_SECONDS || seconds < -MAX_SECONDS) {
            return seconds + " s";
        }
        if (duration.getNano() % NANOS_PER_MILLI != 0) {
            return duration.toNanos() + " ns";
        }
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }
}
