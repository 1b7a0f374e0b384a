package io.github.forkless.coordinator.schedule;

import io.github.forkless.common.wire.Message;
import io.github.forkless.coordinator.engine.WorkerEnd;
import java.time.Duration;
import java.util.Optional;

/**
 * A run as the scheduler sees it: something that has tasks and wants to know what became of them. The scheduler calls it
 * with its lock held, so that no method may wait or run code of the user's.
 */
public interface ScheduledRun {

    /** Tells the runs of a pool apart, from 1. */
    long number();

    /** How workers call its dataset. */
    int datasetNumber();

    /** What a worker has to be sent before any of its tasks. */
    Message.Load load();

    /** How long a worker may take for one of its tasks before it is ended; empty for any time. */
    Optional<Duration> timeout();

    /** Its share of the workers, in proportion to that of other runs; above 0. */
    double weight();

    /** Whether it has its result or has failed; then it has no more tasks. */
    boolean isDone();

    /** Whether it has ended without a result. */
    boolean hasFailed();

    /** Whether it was cancelled: what workers do for it is then ended at once. */
    boolean isCancelled();

    /** Runs {@code action} once when the run is done, or now if it is; perhaps without the lock. */
    void whenDone(Runnable action);

    /**
     * It was handed over, and is asked for tasks from now on.
     *
     * @param background for what must not be done with the lock held
     */
    void submitted(Background background);

    /** Whether it has tasks. If not, a worker has to load its job first, and say what that is like. */
    boolean isPlanned();

    /** How many tasks are left to deal, as far as is known. */
    long waitingTasks();

    /** Average time of a task of late; 0 when none is known. */
    long taskNanos();

    /**
     * The next task to deal; empty if there is none at the moment.
     *
     * @param node the memory node of the worker that is to do it, or {@link
     *     io.github.forkless.coordinator.engine.Engine#ANYWHERE}
     */
    Optional<Task> nextTask(int node);

    /** A worker is about to be sent this task. */
    void dealt(Task task);

    /** A task was sent to a worker which ended before it came to it. */
    void returned(Task task);

    /** A worker has loaded the job. */
    void loaded(Message.Loaded loaded);

    /** A worker could not load the job. */
    void loadFailed(long pid, Message.Failed failure);

    /**
     * A worker ended while it was loading the job.
     *
     * @param isNews whether it began to after the last one that ended so was known to have; else they may have been ended
     *     together
     */
    void diedLoading(int place, long pid, WorkerEnd end, boolean isNews);

    /**
     * A worker has done what it was told.
     *
     * @throws io.github.forkless.common.wire.WireException when the answer is not to what was asked
     */
    void answered(int place, long pid, Task task, Message.Partial answer);

    /** A worker could not do what it was told. */
    void failed(long pid, Task task, Message.Failed failure);

    /** A worker ended while it was at a task. */
    void died(int place, long pid, Task task, WorkerEnd end);

    /** A worker that had loaded the job has ended, after all that it was at was reported. */
    void workerEnded(long pid, String how);

    /** It is done, and no worker is at it any more. Perhaps called more than once. */
    void released();

    /** Ends it without a result; does nothing if it is done. */
    void fail(RuntimeException failure);

    /** It has failed because its dataset is not what it was, if that is so. Called without the lock: it looks at the file. */
    void failIfDatasetChanged();
}
