package io.github.forkless.coordinator.process;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.coordinator.engine.Engine;
import io.github.forkless.coordinator.engine.Worker;
import io.github.forkless.coordinator.files.ShutdownHook;
import io.github.forkless.coordinator.machine.JvmEnvironment;
import io.github.forkless.coordinator.placement.WorkerPlaces;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Workers that stay when their pool is closed, for the next pool that would start its workers in the same way: for a program
 * that opens one pool after another. Only workers stay that ran built-in jobs and nothing else, without a failure, unless
 * user code may meet what other user code has left. They forget what the pool had them map and load.
 *
 * <p>No more of them wait than the last pool had. They end with this process, however that ends. Safe for use by several
 * threads.
 */
public final class KeptWorkers implements AutoCloseable {
    private static final Duration LONGEST_END = Duration.ofSeconds(2);

    private final boolean reusesUserCode;
    private final Consumer<String> sink;
    private final PrivateFolder folder;
    private final ProcessSweeper sweeper;
    private final Thread shutdownHook = ShutdownHook.of("kept-workers-end", this::end);

    // Guarded by this.
    /** The last one that came is the first to go. */
    private final Deque<KeptWorker> waiting = new ArrayDeque<>();

    private WorkerLaunch lastLaunch;
    private int most = Integer.MAX_VALUE;
    private boolean isStarting;
    private boolean isClosed;

    /**
     * @param reusesUserCode whether workers stay that ran jobs which are not built in: what these have left in static fields
     *     and elsewhere, the next ones find
     * @param sink takes what workers print that have no pool, line by line; called by many threads
     * @throws IOException when there is no folder for what workers leave behind
     */
    public KeptWorkers(boolean reusesUserCode, Consumer<String> sink) throws IOException {
        this.reusesUserCode = reusesUserCode;
        this.sink = sink;
        this.folder = PrivateFolder.create();
        this.sweeper = new ProcessSweeper(folder);
        Runtime.getRuntime().addShutdownHook(shutdownHook);
    }

    /**
     * What starts the workers of a pool, or gives it those of earlier ones.
     *
     * @param places where they are kept, and what they map
     * @param sink takes what they print, line by line; called by many threads
     * @throws IOException when there is no folder for what they leave behind
     */
    public Engine engine(WorkerSettings settings, WorkerPlaces places, Consumer<String> sink) throws IOException {
        synchronized (this) {
            if (isClosed) {
                throw new IllegalStateException("no pool can be opened: who keeps its workers is closed");
            }
        }
        if (!canStay(settings)) {
            return new ProcessEngine(settings, places, sink);
        }
        var launch =
                new WorkerLaunch(WorkerCommand.of(settings, folder), settings.environment(), settings.workingFolder());
        var starter = new ProcessEngine(folder, sweeper, launch, places, sink);
        return new KeepingEngine(settings.procs(), launch, starter, sink);
    }

    /** Options and classes of the user may have something to do when their worker ends, or run before any job does. */
    private boolean canStay(WorkerSettings settings) {
        boolean isOurs = settings.classPath().isEmpty()
                && settings.jvmOptions().isEmpty()
                && JvmEnvironment.ofThisProcess().variables().isEmpty();
        return (isOurs || reusesUserCode)
                && settings.chaos().isEmpty()
                && settings.debugPort().isEmpty()
                && settings.sharedFolder().isEmpty()
                && settings.nestedPools() == 0;
    }

    boolean reusesUserCode() {
        return reusesUserCode;
    }

    Consumer<String> sink() {
        return sink;
    }

    /**
     * Starts workers in the background, so that as many wait as the last pool had.
     *
     * @param procs how many, if there was no pool yet
     */
    public void prepare(int procs) {
        synchronized (this) {
            if (isClosed || isStarting) {
                return;
            }
            most = most == Integer.MAX_VALUE ? procs : most;
            isStarting = true;
        }
        try {
            Thread.ofPlatform().daemon().name("kept-workers").start(() -> startMissing(procs));
        } catch (OutOfMemoryError noThread) {
            synchronized (this) {
                isStarting = false;
            }
        }
    }

