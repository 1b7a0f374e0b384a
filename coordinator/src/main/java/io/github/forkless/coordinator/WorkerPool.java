package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.Fingerprint;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.dataset.Slices;
import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Reduction;
import io.github.forkless.common.job.SerializableCallable;
import io.github.forkless.common.job.SerializableFunction;
import io.github.forkless.common.job.TaskCall;
import io.github.forkless.common.job.WithoutData;
import io.github.forkless.common.shared.Bytes;
import io.github.forkless.common.shared.Chars;
import io.github.forkless.common.shared.Doubles;
import io.github.forkless.common.shared.Floats;
import io.github.forkless.common.shared.Ints;
import io.github.forkless.common.shared.Longs;
import io.github.forkless.common.shared.Matrix;
import io.github.forkless.common.shared.NamedDatasets;
import io.github.forkless.common.shared.PerWorker;
import io.github.forkless.common.shared.Records;
import io.github.forkless.common.shared.Shareable;
import io.github.forkless.common.shared.Shared;
import io.github.forkless.common.shared.Shorts;
import io.github.forkless.common.shared.Strings;
import io.github.forkless.common.shared.Table;
import io.github.forkless.common.text.Printable;
import io.github.forkless.common.text.Text;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.value.ValueRefusedException;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.WireException;
import io.github.forkless.coordinator.code.ResultTypes;
import io.github.forkless.coordinator.code.RunIdentity;
import io.github.forkless.coordinator.code.Serialization;
import io.github.forkless.coordinator.code.TaskExceptions;
import io.github.forkless.coordinator.journal.Journal;
import io.github.forkless.coordinator.journal.JournalException;
import io.github.forkless.coordinator.journal.JournaledRun;
import io.github.forkless.coordinator.process.NestedPools;
import io.github.forkless.coordinator.report.ParameterSets;
import io.github.forkless.coordinator.result.Failure;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.PlacementReport;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.result.RunReport;
import io.github.forkless.coordinator.result.RunResult;
import io.github.forkless.coordinator.run.Completions;
import io.github.forkless.coordinator.run.JobRun;
import io.github.forkless.coordinator.run.MapPump;
import io.github.forkless.coordinator.run.MapRun;
import io.github.forkless.coordinator.run.Passes;
import io.github.forkless.coordinator.run.ResultReader;
import io.github.forkless.coordinator.run.Run;
import io.github.forkless.coordinator.run.RunContext;
import io.github.forkless.coordinator.run.RunOutcome;
import java.io.IOException;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.openhft.chronicle.bytes.BytesMarshallable;

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
 * <p>Lambdas and jobs travel to the workers by Java serialization, with what they capture, and with their classes where the
 * workers' class path, which is this program's, lacks them. What comes back is data (see {@link
 * io.github.forkless.common.value.ValueWriter}): nothing that a worker sends can run code here. A record or enum comes back as what it was if its class stands in the declared
 * result type of the job or function, or in {@link PoolOptions#withResultTypes}; otherwise a record of a job comes back
 * as a {@link io.github.forkless.common.value.RecordValue}, an enum constant as its name, and those of a function are refused. A
 * lambda's declared type is known without its type arguments: one that returns a {@code List<Trade>} needs {@code Trade} among
 * the options, or to be written as a method reference.
 *
 * <p>The workers stay until the pool is closed, for as many runs as are wanted, side by side or one after another, over
 * the dataset that the pool was opened with and those it is turned to with {@link #on}.
 *
 * <p>A pool cannot be opened in a worker: see {@link PoolOptions#withNestedPools}.
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
    /** How many results, and how many bytes of them, may wait to be taken out of a stream. */
    private static final MapPump.Window STREAM_WINDOW =
            new MapPump.Window(1 << 16, Math.min(64 << 20, Runtime.getRuntime().maxMemory() / 16));

    private static final int[] NO_FINGERPRINTS = {};

    private final PoolRuntime runtime;
    private final Optional<Dataset> dataset;
    private final int datasetNumber;
    /** Of each file of a text, which may grow; empty for other data. */
    private final int[] fingerprints;

    private final RunOptions options;
    private final Optional<Journal> journal;
    /** Whether closing this ends the workers, or only a view of them. */
    private final boolean isOwner;
    /** Of a view, whether there is nothing to close any more. */
    private final AtomicBoolean isClosed;

    private WorkerPool(PoolRuntime runtime, Optional<Dataset> dataset, RunOptions options, boolean isOwner) {
        this.runtime = runtime;
        this.dataset = dataset;
        this.options = options;
        this.isOwner = isOwner;
        this.isClosed = new AtomicBoolean();
        this.journal = journal(runtime, options);
        boolean isText = dataset.isPresent() && dataset.get().type().isText();
        this.fingerprints = isText ? Fingerprint.ofEach(dataset.get()) : NO_FINGERPRINTS;
        this.datasetNumber = dataset.isPresent() ? runtime.open(dataset.get(), isOwner) : Message.NO_DATASET;
    }

    /** Another view of the workers and the dataset that {@code other} is. */
    private WorkerPool(WorkerPool other, RunOptions options) {
        this.runtime = other.runtime;
        this.dataset = other.dataset;
        this.options = options;
        this.isOwner = false;
        this.isClosed = other.isOwner ? new AtomicBoolean(true) : other.isClosed;
        this.journal = journal(runtime, options);
        this.fingerprints = other.fingerprints;
        this.datasetNumber = other.datasetNumber;
    }

    private static Optional<Journal> journal(PoolRuntime runtime, RunOptions options) {
        return options.journal.isPresent() ? Optional.of(runtime.journal(options.journal.get())) : Optional.empty();
    }

    /**
     * Opens a dataset and starts workers, which map it while the caller goes on. Its type is told by its name or its
     * header.
     *
     * @param dataset a file, or a folder: the files in it are one dataset then, see {@link Dataset#open(List, Optional)}
     * @throws DatasetException when it cannot be used
     * @throws JournalException when the options name a journal that cannot be used
     * @throws RunFailedException when a worker cannot be started
     * @throws InvalidRequestException in a worker that may not open a pool
     */
    public static WorkerPool open(Path dataset, PoolOptions options) {
        return open(Dataset.open(dataset, Optional.empty()), options);
    }

    /** The same for several files that are one dataset, see {@link Dataset#open(List, Optional)}. */
    public static WorkerPool open(List<Path> dataset, PoolOptions options) {
        return open(Dataset.open(dataset, Optional.empty()), options);
    }

    /**
     * The same for a dataset that was looked at before, with its type given: {@code DatasetFile.open(path,
     * Optional.of(ElementType.FLOAT64))}.
     *
     * @throws RunFailedException when a worker cannot be started
     */
    public static WorkerPool open(Dataset dataset, PoolOptions options) {
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

    private static WorkerPool start(Optional<Dataset> dataset, PoolOptions options) {
        dataset.ifPresent(data -> requireApart(options.runOptions, data)); // before anything is written to it
        NestedPools.requireAllowed(options.nestedPools);
        var runtime = new PoolRuntime(options);
        try {
            var pool = new WorkerPool(runtime, dataset, options.runOptions, true);
            runtime.start();
            return pool;
        } catch (RuntimeException e) {
            runtime.close();
            throw e;
        }
    }

    private static void requireApart(RunOptions options, Dataset dataset) {
        requireApart("the journal ", options.journal, dataset);
        requireApart("the page ", options.reportFile, dataset);
    }

    private static void requireApart(String what, Optional<Path> written, Dataset dataset) {
        if (written.isPresent() && dataset.parts().stream().anyMatch(file -> isSame(written.get(), file.path()))) {
            throw new InvalidRequestException(what + written.get() + " is the dataset itself; give another file");
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
     * The same workers, on another dataset. Closing what is returned leaves the workers alone; they unmap the dataset when
     * nothing else needs it.
     *
     * @param other a file, or a folder: the files in it are one dataset then
     * @throws DatasetException when it cannot be used
     */
    public WorkerPool on(Path other) {
        return on(Dataset.open(other, Optional.empty()));
    }

    /** The same for several files that are one dataset, see {@link Dataset#open(List, Optional)}. */
    public WorkerPool on(List<Path> others) {
        return on(Dataset.open(others, Optional.empty()));
    }

    /** The same for a dataset that was looked at before, with its type given. */
    public WorkerPool on(Dataset other) {
        requireApart(options, other);
        return new WorkerPool(runtime, Optional.of(other), options, false);
    }

    /**
     * The same workers and the same dataset, for runs with other options: another time limit, more weight, a journal. Closing
     * what is returned leaves the workers alone; of a view that {@link #on} returned, it closes that.
     *
     * @param options all of them; those that this has are not asked
     * @throws InvalidRequestException when they do not go together with the pool's
     * @throws JournalException when they name a journal that cannot be used
     */
    public WorkerPool with(RunOptions options) {
        runtime.options().checkRun(options);
        dataset.ifPresent(data -> requireApart(options, data));
        return new WorkerPool(this, options);
    }

    // ---- shared data

    /**
     * Shares data of this program with the workers: it is written once, and each worker that asks the handle for it maps
     * that one copy. For what is made in place, may be larger than the heap, or has an unknown length: {@code
     * pool.share(Doubles.of(n, i -> ...))}.
     *
     * @return a handle, for lambdas to capture; closing it, or the pool, removes the data
     * @throws InvalidRequestException when there is no room for it; see {@link PoolOptions#withSharedFolder}
     * @throws CancellationException when this thread is interrupted meanwhile
     */
    public <V> Shared<V> share(Shareable<V> data) {
        return runtime.share(data);
    }

    /** {@link #share(Shareable)} for an array; later changes of the array are not seen. */
    public Shared<Bytes> share(byte[] values) {
        return share(Bytes.of(values));
    }

    /** {@link #share(Shareable)} for an array; later changes of the array are not seen. */
    public Shared<Shorts> share(short[] values) {
        return share(Shorts.of(values));
    }

    /** {@link #share(Shareable)} for an array; later changes of the array are not seen. */
    public Shared<Chars> share(char[] values) {
        return share(Chars.of(values));
    }

    /** {@link #share(Shareable)} for an array; later changes of the array are not seen. */
    public Shared<Ints> share(int[] values) {
        return share(Ints.of(values));
    }

    /** {@link #share(Shareable)} for an array; later changes of the array are not seen. */
    public Shared<Longs> share(long[] values) {
        return share(Longs.of(values));
    }

    /** {@link #share(Shareable)} for an array; later changes of the array are not seen. */
    public Shared<Floats> share(float[] values) {
        return share(Floats.of(values));
    }

    /** {@link #share(Shareable)} for an array; later changes of the array are not seen. */
    public Shared<Doubles> share(double[] values) {
        return share(Doubles.of(values));
    }

    /** {@link #share(Shareable)} for rows of one length; later changes of the arrays are not seen. */
    public Shared<Matrix<Bytes>> share(byte[][] rows) {
        return share(Bytes.matrix(rows));
    }

    /** {@link #share(Shareable)} for rows of one length; later changes of the arrays are not seen. */
    public Shared<Matrix<Shorts>> share(short[][] rows) {
        return share(Shorts.matrix(rows));
    }

    /** {@link #share(Shareable)} for rows of one length; later changes of the arrays are not seen. */
    public Shared<Matrix<Chars>> share(char[][] rows) {
        return share(Chars.matrix(rows));
    }

    /** {@link #share(Shareable)} for rows of one length; later changes of the arrays are not seen. */
    public Shared<Matrix<Ints>> share(int[][] rows) {
        return share(Ints.matrix(rows));
    }

    /** {@link #share(Shareable)} for rows of one length; later changes of the arrays are not seen. */
    public Shared<Matrix<Longs>> share(long[][] rows) {
        return share(Longs.matrix(rows));
    }

    /** {@link #share(Shareable)} for rows of one length; later changes of the arrays are not seen. */
    public Shared<Matrix<Floats>> share(float[][] rows) {
        return share(Floats.matrix(rows));
    }

    /** {@link #share(Shareable)} for rows of one length; later changes of the arrays are not seen. */
    public Shared<Matrix<Doubles>> share(double[][] rows) {
        return share(Doubles.matrix(rows));
    }

    /** {@link #share(Shareable)} for strings, of which some may be null; later changes of the array are not seen. */
    public Shared<Strings> share(String[] values) {
        return share(Strings.of(values));
    }

    /**
     * {@link #share(Shareable)} for records of one class, as columns. For records that are made one by one, and for lists that
     * may be empty: {@link Table}.
     *
     * @throws IllegalArgumentException when a component cannot be a column, naming it
     */
    public <R extends Record> Shared<Table<R>> share(List<R> records) {
        return share(Table.of(records));
    }

    /**
     * {@link #share(Shareable)} for objects that write and read themselves by Chronicle Bytes, of one class or of several.
     *
     * @throws IllegalStateException when this JVM was started without the options that Chronicle Bytes needs, which it tells
     */
    public <T extends BytesMarshallable> Shared<Records<T>> shareRecords(Iterable<? extends T> objects) {
        return share(Records.of(objects));
    }

    /** {@link #share(Shareable)} for all bytes of a segment, which may be as large as memory. */
    public Shared<Bytes> share(MemorySegment bytes) {
        return share(Bytes.of(bytes));
    }

    /** {@link #share(Shareable)} for what is left in a buffer, whose position stays. */
    public Shared<Bytes> share(ByteBuffer bytes) {
        return share(Bytes.of(MemorySegment.ofBuffer(bytes)));
    }

    /**
     * A handle of a dataset beside the one that the pool was opened with. Nothing is written. Its file stays as it is when the
     * handle is closed. Workers that use it notice a change of the file, as they do with the pool's own dataset.
     *
     * @throws DatasetException when it cannot be used
     */
    public Shared<Block> share(Path dataset) {
        return share(DatasetFile.open(dataset, Optional.empty()));
    }

    /** The same for a dataset that was looked at before, with its type given. */
    public Shared<Block> share(DatasetFile dataset) {
        return runtime.share(dataset);
    }

    // ---- objects that each worker has for itself

    /**
     * An object that each worker makes for itself: {@code var engine = pool.perWorker(() -> Engine.open(licence), Engine::close)}.
     * What the maker captures travels to each worker once.
     *
     * @param maker makes it, when a task first calls {@link PerWorker#get}. What it throws the task throws, and it is called again
     *     the next time
     * @param closer closes it, when the worker ends in an orderly way, or {@link PerWorker#close} is called
     * @return a handle, for lambdas to capture
     * @throws InvalidRequestException when what they capture cannot travel, or is large: see {@link
     *     PoolOptions#withLargestCapture}
     */
    public <T> PerWorker<T> perWorker(SerializableCallable<T> maker, PerWorker.Closer<T> closer) {
        return runtime.perWorker(new PerWorker.Recipe<>(maker, closer));
    }

    /** {@link #perWorker(SerializableCallable, PerWorker.Closer)} for an object that needs no closing. */
    public <T> PerWorker<T> perWorker(SerializableCallable<T> maker) {
        return perWorker(maker, _ -> {});
    }

    // ---- answers

    /**
     * The answer of a job.
     *
     * @return what the job finished with; null if that is null
     */
    public <R> R run(Job<?, R> job) {
        return ResultTypes.unchecked(await(pass(List.of(job))).completeResults().getFirst());
    }

    /**
     * The answers of several jobs, in their order. They share one scan of the dataset: each block is fed to all of them
     * while it is in cache. If one of them is an {@link io.github.forkless.common.job.OrderedJob}, all are split by data
     * no more than that one.
     */
    public <R> List<R> runAll(List<? extends Job<?, ? extends R>> jobs) {
        return jobs.isEmpty()
                ? List.of()
                : ResultTypes.uncheckedList(await(pass(jobs)).completeResults());
    }

    /**
     * The answers of one job or more, together with what the run did. The only way to an answer that is not complete,
     * where {@link RunOptions#withSkipFailed} allows for one: {@link RunReport#leftOut} says what it is without. The result of a
     * parameter set for which {@link RunReport#hasFailed} is null.
     */
    public RunResult runReported(List<? extends Job<?, ?>> jobs) {
        return await(pass(jobs));
    }

    /** The same for a job that is known by its name. Its results are made of the JDK's data types alone. */
    public RunResult runReported(NamedJob job) {
        return await(pass(job, Optional.empty()));
    }

    /** {@link #runReported(NamedJob)}, without waiting. Cancelling the future cancels the run. */
    public CompletableFuture<RunResult> submitReported(NamedJob job) {
        return follow(pass(job, Optional.empty()), result -> result);
    }

    /**
     * The same on a range of the dataset alone, to look closer at what happens there. The report says that the answer is not
     * that of the whole dataset.
     *
     * @param range in elements; in bytes for text. Worked on are the lines, or the rows of a matrix, that begin in it
     */
    public CompletableFuture<RunResult> submitReported(NamedJob job, Slice range) {
        Dataset data = dataset.orElseThrow(
                () -> new InvalidRequestException("a range needs a dataset, and the pool has none; use on(...)"));
        String unit = data.layout().unit();
        if (range.to() > data.count()) {
            throw new InvalidRequestException(Text.format(
                    "%s has %d %s, and so no range %d:%d", data.name(), data.count(), unit, range.from(), range.to()));
        }
        Slice only = Slices.wholeLines(data, range);
        if (only.length() == 0) {
            throw new InvalidRequestException(Text.format(
                    "no %s in the range %d:%d of %s",
                    data.type().isText() ? "line begins" : data.layout().rowLength() > 1 ? "row begins" : "element is",
                    range.from(),
                    range.to(),
                    data.name()));
        }
        return follow(pass(job, Optional.of(only)), result -> result);
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
        Mapping<R> mapping = mapping("map", parameters, function, MapPump.Window.UNLIMITED, false);
        var results = new Object[parameters.size()];
        mapping.forEach((index, value, _) -> results[index] = value);
        return ResultTypes.uncheckedList(Arrays.asList(results));
    }

    /** {@link #map(List, DataFunction)} for a function that needs no dataset, or reads what is shared. */
    public <P, R> List<R> map(List<P> parameters, SerializableFunction<P, R> function) {
        return map(parameters, new WithoutData<>(function));
    }

    /**
     * What became of each parameter, in the parameters' order: what {@code function} returned for it, or why there is no
     * result. One parameter that fails costs no other its result.
     *
     * @param parameters data, as {@link io.github.forkless.common.value.ValueWriter} describes it; may hold null
     */
    public <P, R> List<Outcome<R>> mapEach(List<P> parameters, DataFunction<P, R> function) {
        Mapping<R> mapping = mapping("mapEach", parameters, function, MapPump.Window.UNLIMITED, true);
        List<Outcome<R>> outcomes = new ArrayList<>(Collections.nCopies(parameters.size(), null));
        mapping.forEach((index, value, failure) ->
                outcomes.set(index, failure == null ? new Outcome.Result<>(value) : new Outcome.Failed<>(failure)));
        return outcomes;
    }

    /** {@link #mapEach(List, DataFunction)} for a function that needs no dataset, or reads what is shared. */
    public <P, R> List<Outcome<R>> mapEach(List<P> parameters, SerializableFunction<P, R> function) {
        return mapEach(parameters, new WithoutData<>(function));
    }

    /**
     * What became of one parameter of {@link #mapEach}.
     *
     * @param <R> what the function returns
     */
    public sealed interface Outcome<R> {
        /** What the function returned; may be null. */
        record Result<R>(R value) implements Outcome<R> {}

        /** There is no result: the function threw, or every attempt at the parameter ended its worker. */
        record Failed<R>(Failure failure) implements Outcome<R> {}
    }

    /**
     * What {@code function} returns for each parameter, as it comes. Throws the same exceptions as {@link #map}, when a
     * result cannot be had. Parameters are drawn as they are needed, and while results are not taken the run pauses. Closing
     * the stream cancels what is left.
     */
    public <P, R> Stream<Indexed<R>> stream(Iterable<P> parameters, DataFunction<P, R> function) {
        Mapping<R> mapping = mapping("stream", parameters, function, STREAM_WINDOW, false);
        return StreamSupport.stream(
                        new Spliterators.AbstractSpliterator<Indexed<R>>(Long.MAX_VALUE, Spliterator.NONNULL) {
                            @Override
                            public boolean tryAdvance(Consumer<? super Indexed<R>> action) {
                                if (!mapping.next()) {
                                    return false;
                                }
                                action.accept(new Indexed<>(mapping.pump.index(), mapping.value()));
                                return true;
                            }
                        },
                        false)
                .onClose(() -> {
                    mapping.run.result().cancel(true);
                    mapping.failed(new CancellationException("the stream was closed before its end"));
                });
    }

    /** {@link #stream(Iterable, DataFunction)} for a function that needs no dataset, or reads what is shared. */
    public <P, R> Stream<Indexed<R>> stream(Iterable<P> parameters, SerializableFunction<P, R> function) {
        return stream(parameters, new WithoutData<>(function));
    }

    /**
     * One of the results of {@link #stream}.
     *
     * @param index which parameter it is of
     * @param value the result, which may be null
     */
    public record Indexed<R>(int index, R value) {}

    /** {@link #run}, without waiting. Cancelling the future, or its timing out, cancels the run. */
    public <R> CompletableFuture<R> submit(Job<?, R> job) {
        return follow(
                pass(List.of(job)),
                result -> ResultTypes.unchecked(result.completeResults().getFirst()));
    }

    /** {@link #runAll}, without waiting. Cancelling the future, or its timing out, cancels the run. */
    public <R> CompletableFuture<List<R>> submitAll(List<? extends Job<?, ? extends R>> jobs) {
        return jobs.isEmpty()
                ? CompletableFuture.completedFuture(List.of())
                : follow(pass(jobs), result -> ResultTypes.uncheckedList(result.completeResults()));
    }

    /** {@link #map}, without waiting. Cancelling the future, or its timing out, cancels the run. */
    public <P, R> CompletableFuture<List<R>> submitMap(List<P> parameters, DataFunction<P, R> function) {
        Mapping<R> mapping = mapping("map", parameters, function, MapPump.Window.UNLIMITED, false);
        Supplier<List<R>> collect = () -> {
            var results = new Object[parameters.size()];
            mapping.forEach((index, value, _) -> results[index] = value);
            return ResultTypes.uncheckedList(Arrays.asList(results));
        };
        // With all its parameters a run goes on by itself.
        CompletableFuture<List<R>> collected = mapping.pump.isFed()
                ? mapping.run.result().handleAsync((_, _) -> collect.get(), Completions.EXECUTOR)
                : CompletableFuture.supplyAsync(collect, Completions.EXECUTOR);
        // Another one: what collects has to learn of the end even if this is cancelled.
        var future = new CompletableFuture<List<R>>();
        collected.whenComplete((results, failure) -> {
            if (failure == null) {
                future.complete(results);
            } else {
                future.completeExceptionally(failure instanceof CompletionException ? failure.getCause() : failure);
            }
        });
        return cancelling(future, mapping.run);
    }

    /** {@link #submitMap(List, DataFunction)} for a function that needs no dataset, or reads what is shared. */
    public <P, R> CompletableFuture<List<R>> submitMap(List<P> parameters, SerializableFunction<P, R> function) {
        return submitMap(parameters, new WithoutData<>(function));
    }

    // ---- jobs

    /**
     * A run of jobs on its way: its current pass, and how to go on.
     *
     * @param sets what its results are of
     * @param watch null if nothing is told of it
     */
    private record Pass(
            Passes passes,
            JobRun run,
            Function<JobSource, JobRun> resubmit,
            TypeFinder types,
            Optional<Slice> only,
            Supplier<ParameterSets> sets,
            RunWatch watch) {
        private Pass after(JobSource next) {
            return new Pass(passes, resubmit.apply(next), resubmit, types, only, sets, watch);
        }

        /** There is no answer. */
        private void failed(Throwable failure) {
            if (watch != null) {
                watch.failed(failure);
            }
        }
    }

    private Pass pass(List<? extends Job<?, ?>> jobs) {
        Object sent = jobs.size() == 1 ? jobs.getFirst() : new ArrayList<>(jobs);
        JobSource source = Serialization.pack(sent, "the job", runtime.options().largestCapture)
                .jobs();
        TypeFinder types = ResultTypes.of(jobs, runtime.options().resultTypes);
        String what = jobs.stream()
                .map(job -> job.getClass().getSimpleName())
                .distinct()
                .collect(Collectors.joining(", ", "the job ", ""));
        Supplier<ParameterSets> sets = () -> RunWatch.sets(jobs);
        RunWatch watch = options.areWatched() ? RunWatch.of(runtime, options, dataset, jobs, sets) : null;
        return first(
                source, types, jobs, what, set -> jobs.size() == 1 ? "" : "job " + set, Optional.empty(), sets, watch);
    }

    private Pass pass(NamedJob job, Optional<Slice> only) {
        var source = new JobSource.Named(
                job.name(), job.classes(), job.parameterSets(), NamedDatasets.encode(job.datasets()));
        List<Map<String, String>> sets = job.parameterSets();
        IntFunction<String> setNames = set -> sets.size() == 1
                ? ""
                : sets.get(set).entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(" "));
        Supplier<ParameterSets> named = () -> ParameterSets.ofSets(sets);
        RunWatch watch = options.areWatched() ? RunWatch.of(runtime, options, dataset, job, named) : null;
        return first(source, TypeFinder.NONE, List.of(), "the job " + job.name(), setNames, only, named, watch);
    }

    private Pass first(
            JobSource source,
            TypeFinder types,
            List<? extends Job<?, ?>> jobs,
            String what,
            IntFunction<String> setNames,
            Optional<Slice> only,
            Supplier<ParameterSets> sets,
            RunWatch watch) {
        Recording recording = watch == null ? runtime.recording() : watch.recording();
        Function<JobSource, JobRun> submit = next -> {
            IntFunction<String> names = next instanceof JobSource.LaterPass later
                    ? set -> setNames.apply(later.sets().get(set).number())
                    : setNames;
            return runtime.submit(options, recording, journal, next, jobs, what, names, datasetNumber, dataset, only);
        };
        var pass = new Pass(new Passes(source), submit.apply(source), submit, types, only, sets, watch);
        if (watch != null) {
            watch.begin();
        }
        return pass;
    }

    /** Waits for all passes; what of the results is the user's runs on this thread. */
    private RunResult await(Pass pass) {
        try {
            while (true) {
                Optional<JobSource> next = pass.passes.next(await(pass.run));
                if (next.isEmpty()) {
                    return result(pass);
                }
                pass = pass.after(next.get());
            }
        } catch (Throwable e) {
            pass.failed(e);
            throw e;
        }
    }

    /**
     * A future of part of the results of all passes, which cancels the pass that is running when it is cancelled itself, or
     * completed by somebody else.
     */
    private <T> CompletableFuture<T> follow(Pass first, Function<RunResult, T> part) {
        var future = new CompletableFuture<T>();
        follow(first, part, future);
        return future;
    }

    private <T> void follow(Pass pass, Function<RunResult, T> part, CompletableFuture<T> future) {
        cancelling(future, pass.run);
        CompletableFuture<Void> step = pass.run
                .result()
                .handleAsync(
                        (_, _) -> {
                            Optional<JobSource> next = pass.passes.next(await(pass.run));
                            if (next.isEmpty()) {
                                future.complete(part.apply(result(pass)));
                            } else if (future.isDone()) {
                                pass.failed(new CancellationException("the run was cancelled"));
                            } else {
                                follow(pass.after(next.get()), part, future);
                            }
                            return null;
                        },
                        Completions.EXECUTOR);
        step.whenComplete((_, failure) -> {
            if (failure != null) { // or it would be lost
                Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                pass.failed(cause);
                future.completeExceptionally(cause);
            }
        });
    }

    private static <T> CompletableFuture<T> cancelling(CompletableFuture<T> future, Run run) {
        future.whenComplete((_, _) -> run.result().cancel(true)); // does nothing if it is done
        return future;
    }

    private RunResult result(Pass pass) {
        RunOutcome outcome = pass.passes.outcome();
        RunReport report = whole(pass.only.map(outcome.report()::withOnly).orElse(outcome.report()));
        List<Object> results;
        try {
            results = ResultReader.readAll(outcome.results(), pass.types);
        } catch (WireException | ValueRefusedException e) {
            throw new RunFailedException(
                    "what came of the run is no result here: " + e.getMessage(), report.failures(), e);
        }
        return new RunResult(
                results,
                report,
                pass.watch == null ? Optional.empty() : pass.watch.answered(results, report),
                new RunAnswer(
                        runtime,
                        results,
                        report,
                        pass.sets,
                        pass.watch == null ? Optional.empty() : pass.watch.page()));
    }

    /** With what the run itself does not know. */
    private RunReport whole(RunReport ofRun) {
        RunReport report = journal.isPresent() ? ofRun.withJournalFailure(awaitWritten()) : ofRun;
        Optional<PlacementReport> placement = runtime.placement(dataset);
        return placement.isPresent() ? report.withPlacement(placement.get()) : report;
    }

    private Optional<String> awaitWritten() {
        try {
            return journal.orElseThrow().awaitWritten();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for the journal");
        }
    }

    // ---- functions

    /** A function's run, and what takes its results out of it. */
    private final class Mapping<R> {
        private final MapRun run;
        private final MapPump pump;
        /** Null if nothing is told of it. */
        private final RunWatch watch;
        /** The results, for the run's page; none where there is no page, or they are not all wanted. */
        private final Object[] kept;

        Mapping(MapRun run, MapPump pump, RunWatch watch, int kept) {
            this.run = run;
            this.pump = pump;
            this.watch = watch;
            this.kept = new Object[kept];
        }

        /** There are no more results, because of that; does nothing where that is known. */
        void failed(Throwable failure) {
            if (watch != null) {
                watch.failed(failure);
            }
        }

        /** Whether there is another result, or failure; throws what the run failed with. */
        boolean next() {
            try {
                if (!advance()) {
                    return false;
                }
            } catch (Throwable e) {
                failed(e);
                throw e;
            }
            if (kept.length > 0) {
                kept[pump.index()] = pump.value();
            }
            return true;
        }

        private boolean advance() {
            try {
                if (pump.next()) {
                    return true;
                }
            } catch (InterruptedException e) {
                run.result().cancel(true);
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while waiting for results, whose run is cancelled");
            } catch (Throwable e) { // a result cannot be made, or a parameter not be had: the others are of no use
                run.result().cancel(true);
                throw e;
            }
            RunReport report = await(run).report();
            if (watch != null) {
                watch.answered(Arrays.asList(kept), whole(report));
            } else if (journal.isPresent()) {
                awaitWritten();
            }
            return false;
        }

        R value() {
            return ResultTypes.unchecked(pump.value());
        }

        void forEach(Taker<R> taker) {
            while (next()) {
                taker.take(pump.index(), value(), pump.failure());
            }
        }
    }

    private interface Taker<R> {
        /** @param failure why there is no value; null if there is one */
        void take(int index, R value, Failure failure);
    }

    private <P, R> Mapping<R> mapping(
            String method,
            Iterable<P> parameters,
            DataFunction<P, R> function,
            MapPump.Window window,
            boolean keepsFailures) {
        if (dataset.isPresent() && dataset.get().parts().size() > 1 && !(function instanceof WithoutData)) {
            throw new InvalidRequestException("a function gets the whole dataset as one block, and "
                    + dataset.get().name() + " has no such block; use a job, or share each file");
        }
        JobSource.Function source = Serialization.pack(function, runtime.options().largestCapture)
                .function(parameters instanceof Collection<?> known ? known : List.of());
        TypeFinder types = ResultTypes.of(function, runtime.options().resultTypes);
        Iterable<P> drawn = parameters;
        if (journal.isPresent()) { // a journal knows a run by all its parameters
            List<P> all = new ArrayList<>();
            parameters.forEach(all::add);
            drawn = all;
        }
        Iterable<P> all = drawn;
        long expected = all instanceof Collection<?> collection ? collection.size() : 0;
        boolean isCollected = window == MapPump.Window.UNLIMITED;
        List<?> named = isCollected ? (List<P>) all : List.of();
        RunWatch watch = options.areWatched() ? RunWatch.ofFunction(runtime, options, dataset, method, named) : null;
        RunContext context = runtime.context(
                options,
                watch == null ? runtime.recording() : watch.recording(),
                journal,
                "the function",
                datasetNumber,
                dataset,
                () -> RunIdentity.ofMap(
                        dataset,
                        source,
                        WithoutData.written(function),
                        (List<P>) all,
                        runtime.options().largestCapture,
                        runtime.options().classPath));
        List<Slice> missing = context.journal().isPresent()
                ? missing(context.journal().get(), (int) expected)
                : List.of(new Slice(0, Integer.MAX_VALUE));
        var pump = new MapPump(all, missing, runtime.options().largestCapture, types, window);
        var run = new MapRun(context, source, expected, pump, keepsFailures);
        if (run.resume()) {
            pump.connect(run, change -> runtime.scheduler().change(run, change));
        }
        runtime.scheduler().submit(run);
        if (watch != null) {
            watch.begin();
        }
        return new Mapping<>(run, pump, watch, options.report ? named.size() : 0);
    }

    private static List<Slice> missing(JournaledRun journal, int parameters) {
        return journal.missingResults(0, parameters).stream()
                .map(range -> new Slice(range.from(), range.to()))
                .toList();
    }

    // ---- tasks

    /**
     * The workers as an executor, for tasks that need no dataset. Each call makes another executor; to shut one down leaves
     * the pool as it is.
     */
    public PoolExecutor executor() {
        return new PoolExecutor(this);
    }

    /**
     * What a task returns, without waiting. This is for the workers what {@link CompletableFuture#supplyAsync} is for threads.
     * Cancelling the future, or its timing out, ends the attempt.
     *
     * @throws java.util.concurrent.RejectedExecutionException when the task cannot travel
     */
    public <R> CompletableFuture<R> supplyAsync(SerializableCallable<R> task) {
        return executor().supplyAsync(task);
    }

    /** @param task what the result's types are known by */
    PendingCall call(TaskCall function, Serializable task) {
        List<Class<?>> granted = runtime.options().resultTypes;
        JobSource source = Serialization.pack(function, "the task", runtime.options().largestCapture)
                .function(List.of());
        var pump = new MapPump(
                List.of(0),
                List.of(new Slice(0, 1)),
                Long.MAX_VALUE,
                ResultTypes.ofTask(task, granted),
                MapPump.Window.UNLIMITED);
        var run = new MapRun(runtime.contextOfCall(options), source, 1, pump, false);
        pump.connect(run, change -> runtime.scheduler().change(run, change));
        runtime.scheduler().submit(run);
        if (run.result().state() == Future.State.FAILED
                && run.result().exceptionNow() instanceof IllegalStateException closed) {
            throw new RejectedExecutionException(closed.getMessage());
        }
        return new PendingCall(task, new Mapping<>(run, pump, null, 0));
    }

    /**
     * What a task has come to.
     *
     * @param value what it returned
     * @param thrown what it threw; null if it returned
     */
    record CallOutcome(Object value, Throwable thrown) {}

    /** A single call of a task on its way. */
    final class PendingCall {
        private final Serializable task;
        private final MapRun run;
        private final CompletableFuture<CallOutcome> outcome;

        private PendingCall(Serializable task, Mapping<List<Object>> mapping) {
            this.task = task;
            run = mapping.run;
            outcome = run.result().handleAsync((_, _) -> outcome(mapping), Completions.EXECUTOR);
        }

        private CallOutcome outcome(Mapping<List<Object>> mapping) {
            List<Object> told = List.of();
            while (mapping.next()) {
                told = mapping.value();
            }
            if ((Boolean) told.get(0)) {
                return new CallOutcome(told.get(1), null);
            }
            return new CallOutcome(
                    null,
                    TaskExceptions.of(
                            ResultTypes.unchecked(told.get(2)),
                            ResultTypes.unchecked(told.get(3)),
                            (String) told.get(1),
                            ResultTypes.thrownBy(task, runtime.options().resultTypes)));
        }

        /** Fails with what the run failed with, if no worker could tell. */
        CompletableFuture<CallOutcome> outcome() {
            return outcome;
        }

        /** Runs {@code action} when no worker is at it any more; it must not wait. */
        void whenReleased(Runnable action) {
            run.whenReleased(action);
        }

        void cancel(boolean evenIfBegun) {
            if (evenIfBegun) {
                run.result().cancel(true);
            } else {
                withdraw(() -> {});
            }
        }

        /**
         * Takes it back unless a worker has begun it.
         *
         * @param before is done before anybody hears of that; must not wait
         * @return whether it was taken back
         */
        boolean withdraw(Runnable before) {
            var isWithdrawn = new AtomicBoolean();
            runtime.scheduler().change(run, () -> {
                if (!run.isBegun() && !run.isDone()) {
                    before.run();
                    isWithdrawn.set(run.result().cancel(true));
                }
            });
            return isWithdrawn.get();
        }
    }

    // ---- waiting

    private RunOutcome await(Run run) {
        try {
            RunOutcome outcome = run.result().get();
            long grownBytes = run.requireDatasetUnchanged();
            return grownBytes == 0 ? outcome : grown(outcome, grownBytes);
        } catch (ExecutionException e) {
            run.requireDatasetUnchanged(); // which explains whatever it failed with
            runtime.requireSharedUnchanged();
            throw Failures.copy((RuntimeException) e.getCause()); // runs fail with no other
        } catch (CancellationException e) {
            throw new CancellationException("the run was cancelled");
        } catch (InterruptedException e) {
            run.result().cancel(true);
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for a run, which is cancelled");
        }
    }

    /** Says of an answer that a text became longer than what was read of it. */
    private RunOutcome grown(RunOutcome outcome, long bytes) {
        Dataset text = dataset.orElseThrow();
        for (int i = 0; i < fingerprints.length; i++) {
            if (Fingerprint.of(text.parts().get(i)) != fingerprints[i]) { // it was emptied first
                throw new DatasetException(
                        text.parts().get(i).path(),
                        "written anew while it was in use; run again when nothing writes to it");
            }
        }
        runtime.options()
                .lines()
                .accept(Printable.line("[data] " + text.name() + " has grown by " + bytes
                        + " bytes while it was read; the answer is that of the " + text.count()
                        + " bytes that it had before"));
        return new RunOutcome(outcome.results(), outcome.report().withGrownBytes(bytes));
    }

    /** Ends the workers and waits until they are gone; what is still running fails. Of a view, ends only that. */
    @Override
    public void close() {
        if (isOwner) {
            runtime.close();
        } else if (isClosed.compareAndSet(false, true)) {
            runtime.scheduler().closeDataset(datasetNumber);
        }
    }
}
