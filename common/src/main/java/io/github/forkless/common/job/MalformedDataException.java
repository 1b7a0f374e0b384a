package io.github.forkless.common.job;

/**
 * Thrown by a job that meets data which is not what it reads. The run ends with that message, which should say where in
 * the dataset and what was expected; it is not tried again.
 */
public class MalformedDataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message one line, without the dataset's name: that is put in front */
    public MalformedDataException(String message) {
        super(message);
    }
}
