package io.github.forkless.coordinator.result;

import java.util.List;

/**
 * A run that has no answer. Its message says why in one line; {@link #failures()} has every attempt that failed. Where a
 * job threw, the exception itself stays in the worker, and its name and stack trace are in the last of the failures; they
 * are printed as the cause of this exception.
 */
public final class RunFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Failure> failures;

    public RunFailedException(String message, List<Failure> failures) {
        super(message, failures.isEmpty() ? null : WorkerTrace.of(failures.getLast()));
        this.failures = List.copyOf(failures);
    }

    /** @param cause of what went wrong in the coordinator itself */
    public RunFailedException(String message, List<Failure> failures, Throwable cause) {
        super(message, cause);
        this.failures = List.copyOf(failures);
    }

    /** The same with a stack trace of where it is called. */
    public RunFailedException copy() {
        return new RunFailedException(getMessage(), failures, getCause());
    }

    /**
     * In the order in which they happened; the last one is what ended the run. Of more than 1,000, the first 500 and the
     * last 500. Empty if no worker could be started.
     */
    public List<Failure> failures() {
        return failures;
    }

    /** Stands for an exception in a worker, and prints its stack trace in place of one of its own. */
    private static final class WorkerTrace extends Exception {
        private static final long serialVersionUID = 1L;

        /** @return null if there is no trace */
        static WorkerTrace of(Failure failure) {
            return failure.trace().isEmpty()
                    ? null
                    : new WorkerTrace(failure.trace().stripTrailing());
        }

        private WorkerTrace(String trace) {
            super(trace, null, false, false);
        }

        @Override
        public String toString() {
            return getMessage();
        }
    }
}
