package io.github.forkless.coordinator.lab;

/** An experiment that cannot be made, or whose answer is wrong. The message says which, why, and what to do. */
public final class LabException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LabException(String message) {
        super(message);
    }

    LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
