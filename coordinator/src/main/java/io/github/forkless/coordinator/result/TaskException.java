package io.github.forkless.coordinator.result;

/**
 * Stands for an exception that a task threw in a worker and that is not made here: its class is neither the JDK's, nor declared
 * to be thrown by the task, nor granted by {@code PoolOptions.withResultTypes}, or it has no public
 * constructor that takes no more than a message and a cause and gives the same message. The worker's stack trace is suppressed
 * in it.
 */
public final class TaskException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String type;

    /** @param message the exception's own; null if it has none */
    public TaskException(String type, String message, Throwable cause) {
        super(message == null ? type : type + ": " + message, cause);
        this.type = type;
    }

    /** The name of the exception's class. */
    public String type() {
        return type;
    }
}
