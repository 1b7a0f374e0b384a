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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Worker processes that share a dataset through memory and work on it: the library's way in.
 *
 * <pre>{@code
 * try (var pool = WorkerPool.open(Path.of("prices.npy"), PoolOptions.defaults())) {
 *     BigInteger total = (BigInteger) pool.run(new Sum());
 *     long large = pool.reduce(() -> 0L, (n, block) -> n + countAbove(block, limit), Long::sum);
 *     List<Double> profits = pool.map(windows, (data, window) -> backtest(data, window));
 * }
 * }</pre>
 *
 * <p>Lambdas and jobs travel to the workers by Java serialization, with what they capture; the workers have the same
 * class path as this program. What comes back is data (see {@link io.github.forkless.common.value.ValueWriter}): nothing
 * that a worker sends can run code here.
 *
 * <p>The workers stay until the pool is closed, for as many runs as are wanted, side by side or one after another, over
 * the dataset that the pool was opened with and those it is turned to with {@link #on}. Safe for use by several threads.
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
        this.datasetNumber = dataset.map(workers.dealer::share).orElse(Message.NO_DATASET);
    }

    /** What the views of one pool have in common. */
    private static final class Workers {
        private final PoolOptions options;
        private final Dealer dealer;
        private final AtomicLong runs = new AtomicLong();
        private final Thread shutdownHook;

        Workers(PoolOptions options) {
            this.options = options;
            this.dealer =
                    new Dealer(options.procs(), WorkerCommand.of(options.classPath()), options.chatter()::println);
            this.shutdownHook = new Thread(dealer::close, "forkless-shutdown");
        }
    }

    /**
     * Opens a dataset and starts workers, which map it while the caller goes on. Its type is told by its name or its
     * header.
     *
     * @throws DatasetException when it cannot be used
     * @throws RunFailedException when a worker cannot be started
     */
    public static WorkerPool open(Path dataset, PoolOptions options) {
        return open(DatasetFile.open(dataset, Optional.empty()), options);
    }

    /** The same for a dataset that was looked at before, perhaps with its type given. */
    public static WorkerPool open(DatasetFile dataset, PoolOptions options) {
        return start(Optional.of(dataset), options);
    }

    /** Starts workers without a dataset. */
    public static WorkerPool open(PoolOptions options) {
        return start(Optional.empty(), options);
    }

    private static WorkerPool start(Optional<DatasetFile> dataset, PoolOptions options) {
        var workers = new Workers(options);
        Runtime.getRuntime().addShutdownHook(workers.shutdownHook);
        var pool = new WorkerPool(workers, dataset, true);
        try {
            workers.dealer.start();
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
        return pool;
    }

    /**
     * The same workers, on another dataset. Closing what is returned leaves the workers alone.
     *
     * @throws DatasetException when it cannot be used
     */
    public WorkerPool on(Path other) {
        return new WorkerPool(workers, Optional.of(DatasetFile.open(other, Optional.empty())), false);
    }

    /**
     * The answer of a job.
     *
     * @throws InvalidRequestException when the job cannot be run
     * @throws RunFailedException when there is no answer
     * @throws DatasetException when the dataset cannot be used, or changed meanwhile
     */
    public <R> R run(Job<?, R> job) {
        return await(submit(job));
    }

    /** The answers of several jobs of one class, in their order. They share one scan of the dataset. */
    public <R> List<R> runAll(List<? extends Job<?, R>> jobs) {
        return await(submitAll(jobs));
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

    /** What {@code function} returns for each parameter, in the parameters' order. */
    public <P, R> List<R> map(List<P> parameters, DataFunction<P, R> function) {
        return await(submitMap(parameters, function));
    }

    /**
     * What {@code function} returns for each parameter, as it comes. Ends early, with the same exceptions as {@link
     * #map}, when a result cannot be had. Closing the stream cancels what is left.
     */
    public <P, R> Stream<Indexed<R>> stream(List<P> parameters, DataFunction<P, R> function) {
        var arriving = new ArrivingResults<R>();
        var run = mapRun(parameters, function, arriving::add);
        run.result().whenComplete((_, failure) -> arriving.end(failure));
        workers.dealer.submit(run);
        return arriving.stream().onClose(() -> run.result().cancel(true));
    }

    /**
     * One of the results of {@link #stream}.
     *
     * @param index which parameter it is of
     */
    public record Indexed<R>(int index, R value) {}

    /** {@link #run}, without waiting. Cancelling the future cancels the run. */
    public <R> CompletableFuture<R> submit(Job<?, R> job) {
        TypeFinder types = ResultTypes.of(job.getClass(), workers.options.resultTypes());
        return part(
                submitJob(objects(List.of(job)), types),
                result -> ResultTypes.unchecked(result.results().getFirst()));
    }

    /** {@link #runAll}, without waiting. */
    public <R> CompletableFuture<List<R>> submitAll(List<? extends Job<?, R>> jobs) {
        if (jobs.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        TypeFinder types = ResultTypes.of(jobs.getFirst().getClass(), workers.options.resultTypes());
        return part(submitJob(objects(jobs), types), result -> ResultTypes.uncheckedList(result.results()));
    }

    /** {@link #map}, without waiting. */
    public <P, R> CompletableFuture<List<R>> submitMap(List<P> parameters, DataFunction<P, R> function) {
        MapRun run = mapRun(parameters, function, (_, _) -> {});
        workers.dealer.submit(run);
        return part(run.result(), result -> ResultTypes.uncheckedList(result.results()));
    }

    /**
     * Runs a job that is known by its name, for the command line.
     *
     * @return a future of results made of the JDK's data types alone, and of the report
     */
    public CompletableFuture<RunResult> submit(JobSource.Named job) {
        return submitJob(job, TypeFinder.NONE);
    }

    private CompletableFuture<RunResult> submitJob(JobSource source, TypeFinder resultTypes) {
        List<Slice> slices =
                dataset.map(file -> Slices.cut(file, workers.options.tasks())).orElse(List.of());
        var run = new JobRun(order(resultTypes), source, slices);
        workers.dealer.submit(run);
        return run.result();
    }

    private <P, R> MapRun mapRun(List<P> parameters, DataFunction<P, R> function, MapRun.ResultListener listener) {
        var source = new JobSource.Function(Serialization.bytes(function, "the function"));
        TypeFinder types = ResultTypes.ofLambda(function, workers.options.resultTypes());
        return new MapRun(order(types), source, List.copyOf(parameters), listener);
    }

    private Run.Order order(TypeFinder resultTypes) {
        PoolOptions options = workers.options;
        return new Run.Order(
                workers.runs.incrementAndGet(),
                datasetNumber,
                dataset,
                options.procs(),
                options.retries(),
                resultTypes);
    }

    private static JobSource objects(List<? extends Job<?, ?>> jobs) {
        return new JobSource.Objects(Serialization.bytes(new ArrayList<>(jobs), "the job"));
    }

    /** A future of part of a run's result, which cancels the run when it is cancelled itself. */
    private static <T> CompletableFuture<T> part(CompletableFuture<RunResult> run, Function<RunResult, T> part) {
        CompletableFuture<T> future = run.thenApply(part);
        future.whenComplete((_, _) -> {
            if (future.isCancelled()) {
                run.cancel(true);
            }
        });
        return future;
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    /** Ends the workers; what is still running fails. */
    @Override
    public void close() {
        if (!isOwner) {
            return;
        }
        workers.dealer.close();
        try {
            Runtime.getRuntime().removeShutdownHook(workers.shutdownHook);
        } catch (IllegalStateException e) {
            // The JVM is going down already, and the hook does the same as this.
        }
    }
}
