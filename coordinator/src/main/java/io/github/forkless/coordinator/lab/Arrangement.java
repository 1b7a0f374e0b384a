package io.github.forkless.coordinator.lab;

/**
 * One way to arrange the same work: who reads the data, and how the data gets to him. An arrangement runs in a JVM of its
 * own, {@link ArrangementMain}, with whatever that starts; the laboratory looks at all of them from outside.
 *
 * <p>To add one, write a class and put it into {@link Arrangements}.
 */
public interface Arrangement {
    String name();

    /** What it is, in up to 64 characters, for whoever reads its name next. */
    String meaning();

    /** Two sentences for somebody who sees this for the first time. */
    String explanation();

    /** Whether its jobs read the data at all; if not, each result is the job's number. */
    default boolean readsData() {
        return true;
    }

    /** As much of the work as this arrangement can do in a time that a person waits for. */
    default Work portion(Work whole) {
        return whole;
    }

    /** How large the heap of its JVM may grow; that of its workers is their own. */
    default long heapBytes(Work work) {
        return 64 << 20;
    }

    /** How much it writes to files, which the kernel counts like what goes through pipes. */
    default long fileBytes(Work work) {
        return 0;
    }

    /**
     * Does the work, gives each result to {@code results} as it comes, and then waits at {@link Results#hold}, before it
     * lets go of the data and ends its processes.
     */
    void run(Work work, Results results) throws Exception;
}
