package io.github.forkless.coordinator.run;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.Assignment;
import io.github.forkless.common.wire.WireException;
import io.github.forkless.coordinator.engine.WorkerEnd;
import io.github.forkless.coordinator.result.Excerpt;
import io.github.forkless.coordinator.result.Failure;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.result.RunReport;
import io.github.forkless.coordinator.result.WorkerNumber;
import io.github.forkless.coordinator.run.RunOutcome.EncodedResults;
import io.github.forkless.coordinator.schedule.Background;
import io.github.forkless.coordinator.schedule.ScheduledRun;
import io.github.forkless.coordinator.schedule.Scheduler;
import io.github.forkless.coordinator.schedule.Task;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * One piece of work over a dataset, from its plan to its result: which tasks are still to be dealt, what has come back,
 * what failed. Knows nothing of processes or threads; the scheduler guards it with its lock.
 *
 * <p>What is the same for all runs is here: retries, failures, who did what. What the tasks are, and what becomes of
 * their answers, is the subclasses' matter.
 */
public abstract class Run implements ScheduledRun {
    /** How many of the lines that a worker printed are in the message of a run that fails. */
    private static final int LAST_WORDS = 5;

    private static final int TRACE_LINES = 100;

    /** How many failed attempts, and how many workers that have ended, are reported one by one. */
    private static final int MOST_REPORTED = 1000;

    /** When so many attempts in a row come to nothing, leaving out more of the dataset will not help. */
    private static final int MAX_FRUITLESS = 256;

    final RunContext context;
    private final JobSource source;
    private final long startedNanos = System.nanoTime();
    private final CompletableFuture<RunOutcome> result = new CompletableFuture<>();
    private final CompletableFuture<Void> released = new CompletableFuture<>();
    private final AtomicBoolean isEnded = new AtomicBoolean();

    private Background background;

    private final ArrayDeque<RunTask> again = new ArrayDeque<>();
    private long attempts;
    private long retried;
    private long taskNanos;
    private final Excerpt<Failure> failures = new Excerpt<>(MOST_REPORTED);
    /** Failures since the last answer. */
    private int fruitless;
    /** Workers that have ended while they were loading the job, one after the other. */
    private int endedLoading;

    private final List<RunReport.LeftOut> leftOut = new ArrayList<>();
    /** Of the workers that there are, by their pid. */
    private final Map<Long, Share> shares = new LinkedHashMap<>();

    private final Excerpt<Share> sharesOfEnded = new Excerpt<>(MOST_REPORTED);

    /** What one worker did. */
    private static final class Share {
        private final int place;
        private final long pid;
        /** In the order in which they came to do something. */
        private final long number;

        private long tasks;
        private long busyNanos;
        private String end = Scheduler.ENDED_WELL;

        Share(int place, long pid, long number) {
            this.place = place;
            this.pid = pid;
            this.number = number;
        }

        private RunReport.WorkerShare report() {
            return new RunReport.WorkerShare(place, pid, tasks, Duration.ofNanos(busyNanos), end);
        }
    }

    Run(RunContext context, JobSource source) {
        this.context = context;
        this.source = source;
        result.whenComplete((_, _) -> noteEnd());
    }

    /** What it ends with. Cancelling it cancels the run. What hangs on it must not wait, nor run code of the user's. */
    public final CompletableFuture<RunOutcome> result() {
        return result;
    }

    @Override
    public final long number() {
        return context.number();
    }

    @Override
    public final int datasetNumber() {
        return context.datasetNumber();
    }

    @Override
    public final Message.Load load() {
        return new Message.Load(number(), datasetNumber(), recording().keepsAttempts(), source);
    }

    @Override
    public final Optional<Duration> timeout() {
        return context.settings().timeout();
    }

    @Override
    public final double weight() {
        return context.settings().weight();
    }

    @Override
    public final boolean isDone() {
        return result.isDone();
    }

    @Override
    public final boolean hasFailed() {
        return result.isCompletedExceptionally();
    }

    @Override
    public final boolean isCancelled() {
        return result.isCancelled();
    }

    @Override
    public final void whenDone(Runnable action) {
        result.whenComplete((_, _) -> action.run());
    }

    @Override
    public final void released() {
        released.complete(null);
    }

    /**
     * Runs {@code action} once when the run is done and no worker is at it any more, or now if that is so; perhaps with the
     * scheduler's lock held. It must not wait, nor run code of the user's.
     */
    public final void whenReleased(Runnable action) {
        released.thenRun(action);
    }

    final Recording recording() {
        return context.recording();
    }

    // ---- what kinds of runs differ in

    @Override
    public final void submitted(Background whereToWait) {
        recording().submitted();
        background = whereToWait;
        begin();
    }

    /** The scheduler has taken it. */
    void begin() {}

    @Override
    public void loaded(Message.Loaded loaded) {}

