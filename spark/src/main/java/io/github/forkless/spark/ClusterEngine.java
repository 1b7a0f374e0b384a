package io.github.forkless.spark;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.coordinator.engine.Engine;
import io.github.forkless.coordinator.engine.EngineFactory;
import io.github.forkless.coordinator.engine.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.broadcast.Broadcast;
import scala.reflect.ClassTag;

/**
 * Workers in the executors of a cluster. One thread hands Spark what workers are sent: as one job all that has come up since the last,
 * so that the price of a job is shared when there is much to do. Others take what comes back.
 */
final class ClusterEngine implements Engine {
    /** More than this does not go into a task, which Spark would copy several times. */
    private static final int LARGE_BYTES = 1 << 18;

    /** A round trip through Spark takes about as long. */
    private static final Duration WORK_AHEAD = Duration.ofMillis(100);

    private static final Duration EXECUTOR_COMES_BACK = Duration.ofSeconds(30);

    /** What is compared of a dataset of one file. */
    private static final int BLOCKS = 256;

    private static final int LEAST_BLOCKS = 4;
    private static final int MOST_ANSWER_THREADS = 8;

    private final Cluster cluster;
    private final Exchange.Setup setup;
    private final String pool = UUID.randomUUID().toString();
    private final AtomicLong started = new AtomicLong();

    /** Those of places; guarded by this map. */
    private final Map<Integer, RemoteWorker> places = new HashMap<>();

    private final BlockingQueue<RemoteWorker> ready = new LinkedBlockingQueue<>();
    private final Thread dispatcher =
            Thread.ofPlatform().daemon().name("forkless-spark").unstarted(this::dispatch);
    private final ExecutorService answers;

    private final Map<Fingerprinted, Fingerprint> fingerprints = new ConcurrentHashMap<>();

    /** How often each file is shared now. Guarded by this map. */
    private final Map<Path, Integer> handles = new HashMap<>();

    private volatile Exchange.SharedFiles shared = new Exchange.SharedFiles(0, Map.of());
    private final SparkTasks tasks = new SparkTasks();

    private volatile boolean isClosing;
    private volatile boolean isClosed;

    private record Fingerprinted(DatasetFile file, int blocks) {}

    private ClusterEngine(Cluster cluster, EngineFactory.Request request) {
        this.cluster = cluster;
        this.setup = new Exchange.Setup(
                cluster.workersPerExecutor(), request.workerMemory().orElse(0), request.jvmOptions());
        var pool = new ThreadPoolExecutor(
                MOST_ANSWER_THREADS,
                MOST_ANSWER_THREADS,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("forkless-spark-answers-", 0).factory());
        pool.allowCoreThreadTimeOut(true);
        this.answers = pool;
    }

    static ClusterEngine open(Cluster cluster, EngineFactory.Request request) throws IOException {
        cluster.sendCode(request.classPath());
        var engine = new ClusterEngine(cluster, request);
        cluster.executors().onLost(engine::lost);
        cluster.executors().onAdded(engine::roomHasChanged);
        cluster.executors().onTasks(engine.tasks);
        cluster.preferred().without(cluster.executors().alive()).ifPresent(request.warnings());
        engine.dispatcher.start();
        return engine;
    }

    /** Spark starts an executor again that was lost, which takes seconds. */
    @Override
    public Worker start(int place) throws IOException {
        long end = System.nanoTime() + EXECUTOR_COMES_BACK.toNanos();
        synchronized (places) {
            Optional<Executor> executor = free();
            while (executor.isEmpty() && !isClosing && end - System.nanoTime() > 0) {
                try {
                    TimeUnit.NANOSECONDS.timedWait(places, end - System.nanoTime());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted while waiting for an executor");
                }
                executor = free();
            }
            var worker = new RemoteWorker(
                    this,
                    place,
                    started.incrementAndGet(),
                    executor.orElseThrow(() -> new IOException("no executor has had room for it for "
                            + EXECUTOR_COMES_BACK.toSeconds() + " s; Spark has "
                            + cluster.executors().alive().size())));
            places.put(place, worker);
            return worker;
        }
    }

    private void roomHasChanged() {
        synchronized (places) {
            places.notifyAll();
        }
    }

