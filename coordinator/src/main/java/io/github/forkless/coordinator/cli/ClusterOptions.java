package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.cli.Arguments.Argument;
import io.github.forkless.coordinator.engine.ClusterEngines;
import io.github.forkless.coordinator.engine.EngineFactory;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The options of a run that say which cluster it runs on. */
final class ClusterOptions {
    private final Argument<String> master;
    private final Argument<Integer> executorWorkers;
    private final Argument<Path> hosts;
    private final Argument<List<Assignment>> configuration;

    /** @param arguments get them as a group */
    ClusterOptions(Arguments arguments) {
        arguments.group("Cluster, with --engine spark:");
        master = arguments.option(
                "--master",
                "URL",
                text -> text,
                "where Spark is: spark://HOST:7077, or local[4] to try it here (default: what spark-submit says)");
        executorWorkers = arguments.option(
                "--executor-workers",
                "N",
                Parsers::wholeNumber,
                "have each executor start N worker processes, so that a crash costs one attempt (default: tasks run in"
                        + " the executor itself)");
        hosts = arguments.option(
                "--hosts",
                "FILE",
                Parsers::file,
                "lines 'FILE HOST...' that say which hosts have a file of the data on a disk of theirs (default: all"
                        + " have all)");
        configuration = arguments.options(
                "--spark-conf",
                "KEY=VALUE",
                "",
                Parsers::assignment,
                "a setting of Spark's own, such as spark.executor.memory=8g (default: Spark's)");
    }

    /** @throws InvalidRequestException when one is given, and the engine is this machine's */
    void requireNone() {
        for (Argument<?> each : List.of(master, executorWorkers, hosts, configuration)) {
            if (each.value().isPresent()) {
                throw new InvalidRequestException(
                        each.name() + " is for a cluster, and the workers are on this machine; add --engine spark, or"
                                + " leave it out");
            }
        }
    }

    /** @throws InvalidRequestException when it is not installed, or what was given does not go together */
    EngineFactory engine(String name) {
        ClusterEngines installed = ClusterEngines.find(name)
                .orElseThrow(
                        () -> new InvalidRequestException("--engine " + name + " is not installed: unpack forkless-"
                                + name + "-VERSION.tar.gz into the folder that coordinator is installed in, and run the"
                                + " installed command"));
        try {
            return installed.engine(new ClusterEngines.Options(
                    master.value(),
                    executorWorkers.value().isPresent() ? OptionalInt.of(executorWorkers.get()) : OptionalInt.empty(),
                    hosts.value(),
                    Assignment.byName("--spark-conf", configuration.or(List.of()))));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(e.getMessage());
        }
    }

    /** The file that says where data is. */
    Optional<Path> hosts() {
        return hosts.value();
    }
}
