package io.github.forkless.common.job;

import java.io.Serializable;

/**
 * A function of a parameter alone, for a pool's {@code map}: a lambda that needs no dataset, or reads shared data. What it
 * captures travels with it and has to be {@link Serializable}.
 *
 * @param <P> the parameter
 * @param <R> the result
 */
@FunctionalInterface
public interface SerializableFunction<P, R> extends Serializable {
    /** @throws Exception whatever it likes to: that fails the run, and is reported with its stack trace */
    R apply(P parameter) throws Exception;
}