    /** The one with the most room: so workers are spread over the hosts. */
    private Optional<Executor> free() {
        Map<String, Integer> used = new HashMap<>();
        for (RemoteWorker worker : places.values()) {
            used.merge(worker.executor().id(), 1, Integer::sum);
        }
        Executor best = null;
        int most = 0;
        for (Executor executor : cluster.executors().alive()) {
            int room = cluster.room(executor) - used.getOrDefault(executor.id(), 0);
            if (room > most) {
                best = executor;
                most = room;
            }
        }
        return Optional.ofNullable(best);
    }

    /** A worker has ended. */
    void left(RemoteWorker worker) {
        synchronized (places) {
            places.remove(worker.place(), worker);
            places.notifyAll();
        }
    }

    private void lost(Executor executor, String reason) {
        List<RemoteWorker> with = new ArrayList<>();
        synchronized (places) {
            for (RemoteWorker worker : places.values()) {
                if (worker.executor().id().equals(executor.id())) {
                    with.add(worker);
                }
            }
        }
        String cause = "executor " + executor.id() + " on host " + executor.host() + " was lost: "
                + reason.lines().findFirst().orElse("").strip()
                + (with.size() > 1 && setup.processes() == 0
                        ? "; " + with.size() + " tasks may have been in it, and one of them may be why; with"
                                + " --executor-workers N (SparkEngine.withExecutorWorkers) it would have been alone"
                        : "");
        with.forEach(worker -> later(() -> worker.ended(cause)));
    }

    /** On a thread that may wait, and not at all once this is closed. */
    void later(Runnable action) {
        try {
            answers.execute(action);
        } catch (RejectedExecutionException e) {
            // Nobody waits for it.
        }
    }

    // ---- what workers are sent

    void ready(RemoteWorker worker) {
        ready.add(worker);
    }

    private void dispatch() {
        List<RemoteWorker> batch = new ArrayList<>();
        try {
            while (!isClosed) {
                batch.add(ready.take());
                ready.drainTo(batch);
                submit(batch);
                batch.clear();
            }
        } catch (InterruptedException e) {
            // It is closed.
        }
    }

    private void submit(List<RemoteWorker> batch) {
        List<RemoteWorker> workers = new ArrayList<>();
        List<Exchange> exchanges = new ArrayList<>();
        List<Executor> executors = new ArrayList<>();
        for (RemoteWorker worker : batch) {
            try {
                worker.next().ifPresent(exchange -> {
                    workers.add(worker);
                    exchanges.add(exchange);
                    executors.add(worker.executor());
                });
            } catch (Exception | OutOfMemoryError e) { // its data cannot be read any more, or is too large
                // Spark declares none of what it throws, and without this thread nothing would go on.
                later(() -> worker.ended("could not be sent what it is to do: " + e));
            }
        }
        if (exchanges.isEmpty()) {
            return;
        }
        List<Broadcast<byte[]>> large = new ArrayList<>();
        exchanges.forEach(exchange -> {
            if (exchange.large() != null) {
                large.add(exchange.large());
            }
        });
        var left = new AtomicLong(exchanges.size());
        try {
            var rdd = new ExchangeRdd(cluster.context(), exchanges, executors);
            tasks.expect(rdd.id(), workers);
            cluster.submit(
                    rdd,
                    new ExchangeRdd.Work(),
                    exchanges.size(),
                    (partition, reply) -> {
                        later(() -> workers.get(partition).replied(reply));
                        if (left.decrementAndGet() == 0) {
                            large.forEach(it -> it.destroy());
                        }
                    },
                    failure -> {
                        large.forEach(it -> it.destroy());
                        String cause = "Spark could not run its task: " + SparkErrors.sentence(failure);
                        workers.forEach(worker -> later(() -> worker.ended(cause)));
                    });
        } catch (Exception e) { // Spark declares none of what it throws
            large.forEach(it -> it.destroy());
            String cause = "Spark took no task for it: " + SparkErrors.sentence(e);
            workers.forEach(worker -> later(() -> worker.ended(cause)));
        }
    }

    Exchange exchange(
            Executor executor,
            long worker,
            int place,
            long sequence,
            byte[] messages,
            Map<Integer, List<Fingerprint>> fingerprints,
            boolean isLast) {
        boolean isLarge = messages.length > LARGE_BYTES;
        return new Exchange(
                pool,
                setup,
                executor.id(),
                worker,
                place,
                sequence,
                isLarge ? null : messages,
                isLarge ? cluster.context().broadcast(messages, ClassTag.apply(byte[].class)) : null,
                fingerprints,
                shared,
                isLast);
    }

