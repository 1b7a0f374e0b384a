package io.github.forkless.coordinator.result;

/** Stands for an exception in a worker, and prints its stack trace in place of one of its own. */
public final class WorkerTrace extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param trace as {@link Throwable#printStackTrace()} prints it */
    public WorkerTrace(String trace) {
        super(trace.stripTrailing(), null, false, false);
    }

    @Override
    public String toString() {
        return getMessage();
    }
}
