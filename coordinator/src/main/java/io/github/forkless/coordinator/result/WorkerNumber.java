package io.github.forkless.coordinator.result;

/** By what a worker is known: the number of its process, or of one that is not on this machine, a higher one. */
public final class WorkerNumber {
    /** No process of this machine has a number as high: with this one those of workers elsewhere begin. */
    public static final long FIRST_REMOTE = 1L << 40;

    /** {@code worker pid 4711}, or {@code worker 3 of the cluster}. */
    public static String name(long number) {
        return "worker " + shortName(number);
    }

    /** {@code pid 4711}, or {@code 3 of the cluster}. */
    public static String shortName(long number) {
        return number < FIRST_REMOTE ? "pid " + number : (number - FIRST_REMOTE) + " of the cluster";
    }

    private WorkerNumber() {}
}
