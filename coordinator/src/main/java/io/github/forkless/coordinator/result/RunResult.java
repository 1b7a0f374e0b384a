package io.github.forkless.coordinator.result;

import java.util.List;

/**
 * The answer of a run, proved complete.
 *
 * @param results one for each parameter set, in their order
 * @param report how it came about
 */
public record RunResult(List<Object> results, RunReport report) {}