    /** What the files of a dataset are like here. */
    List<Fingerprint> fingerprints(Dataset dataset) {
        List<DatasetFile> parts = dataset.parts();
        int blocks = Math.max(LEAST_BLOCKS, BLOCKS / parts.size());
        return parts.stream().map(part -> fingerprint(part, blocks)).toList();
    }

    private Fingerprint fingerprint(DatasetFile file, int blocks) {
        return fingerprints.computeIfAbsent(
                new Fingerprinted(file, blocks),
                it -> Fingerprint.of(file.path(), file.identity().size(), blocks));
    }

    /** On the hosts that there are: whether it is right must not depend on which of them comes to work on it. */
    @Override
    public void opened(Dataset dataset) {
        List<Fingerprint> fingerprints = fingerprints(dataset);
        List<FileCheck.Expected> expected = new ArrayList<>();
        for (int i = 0; i < fingerprints.size(); i++) {
            DatasetFile part = dataset.parts().get(i);
            boolean mayBeLonger = part.layout() instanceof Layout.Text;
            expected.add(new FileCheck.Expected(part.path().toString(), fingerprints.get(i), mayBeLonger));
        }
        requireTheSame(dataset.path(), expected);
    }

    private void requireTheSame(Path dataset, List<FileCheck.Expected> expected) {
        List<Executor> executors = cluster.executors().alive();
        if (cluster.isLocal() || executors.isEmpty()) {
            return; // those that come compare them
        }
        try {
            for (String answer : cluster.run(new FileCheck(pool, setup, expected), executors)) {
                if (!answer.equals(FileCheck.SAME)) {
                    throw DatasetException.reported(answer);
                }
            }
        } catch (IOException e) {
            throw DatasetException.reported(
                    dataset + ": cannot be compared with the hosts' files by Spark: " + e.getMessage());
        }
    }

    @Override
    public void shared(DatasetFile file, boolean isOwn) {
        String path = file.path().toString();
        Fingerprint fingerprint = fingerprint(file, BLOCKS);
        String name = "";
        if (!isOwn) {
            requireTheSame(file.path(), List.of(new FileCheck.Expected(path, fingerprint, false)));
        } else if (!cluster.isLocal()) {
            cluster.context().addFile(path);
            name = file.path().getFileName().toString();
        }
        synchronized (handles) {
            handles.merge(file.path(), 1, Integer::sum);
            Map<String, Exchange.SharedFile> all = new HashMap<>(shared.byPath());
            all.put(path, new Exchange.SharedFile(name, fingerprint));
            shared = new Exchange.SharedFiles(shared.version() + 1, Map.copyOf(all));
        }
    }

    @Override
    public void closed(DatasetFile file) {
        synchronized (handles) {
            if (handles.merge(file.path(), -1, Integer::sum) == 0) {
                handles.remove(file.path());
                Map<String, Exchange.SharedFile> all = new HashMap<>(shared.byPath());
                all.remove(file.path().toString());
                shared = new Exchange.SharedFiles(shared.version() + 1, Map.copyOf(all));
            }
        }
    }

    void killTask(long task) {
        later(() -> cluster.context().killTaskAttempt(task, true, "was told to end"));
    }

    // ---- what the coordinator asks

    @Override
    public int node(int place) {
        synchronized (places) {
            RemoteWorker worker = places.get(place);
            return worker == null
                    ? ANYWHERE
                    : cluster.preferred().number(worker.executor().host());
        }
    }

    @Override
    public int[] homes(Dataset dataset, List<Slice> slices) {
        return cluster.preferred().homes(dataset, slices);
    }

    /** A worker that is a thread ends with its whole executor. */
    @Override
    public boolean isolatesWorkers() {
        return setup.processes() > 0;
    }

    @Override
    public void closing() {
        isClosing = true;
        roomHasChanged();
    }

    @Override
    public Duration workAhead() {
        return WORK_AHEAD;
    }

    @Override
    public String startAdvice() {
        return "look at the page of Spark's master, and at the workers' logs";
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        dispatcher.interrupt();
        ExecutorSide.close(pool);
        cluster.close();
        answers.shutdown();
    }
}
