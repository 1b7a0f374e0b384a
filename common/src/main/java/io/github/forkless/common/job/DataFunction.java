package io.github.forkless.common.job;

import io.github.forkless.common.dataset.Block;
import java.io.Serializable;

/**
 * A function of a whole dataset and one parameter: what {@code WorkerPool.map} calls in the workers, once for each
 * parameter. A lambda will do; what it captures travels with it and must be serializable.
 *
 * @param <P> a parameter
 * @param <R> what is returned: data, as {@link io.github.forkless.common.value.ValueWriter} describes it
 */
@FunctionalInterface
public interface DataFunction<P, R> extends Serializable {

    /**
     * The answer for one parameter. Called in a worker; a worker makes one call after another.
     *
     * @param data all of the dataset, in place; empty if there is none
     * @param parameter one of those that {@code map} was given
     * @throws Exception anything; it fails the run and is reported to the caller of {@code map}
     */
    R apply(Block data, P parameter) throws Exception;
}
