package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.value.ValueRefusedException;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.Assignment;
import io.github.forkless.coordinator.journal.JournaledRun;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * One piece of work over a dataset, from its plan to its result: which tasks are still to be dealt, what has come back,
 * what failed. Knows nothing of processes or threads; the {@link Dealer} guards it with its lock.
 *
 * <p>What is the same for all runs is here: retries, failures, who did what. What the tasks are, and what becomes of
 * their answers, is the subclasses' matter.
 */
abstract sealed class Run permits JobRun, MapRun {
    /** So many lines of what a worker printed are in the message of a run that fails with it. */
    private static final int LAST_WORDS = 5;

    private static final int TRACE_LINES = 100;

    /** So many failed attempts are reported one by one, and so many workers that have ended. */
    private static final int MOST_REPORTED = 1000;

    /** The end of a worker that did what it was told. */
    static final String ENDED_WELL = "ok";

    /** When so many attempts in a row come to nothing, leaving out more of the dataset will not help. */
    private static final int MAX_FRUITLESS = 256;

    /**
     * What a run is about.
     *
     * @param number tells the runs of a pool apart, from 1
     * @param datasetNumber how workers call its dataset
     * @param dataset empty for work without data
     * @param options the pool's
     * @param resultTypes the classes that results may be made of
     * @param journal what remembers its pieces, if anything does
     */
    record Order(
            long number,
            int datasetNumber,
            Optional<DatasetFile> dataset,
            PoolOptions options,
            TypeFinder resultTypes,
            Optional<JournaledRun> journal) {

        /** How many workers the pool has. */
        int procs() {
            return options.procs();
        }

        /** A range of the dataset in words, as people count: {@code elements 0 to 99}. */
        String words(Slice slice) {
            boolean isText = dataset.map(file -> file.type().isText()).orElse(false);
            return slice.length() == 0
                    ? "an empty dataset"
                    : String.format(
                            Locale.ROOT, "%s %,d to %,d", isText ? "bytes" : "elements", slice.from(), slice.to() - 1);
        }
    }

    protected final Order order;
    private final JobSource source;
    private final long startedNanos = System.nanoTime();
    private final CompletableFuture<RunResult> result = new CompletableFuture<>();

    private final ArrayDeque<Task> again = new ArrayDeque<>();
    private long attempts;
    private long retried;
    private long taskNanos;
    private final Excerpt<Failure> failures = new Excerpt<>(MOST_REPORTED);
    /** Failures since the last answer. */
    private int fruitless;

    private final List<RunReport.LeftOut> leftOut = new ArrayList<>();
    /** Of the workers that there are, by their pid. */
    private final Map<Long, Share> shares = new LinkedHashMap<>();

    private final Excerpt<Share> sharesOfTheDead = new Excerpt<>(MOST_REPORTED);

    /** One thing for a worker to do, and how often that was tried. */
    abstract static class Task {
        private final Assignment first;
        private int attempts;
        private long dealtNanos;

        Task(Assignment first) {
            this.first = first;
        }

        /** What the worker is told this time. */
        final Assignment assignment() {
            return new Assignment(
                    first.run(),
                    first.task(),
                    attempts,
                    first.firstSet(),
                    first.endSet(),
                    first.slice(),
                    first.finish());
        }

        abstract Message message();

        /** Whether this is one of the tasks that the work was cut into, and not the merging of their answers. */
        boolean isCounted() {
            return true;
        }

        /** Whether this is part of the slice of a task that failed. */
        boolean isPart() {
            return false;
        }

        /** What the worker is doing, in words; by default that is its part of the dataset. */
        String what(Order order) {
            return order.words(first.slice());
        }
    }

    /** What one worker did. */
    private static final class Share {
        private final int id;
        private final long pid;
        /** In the order in which they came to do something. */
        private final long number;

        private long tasks;
        private long busyNanos;
        private String end = ENDED_WELL;

        Share(int id, long pid, long number) {
            this.id = id;
            this.pid = pid;
            this.number = number;
        }

        private RunReport.WorkerShare report() {
            return new RunReport.WorkerShare(id, pid, tasks, Duration.ofNanos(busyNanos), end);
        }
    }

    Run(Order order, JobSource source) {
        this.order = order;
        this.source = source;
    }

    final long number() {
        return order.number;
    }

    final Message load() {
        return new Message.Load(order.number, order.datasetNumber, recording().keepsAttempts(), source);
    }

    final Recording recording() {
        return order.options.recording();
    }

    final CompletableFuture<RunResult> result() {
        return result;
    }

    final boolean isDone() {
        return result.isDone();
    }

    /**
     * Whether no task can be dealt before a worker has said what the job is like. If not, a worker is sent the job
     * together with its first task, which saves a round trip, and those that get none are not bothered.
     */
    abstract boolean isPreparedFirst();

    /** The run was handed over, and may be asked for tasks from now on. */
    void submitted() {}

    /** A worker has prepared the job. Only called if the run {@link #isPreparedFirst}. */
    void loaded(Message.Loaded loaded) {}

