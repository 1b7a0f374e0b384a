package io.github.forkless.spark;

import io.github.forkless.coordinator.engine.Engine;
import io.github.forkless.coordinator.engine.EngineFactory;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Has a pool's tasks carried out by the executors of an Apache Spark cluster:
 *
 * <pre>{@code
 * WorkerPool.open(data, PoolOptions.defaults().withEngine(SparkEngine.at("spark://HOST:7077")))
 * }</pre>
 *
 * <p>Each executor maps the files of the dataset at their paths on its own host: on a shared file system, or as a copy on each host. A
 * pool has a worker for each processor of each executor. Cannot be changed: each method returns another engine. One pool at a time can
 * be open, since Spark allows a JVM one connection.
 */
public final class SparkEngine implements EngineFactory {
    private final Optional<String> master;
    private final OptionalInt workersPerExecutor;
    private final Optional<Path> hosts;
    private final Map<String, String> configuration;

    /** Between {@link #workers} and {@link #open}. Null otherwise. */
    private Cluster connected;

    SparkEngine(
            Optional<String> master,
            OptionalInt workersPerExecutor,
            Optional<Path> hosts,
            Map<String, String> configuration) {
        if (workersPerExecutor.isPresent() && workersPerExecutor.getAsInt() < 1) {
            throw new IllegalArgumentException(
                    "an executor can have 1 worker process or more, not " + workersPerExecutor.getAsInt());
        }
        this.master = master;
        this.workersPerExecutor = workersPerExecutor;
        this.hosts = hosts;
        this.configuration = Map.copyOf(configuration);
    }

    /** @param master where Spark is: {@code spark://HOST:7077}, or {@code local[4]} for executors in this JVM */
    public static SparkEngine at(String master) {
        return new SparkEngine(Optional.of(master), OptionalInt.empty(), Optional.empty(), Map.of());
    }

    /**
     * Where {@code spark-submit} says, which has started this program.
     *
     * @throws IllegalStateException in a program that it has not started
     */
    public static SparkEngine ofSubmit() {
        if (System.getProperty("spark.master") == null) {
            throw new IllegalStateException(
                    "spark-submit has not started this program, so nobody has said where Spark is;"
                            + " start it so, or name the place: SparkEngine.at(\"spark://HOST:7077\")");
        }
        return new SparkEngine(Optional.empty(), OptionalInt.empty(), Optional.empty(), Map.of());
    }

    /**
     * Has each executor start worker processes on its host, as the coordinator does on one machine, so that a job that crashes costs
     * one attempt. By default tasks run in the executor's own JVM, and a crash costs all that it was at.
     *
     * @param workers for each executor, 1 or more; no more than it has processors are at work at a time
     */
    public SparkEngine withExecutorWorkers(int workers) {
        return new SparkEngine(master, OptionalInt.of(workers), hosts, configuration);
    }

    /** @param hosts a file of lines {@code FILE HOST...}: the hosts that a file of the data is close to, where its tasks go first */
    public SparkEngine withHosts(Path hosts) {
        return new SparkEngine(master, workersPerExecutor, Optional.of(hosts), configuration);
    }

    /** Sets a property of Spark's own, such as {@code spark.executor.memory}. */
    public SparkEngine withConfiguration(String key, String value) {
        Map<String, String> changed = new HashMap<>(configuration);
        changed.put(key, value);
        return new SparkEngine(master, workersPerExecutor, hosts, changed);
    }

    @Override
    public String label() {
        return "spark";
    }

    @Override
    public synchronized int workers(OptionalInt wanted) throws IOException {
        if (connected == null) {
            PreferredHosts preferred = PreferredHosts.read(hosts);
            connected = Cluster.connect(master, configuration, workersPerExecutor, preferred, wanted);
        }
        int room = connected.room();
        return Math.min(room, wanted.orElse(room));
    }

    @Override
    public synchronized Engine open(Request request) throws IOException {
        workers(OptionalInt.empty());
        Cluster cluster = connected;
        connected = null;
        try {
            if (workersPerExecutor.isEmpty()) {
                requireNoProcesses(request);
            }
            return ClusterEngine.open(cluster, request);
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private static void requireNoProcesses(Request request) {
        if (request.workerMemory().isPresent()) {
            throw isForProcesses("withWorkerMemory", "spark.executor.memory");
        }
        if (!request.jvmOptions().isEmpty()) {
            throw isForProcesses("withJvmOptions", "spark.executor.extraJavaOptions");
        }
    }

    private static InvalidRequestException isForProcesses(String option, String setting) {
        return new InvalidRequestException("PoolOptions." + option + " is for worker processes, and tasks run in the"
                + " executors themselves; add --executor-workers N (SparkEngine.withExecutorWorkers), or set " + setting
                + " with --spark-conf (SparkEngine.withConfiguration)");
    }
}
