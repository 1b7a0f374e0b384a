package io.github.forkless.coordinator.lab;

import java.util.Arrays;

/** The job of an innocent neighbour: it works in small steps, allocating a little, and notes how long each step took. */
final class Neighbour {
    private static final int STEPS = 20;
    private static final long STEP_NANOS = 1_000_000;
    private static final int GARBAGE_INTS = 8 << 10;

    /**
     * Works for {@link #STEPS} milliseconds, if it is left in peace.
     *
     * @return the longest time between the ends of two steps, in nanoseconds
     */
    static long longestGap() {
        long longest = 0;
        long last = System.nanoTime();
        for (int step = 0; step < STEPS; step++) {
            long end = last + STEP_NANOS;
            long now;
            do {
                int[] garbage = new int[GARBAGE_INTS];
                Arrays.fill(garbage, step);
                now = System.nanoTime();
            } while (now < end);
            longest = Math.max(longest, now - last);
            last = now;
        }
        return longest;
    }

    private Neighbour() {}
}
