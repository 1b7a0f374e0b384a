package io.github.forkless.common.job;

import java.io.Serializable;
import java.util.concurrent.Callable;

/**
 * A task that can travel to a worker, with what it captures. A lambda will do.
 *
 * @param <R> what it returns: data, as {@link io.github.forkless.common.value.ValueWriter} describes it
 */
@FunctionalInterface
public interface SerializableCallable<R> extends Callable<R>, Serializable {}
