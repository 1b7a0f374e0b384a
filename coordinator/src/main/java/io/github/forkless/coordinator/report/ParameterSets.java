package io.github.forkless.coordinator.report;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What each result of a run is of.
 *
 * @param sets names and values of parameters; at least one set, which may be empty
 * @param isSweep whether the answer is a list, even if it has one item
 */
public record ParameterSets(List<Map<String, String>> sets, boolean isSweep) {

    /** A parameter set in words: {@code fast=5 slow=20}. */
    public String name(int set) {
        return sets.get(set).entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    }
}
