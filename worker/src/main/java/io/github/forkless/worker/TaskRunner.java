package io.github.forkless.worker;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.MappedDataset;
import io.github.forkless.common.dataset.MappedFile;
import io.github.forkless.common.dataset.Slices;
import io.github.forkless.common.dataset.WhileReading;
import io.github.forkless.common.job.FailedSet;
import io.github.forkless.common.job.GroupJob;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.MalformedDataException;
import io.github.forkless.common.job.WithoutData;
import io.github.forkless.common.process.ProcessStat;
import io.github.forkless.common.process.ProgressFile;
import io.github.forkless.common.shared.SharedMappings;
import io.github.forkless.common.shared.WorkerObjects;
import io.github.forkless.common.text.Text;
import io.github.forkless.common.text.Throwables;
import io.github.forkless.common.value.ValueReader;
import io.github.forkless.common.value.ValueWriter;
import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.Content;
import io.github.forkless.common.wire.ContentFile;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.Assignment;
import io.github.forkless.common.wire.Message.FailureKind;
import io.github.forkless.common.wire.WireException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Does what the coordinator asks for: maps datasets, loads jobs, works on slices, merges partials. */
class TaskRunner {
    private static final FailedSet FAILED = new FailedSet();

    private final Map<Integer, MappedDataset> datasets = new HashMap<>();
    private final Map<Integer, Long> mappedNanos = new HashMap<>();
    /** Said again to every run that wants one of these. */
    private final Map<Integer, DatasetException> unusable = new HashMap<>();

    private final JobLoader loader;
    private final Map<Long, LoadedJob> runs = new HashMap<>();
    private final ByteWriter content = new ByteWriter();
    private final ProgressFile.Writer progress;
    /** Null where answers are handed over in memory. */
    private final Path contentFolder;

    private boolean countsFaults;
    /** Whether it was told of any: without them, their class is not loaded. */
    private boolean hasObjects;

    /** @param progress is told which parameter or parameter set is next, where that is known */
    TaskRunner(ProgressFile.Writer progress) {
        this(progress, ClassLoader.getSystemClassLoader(), null);
    }

    /**
     * @param loader finds the classes of jobs and of what they hold
     * @param contentFolder where answers are put that are much; null if nowhere
     */
    TaskRunner(ProgressFile.Writer progress, ClassLoader loader, Path contentFolder) {
        this.progress = progress;
        this.contentFolder = contentFolder;
        this.loader = new JobLoader(loader);
        datasets.put(Message.NO_DATASET, MappedFile.EMPTY);
        mappedNanos.put(Message.NO_DATASET, System.nanoTime());
    }

    /** Does one request and returns what to answer, if anything. */
    Optional<Message> handle(Message request) {
        try {
            if (request instanceof Message.Work work) { // no pattern switch: see Message.write
                return Optional.of(work(work));
            } else if (request instanceof Message.Merge merge) {
                return Optional.of(merge(merge));
            } else if (request instanceof Message.Load load) {
                return Optional.of(load(load));
            } else if (request instanceof Message.Open open) {
                open(open);
            } else if (request instanceof Message.Close close) {
                close(close.number());
            } else if (request instanceof Message.SharedHere here) {
                SharedMappings.knowHere(here.file(), here.identity());
            } else if (request instanceof Message.CloseShared close) {
                closeShared(close.number());
            } else if (request instanceof Message.OpenPerWorker open) {
                objects().define(open.number(), () -> loader.recipe(open.recipe()));
            } else if (request instanceof Message.ClosePerWorker close) {
                objects().close(close.number());
            } else if (request instanceof Message.Release release) {
                runs.remove(release.run());
            } else {
                throw new IllegalStateException("a worker was sent a worker's answer: " + request);
            }
            return Optional.empty();
        } catch (Throwable failure) { // whatever a job throws is the coordinator's to judge
            return Optional.of(failed(request, failure));
        }
    }

    /** The answer has been sent, and what it took is free. */
    void forgetAnswer() {
        content.clear();
    }

    private void open(Message.Open open) {
        try {
            datasets.put(open.number(), map(open.dataset()));
            mappedNanos.put(open.number(), System.nanoTime());
        } catch (DatasetException e) {
            unusable.put(open.number(), e);
        }
    }

    private void close(int number) {
        unusable.remove(number);
        mappedNanos.remove(number);
        MappedDataset dataset = datasets.remove(number);
        if (dataset != null) {
            unmap(dataset);
        }
    }

    /** Unmaps all that was mapped and not closed. */
    final void unmapAll() {
        datasets.remove(Message.NO_DATASET);
        datasets.values().forEach(this::unmap);
        datasets.clear();
    }

