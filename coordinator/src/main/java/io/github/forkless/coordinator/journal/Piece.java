package io.github.forkless.coordinator.journal;

import io.github.forkless.common.dataset.Slice;

/** Part of a run's work that is finished. */
public sealed interface Piece {

    /** As a worker sent it. */
    byte[] content();

    /**
     * The partials of a group of parameter sets, one each.
     *
     * @param firstSet the group's first parameter set
     * @param endSet the one after its last
     * @param slice what they have seen of the dataset, 1 element or more
     */
    record Partials(int firstSet, int endSet, Slice slice, byte[] content) implements Piece {}

    /**
     * The results of parameter sets, or of a function's parameters, one each.
     *
     * @param firstSet the first of them
     * @param endSet the one after the last
     */
    record Results(int firstSet, int endSet, byte[] content) implements Piece {}
}
