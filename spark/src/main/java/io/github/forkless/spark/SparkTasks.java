package io.github.forkless.spark;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which Spark task carries what a worker was sent: who is to end it has to name the task. Safe for use by several threads. */
final class SparkTasks implements Executors.Tasks {
    /** By the number of the RDD that they are partitions of. */
    private final Map<Integer, List<RemoteWorker>> expected = new ConcurrentHashMap<>();

    private final Map<Integer, List<RemoteWorker>> byStage = new ConcurrentHashMap<>();

    /** @param workers one for each partition */
    void expect(int rdd, List<RemoteWorker> workers) {
        expected.put(rdd, workers);
    }

    @Override
    public void stageOf(int stage, int rdd) {
        List<RemoteWorker> workers = expected.remove(rdd);
        if (workers != null) {
            byStage.put(stage, workers);
        }
    }

    @Override
    public void started(int stage, int partition, long task) {
        List<RemoteWorker> workers = byStage.get(stage);
        if (workers != null) {
            workers.get(partition).started(task);
        }
    }

    @Override
    public void over(int stage) {
        byStage.remove(stage);
    }
}
