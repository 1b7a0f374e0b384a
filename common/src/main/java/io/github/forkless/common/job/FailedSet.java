package io.github.forkless.common.job;

/**
 * Stands for the partial, and for the result, of a parameter set that no worker could work for, among those of others that
 * share a scan with it. Merging anything with it gives it again; jobs never see it.
 */
public record FailedSet() {}
