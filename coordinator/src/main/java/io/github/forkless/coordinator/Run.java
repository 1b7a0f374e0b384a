package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.Assignment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

    /**
     * What a run is about.
     *
     * @param number tells the runs of a pool apart, from 1
     * @param datasetNumber how workers call its dataset
     * @param dataset empty for work without data
     * @param procs how many workers the pool has
     * @param retries how often a task is tried again after its worker died
     * @param resultTypes the classes that results may be made of
     */
    record Order(
            long number,
            int datasetNumber,
            Optional<DatasetFile> dataset,
            int procs,
            int retries,
            TypeFinder resultTypes) {}

    protected final Order order;
    private final JobSource source;
    private final long startedNanos = System.nanoTime();
    private final CompletableFuture<RunResult> result = new CompletableFuture<>();

    private final ArrayDeque<Task> again = new ArrayDeque<>();
    private long attempts;
    private long retried;
    private final List<Failure> failures = new ArrayList<>();
    private final Map<Long, Share> shares = new LinkedHashMap<>();

    /** One thing for a worker to do, and how often that was tried. */
    abstract static class Task {
        private final Assignment first;
        private int attempts;

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
    }

    private static final class Share {
        private final int id;
        private long tasks;
        private long busyNanos;
        private String end = "ok";

        Share(int id) {
            this.id = id;
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
        return new Message.Load(order.number, order.datasetNumber, source);
    }

    final CompletableFuture<RunResult> result() {
        return result;
    }

    final boolean isDone() {
        return result.isDone();
    }

    /** A worker is ready for this run's tasks. */
    abstract void loaded(Message.Loaded loaded);

    /** A task that was not dealt before; empty if there is none at the moment. */
    abstract Optional<Task> freshTask();

    /** How many tasks {@link #freshTask} still has, as far as is known. */
    abstract long freshTasks();

    /** Takes the answer to a task. */
    abstract void take(Task task, Message.Partial answer);

    /** How many tasks the work was cut into. */
    abstract long tasks();

    /** The next task to deal, retries and merges first; empty if there is none at the moment. */
    final Optional<Task> nextTask() {
        if (isDone()) {
            return Optional.empty();
        }
        Task task = again.poll();
        return task != null ? Optional.of(task) : freshTask();
    }

    /** How many tasks are left to deal, as far as is known. */
    final long waitingTasks() {
        return isDone() ? 0 : again.size() + freshTasks();
    }

    /** Deals a task before all others. */
    final void dealFirst(Task task) {
        again.addFirst(task);
    }

    /** A worker is about to be sent this task. */
    final void dealt(Task task) {
        task.attempts++;
        if (task.isCounted()) {
            attempts++;
            retried += task.attempts > 1 ? 1 : 0;
        }
    }

    /** A task that was sent to a worker which died before it came to it. */
    final void returned(Task task) {
        if (task.isCounted()) {
            attempts--;
            retried -= task.attempts > 1 ? 1 : 0;
        }
        task.attempts--;
        dealFirst(task);
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
        Share share = shares.computeIfAbsent(pid, _ -> new Share(workerId));
        share.tasks += task.isCounted() ? 1 : 0;
        share.busyNanos += answer.busyNanos();
        take(task, answer);
    }

    /** An attempt came to nothing because its worker died; the task waits for another, if it may be tried again. */
    final void died(int workerId, Task task, Failure failure) {
        failures.add(failure);
        shares.computeIfAbsent(failure.pid(), _ -> new Share(workerId)).end = failure.cause();
        if (task.attempts <= order.retries) {
            dealFirst(task);
            return;
        }
        String lastWords =
                failure.lastWords().isEmpty() ? "" : "; its last words: " + String.join(" | ", failure.lastWords());
        fail("task " + failure.task() + " (elements " + failure.slice().from() + " to "
                + failure.slice().to() + ") failed " + task.attempts + (task.attempts == 1 ? " time" : " times")
                + ", the last time on worker pid " + failure.pid() + ": " + failure.cause() + lastWords
                + (order.retries == 0 ? "; --retries tries again" : ""));
    }

    /** The job's code threw, so that trying again would only throw again. */
    final void threw(Failure failure) {
        failures.add(failure);
        fail("the job failed at " + failure);
    }

    final void fail(String message) {
        fail(new RunFailedException(message, failures));
    }

    final void fail(RuntimeException failure) {
        result.completeExceptionally(failure);
    }

    /** Ends the run with its results, if the dataset is still what it was. */
    final void complete(List<Object> results) {
        try {
            order.dataset.ifPresent(dataset -> dataset.identity().requireUnchanged(dataset.path()));
            result.complete(new RunResult(results, report()));
        } catch (RuntimeException changed) {
            fail(changed);
        }
    }

    private RunReport report() {
        List<RunReport.WorkerShare> workers = new ArrayList<>();
        shares.forEach((pid, share) -> workers.add(
                new RunReport.WorkerShare(share.id, pid, share.tasks, Duration.ofNanos(share.busyNanos), share.end)));
        return new RunReport(
                order.procs,
                tasks(),
                attempts,
                retried,
                Duration.ofNanos(System.nanoTime() - startedNanos),
                workers,
                List.copyOf(failures));
    }

    /** What is known of an attempt when it has failed. */
    static Failure failure(
            Task task, long pid, OptionalInt exitCode, String cause, String trace, List<String> lastWords) {
        return new Failure(
                task.first.task(), task.first.slice(), task.attempts, pid, exitCode, cause, trace, lastWords);
    }
}