    /**
     * A task that was not dealt before; empty if something else has come of it, as parts to be dealt. Only called when there
     * are {@link #freshTasks}.
     */
    abstract Optional<Task> freshTask(int node);

    /** How many tasks {@link #freshTask(int)} still has, as far as is known. */
    abstract long freshTasks();

    /**
     * Takes the answer to a task.
     *
     * @throws WireException when the worker cannot have meant it
     */
    abstract void take(RunTask task, Message.Partial answer);

    /** How many tasks the work was cut into. */
    abstract long tasks();

    /** How many of them were finished before, and are in the journal. */
    abstract long resumed();

    /**
     * Replaces a task that failed by others with less to do each.
     *
     * @param item which parameter or parameter set it failed at; negative if that is not known
     * @param thrown what the job threw; empty if the worker died
     * @param otherwise done instead, now or later, if it turns out that this cannot be
     */
    abstract void narrow(RunTask task, int item, Optional<Failure> thrown, Runnable otherwise);

    /** Goes on without what a task was to do, if that makes sense; else does nothing. */
    abstract boolean skip(RunTask task, Failure failure);

    /**
     * Settles a task that failed and cannot be narrowed, if what becomes of it depends on that of its like; else does
     * nothing.
     *
     * @param item which parameter or parameter set it failed at; negative if that is not known
     */
    boolean settle(RunTask task, int item, Failure failure) {
        return false;
    }

    /** Whether somebody wants to be told of every failure, however many there are. */
    boolean keepsFailures() {
        return false;
    }

    /**
     * Does what may take long, such as reading a file, without the scheduler's lock; then, with it, what {@code slow} returns,
     * unless the run is done by then.
     */
    final void inBackground(Supplier<Runnable> slow) {
        background.execute(() -> {
            Runnable then;
            try {
                then = slow.get();
            } catch (DatasetException e) {
                return () -> fail(e);
            }
            return () -> {
                if (!isDone()) {
                    then.run();
                    completeIfDone();
                }
            };
        });
    }

    // ---- tasks

    @Override
    public final Optional<Task> nextTask(int node) {
        while (!isDone()) {
            Task task = again.poll();
            if (task != null) {
                return Optional.of(task);
            }
            if (waitsForJournal() || freshTasks() == 0) {
                return Optional.empty();
            }
            Optional<Task> fresh = freshTask(node);
            if (fresh.isPresent()) {
                return fresh;
            }
        }
        return Optional.empty();
    }

    @Override
    public final long waitingTasks() {
        return isDone() ? 0 : again.size() + (waitsForJournal() ? 0 : freshTasks());
    }

    /** Whether the disk is so far behind the workers that what they finish would pile up in memory. */
    private boolean waitsForJournal() {
        return context.journal().isPresent() && context.journal().get().isBehind();
    }

    @Override
    public final long taskNanos() {
        return taskNanos;
    }

    /** Deals a task before all others. */
    final void dealFirst(RunTask task) {
        again.addFirst(task);
    }

    /** Takes back tasks that wait to be dealt again, and returns how many there were. */
    final int withdraw(Predicate<RunTask> which) {
        int before = again.size();
        again.removeIf(which);
        return before - again.size();
    }

    @Override
    public final void dealt(Task dealt) {
        var task = (RunTask) dealt;
        task.beginAttempt();
        attempts += task.isCounted() ? 1 : 0;
        retried += task.isRetry() ? 1 : 0;
        task.dealtAt(recording().dealt(task.isCounted(), task.isRetry()));
    }

    /** Whether a worker was given a task of it; with the scheduler's lock held. */
    public final boolean isBegun() {
        return attempts > 0;
    }

    @Override
    public final void returned(Task returned) {
        var task = (RunTask) returned;
        attempts -= task.isCounted() ? 1 : 0;
        retried -= task.isRetry() ? 1 : 0;
        recording().returned(task.isCounted(), task.isRetry());
        task.takeBackAttempt();
        dealFirst(task);
    }

    // ---- answers

    @Override
    public final void answered(int place, long pid, Task answered, Message.Partial answer) {
        if (isDone()) {
            return;
        }
        var task = (RunTask) answered;
        if (!answer.assignment().equals(task.assignment())) {
            throw new WireException(
                    "asked for " + task.assignment() + ", but the answer is for " + answer.assignment());
        }
        take(task, answer);
        Share share = share(place, pid);
        share.tasks += task.isCounted() ? 1 : 0;
        share.busyNanos += answer.busyNanos();
        recording().answered(pid, !task.isCounted(), task.dealtNanos(), answer);
        fruitless = 0;
        long nanos = Math.max(1, answer.busyNanos());
        taskNanos = taskNanos == 0 ? nanos : (taskNanos * 7 + nanos) / 8;
        completeIfDone();
    }

