package io.github.forkless.common.job;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Layout;
import java.io.Serializable;
import java.util.Optional;

/**
 * What is computed over a dataset: a collector over blocks, shaped like {@link java.util.stream.Collector}.
 *
 * <p>A job together with its parameters is one object. Written as a record, its components are its parameters, declared
 * once with name, type, default and meaning (see {@link Parameter}):
 *
 * <pre>{@code
 * public record CountAbove(@Parameter("counted are elements greater than this") int limit)
 *         implements Job<Long, Long> {
 *     public Long start() { return 0L; }
 *     public Long accept(Long count, Block block) {
 *         long n = count;
 *         for (long i = 0; i < block.count(); i++) n += block.intAt(i) > limit ? 1 : 0;
 *         return n;
 *     }
 *     public Long merge(Long left, Long right) { return left + right; }
 *     public Long finish(Long count) { return count; }
 * }
 * }</pre>
 *
 * <p>All four methods run in workers only, on one thread at a time for any one partial. A worker may feed one block to
 * many jobs in turn, so a job keeps its state in its partial and nowhere else. A partial travels between processes as
 * data (see {@link io.github.forkless.common.value.ValueWriter} for what can travel). What any of the methods throws fails
 * the run, and is reported with its stack trace.
 *
 * @param <A> the partial: what has been found in some of the blocks
 * @param <R> the result
 */
public interface Job<A, R> extends Serializable {

    /** A partial that has seen no block. */
    A start();

    /**
     * The same for data of this layout; what is called. For jobs whose answer depends on the type of the elements, also where
     * there is none.
     */
    default A start(Layout layout) {
        return start();
    }

    /**
     * Adds one block to a partial and returns the partial, the same object or another. The blocks of a slice come in
     * the order in which they lie in the dataset. A block is valid only during the call.
     */
    A accept(A partial, Block block);

    /**
     * Joins the partials of two neighbouring ranges; {@code left} lies before {@code right} in the dataset. Called in
     * the dataset's order, whatever the order in which workers finished. May change and return either argument.
     */
    A merge(A left, A right);

    /** Makes the answer of the partial of the whole dataset; called once. */
    R finish(A partial);

    /** Whether this job can read data of this layout: any, by default. A run over other data is refused. */
    default boolean accepts(Layout layout) {
        return true;
    }

    /**
     * What else is wrong with data that this job {@link #accepts}: of a table, that it has no such column. A run over it is refused
     * with these words, which say what there is instead; empty if it can be read.
     */
    default Optional<String> refusal(Layout layout) {
        return Optional.empty();
    }

    /**
     * How many elements make a record, which no block may cut in two: the columns of a table of numbers. Records are counted from the
     * first element of the dataset, and a run over data that ends within one is refused. 1, by default, which is a row where the data
     * has several dimensions; for text and for data of records, whose blocks are whole lines or records, it must be.
     */
    default int recordLength() {
        return 1;
    }

    /**
     * Whether blocks of data of several dimensions have to be whole rows. A job that looks at each element by itself says no: where rows
     * are long, it gets blocks that stay in a core's cache.
     */
    default boolean readsRows() {
        return true;
    }
}
