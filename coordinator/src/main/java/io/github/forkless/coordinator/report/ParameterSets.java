package io.github.forkless.coordinator.report;

import io.github.forkless.common.value.RecordValue;
import java.util.AbstractList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What each result of a run is of.
 *
 * @param sets names and values of parameters; at least one set, which may be empty
 * @param names of parameters, in the order in which they are shown; a set may lack some
 * @param shape how many values each sweep has, the last of which varies fastest; empty if the answer is no list
 */
public record ParameterSets(List<Map<String, String>> sets, List<String> names, List<Integer> shape) {

    /** Of sets that all have the same names. */
    public ParameterSets(List<Map<String, String>> sets, List<Integer> shape) {
        this(sets, sets.isEmpty() ? List.of() : List.copyOf(sets.getFirst().keySet()), shape);
    }

    /** @param isSweep whether the answer is a list, even if it has one item */
    public ParameterSets(List<Map<String, String>> sets, boolean isSweep) {
        this(sets, isSweep ? List.of(sets.size()) : List.of());
    }

    /** Of sets as a program gives them: in any order, and each with names of its own. */
    public static ParameterSets ofSets(List<Map<String, String>> sets) {
        var names = new LinkedHashSet<String>();
        for (Map<String, String> set : sets) {
            names.addAll(set.keySet());
        }
        return new ParameterSets(sets, List.copyOf(names), sets.size() > 1 ? List.of(sets.size()) : List.of());
    }

    /** Whether the answer is a list, even if it has one item. */
    public boolean isSweep() {
        return !shape.isEmpty();
    }

    /**
     * Those that a function was applied to.
     *
     * @param parameters records as their values. Where all have the same components, these are what has a name
     */
    public static ParameterSets ofParameters(List<Object> parameters) {
        boolean areRecords = !TableAnswer.componentsOf(parameters).isEmpty();
        return new ParameterSets(
                new AbstractList<>() {
                    @Override
                    public Map<String, String> get(int index) {
                        Object parameter = parameters.get(index);
                        Map<String, String> set = new LinkedHashMap<>();
                        (areRecords
                                        ? ((RecordValue) parameter).components()
                                        : Map.of("parameter", Optional.ofNullable(parameter)))
                                .forEach((name, value) -> set.put(name, Json.inline(value)));
                        return set;
                    }

                    @Override
                    public int size() {
                        return parameters.size();
                    }
                },
                true);
    }

    /** A parameter set in words: {@code fast=5 slow=20}. */
    public String name(int set) {
        return sets.get(set).entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    }
}