    /** Called after every answer, and whatever else may have been the last that was missing. */
    abstract void completeIfDone();

    private Share share(int place, long pid) {
        return shares.computeIfAbsent(pid, _ -> new Share(place, pid, shares.size() + sharesOfEnded.count()));
    }

    @Override
    public final void workerEnded(long pid, String how) {
        Share share = shares.remove(pid);
        if (share != null) {
            share.end = how;
            sharesOfEnded.add(share);
        }
    }

    // ---- failures

    /**
     * An attempt failed because its worker died. The task is tried again, by the next free worker; when no attempt is
     * left, it is narrowed down to what is fatal, which can be left out if nothing else can be done.
     */
    @Override
    public final void died(int place, long pid, Task died, WorkerEnd end) {
        var task = (RunTask) died;
        int item = end.progress().item();
        share(place, pid); // who died at its first task is reported too
        Failure failure = failure(task, item, pid, end);
        if (isLost(task, failure, Recording.Outcome.DIED)) {
            return;
        }
        int retries = context.settings().retries();
        boolean narrows = context.settings().isolatesWorkers() && (retries > 0 || skipsFailed());
        // Of a part, one death is reason enough to look at it more closely.
        Runnable otherwise = () -> tryAgain(task, item, failure);
        if (narrows && (task.isPart() || task.attempts() > retries)) {
            narrow(task, item, Optional.empty(), otherwise);
        } else {
            otherwise.run();
        }
        completeIfDone(); // this may have been the last that was awaited
    }

    private void tryAgain(RunTask task, int item, Failure failure) {
        int retries = context.settings().retries();
        if (task.attempts() <= retries) {
            dealFirst(task);
        } else if (!settle(task, item, failure) && !isLeftOut(task, failure)) {
            fail("every attempt at " + failure.what() + " ended its worker (task " + failure.task() + ", "
                    + task.attempts() + (task.attempts() == 1 ? " attempt" : " attempts") + ", the last one by "
                    + WorkerNumber.shortName(failure.pid()) + "): " + failure.cause() + lastWords(failure)
                    + (retries == 0 ? "; RunOptions.withRetries tries again" : ""));
        }
    }

    @Override
    public final void failed(long pid, Task failed, Message.Failed failure) {
        if (isDone()) {
            return;
        }
        if (failure.kind() == Message.FailureKind.JOB) {
            var task = (RunTask) failed;
            threw(task, failure.item(), failure(task, failure.item(), pid, failure));
        } else {
            refused(failure);
        }
    }

    private void refused(Message.Failed failure) {
        fail(
                failure.kind() == Message.FailureKind.DATA
                        ? DatasetException.reported(failure.message())
                        : new InvalidRequestException(failure.message()));
    }

    /** The job's code threw, so that trying again would only throw again. */
    private void threw(RunTask task, int item, Failure failure) {
        if (isLost(task, failure, Recording.Outcome.THREW)) {
            return;
        }
        if (skipsFailed() || item < 0) {
            narrow(task, item, Optional.of(failure), () -> {
                if (!settle(task, item, failure) && !isLeftOut(task, failure)) {
                    fail("the job failed at " + failure);
                }
            });
        } else {
            fail("the job failed at " + failure);
        }
        completeIfDone(); // this may have been the last that was awaited
    }

    @Override
    public final void loadFailed(long pid, Message.Failed failure) {
        if (failure.kind() != Message.FailureKind.JOB) {
            refused(failure);
            return;
        }
        fail(new RunFailedException(
                WorkerNumber.name(pid) + " could not load " + context.what() + ": " + failure.message(),
                List.of(new Failure(
                        -1,
                        false,
                        new Slice(0, 0),
                        -1,
                        "loading " + context.what(),
                        1,
                        pid,
                        OptionalInt.empty(),
                        failure.message(),
                        failure.error(),
                        failure.trace(),
                        List.of(),
                        Optional.empty()))));
    }

    @Override
    public final void diedLoading(int place, long pid, WorkerEnd end, boolean isNews) {
        share(place, pid);
        endedLoading += isNews ? 1 : 0;
        var failure = new Failure(
                -1,
                false,
                new Slice(0, 0),
                -1,
                "loading " + context.what(),
                endedLoading,
                pid,
                end.exitValue(),
                end.cause(),
                "",
                "",
                end.lastWords(),
                end.crashLog());
        failures.add(failure);
        if (endedLoading > context.settings().retries()) {
            fail("loading " + context.what() + " ended "
                    + (endedLoading == 1 ? "a worker" : endedLoading + " workers in a row, the last one") + ", "
                    + WorkerNumber.shortName(pid) + ": " + failure.cause() + lastWords(failure));
        }
    }

