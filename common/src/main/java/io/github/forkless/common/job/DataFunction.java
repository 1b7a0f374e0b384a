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

    /** @param data all of the dataset, in place; empty if there is none */
    R apply(Block data, P parameter) throws Exception;
}
