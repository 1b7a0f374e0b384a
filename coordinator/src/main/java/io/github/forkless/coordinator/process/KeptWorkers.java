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
     * @param sink takes what workers print that have no pool, line by line; called by many threads
     * @throws IOException when there is no folder for what workers leave behind
     */
    public KeptWorkers(Consumer<String> sink) throws IOException {
        this.sink = sink;
        this.folder = PrivateFolder.create();
        this.sweeper = new ProcessSweeper(folder);
        Runtime.getRuntime().addShutdownHook(shutdownHook);
    }

    /**
     * What starts the workers of a pool, or gives it those of earlier ones.
     *
     * @param reusesUserCode whether workers stay that ran jobs which are not built in, for pools that say so, too: what
     *     these have left in static fields and elsewhere, the next ones find
     * @param places where they are kept, and what they map
     * @param sink takes what they print, line by line; called by many threads
     * @throws IOException when there is no folder for what they leave behind
     */
    public Engine engine(WorkerSettings settings, boolean reusesUserCode, WorkerPlaces places, Consumer<String> sink)
            throws IOException {
        synchronized (this) {
            if (isClosed) {
                throw new IllegalStateException("no pool can be opened: who keeps its workers is closed");
            }
        }
        if (!canStay(settings, reusesUserCode)) {
            return new ProcessEngine(settings, places, sink);
        }
        WorkerLaunch launch = launch(settings);
        var starter = new ProcessEngine(folder, sweeper, launch, places, sink);
        return new KeepingEngine(settings.procs(), reusesUserCode, launch, starter, sink);
    }

    private WorkerLaunch launch(WorkerSettings settings) throws IOException {
        return new WorkerLaunch(WorkerCommand.of(settings, folder), settings.environment(), settings.workingFolder());
    }

    /** Options and classes of the user may have something to do when their worker ends, or run before any job does. */
    private static boolean canStay(WorkerSettings settings, boolean reusesUserCode) {
        boolean isOurs = settings.classPath().isEmpty()
                && settings.jvmOptions().isEmpty()
                && JvmEnvironment.ofThisProcess().variables().isEmpty();
        return (isOurs || reusesUserCode)
                && settings.chaos().isEmpty()
                && settings.debugPort().isEmpty()
                && settings.sharedFolder().isEmpty()
                && settings.nestedPools() == 0;
    }

    Consumer<String> sink() {
        return sink;
    }

    /**
     * Starts workers in the background for the first pool.
     *
     * @param procs how many
     * @param workingFolder where they work
     * @throws IOException when it cannot be found out how they are started
     */
    public void prepare(int procs, Path workingFolder) throws IOException {
        WorkerLaunch launch = launch(WorkerSettings.defaults(procs).withWorkingFolder(workingFolder));
        synchronized (this) {
            lastLaunch = launch;
            most = procs;
        }
        startMissing();
    }

    /** As many are to wait as the last pool had, and to be started as its workers were. */
    private void startMissing() {
        synchronized (this) {
            if (isClosed || isStarting || waiting.size() >= most) {
                return;
            }
            isStarting = true;
        }
        try {
            Thread.ofPlatform().daemon().name("kept-workers").start(this::startAllMissing);
        } catch (OutOfMemoryError noThread) {
            synchronized (this) {
                isStarting = false;
            }
        }
    }

    private void startAllMissing() {
        try {
            while (true) {
                WorkerLaunch launch;
                synchronized (this) {
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
    private synchronized KeptWorker take(WorkerLaunch launch, boolean reusesUserCode) {
        for (Iterator<KeptWorker> all = waiting.descendingIterator(); all.hasNext(); ) {
            KeptWorker worker = all.next();
            if (worker.isStartedBy(launch) && (reusesUserCode || !worker.hasRunUserCode())) {
                all.remove();
                return worker;
            }
        }
        return null;
    }

    private final class KeepingEngine implements Engine {
        private final int procs;
        private final boolean reusesUserCode;
        private final WorkerLaunch launch;
        private final ProcessEngine starter;
        private final Consumer<String> sink;

        KeepingEngine(
                int procs, boolean reusesUserCode, WorkerLaunch launch, ProcessEngine starter, Consumer<String> sink) {
            this.procs = procs;
            this.reusesUserCode = reusesUserCode;
            this.launch = launch;
            this.starter = starter;
            this.sink = sink;
        }

        @Override
        public Worker start(int place) throws IOException {
            WorkerLaunch here = starter.launch(place);
            for (KeptWorker kept = take(here, reusesUserCode); kept != null; kept = take(here, reusesUserCode)) {
                Worker lease = kept.lend(place, reusesUserCode, sink);
                if (lease != null) {
                    return lease;
                }
            }
            return new KeptWorker(KeptWorkers.this, here, starter.start(place, here, sink)).first(reusesUserCode);
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
            startMissing();
        }
    }
}
