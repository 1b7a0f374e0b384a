package io.github.forkless.spark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The executors that there are, as Spark tells of them. Spark makes the listener itself, before its first executor is there; the
 * connection finds it by a number. Safe for use by several threads.
 */
final class Executors {
    /** Of the configuration: which {@link Executors} the listener tells. */
    static final String NUMBER = "spark.forkless.executors";

    private static final Map<String, Executors> ALL = new ConcurrentHashMap<>();

    /** In the order in which they came. */
    private final Map<String, Executor> alive = new LinkedHashMap<>();

    private long lastAddedNanos = System.nanoTime();
    private volatile BiConsumer<Executor, String> onLost = (_, _) -> {};
    private volatile Runnable onAdded = () -> {};
    /** Of the pool; before it is open nobody has to know. */
    private volatile Tasks tasks = new Tasks() {
        @Override
        public void stageOf(int stage, int rdd) {}

        @Override
        public void started(int stage, int partition, long task) {}

        @Override
        public void over(int stage) {}
    };

    /** Told what Spark calls the tasks that it runs. */
    interface Tasks {
        void stageOf(int stage, int rdd);

        void started(int stage, int partition, long task);

        void over(int stage);
    }

    private Executors() {}

    /** @param number a new one */
    static Executors register(String number) {
        var executors = new Executors();
        ALL.put(number, executors);
        return executors;
    }

    static void forget(String number) {
        ALL.remove(number);
    }

    /** Called by Spark. */
    public static final class Listener extends SparkListener {
        private final Executors executors;

        /** For Spark, which passes its configuration. */
        public Listener(SparkConf configuration) {
            executors = ALL.get(configuration.get(NUMBER));
        }

        @Override
        public void onExecutorAdded(SparkListenerExecutorAdded event) {
            executors.added(new Executor(
                    event.executorId(),
                    event.executorInfo().executorHost(),
                    event.executorInfo().totalCores()));
        }

        @Override
        public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
            executors.removed(event.executorId(), event.reason());
        }

        @Override
        public void onStageSubmitted(SparkListenerStageSubmitted event) {
            CollectionConverters.asJava(event.stageInfo().rddInfos())
                    .forEach(rdd -> executors.tasks.stageOf(event.stageInfo().stageId(), rdd.id()));
        }

        @Override
        public void onTaskStart(SparkListenerTaskStart event) {
            executors.tasks.started(
                    event.stageId(),
                    event.taskInfo().partitionId(),
                    event.taskInfo().taskId());
        }

        @Override
        public void onStageCompleted(SparkListenerStageCompleted event) {
            executors.tasks.over(event.stageInfo().stageId());
        }
    }

    private void added(Executor executor) {
        synchronized (this) {
            alive.put(executor.id(), executor);
            lastAddedNanos = System.nanoTime();
            notifyAll();
        }
        onAdded.run();
    }

    private void removed(String id, String reason) {
        Executor lost;
        synchronized (this) {
            lost = alive.remove(id);
        }
        if (lost != null) {
            onLost.accept(lost, reason);
        }
    }

    /** @param lost is told of each that ends, and why, in Spark's words */
    void onLost(BiConsumer<Executor, String> lost) {
        onLost = lost;
    }

    void onAdded(Runnable told) {
        onAdded = told;
    }

    void onTasks(Tasks told) {
        tasks = told;
    }

    synchronized List<Executor> alive() {
        return new ArrayList<>(alive.values());
    }

    synchronized boolean isAlive(Executor executor) {
        return alive.containsKey(executor.id());
    }

    /** Waits for the first one. */
    synchronized boolean awaitFirst(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (alive.isEmpty() && end - System.nanoTime() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
        }
        return !alive.isEmpty();
    }

    /** Waits until no other has come for some time, or there are as many processors as wanted. */
    synchronized void awaitOthers(long quietNanos, int wantedCores) throws InterruptedException {
        while (cores() < wantedCores && lastAddedNanos + quietNanos - System.nanoTime() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, lastAddedNanos + quietNanos - System.nanoTime());
        }
    }

    private int cores() {
        int cores = 0;
        for (Executor executor : alive.values()) {
            cores += executor.cores();
        }
        return cores;
    }
}
