package io.github.forkless.common.job;

/**
 * A job that depends on the order of the data (a backtest, a state machine). It is never split by data: one worker
 * feeds it every block from the first to the last. Many parameter sets are split over the workers instead, and those
 * that one worker holds share its scan.
 *
 * @param <A> the state
 * @param <R> the result
 */
public interface OrderedJob<A, R> extends Job<A, R> {

    /** Never called: there is only one partial. */
    @Override
    default A merge(A left, A right) {
        throw new IllegalStateException("an ordered job is not split by data, so it has nothing to merge");
    }
}
