package io.github.forkless.coordinator.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The engines that are installed beside the coordinator, for the command line, which knows them by name. */
public interface ClusterEngines {

    /** What {@code --engine} calls it. */
    String name();

    /** @throws IllegalArgumentException when that does not go together; the message says what to do */
    EngineFactory engine(Options options);

    /**
     * What the command line says of a cluster.
     *
     * @param master where the cluster is
     * @param workersPerExecutor how many child JVMs each executor has; empty for none
     * @param hosts a file that says which hosts hold which files
     * @param configuration of the cluster's own
     */
    record Options(
            Optional<String> master,
            OptionalInt workersPerExecutor,
            Optional<Path> hosts,
            Map<String, String> configuration) {}

    static Optional<ClusterEngines> find(String name) {
        return all().stream().filter(engine -> engine.name().equals(name)).findFirst();
    }

    private static List<ClusterEngines> all() {
        return StreamSupport.stream(ServiceLoader.load(ClusterEngines.class).spliterator(), false)
                .collect(Collectors.toList());
    }
}
