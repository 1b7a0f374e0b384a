package io.github.forkless.coordinator.result;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A run that has no answer. Its message says why in one line; {@link #failures()} has every attempt that failed. Where a
 * job threw, the exception itself stays in the worker, and its name and stack trace are in the last of the failures; they
 * are printed as the cause of this exception.
 */
public final class RunFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Failure> failures;
    /** Null if there is none. */
    private transient RunResult.Page page;

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

    /** For the pool, which makes this for one caller: gives it the page of its run. */
    public void initPage(RunResult.Page page) {
        this.page = page;
    }

    /**
     * Writes the page of the run: how far it came, and every attempt that failed. Otherwise as {@link RunResult#report}.
     *
     * @throws InvalidRequestException when the run was not recorded, or the file cannot be written: a folder, for example
     */
    public void report(Path file) throws IOException {
        RunResult.write(Optional.ofNullable(page), file);
    }

    private static Throwable trace(List<Failure> failures) {
        return failures.isEmpty() || failures.getLast().trace().isEmpty()
                ? null
                : new WorkerTrace(failures.getLast().trace());
    }
}