    /** Closes what this worker has made for itself. */
    final void closeObjects() {
        if (hasObjects) {
            objects().closeAll();
        }
    }

    private WorkerObjects objects() {
        hasObjects = true;
        return ownObjects();
    }

    // ---- what differs where several workers share a process

    MappedDataset map(Dataset dataset) {
        return MappedDataset.map(dataset);
    }

    void unmap(MappedDataset dataset) {
        dataset.close();
    }

    void closeShared(long number) {
        SharedMappings.closeGiven(number);
    }

    WorkerObjects ownObjects() {
        return WorkerObjects.ofProcess();
    }

    /** What this worker has used so far. */
    ProcessStat stat() {
        return ProcessStat.ofSelf();
    }

    private Message load(Message.Load load) {
        if (unusable.containsKey(load.dataset())) {
            throw unusable.get(load.dataset());
        }
        LoadedJob loaded = loader.load(load.source(), datasets.get(load.dataset()));
        runs.put(load.run(), loaded);
        countsFaults |= load.countsFaults();
        long mapped = mappedNanos.get(load.dataset());
        long prepared = System.nanoTime();
        return loaded instanceof LoadedJob.Collecting job
                ? new Message.Loaded(load.run(), job.isOrdered(), job.jobs().size(), mapped, prepared)
                : new Message.Loaded(load.run(), true, 0, mapped, prepared);
    }

    private Message work(Message.Work work) throws Exception {
        ProcessStat before = faults();
        long started = System.nanoTime();
        content.clear();
        LoadedJob loaded = entered(work.assignment().run());
        if (loaded instanceof LoadedJob.Collecting job) {
            scan(job, work.assignment());
        } else if (loaded instanceof LoadedJob.Mapping job) {
            map(job, work.assignment().firstSet(), work.parameters());
        } else { // its job could not be loaded, which was said
            throw new IllegalStateException("run " + work.assignment().run() + " is not loaded");
        }
        SharedMappings.requireUnchanged();
        return partial(work.assignment(), started, before);
    }

    /** The job of a run, for which something is done now; null if it could not be loaded. */
    private LoadedJob entered(long run) {
        LoadedJob loaded = runs.get(run);
        if (loaded != null && loaded.state() != null) {
            loaded.state().set();
        }
        return loaded;
    }

    private void scan(LoadedJob.Collecting loaded, Assignment assignment) {
        List<Job<Object, Object>> jobs = jobs(loaded, assignment);
        GroupJob.Scan<Object> scan =
                SliceScan.of(jobs, loaded.dataset().dataset().layout(), assignment.firstSet(), progress);
        // Of all the run's sets, not of those of this task: the same blocks wherever the sets are done.
        int blockBytes = loaded.jobs().size() == 1 ? Slices.LONE_BLOCK_BYTES : Slices.BLOCK_BYTES;
        loaded.dataset().forEachBlock(assignment.slice(), blockBytes, loaded.recordLength(), scan::accept);
        Object[] partials = scan.partials().toArray();
        if (partials.length != jobs.size()) {
            throw new IllegalStateException(Text.format(
                    "the scan of %s for a group of %d made %d partials",
                    jobs.getFirst().getClass().getName(), jobs.size(), partials.length));
        }
        write(assignment, jobs, partials);
    }

    private void map(LoadedJob.Mapping job, int first, byte[] parameters) throws Exception {
        Block data = (job.function() instanceof WithoutData ? MappedFile.EMPTY : job.dataset()).whole();
        var in = new ByteReader(parameters);
        var reader = new ValueReader(in, job.types());
        var results = new ValueWriter(content);
        for (int item = first; in.hasRemaining(); item++) {
            progress.at(item);
            results.write(job.function().apply(data, reader.read()));
        }
    }

    private Message merge(Message.Merge merge) {
        ProcessStat before = faults();
        long started = System.nanoTime();
        content.clear();
        var loaded = (LoadedJob.Collecting) entered(merge.assignment().run());
        List<Job<Object, Object>> jobs = jobs(loaded, merge.assignment());
        Object[] merged = new Object[jobs.size()];
        if (merge.partials().isEmpty()) {
            for (int i = 0; i < merged.length; i++) {
                int set = merge.assignment().firstSet() + i;
                progress.at(set);
                merged[i] = merge.failed().contains(set)
                        ? FAILED
                        : jobs.get(i).start(loaded.dataset().dataset().layout());
            }
        }
        boolean isFirst = true;
        for (Content partial : merge.partials()) {
            var in = new ByteReader(partial.toArray());
            var values = new ValueReader(in, loaded.types());
            for (int i = 0; i < merged.length; i++) {
                int set = merge.assignment().firstSet() + i;
                progress.at(set);
                Object next = values.read();
                if (merge.failed().contains(set)) {
                    merged[i] = FAILED;
                } else {
                    merged[i] = isFirst ? next : merged(jobs.get(i), merged[i], next);
                }
            }
            in.expectEnd();
            isFirst = false;
        }
        write(merge.assignment(), jobs, merged);
        return partial(merge.assignment(), started, before);
    }