    /**
     * A task that was not dealt before; empty if there is none at the moment.
     *
     * @param node the memory node of the worker that is to do it, or {@link WorkerPlaces#ANYWHERE}
     */
    abstract Optional<Task> freshTask(int node);

    /** How many tasks {@link #freshTask(int)} still has, as far as is known. */
    abstract long freshTasks();

    /** Takes the answer to a task. */
    abstract void take(Task task, Message.Partial answer);

    /** How many tasks the work was cut into. */
    abstract long tasks();

    /** How many of them were finished before, and are in the journal. */
    abstract long resumed();

    /** Replaces a task that failed by others with less to do each, if it can be; else does nothing. */
    boolean narrow(Task task) {
        return false;
    }

    /** Goes on without what a task was to do, if that makes sense; else does nothing. */
    boolean skip(Task task) {
        return false;
    }

    /**
     * The next task to deal, retries and merges first; empty if there is none at the moment.
     *
     * @param node the memory node of the worker that is to do it, or {@link WorkerPlaces#ANYWHERE}
     */
    final Optional<Task> nextTask(int node) {
        if (isDone()) {
            return Optional.empty();
        }
        Task task = again.poll();
        return task != null || waitsForJournal() ? Optional.ofNullable(task) : freshTask(node);
    }

    /** How many tasks are left to deal, as far as is known. */
    final long waitingTasks() {
        return isDone() ? 0 : again.size() + (waitsForJournal() ? 0 : freshTasks());
    }

    /** Whether the disk is so far behind the workers that what they finish would pile up in memory. */
    private boolean waitsForJournal() {
        return order.journal.isPresent() && order.journal.get().isBehind();
    }

    /** Average time of a task of late; 0 when none is known. */
    final long taskNanos() {
        return taskNanos;
    }

    /** Deals a task before all others. */
    final void dealFirst(Task task) {
        again.addFirst(task);
    }

    /** A worker is about to be sent this task. */
    final void dealt(Task task) {
        task.attempts++;
        attempts += task.isCounted() ? 1 : 0;
        retried += isRetry(task) ? 1 : 0;
        task.dealtNanos = recording().dealt(task.isCounted(), isRetry(task));
    }

    /** A task that was sent to a worker which died before it came to it. */
    final void returned(Task task) {
        attempts -= task.isCounted() ? 1 : 0;
        retried -= isRetry(task) ? 1 : 0;
        recording().returned(task.isCounted(), isRetry(task));
        task.attempts--;
        dealFirst(task);
    }

    private static boolean isRetry(Task task) {
        return task.isCounted() && (task.attempts > 1 || task.isPart());
    }

    /**
     * A worker has done what it was told.
     *
     * @throws IllegalStateException when the answer is not to what was asked
     */
    final void answered(int workerId, long pid, Task task, Message.Partial answer) {
        if (isDone()) {
            return;
        }
        if (!answer.assignment().equals(task.assignment())) {
            throw new IllegalStateException(
                    "asked for " + task.assignment() + ", but the answer is for " + answer.assignment());
        }
        Share share = share(workerId, pid);
        share.tasks += task.isCounted() ? 1 : 0;
        share.busyNanos += answer.busyNanos();
        recording().answered(pid, !task.isCounted(), task.dealtNanos, answer);
        fruitless = 0;
        long nanos = Math.max(1, answer.busyNanos());
        taskNanos = taskNanos == 0 ? nanos : (taskNanos * 7 + nanos) / 8;
        try {
            take(task, answer);
        } catch (ValueRefusedException e) { // the worker did what it was told
            fail("what came of " + task.what(order) + " is no result here: " + e.getMessage());
        }
    }

    private Share share(int workerId, long pid) {
        return shares.computeIfAbsent(pid, _ -> new Share(workerId, pid, shares.size() + sharesOfTheDead.count()));
    }

    /** A worker has ended, whatever it was doing. */
    final void ended(long pid, String how) {
        Share share = shares.remove(pid);
        if (share != null) {
            share.end = how;
            sharesOfTheDead.add(share);
        }
    }

    /**
     * An attempt came to nothing because its worker died. The task is tried again, by whoever is next; when no attempt is
     * left, its slice is narrowed down to the blocks that are fatal, which can be left out if nothing else can be done.
     */
    final void died(int workerId, Task task, Failure failure) {
        share(workerId, failure.pid()); // who died at its first task is reported too
        record(task, failure, Recording.Outcome.DIED);
        if (isLost(failure)) {
            return;
        }
        int retries = order.options.retries();
        boolean narrows = retries > 0 || skipsFailed();
        if (narrows && task.isPart() && narrow(task)) {
            return; // one death is reason enough to look at it more closely
        }
        if (task.attempts <= retries) {
            dealFirst(task);
        } else if (!(narrows && !task.isPart() && narrow(task)) && !isLeftOut(task, failure)) {
            fail("every attempt at " + failure.what() + " ended its worker (task " + failure.task() + ", "
                    + task.attempts + (task.attempts == 1 ? " attempt" : " attempts") + ", the last one by pid "
                    + failure.pid() + "): " + failure.cause() + lastWords(failure)
                    + (retries == 0 ? "; --retries tries again" : ""));
        }
    }

