package io.github.forkless.coordinator.process;

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
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Has workers stay when their pool is closed, for the next pool that would start its workers in the same way. Only those
 * stay that ran built-in jobs and nothing else, without a failure, unless user code may meet what other user code has left.
 * They forget what the pool had them map and load.
 *
 * <p>No more of them wait than this machine has processors and the last pool had workers, together. They end with this
 * process, however that ends. Safe for use by several threads.
 */
public final class WorkerKeeper implements AutoCloseable {
    private static final Duration LONGEST_END = Duration.ofSeconds(2);
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    private final Consumer<String> sink;
    private final PrivateFolder folder;
    private final ProcessSweeper sweeper;
    private final Thread shutdownHook = ShutdownHook.of("kept-workers-end", this::end);

    // Guarded by this.
    /** The last one that came is the first to be lent, and the last to go. */
    private final Deque<KeptWorker> waiting = new ArrayDeque<>();

    /** All that have not ended, those of open pools among them. */
    private final Set<KeptWorker> alive = new HashSet<>();

    private int openPools;

    private WorkerLaunch lastLaunch;
    private int lastProcs;
    private boolean isStarting;
    private boolean isClosed;
    private boolean isOver;

    /**
     * @param sink takes what workers print that have no pool, line by line; called by many threads
     * @throws IOException when there is no folder for what workers leave behind
     */
    public WorkerKeeper(Consumer<String> sink) throws IOException {
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
        if (!canStay(settings, reusesUserCode)) {
            return new ProcessEngine(settings, places, sink);
        }
        WorkerLaunch launch = launch(settings);
        synchronized (this) {
            if (isClosed) {
                throw new IllegalStateException("no pool can be opened: the KeptWorkers that it was given are closed");
            }
            openPools++;
        }
        return new KeepingEngine(settings.procs(), reusesUserCode, launch, places, sink);
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
     * Starts workers in the background for the next pool. Those that were ready for pools of another kind, and had none yet or
     * ran built-in jobs alone, end.
     *
     * @param procs how many
     * @param workingFolder where they work
     * @throws IOException when it cannot be found out how they are started
     */
    public void prepare(int procs, Path workingFolder) throws IOException {
        WorkerLaunch launch = launch(WorkerSettings.defaults(procs).withWorkingFolder(workingFolder));
        takeAll(worker -> !worker.isStartedBy(launch) && !worker.hasRunUserCode())
                .forEach(KeptWorker::end);
        wantReady(procs, launch);
    }

    private void wantReady(int procs, WorkerLaunch launch) {
        synchronized (this) {
            lastLaunch = launch;
            lastProcs = procs;
        }
        endSurplus();
        startMissing();
    }

    /** As many as the last pool had are to wait that were started as its workers were. */
    private void startMissing() {
        synchronized (this) {
            if (isStarting || hasEnough()) {
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

    private synchronized boolean hasEnough() {
        int fitting = 0;
        for (KeptWorker worker : waiting) {
            fitting += worker.isStartedBy(lastLaunch) ? 1 : 0;
        }
        return isClosed || fitting >= lastProcs;
    }

    private void startAllMissing() {
        try {
            while (true) {
                WorkerLaunch launch;
                synchronized (this) {
                    if (hasEnough()) {
                        return;
                    }
                    launch = lastLaunch;
                }
                var starter = new ProcessEngine(folder, sweeper, launch, WorkerPlaces.NONE, sink);
                KeptWorker worker = start(starter, 0, launch, sink);
                worker.waitForPool();
                add(worker);
                endSurplus();
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

    private KeptWorker start(ProcessEngine starter, int place, WorkerLaunch launch, Consumer<String> sink)
            throws IOException {
        var worker = new KeptWorker(this, launch, starter.start(place, launch, sink));
        synchronized (this) {
            alive.add(worker);
        }
        return worker;
    }

    /** Of workers that wait. */
    public synchronized List<Long> pids() {
        return waiting.stream().map(KeptWorker::pid).toList();
    }

    private void endSurplus() {
        int most;
        synchronized (this) {
            most = PROCESSORS + lastProcs;
        }
        takeAllBut(most).forEach(KeptWorker::end);
    }

    private synchronized List<KeptWorker> takeAll(Predicate<KeptWorker> which) {
        List<KeptWorker> taken = waiting.stream().filter(which).toList();
        waiting.removeAll(taken);
        return taken;
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
        try {
            synchronized (this) {
                isClosed = true;
                if (isStarting) {
                    wait(LONGEST_END.toMillis());
                }
            }
            takeAllBut(0).forEach(KeptWorker::end);
            for (KeptWorker worker : allWithoutPool()) { // some are ending already
                worker.awaitEnd(LONGEST_END);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        finishIfOver();
    }

    private synchronized List<KeptWorker> allWithoutPool() {
        return alive.stream().filter(worker -> !worker.isLent()).toList();
    }

    /** What is there for all workers goes with the last of them and the last pool. */
    private synchronized void finishIfOver() {
        if (isClosed && !isOver && openPools == 0 && alive.isEmpty()) {
            isOver = true;
            sweeper.close();
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

    /** The process of a worker is gone. */
    void ended(KeptWorker worker) {
        synchronized (this) {
            waiting.remove(worker);
            alive.remove(worker);
        }
        finishIfOver();
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

    private final class KeepingEngine extends ProcessEngine {
        private final int procs;
        private final boolean reusesUserCode;
        private final WorkerLaunch launch;
        private final Consumer<String> sink;
        private final AtomicBoolean isPoolClosed = new AtomicBoolean();

        KeepingEngine(
                int procs, boolean reusesUserCode, WorkerLaunch launch, WorkerPlaces places, Consumer<String> sink) {
            super(folder, sweeper, launch, places, sink);
            this.procs = procs;
            this.reusesUserCode = reusesUserCode;
            this.launch = launch;
            this.sink = sink;
        }

        @Override
        public Worker start(int place) throws IOException {
            WorkerLaunch here = launch(place);
            for (KeptWorker kept = take(here, reusesUserCode); kept != null; kept = take(here, reusesUserCode)) {
                Worker lease = kept.lend(place, reusesUserCode, sink);
                if (lease != null) {
                    return lease;
                }
            }
            return WorkerKeeper.this.start(this, place, here, sink).first(reusesUserCode);
        }

        /** Workers that could not stay are replaced, so that the next pool need not wait for new ones. */
        @Override
        public void close() {
            if (isPoolClosed.getAndSet(true)) {
                return;
            }
            synchronized (WorkerKeeper.this) {
                openPools--;
            }
            finishIfOver();
            wantReady(procs, launch);
        }
    }
}