    private static Object merged(Job<Object, Object> job, Object left, Object right) {
        if (left instanceof FailedSet) {
            return left;
        }
        return right instanceof FailedSet ? right : job.merge(left, right);
    }

    /** Copied, as the list may make a job each time it is asked for one. */
    private static List<Job<Object, Object>> jobs(LoadedJob.Collecting loaded, Assignment assignment) {
        return List.copyOf(loaded.jobs().subList(assignment.firstSet(), assignment.endSet()));
    }

    private void write(Assignment assignment, List<Job<Object, Object>> jobs, Object[] partials) {
        var values = new ValueWriter(content);
        for (int i = 0; i < partials.length; i++) {
            progress.at(assignment.firstSet() + i);
            boolean isFinished = assignment.finish() && !(partials[i] instanceof FailedSet);
            values.write(isFinished ? jobs.get(i).finish(partials[i]) : partials[i]);
            partials[i] = null; // the garbage collector may have it while the others are written
        }
    }

    private Message partial(Assignment assignment, long started, ProcessStat before) {
        long busy = System.nanoTime() - started;
        long minorFaults = -1;
        long majorFaults = -1;
        if (before != null && before != ProcessStat.NONE) {
            ProcessStat after = stat();
            minorFaults = after.minorFaults() - before.minorFaults();
            majorFaults = after.majorFaults() - before.majorFaults();
        }
        Content answer = content.size() >= ContentFile.LEAST_BYTES && !assignment.finish() && contentFolder != null
                ? ContentFile.write(contentFolder, progress.begun(), content.span())
                : content.span();
        return new Message.Partial(assignment, started, busy, minorFaults, majorFaults, answer);
    }

    /** Null if not asked for. */
    private ProcessStat faults() {
        return countsFaults ? stat() : null;
    }

    private Message failed(Message request, Throwable failure) {
        Optional<Assignment> assignment = Optional.empty();
        Optional<MappedDataset> dataset = Optional.empty();
        long run = 0;
        if (request instanceof Message.Load load) {
            run = load.run();
            dataset = Optional.ofNullable(datasets.get(load.dataset()));
        } else if (request instanceof Message.Work work) {
            assignment = Optional.of(work.assignment());
        } else if (request instanceof Message.Merge merge) {
            assignment = Optional.of(merge.assignment());
        }
        if (assignment.isPresent()) {
            run = assignment.get().run();
            dataset = Optional.ofNullable(runs.get(run)).map(LoadedJob::dataset);
        }
        Throwable cause = dataset.flatMap(data -> dataFault(failure, data)).orElse(failure);
        FailureKind kind = switch (cause) {
            case DatasetException _, MalformedDataException _ -> FailureKind.DATA;
            case JobRequestException _ -> FailureKind.REQUEST;
            default -> FailureKind.JOB;
        };
        String message = switch (cause) {
            case MalformedDataException e -> {
                String words = Throwables.message(e);
                String where = WhileReading.in(e);
                yield dataset.map(data -> data.dataset().path() + ": ").orElse("")
                        + (where.isEmpty() ? "" : where + ": ")
                        + (words == null ? Throwables.line(e) : words);
            }
            case DatasetException e -> e.getMessage();
            case JobRequestException e -> e.getMessage();
            case WireException e -> e.getMessage();
            default -> Throwables.line(cause);
        };
        return new Message.Failed(
                run, assignment, kind, progress.item(), cause.getClass().getName(), message, Throwables.trace(cause));
    }

    /**
     * A page that can no longer be read, because the file shrank or the disk failed, surfaces as an {@link
     * InternalError} at some later point of the code, perhaps within what a job made of it. Says what happened to the file, if that is it.
     */
    private static Optional<Throwable> dataFault(Throwable failure, MappedDataset dataset) {
        boolean isPossible = false;
        for (Throwable each : Throwables.causes(failure)) {
            isPossible |= each instanceof InternalError;
        }
        try {
            if (isPossible) {
                dataset.requireUnchanged();
                SharedMappings.requireUnchanged();
            }
            return Optional.empty();
        } catch (DatasetException changed) {
            changed.addSuppressed(failure);
            return Optional.of(changed);
        }
    }
}