    /** The job's code threw, so that trying again would only throw again. */
    final void threw(Task task, Failure failure) {
        record(task, failure, Recording.Outcome.THREW);
        if (!isLost(failure) && !(skipsFailed() && (narrow(task) || isLeftOut(task, failure)))) {
            fail("the job failed at " + failure);
        }
    }

    private void record(Task task, Failure failure, Recording.Outcome outcome) {
        recording().failed(failure.pid(), !task.isCounted(), task.dealtNanos, task.assignment(), outcome);
    }

    /** Whether a failure is the run's end, whatever else could be done about it. */
    private boolean isLost(Failure failure) {
        failures.add(failure);
        if (++fruitless > MAX_FRUITLESS) {
            fail(MAX_FRUITLESS + " attempts in a row came to nothing, the last one " + failure);
        } else {
            requireDatasetUnchanged();
        }
        return isDone();
    }

    private boolean isLeftOut(Task task, Failure failure) {
        if (!skipsFailed() || !skip(task)) {
            return false;
        }
        Assignment it = task.first;
        leftOut.add(new RunReport.LeftOut(it.slice(), it.firstSet(), it.endSet(), failure.what(), failure.cause()));
        return true;
    }

    private boolean skipsFailed() {
        return order.options.limits().skipFailed();
    }

    private static String lastWords(Failure failure) {
        List<String> lines = failure.lastWords();
        return lines.isEmpty() || failure.crashLog().isPresent()
                ? ""
                : "; its last words: "
                        + String.join(" | ", lines.subList(Math.max(0, lines.size() - LAST_WORDS), lines.size()));
    }

    final void fail(String message) {
        fail(new RunFailedException(message, failures.items()));
    }

    final void fail(RuntimeException failure) {
        if (!isDone()) {
            recording().completed();
        }
        result.completeExceptionally(failure);
    }

    /** Ends the run with its results, if the dataset is still what it was. */
    final void complete(List<Object> results) {
        requireDatasetUnchanged();
        if (!isDone()) {
            recording().completed();
            result.complete(new RunResult(results, report()));
        }
    }

    /** Fails the run if not. */
    private void requireDatasetUnchanged() {
        try {
            order.dataset.ifPresent(dataset -> dataset.identity().requireUnchanged(dataset.path()));
        } catch (DatasetException changed) {
            fail(changed);
        }
    }

    private RunReport report() {
        List<Share> workers = sharesOfTheDead.items();
        workers.addAll(shares.values());
        // Not Comparator.comparingLong: what that makes is serializable, so no AOT cache has it, and every run waits 7
        // ms for it.
        workers.sort((left, right) -> Long.compare(left.number, right.number));
        return new RunReport(
                order.procs(),
                tasks(),
                attempts,
                retried,
                resumed(),
                Duration.ofNanos(System.nanoTime() - startedNanos),
                workers.stream().map(Share::report).toList(),
                failures.count(),
                failures.items(),
                leftOut.isEmpty() ? List.of() : joined(leftOut),
                Optional.empty(),
                Optional.empty());
    }

    /** In order, neighbours as one. */
    private List<RunReport.LeftOut> joined(List<RunReport.LeftOut> parts) {
        List<RunReport.LeftOut> joined = new ArrayList<>();
        parts.stream()
                .sorted(Comparator.comparingInt(RunReport.LeftOut::firstSet)
                        .thenComparingLong(part -> part.slice().from()))
                .forEach(part -> {
                    RunReport.LeftOut last = joined.isEmpty() ? null : joined.getLast();
                    if (last != null
                            && last.firstSet() == part.firstSet()
                            && last.slice().to() == part.slice().from()) {
                        var both = new Slice(last.slice().from(), part.slice().to());
                        joined.set(
                                joined.size() - 1,
                                new RunReport.LeftOut(
                                        both, part.firstSet(), part.endSet(), order.words(both), part.cause()));
                    } else {
                        joined.add(part);
                    }
                });
        return joined;
    }

    /** What is known of an attempt when its worker has died. */
    final Failure failure(Task task, long pid, WorkerProcess.Ending ending) {
        return new Failure(
                task.first.task(),
                task.first.slice(),
                task.what(order),
                task.attempts,
                pid,
                OptionalInt.of(ending.exitValue()),
                ending.cause(),
                "",
                "",
                ending.lastWords(),
                ending.crashLog());
    }

    /** What is known of an attempt when the job's code threw. */
    final Failure failure(Task task, long pid, Message.Failed failed) {
        return new Failure(
                task.first.task(),
                task.first.slice(),
                task.what(order),
                task.attempts,
                pid,
                OptionalInt.empty(),
                failed.message(),
                failed.error(),
                shortened(failed.trace()),
                List.of(),
                Optional.empty());
    }

    /** A stack that overflowed is a thousand lines deep. */
    private static String shortened(String trace) {
        List<String> lines = trace.lines().toList();
        return lines.size() <= TRACE_LINES
                ? trace
                : String.join("\n", lines.subList(0, TRACE_LINES)) + "\n\t... " + (lines.size() - TRACE_LINES)
                        + " lines more\n";
    }
}