    private void startMissing(int procs) {
        try {
            while (true) {
                WorkerLaunch launch;
                synchronized (this) {
                    if (lastLaunch == null) {
                        lastLaunch = new WorkerLaunch(WorkerCommand.of(WorkerSettings.defaults(procs), folder));
                    }
                    if (isClosed || waiting.size() >= most) {
                        return;
                    }
                    launch = lastLaunch;
                }
                var starter = new ProcessEngine(folder, sweeper, launch, WorkerPlaces.NONE, sink);
                var worker = new KeptWorker(this, launch, starter.start(0, launch, sink));
                worker.waitForPool();
                add(worker);
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            // The next pool starts its own, and says why it cannot.
        } finally {
            synchronized (this) {
                isStarting = false;
                notifyAll();
            }
        }
    }

    /** Of workers that wait. */
    public synchronized List<Long> pids() {
        return waiting.stream().map(KeptWorker::pid).toList();
    }

    /** Ends those that wait, and does not wait for that. */
    public void endWaiting() {
        for (KeptWorker worker : takeAllBut(0)) {
            worker.end();
        }
    }

    private synchronized List<KeptWorker> takeAllBut(int kept) {
        List<KeptWorker> taken = new ArrayList<>();
        while (waiting.size() > kept) {
            taken.add(waiting.removeFirst());
        }
        return taken;
    }

    /** Ends those that wait. Pools that are open go on; their workers end with them. */
    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            // This JVM is going down, which ends them too.
        }
    }

    private void end() {
        List<KeptWorker> ending = List.of();
        try {
            synchronized (this) {
                isClosed = true;
                if (isStarting) {
                    wait(LONGEST_END.toMillis());
                }
            }
            ending = takeAllBut(0);
            ending.forEach(KeptWorker::end);
            for (KeptWorker worker : ending) {
                worker.awaitEnd(LONGEST_END);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (sweeper.close()) {
            folder.remove();
        }
    }

    /** A worker has no pool any more, or none yet. */
    void add(KeptWorker worker) {
        synchronized (this) {
            if (!isClosed || isStarting) { // who closes this waits for those that are starting, and ends them
                waiting.addLast(worker);
                return;
            }
        }
        worker.end();
    }

    synchronized void remove(KeptWorker worker) {
        waiting.remove(worker);
    }

    /** Null if none is as good. */
    private synchronized KeptWorker take(WorkerLaunch launch) {
        for (Iterator<KeptWorker> all = waiting.descendingIterator(); all.hasNext(); ) {
            KeptWorker worker = all.next();
            if (worker.isStartedBy(launch)) {
                all.remove();
                return worker;
            }
        }
        return null;
    }

    private final class KeepingEngine implements Engine {
        private final int procs;
        private final WorkerLaunch launch;
        private final ProcessEngine starter;
        private final Consumer<String> sink;

        KeepingEngine(int procs, WorkerLaunch launch, ProcessEngine starter, Consumer<String> sink) {
            this.procs = procs;
            this.launch = launch;
            this.starter = starter;
            this.sink = sink;
        }

        @Override
        public Worker start(int place) throws IOException {
            WorkerLaunch here = starter.launch(place);
            for (KeptWorker kept = take(here); kept != null; kept = take(here)) {
                Worker lease = kept.lend(place, sink);
                if (lease != null) {
                    return lease;
                }
            }
            return new KeptWorker(KeptWorkers.this, here, starter.start(place, here, sink)).first();
        }

        @Override
        public int node(int place) {
            return starter.node(place);
        }

        @Override
        public DatasetFile fileFor(int place, DatasetFile dataset) {
            return starter.fileFor(place, dataset);
        }

        @Override
        public String named(String message) {
            return starter.named(message);
        }

        @Override
        public void removeIfKilled(Path file) {
            starter.removeIfKilled(file);
        }

        @Override
        public void forget(Path file) {
            starter.forget(file);
        }

        /** Workers that could not stay are replaced, so that the next pool need not wait for new ones. */
        @Override
        public void close() {
            synchronized (KeptWorkers.this) {
                lastLaunch = launch;
                most = procs;
            }
            for (KeptWorker worker : takeAllBut(procs)) {
                worker.end();
            }
            if (pids().size() < procs) {
                prepare(procs);
            }
        }
    }
}
