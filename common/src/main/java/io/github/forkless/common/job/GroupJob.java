package io.github.forkless.common.job;

import io.github.forkless.common.dataset.Block;
import java.util.List;

/**
 * A job that does several parameter sets in one go, where that is less work than one after another. Parameter sets share
 * a worker's scan in any case; those of a group job can share what is found in it too. The answers must be those that
 * {@link #accept} leads to.
 *
 * @param <A> the partial
 * @param <R> the result
 */
public interface GroupJob<A, R> extends Job<A, R> {

    /**
     * Begins a slice for a group of parameter sets, in place of {@link #start} and {@link #accept} for each of them. Called
     * on the first of the group.
     *
     * @param group two jobs or more, all of this class, this one first
     */
    Scan<A> scan(List<? extends GroupJob<A, R>> group);

    /**
     * What a group finds in a slice. Used by one thread at a time.
     *
     * @param <A> the partial of one parameter set
     */
    interface Scan<A> {

        /** Adds one block. The blocks of a slice come in the order in which they lie in the dataset. */
        void accept(Block block);

        /** One partial for each parameter set, in the group's order; called once, after the last block. */
        List<A> partials();
    }
}
