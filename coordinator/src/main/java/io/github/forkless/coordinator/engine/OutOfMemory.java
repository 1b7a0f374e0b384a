package io.github.forkless.coordinator.engine;

/** What is said of an {@link OutOfMemoryError} of the coordinator, wherever it strikes. */
public final class OutOfMemory {
    private static final String MORE_HEAP =
            "; give its JVM a larger heap, or cut the work so that less comes back at once";

    private OutOfMemory() {}

    /** At doing what it struck, and what helps. */
    public static String at(String what, OutOfMemoryError e) {
        boolean isThread = e.getMessage() != null && e.getMessage().contains("native thread");
        return isThread
                ? "the coordinator could not start a thread (" + e.getMessage() + ") at " + what
                        + "; use fewer workers, or raise the limits on processes"
                : "the coordinator ran out of memory (" + e.getMessage() + ") at " + what + MORE_HEAP;
    }

    /** As the cause of a worker's end, which sent it. */
    public static String atReceiving(OutOfMemoryError e) {
        return "sent more than the coordinator has memory for (" + e.getMessage() + ")" + MORE_HEAP;
    }
}
