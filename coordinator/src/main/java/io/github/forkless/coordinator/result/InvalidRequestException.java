package io.github.forkless.coordinator.result;

/** What was asked for cannot be: an unknown job, a wrong parameter, a job that does not fit the data. */
public final class InvalidRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidRequestException(String message) {
        super(message);
    }

    /**
     * That too much is to be copied.
     *
     * @param what it is, as the beginning of a sentence
     * @param most how many bytes it may be
     */
    public static InvalidRequestException ofCopy(String what, long most) {
        return new InvalidRequestException(what + " carries more than " + most
                + " bytes; share what is large, so that all workers read one copy: 'var prices = pool.share(array)',"
                + " and prices.get() in the lambda. To copy it all the same, use PoolOptions.withLargestCapture");
    }
}
