package io.github.forkless.common.job;

import io.github.forkless.common.dataset.Block;

/**
 * A function of a parameter alone, where one of a dataset is called for.
 *
 * @param function of the user
 */
public record WithoutData<P, R>(SerializableFunction<P, R> function) implements DataFunction<P, R> {
    @Override
    public R apply(Block data, P parameter) throws Exception {
        return function.apply(parameter);
    }

    /** What the user has written: {@code function} itself, or what is in it. */
    public static Object written(DataFunction<?, ?> function) {
        return function instanceof WithoutData<?, ?> wrapper ? wrapper.function : function;
    }
}
