package io.github.forkless.coordinator;

import java.util.List;

/** A run that has no answer. Its message says why in one line; {@link #failures()} has every attempt that failed. */
public final class RunFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Failure> failures;

    RunFailedException(String message, List<Failure> failures) {
        super(message);
        this.failures = List.copyOf(failures);
    }

    /** In the order in which they happened; the last one is what ended the run. */
    public List<Failure> failures() {
        return failures;
    }
}
