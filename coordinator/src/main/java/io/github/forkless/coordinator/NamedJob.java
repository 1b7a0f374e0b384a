package io.github.forkless.coordinator;

import java.util.List;
import java.util.Map;

/**
 * A job that is known by its name, with parameters as one would type them: {@code new NamedJob("count", Map.of("above",
 * "3"))}.
 *
 * @param name a built-in job's name, or that of a class on the workers' class path or among {@code classes}
 * @param classes compiled classes that come along, by name; empty for none
 * @param parameterSets for each parameter set its names and values; at least one, possibly empty, set
 */
public record NamedJob(String name, Map<String, byte[]> classes, List<Map<String, String>> parameterSets) {

    /** With a single set of parameters. */
    public NamedJob(String name, Map<String, String> parameters) {
        this(name, Map.of(), List.of(parameters));
    }
}
