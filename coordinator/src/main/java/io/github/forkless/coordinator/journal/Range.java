package io.github.forkless.coordinator.journal;

/**
 * A run of consecutive things: elements of a dataset, or parameter sets.
 *
 * @param from the first
 * @param to one past the last, more than {@code from}
 */
public record Range(long from, long to) {}
