package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.dataset.Slices;
import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Reduction;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.coordinator.journal.Journal;
import io.github.forkless.coordinator.journal.JournalException;
import io.github.forkless.coordinator.journal.JournaledRun;
import io.github.forkless.coordinator.machine.Numa;
import io.github.forkless.coordinator.machine.WriteBack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Worker processes that share a dataset through memory and work on it: the library's way in.
 *
 * <pre>{@code
 * try (var pool = WorkerPool.open(Path.of("prices.npy"), PoolOptions.defaults())) {
 *     Number total = pool.run(new Sum());
 *     long large = pool.reduce(() -> 0L, (n, block) -> n + countAbove(block, limit), Long::sum);
 *     List<Double> profits = pool.map(windows, (data, window) -> backtest(data, window, fee));
 * }
 * }</pre>
 *
 * <p>Lambdas and jobs travel to the workers by Java serialization, with what they capture; the workers have the same
 * class path as this program. What comes back is data (see {@link io.github.forkless.common.value.ValueWriter}): nothing
 * that a worker sends can run code here. A record or enum comes back as what it was if its class stands in the declared
 * result type of the job or function, or in {@link PoolOptions#resultTypes()}; otherwise a record comes back as a
 * {@link io.github.forkless.common.value.RecordValue}, and an enum constant as its name. A lambda's declared type is
 * known without its type arguments: one that returns a {@code List<Trade>} needs {@code Trade} among the options, or to
 * be written as a method reference.
 *
 * <p>The workers stay until the pool is closed, for as many runs as are wanted, side by side or one after another, over
 * the dataset that the pool was opened with and those it is turned to with {@link #on}.
 *
 * <p>Every way to run something throws, or completes its future with:
 *
 * <ul>
 *   <li>{@link InvalidRequestException} when it cannot be run: something that it holds cannot travel, or the job does not
 *       read such data. What a lambda or a job captures is checked before the call returns.
 *   <li>{@link RunFailedException} when there is no answer: the job threw, or workers died at it and the retries are used
 *       up. The pool, and other runs, go on.
 *   <li>{@link JournalException} when the journal that the options name belongs to other work.
 *   <li>{@link DatasetException} when the dataset cannot be used, or changed meanwhile.
 *   <li>{@link CancellationException} when it was cancelled. A thread that is interrupted while it waits cancels its run.
 *   <li>{@link IllegalStateException} when the pool is closed.
 * </ul>
 *
 * <p>Safe for use by several threads.
 */
public final class WorkerPool implements AutoCloseable {
    private final Workers workers;
    private final Optional<DatasetFile> dataset;
    private final int datasetNumber;
    /** Whether closing this ends the workers, or only a view of them. */
    private final boolean isOwner;

    private WorkerPool(Workers workers, Optional<DatasetFile> dataset, boolean isOwner) {
        this.workers = workers;
        this.dataset = dataset;
        this.isOwner = isOwner;
        this.datasetNumber = dataset.map(workers::share).orElse(Message.NO_DATASET);
    }

    /** What the views of one pool have in common. */
    private static final class Workers {
        private final PoolOptions options;
        private final WorkerPlaces places;
        private final Dealer dealer;
        private final Optional<Journal> journal;
        private final AtomicLong runs = new AtomicLong();
        private final Thread shutdownHook;

        Workers(PoolOptions options) {
            this.options = options;
            this.places = WorkerPlaces.of(options);
            this.dealer = new Dealer(WorkerCommand.of(options), options, places);
            this.journal = options.journal().isPresent() ? Optional.of(openJournal()) : Optional.empty();
            this.shutdownHook = new Thread(this::endAtShutdown, "forkless-shutdown");
        }

        private Journal openJournal() {
            Journal opened = Journal.open(options.journal().get(), options.chatter()::println);
            opened.onCaughtUp(dealer::dealAgain);
            return opened;
        }

        private int share(DatasetFile dataset) {
            WriteBack.force(dataset.path(), dataset.identity());
            boolean isCopied = options.placement().numa() == Numa.MIRROR;
            if (options.hugePages() && !isCopied) { // before it is moved, for huge pages are moved whole
                HugeDataset.make(dataset, dataset.path(), options.chatter()::println);
            }
            places.place(dataset);
            if (options.hugePages() && isCopied) {
                places.filesFor(dataset)
                        .forEach(copy -> HugeDataset.make(copy, dataset.path(), options.chatter()::println));
            }
            return dealer.share(dataset);
        }

        private void endAtShutdown() {
            dealer.endWorkers();
            closeJournal();
        }

        private void close() {
            dealer.close();
            places.close();
            closeJournal();
            try {
                Runtime.getRuntime().removeShutdownHook(shutdownHook);
            } catch (IllegalStateException e) {
                // The JVM is going down already, and the hook ends the workers too.
            }
        }

        private void closeJournal() {
            if (journal.isPresent()) {
                journal.get().close();
            }
        }
    }

    /**
     * Opens a dataset and starts workers, which map it while the caller goes on. Its type is told by its name or its
     * header.
     *
     * @throws DatasetException when it cannot be used
     * @throws JournalException when the options name a journal that cannot be used
     * @throws RunFailedException when a worker cannot be started
     */
    public static WorkerPool open(Path dataset, PoolOptions options) {
        return open(DatasetFile.open(dataset, Optional.empty()), options);
    }

    /**
     * The same for a dataset that was looked at before, with its type given: {@code DatasetFile.open(path,
     * Optional.of(ElementType.FLOAT64))}.
     *
     * @throws RunFailedException when a worker cannot be started
     */
    public static WorkerPool open(DatasetFile dataset, PoolOptions options) {
        return start(Optional.of(dataset), options);
    }

    /**
     * Starts workers without a dataset, for {@link #map} over parameters alone, or to turn to datasets with {@link #on}.
     *
     * @throws RunFailedException when a worker cannot be started
     */
    public static WorkerPool open(PoolOptions options) {
        return start(Optional.empty(), options);
    }

    private static WorkerPool start(Optional<DatasetFile> dataset, PoolOptions options) {
        dataset.ifPresent(file -> requireJournalApart(options, file)); // before anything is written to the journal
        var workers = new Workers(options);
        Runtime.getRuntime().addShutdownHook(workers.shutdownHook);
        try {
            var pool = new WorkerPool(workers, dataset, true);
            workers.dealer.start();
            return pool;
        } catch (RuntimeException e) {
            workers.close();
            throw e;
        }
    }

    private static void requireJournalApart(PoolOptions options, DatasetFile dataset) {
        if (options.journal().filter(journal -> isSame(journal, dataset.path())).isPresent()) {
            throw new InvalidRequestException(
                    "the journal " + options.journal().get() + " is the dataset itself; give another file");
        }
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.exists(one) && Files.isSameFile(one, other);
        } catch (IOException e) {
            return false; // who opens it says why
        }
    }

    /**
     * The same workers, on another dataset. Closing what is returned leaves the workers alone. They keep every dataset
     * mapped until the pool is closed.
     *
     * @throws DatasetException when it cannot be used
     */
    public WorkerPool on(Path other) {
        return on(DatasetFile.open(other, Optional.empty()));
    }

    /** The same for a dataset that was looked at before, with its type given. */
    public WorkerPool on(DatasetFile other) {
        requireJournalApart(workers.options, other);
        return new WorkerPool(workers, Optional.of(other), false);
    }

    /**
     * The answer of a job.
     *
     * @return what the job finished with; null if that is null
     */
    public <R> R run(Job<?, R> job) {
        return ResultTypes.unchecked(
                completeResults(await(submitJobs(List.of(job)))).getFirst());
    }

    /**
     * The answers of several jobs, in their order. They share one scan of the dataset: each block is fed to all of them
     * while it is in cache. If one of them is an {@link io.github.forkless.common.job.OrderedJob}, all are split by data
     * no more than that one.
     */
    public <R> List<R> runAll(List<? extends Job<?, ? extends R>> jobs) {
        return jobs.isEmpty() ? List.of() : ResultTypes.uncheckedList(completeResults(await(submitJobs(jobs))));
    }

    /**
     * The answers of one job or more, together with what the run did. The only way to an answer that is not complete,
     * where {@link Limits#skipFailed} allows for one: {@link RunReport#leftOut} says what it is without.
     */
    public RunResult runReported(List<? extends Job<?, ?>> jobs) {
        return await(placed(submitJobs(jobs)));
    }

    /**
     * What is left when every block was added to a partial and all partials were joined.
     *
     * @param start makes a partial that has seen no block
     * @param accept adds a block to a partial
     * @param merge joins the partials of two neighbouring ranges
     */
    public <A> A reduce(Reduction.Start<A> start, Reduction.Step<A> accept, Reduction.Join<A> merge) {
        return run(new Reduction<>(start, accept, merge));
    }

    /**
     * What {@code function} returns for each parameter, in the parameters' order. Each call has the whole dataset.
     *
     * @param parameters data, as {@link io.github.forkless.common.value.ValueWriter} describes it; may hold null
     */
    public <P, R> List<R> map(List<P> parameters, DataFunction<P, R> function) {
        var results = new Object[parameters.size()];
        MapRun run = mapRun(parameters, function, (index, result) -> results[index] = result);
        workers.dealer.submit(run);
        await(resultOf(run));
        return ResultTypes.uncheckedList(Arrays.asList(results));
    }

    /**
     * What {@code function} returns for each parameter, as it comes. Throws the same exceptions as {@link #map}, when a
     * result cannot be had. Results wait in memory until they are taken. Closing the stream cancels what is left.
     */
    public <P, R> Stream<Indexed<R>> stream(List<P> parameters, DataFunction<P, R> function) {
        var arriving = new ArrivingResults<R>();
        MapRun run = mapRun(parameters, function, arriving::add);
        run.result().whenComplete((_, failure) -> arriving.end(failure));
        workers.dealer.submit(run);
        return arriving.stream().onClose(() -> run.result().cancel(true));
    }

    /**
     * One of the results of {@link #stream}.
     *
     * @param index which parameter it is of
     * @param value the result, which may be null
     */
    public record Indexed<R>(int index, R value) {}

    /** {@link #run}, without waiting. Cancelling the future cancels the run. */
    public <R> CompletableFuture<R> submit(Job<?, R> job) {
        return part(
                submitJobs(List.of(job)),
                result -> ResultTypes.unchecked(completeResults(result).getFirst()));
    }

    /** {@link #runAll}, without waiting. Cancelling the future cancels the run. */
    public <R> CompletableFuture<List<R>> submitAll(List<? extends Job<?, ? extends R>> jobs) {
        return jobs.isEmpty()
                ? CompletableFuture.completedFuture(List.of())
                : part(submitJobs(jobs), result -> ResultTypes.uncheckedList(completeResults(result)));
    }

    /** {@link #map}, without waiting. Cancelling the future cancels the run. */
    public <P, R> CompletableFuture<List<R>> submitMap(List<P> parameters, DataFunction<P, R> function) {
        var results = new Object[parameters.size()];
        MapRun run = mapRun(parameters, function, (index, result) -> results[index] = result);
        workers.dealer.submit(run);
        return part(resultOf(run), _ -> ResultTypes.uncheckedList(Arrays.asList(results)));
    }

    /**
     * Runs a job that is known by its name, for the command line.
     *
     * @return a future of results made of the JDK's data types alone, and of the report. It is completed by a thread that
     *     listens to a worker: what hangs on it must not wait for the pool
     */
    public CompletableFuture<RunResult> submit(JobSource.Named job) {
        return placed(submitJob(job, List.of(), TypeFinder.NONE, Passes.of(job)));
    }

    /** The results, for callers who see nothing else: they have to be complete. */
    private static List<Object> completeResults(RunResult result) {
        RunReport report = result.report();
        if (!report.isComplete()) {
            String missing =
                    report.leftOut().stream().map(RunReport.LeftOut::what).collect(Collectors.joining(", "));
            throw new RunFailedException(
                    "the answer is not complete: it is without " + missing + "; runReported gives it all the same",
                    report.failures());
        }
        return result.results();
    }

    private CompletableFuture<RunResult> submitJobs(List<? extends Job<?, ?>> jobs) {
        var source = new JobSource.Objects(
                Serialization.bytes(jobs.size() == 1 ? jobs.getFirst() : new ArrayList<>(jobs), "the job"));
        return submitJob(source, jobs, ResultTypes.of(jobs, workers.options.resultTypes()), Passes.of(jobs));
    }

    /** @param jobs what {@code source} was made of; empty for a job that is known by its name */
    private CompletableFuture<RunResult> submitJob(
            JobSource source, List<? extends Job<?, ?>> jobs, TypeFinder resultTypes, Passes passes) {
        List<Slice> slices =
                dataset.map(file -> Slices.cut(file, workers.options.tasks())).orElse(List.of());
        return passes.follow(
                startPass(source, jobs, resultTypes, slices), next -> startPass(next, List.of(), resultTypes, slices));
    }

    private CompletableFuture<RunResult> startPass(
            JobSource source, List<? extends Job<?, ?>> jobs, TypeFinder resultTypes, List<Slice> slices) {
        Optional<JournaledRun> journal = workers.journal.isPresent()
                ? Optional.of(workers.journal
                        .get()
                        .run(RunIdentity.ofJob(dataset, source, jobs, slices, workers.options.classPath())))
                : Optional.empty();
        var run = new JobRun(order(resultTypes, journal), source, slices, workers.places.homes(dataset, slices));
        workers.dealer.submit(run);
        return resultOf(run);
    }

    /** A run's result, once it is in the journal as well. */
    private CompletableFuture<RunResult> resultOf(Run run) {
        return workers.journal.isPresent() ? part(run.result(), this::written) : run.result();
    }

    private RunResult written(RunResult result) {
        try {
            Optional<String> failure = workers.journal.orElseThrow().awaitWritten();
            return new RunResult(result.results(), result.report().withJournalFailure(failure));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /** The same with where workers and pages are, if that was asked for: looking at the pages takes a while. */
    private CompletableFuture<RunResult> placed(CompletableFuture<RunResult> run) {
        return workers.places.areAsked()
                ? part(
                        run,
                        result -> new RunResult(
                                result.results(), result.report().withPlacement(workers.places.report(dataset))))
                : run;
    }

    private <P, R> MapRun mapRun(List<P> parameters, DataFunction<P, R> function, MapRun.ResultListener listener) {
        var source = new JobSource.Function(Serialization.bytes(function));
        TypeFinder types = ResultTypes.of(function, workers.options.resultTypes());
        List<P> all = new ArrayList<>(parameters);
        Optional<JournaledRun> journal = workers.journal.isPresent()
                ? Optional.of(workers.journal
                        .get()
                        .run(RunIdentity.ofMap(dataset, source, function, all, workers.options.classPath())))
                : Optional.empty();
        return new MapRun(order(types, journal), source, all, listener);
    }

    private Run.Order order(TypeFinder resultTypes, Optional<JournaledRun> journal) {
        return new Run.Order(
                workers.runs.incrementAndGet(), datasetNumber, dataset, workers.options, resultTypes, journal);
    }

    /**
     * A future of part of a run's result, which cancels the run when it is cancelled itself. It is completed by a thread
     * of its own: what a program hangs on it may wait for other runs, and may not keep workers waiting.
     */
    private static <T> CompletableFuture<T> part(CompletableFuture<RunResult> run, Function<RunResult, T> part) {
        CompletableFuture<T> future = run.handleAsync(
                (result, failure) -> {
                    if (failure instanceof RuntimeException e) {
                        throw e;
                    }
                    return part.apply(result);
                },
                Thread::startVirtualThread);
        future.whenComplete((_, _) -> {
            if (future.isCancelled()) {
                run.cancel(true);
            }
        });
        return future;
    }

    private static RunResult await(CompletableFuture<RunResult> run) {
        try {
            return run.get();
        } catch (ExecutionException e) {
            var failure = (RuntimeException) e.getCause(); // runs fail with no other
            failure.fillInStackTrace(); // where the program is, not where the worker was listened to
            throw failure;
        } catch (InterruptedException e) {
            run.cancel(true);
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for a run, which is cancelled");
        }
    }

    /** Ends the workers and waits until they are gone; what is still running fails. */
    @Override
    public void close() {
        if (isOwner) {
            workers.close();
        }
    }
}
