package io.github.forkless.worker;

/** The job was asked for in a way that cannot be done. The message is one line and says what can. */
public final class JobRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JobRequestException(String message) {
        super(message);
    }

    JobRequestException(String message, Throwable cause) {
        super(message, cause);
    }
}
