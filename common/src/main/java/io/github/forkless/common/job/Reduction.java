package io.github.forkless.common.job;

import io.github.forkless.common.dataset.Block;
import java.io.Serializable;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;

/**
 * A job made of three lambdas, for a program that has no use for a class.
 *
 * @param first makes a partial that has seen no block
 * @param step adds a block to a partial
 * @param join joins the partials of two neighbouring ranges
 * @param <A> the partial, and the result
 */
public record Reduction<A>(Start<A> first, Step<A> step, Join<A> join) implements Job<A, A> {

    /** See {@link Job#start}. */
    @FunctionalInterface
    public interface Start<A> extends Supplier<A>, Serializable {}

    /** See {@link Job#accept}. */
    @FunctionalInterface
    public interface Step<A> extends Serializable {

        /** Adds {@code block} to {@code partial} and returns the partial, the same object or another. */
        A accept(A partial, Block block);
    }

    /** See {@link Job#merge}. */
    @FunctionalInterface
    public interface Join<A> extends BinaryOperator<A>, Serializable {}

    @Override
    public A start() {
        return first.get();
    }

    @Override
    public A accept(A partial, Block block) {
        return step.accept(partial, block);
    }

    @Override
    public A merge(A left, A right) {
        return join.apply(left, right);
    }

    @Override
    public A finish(A partial) {
        return partial;
    }
}
