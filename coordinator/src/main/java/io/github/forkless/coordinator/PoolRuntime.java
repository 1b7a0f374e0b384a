package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.dataset.Slices;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.shared.PerWorker;
import io.github.forkless.common.shared.Shareable;
import io.github.forkless.common.shared.Shared;
import io.github.forkless.common.shared.SharedMappings;
import io.github.forkless.common.shared.WorkerObjects;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.coordinator.code.RunIdentity;
import io.github.forkless.coordinator.code.Serialization;
import io.github.forkless.coordinator.engine.Engine;
import io.github.forkless.coordinator.engine.EngineFactory;
import io.github.forkless.coordinator.files.ShutdownHook;
import io.github.forkless.coordinator.journal.Journal;
import io.github.forkless.coordinator.journal.JournaledRun;
import io.github.forkless.coordinator.journal.Trait;
import io.github.forkless.coordinator.machine.Numa;
import io.github.forkless.coordinator.machine.WriteBack;
import io.github.forkless.coordinator.placement.HugeDataset;
import io.github.forkless.coordinator.placement.WorkerPlaces;
import io.github.forkless.coordinator.process.ProcessEngine;
import io.github.forkless.coordinator.process.WorkerSettings;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.PlacementReport;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.run.JobRun;
import io.github.forkless.coordinator.run.RunContext;
import io.github.forkless.coordinator.run.RunSettings;
import io.github.forkless.coordinator.schedule.Scheduler;
import io.github.forkless.coordinator.schedule.SystemClock;
import io.github.forkless.coordinator.share.SharedFile;
import io.github.forkless.coordinator.threads.ThreadEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** What the views of one pool have in common: its workers, its scheduler, its journal. Safe for use by several threads. */
final class PoolRuntime {
    private final PoolOptions options;
    private final Recording recording;
    private final int workers;
    private final WorkerPlaces places;
    private final Engine engine;
    private final Scheduler scheduler;
    /** By the absolute names of their files. */
    private final Map<Path, Journal> journals = new HashMap<>();

    /** What is shared and not closed, by its numbers. */
    private final Map<Long, Shared<?>> shared = new ConcurrentHashMap<>();
    /** Of this the datasets that others have written. */
    private final Map<Long, DatasetFile> sharedDatasets = new ConcurrentHashMap<>();

    /** What each worker makes for itself and is not closed, by its numbers. */
    private final Map<Long, PerWorker<?>> perWorker = new ConcurrentHashMap<>();

    private volatile boolean isClosed;
    private final AtomicLong runs = new AtomicLong();
    private final Thread shutdownHook = ShutdownHook.of("forkless-shutdown", this::endAtShutdown);
    /** Held while this is made. */
    private final Object making = new Object();

    private boolean isProgramEnding;

    PoolRuntime(PoolOptions options) {
        if (options.reusesWorkers && options.keptWorkers == null) {
            throw new InvalidRequestException(
                    "PoolOptions.withReuseWorkers says which workers stay, and nobody keeps any; add"
                            + " PoolOptions.withKeptWorkers");
        }
        this.options = options;
        this.recording = options.recording == Recording.NONE ? Recording.ofWorkers() : options.recording;
        this.workers = workers(options);
        this.places = WorkerPlaces.of(options.placement(), workers, options.lines());
        // The hook comes before the engine's folder, so that there is no moment at which the folder would stay.
        Runtime.getRuntime().addShutdownHook(shutdownHook);
        try {
            synchronized (making) {
                if (isProgramEnding) {
                    throw new IllegalStateException("no pool can be opened: the program is ending");
                }
                this.engine = engine();
                this.scheduler = new Scheduler(
                        engine,
                        Scheduler.Settings.of(workers, options.tasksPerWorker, options.gracePeriod),
                        recording,
                        new SystemClock(),
                        options.lines());
            }
        } catch (RuntimeException | Error e) {
            removeShutdownHook();
            throw e;
        }
    }

