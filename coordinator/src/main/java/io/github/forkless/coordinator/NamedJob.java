package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.shared.Shared;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A job that is known by its name, with parameters as one would type them: {@code new NamedJob("count", Map.of("above",
 * "3"))}.
 *
 * @param name a built-in job's name, or that of a class on the workers' class path or among {@code classes}
 * @param classes compiled classes that come along, by name; empty for none
 * @param parameterSets for each parameter set its names and values; at least one, possibly empty, set
 * @param datasets further ones, for parameters of type {@code Shared<Block>}
 */
public record NamedJob(
        String name,
        Map<String, byte[]> classes,
        List<Map<String, String>> parameterSets,
        Map<String, Shared<Block>> datasets) {

    /** Without further datasets. */
    public NamedJob(String name, Map<String, byte[]> classes, List<Map<String, String>> parameterSets) {
        this(name, classes, parameterSets, Map.of());
    }

    /** With a single set of parameters. */
    public NamedJob(String name, Map<String, String> parameters) {
        this(name, Map.of(), List.of(parameters));
    }

    /** With one more dataset, such as {@link WorkerPool#share(java.nio.file.Path)} returns. */
    public NamedJob withDataset(String parameter, Shared<Block> dataset) {
        var more = new LinkedHashMap<>(datasets);
        more.put(parameter, dataset);
        return new NamedJob(name, classes, parameterSets, more);
    }
}
