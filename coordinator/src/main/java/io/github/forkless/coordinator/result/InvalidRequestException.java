package io.github.forkless.coordinator.result;

/** What was asked for cannot be: an unknown job, a wrong parameter, a job that does not fit the data. */
public final class InvalidRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidRequestException(String message) {
        super(message);
    }
}