    /** Notes a failure, and tells whether it is the run's end, whatever else could be done about it. */
    private boolean isLost(RunTask task, Failure failure, Recording.Outcome outcome) {
        recording().failed(failure.pid(), !task.isCounted(), task.dealtNanos(), task.assignment(), outcome);
        failures.add(failure);
        if (++fruitless > MAX_FRUITLESS && !keepsFailures()) {
            fail(MAX_FRUITLESS + " attempts in a row came to nothing, the last one " + failure);
        }
        return isDone();
    }

    /** What has failed of late was not for nothing. */
    final void madeProgress() {
        fruitless = 0;
    }

    private boolean isLeftOut(RunTask task, Failure failure) {
        return skipsFailed() && skip(task, failure);
    }

    /** The answer is without this. */
    final void leaveOut(Slice slice, int firstSet, int endSet, boolean isWhole, Failure failure) {
        leftOut.add(new RunReport.LeftOut(slice, firstSet, endSet, failure.what(), failure.cause(), isWhole));
    }

    /** Of all that these parameter sets were to work on, nothing is left. */
    final void leaveOutWhole(int firstSet, int endSet, Slice all) {
        String cause = "";
        for (Iterator<RunReport.LeftOut> parts = leftOut.iterator(); parts.hasNext(); ) {
            RunReport.LeftOut part = parts.next();
            if (part.firstSet() >= firstSet && part.endSet() <= endSet) {
                cause = part.cause();
                parts.remove();
            }
        }
        leftOut.add(new RunReport.LeftOut(all, firstSet, endSet, context.words(all), cause, true));
    }

    final boolean skipsFailed() {
        return context.settings().skipFailed() || keepsFailures();
    }

    private static String lastWords(Failure failure) {
        List<String> lines = failure.lastWords();
        return lines.isEmpty() || failure.crashLog().isPresent()
                ? ""
                : "; its last words: "
                        + String.join(" | ", lines.subList(Math.max(0, lines.size() - LAST_WORDS), lines.size()));
    }

    // ---- the end

    final void fail(String message) {
        fail(new RunFailedException(message, failures.items()));
    }

    @Override
    public final void fail(RuntimeException failure) {
        noteEnd();
        result.completeExceptionally(failure);
    }

    final void complete(List<EncodedResults> results) {
        if (!isDone()) {
            noteEnd();
            result.complete(new RunOutcome(results, report()));
        }
    }

    /** Before the threads that wait for the result go on. */
    private void noteEnd() {
        if (isEnded.compareAndSet(false, true)) {
            recording().completed();
        }
    }

    @Override
    public final void failIfDatasetChanged() {
        if (!isDone()) {
            try {
                requireDatasetUnchanged();
            } catch (DatasetException changed) {
                fail(changed);
            }
        }
    }

    /**
     * @return by how many bytes a text has become longer
     * @throws DatasetException when the dataset is not what it was when the run began
     */
    public final long requireDatasetUnchanged() {
        return context.dataset().isPresent() ? context.dataset().get().requireUnchanged() : 0;
    }

    private RunReport report() {
        List<Share> workers = sharesOfEnded.items();
        workers.addAll(shares.values());
        // Not Comparator.comparingLong: what that makes is serializable, so no AOT cache has it, and every run waits 7
        // ms for it.
        workers.sort((left, right) -> Long.compare(left.number, right.number));
        return new RunReport(
                context.settings().workers(),
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
                Optional.empty(),
                0,
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
                            && !last.isWhole()
                            && !part.isWhole()
                            && last.slice().to() == part.slice().from()) {
                        var both = new Slice(last.slice().from(), part.slice().to());
                        joined.set(
                                joined.size() - 1,
                                new RunReport.LeftOut(
                                        both,
                                        part.firstSet(),
                                        part.endSet(),
                                        context.words(both),
                                        part.cause(),
                                        false));
                    } else {
                        joined.add(part);
                    }
                });
        return joined;
    }

    /** A later pass has some of the parameter sets, with numbers of its own. */
    private int numberOf(int item) {
        return item >= 0 && source instanceof JobSource.LaterPass later
                ? later.sets().get(item).number()
                : item;
    }

    /** What is known of an attempt when its worker has died. */
    private Failure failure(RunTask task, int item, long pid, WorkerEnd end) {
        Assignment assignment = task.assignment();
        return new Failure(
                assignment.task(),
                !task.isCounted(),
                assignment.slice(),
                numberOf(task.item(item)),
                task.what(context, item),
                task.attempts(),
                pid,
                end.exitValue(),
                end.cause(),
                "",
                "",
                end.lastWords(),
                end.crashLog());
    }

    /** What is known of an attempt when the job's code threw. */
    private Failure failure(RunTask task, int item, long pid, Message.Failed failed) {
        Assignment assignment = task.assignment();
        return new Failure(
                assignment.task(),
                !task.isCounted(),
                assignment.slice(),
                numberOf(task.item(item)),
                task.what(context, item),
                task.attempts(),
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