    private void removeShutdownHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            // The JVM is going down already, and the hook ends the workers too.
        }
    }

    private static int workers(PoolOptions options) {
        if (options.cluster == null) {
            return options.procs;
        }
        try {
            return options.cluster.workers(options.givenProcs());
        } catch (IOException e) {
            throw cannotOpen(e);
        }
    }

    private static RunFailedException cannotOpen(IOException e) {
        return new RunFailedException("no pool can be opened: " + e.getMessage(), List.of(), e);
    }

    private Engine engine() {
        if (options.cluster != null) {
            return cluster();
        }
        return options.engine == EngineKind.THREADS ? new ThreadEngine(options.classPath) : processes();
    }

    private Engine cluster() {
        try {
            return options.cluster.open(new EngineFactory.Request(
                    workers, options.classPath, options.workerMemory, options.jvmOptions, options.lines()));
        } catch (IOException e) {
            throw cannotOpen(e);
        }
    }

    private Engine processes() {
        var settings = new WorkerSettings(
                options.procs,
                options.classPath,
                options.workerMemory,
                options.jvmOptions,
                options.environment,
                options.workingFolder,
                options.sharedFolder,
                options.aotCaches,
                options.chaos,
                options.nestedPools,
                options.debugPort);
        try {
            if (options.keptWorkers != null && options.tasksPerWorker.isEmpty()) {
                return options.keptWorkers.keeper.engine(settings, options.reusesWorkers, places, options.lines());
            }
            return new ProcessEngine(settings, places, options.lines());
        } catch (IOException e) {
            throw cannotOpen(e);
        }
    }

    /** The journal in {@code file}, which runs with different options may share; open until the pool is closed. */
    Journal journal(Path file) {
        synchronized (journals) {
            Journal known = journals.get(file.toAbsolutePath().normalize());
            if (known != null) {
                return known;
            }
            Journal opened = Journal.open(file, options.lines());
            opened.onCaughtUp(scheduler::dealAgain);
            journals.put(file.toAbsolutePath().normalize(), opened);
            return opened;
        }
    }

    PoolOptions options() {
        return options;
    }

    /** How many places for workers there are. */
    int workers() {
        return workers;
    }

    /** What is told of all that happens in this pool. */
    Recording recording() {
        return recording;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    WorkerPlaces places() {
        return places;
    }

    /** Starts the workers. */
    void start() {
        scheduler.start();
        options.chaos.ifPresent(
                chaos -> options.lines().accept("[chaos] workers harm themselves on purpose: " + chaos));
    }

    /** Puts a dataset's pages where they are wanted, and has workers map it when they need it; returns its number. */
    int open(Dataset dataset, boolean ahead) {
        List<DatasetFile> parts = dataset.parts();
        for (int i = 0; i < parts.size(); i++) {
            WriteBack.force(parts.get(i).path(), parts.get(i).identity());
        }
        engine.opened(dataset);
        boolean isCopied = options.numa == Numa.MIRROR;
        if (options.hugePages && !isCopied) { // before it is moved, for huge pages are moved whole
            parts.forEach(part -> HugeDataset.make(part, part.path(), options.lines()));
        }
        places.place(dataset);
        if (options.hugePages && isCopied) {
            places.filesFor(dataset).forEach(copy -> HugeDataset.make(copy, dataset.path(), options.lines()));
        }
        return scheduler.openDataset(dataset, ahead);
    }

    /** Data of this program, written where workers can map it. */
    <V> Shared<V> share(Shareable<V> data) {
        requireOpen();
        SharedFile<V> file = SharedFile.write(options.sharedFolder, data, engine::removeIfKilled, engine::forget);
        engine.shared(file.dataset(), true);
        long number = file.number();
        return kept(number, Shared.ofOwn(number, file.dataset(), file.written(), () -> {
            file.close(); // first: who maps it from now on is told that it is closed
            engine.forget(file.dataset().path());
            engine.closed(file.dataset());
            remove(number);
        }));
    }

    private <V> Shared<V> kept(long number, Shared<V> handle) {
        shared.put(number, handle);
        if (isClosed) { // meanwhile, and may have missed it
            handle.close();
            throw closed();
        }
        return handle;
    }

    private void remove(long number) {
        shared.remove(number);
        scheduler.closeShared(number);
    }

    /** A dataset that others have written. */
    Shared<Block> share(DatasetFile dataset) {
        requireOpen();
        WriteBack.force(dataset.path(), dataset.identity());
        engine.shared(dataset, false);
        long number = SharedMappings.addOwn(dataset);
        sharedDatasets.put(number, dataset);
        return kept(number, Shared.ofDataset(number, dataset, () -> {
            SharedMappings.removeOwn(number);
            sharedDatasets.remove(number);
            remove(number);
            engine.closed(dataset);
        }));
    }

    /** An object that each worker makes for itself. */
    <T> PerWorker<T> perWorker(PerWorker.Recipe<T> recipe) {
        requireOpen();
        long number = ThreadLocalRandom.current().nextLong();
        JobSource.Function source = Serialization.pack(recipe, "what is made for each worker", options.largestCapture)
                .function(List.of());
        scheduler.openPerWorker(new Message.OpenPerWorker(number, source));
        PerWorker<T> handle = PerWorker.of(
                number,
                recipe,
                it -> Serialization.pack(it, "what is made for each worker", Long.MAX_VALUE)
                        .bytes(),
                () -> {
                    perWorker.remove(number);
                    scheduler.closePerWorker(number);
                });
        perWorker.put(number, handle);
        if (isClosed) { // meanwhile, and may have missed it
            handle.close();
            throw closed();
        }
        return handle;
    }

    private void requireOpen() {
        if (isClosed) {
            throw closed();
        }
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("the pool is closed");
    }

    /** @throws io.github.forkless.common.dataset.DatasetException when a dataset that is shared is not what it was */
    void requireSharedUnchanged() {
        for (DatasetFile dataset : sharedDatasets.values()) {
            dataset.identity().requireUnchanged(dataset.path());
        }
    }

    /**
     * @param told of everything that happens to the run
     * @param identity made only if a journal needs it
     */
    RunContext context(
            RunOptions run,
            Recording told,
            Optional<Journal> journal,
            String what,
            int datasetNumber,
            Optional<Dataset> dataset,
            Supplier<List<Trait>> identity) {
        Optional<JournaledRun> journaled =
                journal.isPresent() ? Optional.of(journal.get().run(identity.get())) : Optional.empty();
        return new RunContext(runs.incrementAndGet(), what, datasetNumber, dataset, settings(run), told, journaled);
    }

    /** Of a call without data, which no journal remembers: who asks for it twice wants it done twice. */
    RunContext contextOfCall(RunOptions run) {
        return new RunContext(
                runs.incrementAndGet(),
                "the task",
                Message.NO_DATASET,
                Optional.empty(),
                settings(run),
                recording,
                Optional.empty());
    }

    private RunSettings settings(RunOptions run) {
        boolean isDebugged = options.debugPort.isPresent();
        return new RunSettings(
                workers,
                isDebugged ? 0 : run.retries,
                run.skipFailed,
                isDebugged ? Optional.empty() : run.timeout,
                run.weight,
                engine.isolatesWorkers());
    }

    /**
     * A pass of jobs over a dataset, handed over.
     *
     * @param told of everything that happens to it
     * @param only the range of the dataset that is worked on; empty for all of it
     */
    JobRun submit(
            RunOptions options,
            Recording told,
            Optional<Journal> journal,
            JobSource source,
            List<? extends Job<?, ?>> jobs,
            String what,
            IntFunction<String> setNames,
            int datasetNumber,
            Optional<Dataset> dataset,
            Optional<Slice> only) {
        List<Slice> slices = dataset.map(data -> Slices.cut(data, only.orElse(data.whole()), options.tasks))
                .orElse(List.of());
        RunContext context = context(
                options,
                told,
                journal,
                what,
                datasetNumber,
                dataset,
                () -> RunIdentity.ofJob(dataset, source, jobs, slices, this.options.classPath));
        var run = new JobRun(context, source, slices, homes(dataset, slices), setNames);
        scheduler.submit(run);
        return run;
    }

    private int[] homes(Optional<Dataset> dataset, List<Slice> slices) {
        int[] ofNodes = places.homes(dataset, slices);
        return ofNodes.length > 0 || dataset.isEmpty() ? ofNodes : engine.homes(dataset.get(), slices);
    }

    Optional<PlacementReport> placement(Optional<Dataset> dataset) {
        return places.areAsked() ? Optional.of(places.report(dataset)) : Optional.empty();
    }

    private void endAtShutdown() {
        synchronized (making) {
            isProgramEnding = true;
            if (scheduler == null) {
                return; // and none will be made
            }
        }
        scheduler.endWorkersAtShutdown();
        closeJournals();
    }

    private void closeJournals() {
        synchronized (journals) {
            for (Journal journal : journals.values()) {
                journal.close();
            }
            journals.clear();
        }
    }

    void close() {
        isClosed = true;
        scheduler.close();
        recording.closed();
        if (!perWorker.isEmpty()) { // those of this program, before what they may read
            WorkerObjects.ofProcess().close(perWorker.keySet());
            perWorker.values().forEach(PerWorker::close);
        }
        shared.values().forEach(Shared::close);
        places.close();
        closeJournals();
        removeShutdownHook();
    }
}
