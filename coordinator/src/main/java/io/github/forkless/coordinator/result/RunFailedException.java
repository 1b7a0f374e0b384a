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
        super(message, trace(failures));
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

    private static Throwable trace(List<Failure> failures) {
        return failures.isEmpty() || failures.getLast().trace().isEmpty()
                ? null
                : new WorkerTrace(failures.getLast().trace());
    }
}
