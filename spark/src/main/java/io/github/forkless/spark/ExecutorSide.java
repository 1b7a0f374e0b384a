package io.github.forkless.spark;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.shared.SharedMappings;
import io.github.forkless.coordinator.engine.Engine;
import io.github.forkless.coordinator.placement.WorkerPlaces;
import io.github.forkless.coordinator.process.ProcessEngine;
import io.github.forkless.coordinator.process.WorkerSettings;
import io.github.forkless.coordinator.threads.ThreadEngine;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext$;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/**
 * What a pool has in one executor: an engine of the coordinator's own, whose workers are threads of the executor or child JVMs, and
 * share one mapping of each file. Safe for use by several threads: each Spark task comes on one.
 */
final class ExecutorSide {
    private static final Map<String, ExecutorSide> POOLS = new ConcurrentHashMap<>();

    private final Engine engine;
    private final HostFiles files = new HostFiles();
    private final Map<Long, LocalWorker> workers = new ConcurrentHashMap<>();

    private ExecutorSide(Exchange.Setup setup) {
        if (!SparkEnv.get().executorId().equals(SparkContext$.MODULE$.DRIVER_IDENTIFIER())) {
            SharedMappings.mapWhatIsGiven();
        }
        this.engine = setup.processes() > 0 ? processes(setup) : new ThreadEngine(List.of());
    }

    private static Engine processes(Exchange.Setup setup) {
        OptionalLong memory = setup.memory() == 0 ? OptionalLong.empty() : OptionalLong.of(setup.memory());
        WorkerSettings settings = WorkerSettings.defaults(setup.processes()).with(memory, setup.jvmOptions());
        try {
            return new ProcessEngine(settings, WorkerPlaces.NONE, System.err::println);
        } catch (IOException e) {
            throw new IllegalStateException("no worker process can be started: " + e.getMessage(), e);
        }
    }

    /**
     * Hands a worker what it was sent, and returns what it answers. A worker that is not here any more has ended: Spark has given the
     * task to another executor after its own was lost.
     */
    static Exchange.Reply handle(Exchange exchange) {
        boolean isHere = SparkEnv.get().executorId().equals(exchange.executor());
        if (!isHere || TaskContext.get().attemptNumber() > 0) { // what Spark tries again, the coordinator deals again
            return ended("executor " + exchange.executor() + " was lost, or the task in it");
        }
        return of(exchange.pool(), exchange.setup()).handleHere(exchange);
    }

    static ExecutorSide of(String pool, Exchange.Setup setup) {
        return POOLS.computeIfAbsent(pool, _ -> new ExecutorSide(setup));
    }

    /** @throws DatasetException when a file of this host is not what is expected, naming the difference */
    void check(List<FileCheck.Expected> expected) {
        files.check(expected);
    }

    private static Exchange.Reply ended(String cause) {
        var end = new Exchange.End(Exchange.End.NO_EXIT_VALUE, cause, List.of(), -1, -1);
        return new Exchange.Reply(List.of(), System.nanoTime(), end);
    }

    private Exchange.Reply handleHere(Exchange exchange) {
        LocalWorker worker;
        if (exchange.sequence() == 0) {
            try {
                worker = new LocalWorker(engine.start(exchange.place()), files);
            } catch (IOException e) {
                return ended("could not be started: " + e.getMessage());
            }
            workers.put(exchange.worker(), worker);
        } else {
            worker = workers.get(exchange.worker());
        }
        if (worker == null || worker.exchanges() != exchange.sequence()) {
            return ended("an answer of it was lost between its executor and the coordinator");
        }
        Exchange.Reply reply;
        try {
            reply = worker.exchange(exchange);
        } catch (InterruptedException e) { // the coordinator has given it up
            workers.remove(exchange.worker());
            worker.end();
            Thread.currentThread().interrupt();
            return ended("was told to end");
        }
        if (reply.end() != null) {
            workers.remove(exchange.worker());
        }
        return reply;
    }

    /** Where this JVM stays though the pool is closed: executors that are in the program itself. */
    static void close(String pool) {
        ExecutorSide side = POOLS.remove(pool);
        if (side != null) {
            side.workers.values().forEach(LocalWorker::end);
            side.engine.close();
            side.files.close();
        }
    }
}
