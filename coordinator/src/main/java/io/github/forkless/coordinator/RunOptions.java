package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.Slices;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.Progress;
import io.github.forkless.coordinator.schedule.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * How a run is run. Start from {@link #defaults()}. Those of all runs of a pool stand in its {@link
 * PoolOptions#withRunOptions}; those of some runs are given with {@link WorkerPool#with}. Cannot be changed: each method
 * returns other options. Safe for use by several threads.
 *
 * <p>Each method throws {@link InvalidRequestException} for a value out of range.
 */
public final class RunOptions implements Cloneable {
    /** An attempt has a number of 16 bits on its way to a worker. */
    private static final int MAX_RETRIES = 65_534;

    /** More than any run takes, and far from what the clock's nanoseconds overflow at. */
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(36_500);

    private static final RunOptions DEFAULTS = new RunOptions();

    OptionalInt tasks = OptionalInt.empty();
    int retries = 2;
    Optional<Duration> timeout = Optional.empty();
    boolean skipFailed;
    Optional<Path> journal = Optional.empty();
    double weight = 1;
    boolean report;
    Optional<Path> reportFile = Optional.empty();
    Optional<Consumer<? super Progress>> progress = Optional.empty();

    private RunOptions() {}

    /** 2 retries, no time limit, no answer that is not complete, no journal, weight 1, no page and no listener. */
    public static RunOptions defaults() {
        return DEFAULTS;
    }

    /**
     * @param tasks how many slices a dataset is cut into, from 1 to 1,048,576; by default this depends on the data's size
     *     alone. The answer may depend on it only where a job's merge is not exact
     */
    public RunOptions withTasks(int tasks) {
        if (tasks < 1 || tasks > Slices.MAX_SLICES) {
            throw new InvalidRequestException("a run needs from 1 to " + Slices.MAX_SLICES + " tasks, not " + tasks);
        }
        RunOptions changed = copy();
        changed.tasks = OptionalInt.of(tasks);
        return changed;
    }

    /** @param retries how often a task is tried again after a worker died at it, from 0 to 65,534 */
    public RunOptions withRetries(int retries) {
        if (retries < 0 || retries > MAX_RETRIES) {
            throw new InvalidRequestException(
                    "a task can be tried again from 0 to " + MAX_RETRIES + " times, not " + retries);
        }
        RunOptions changed = copy();
        changed.retries = retries;
        return changed;
    }

    /**
     * @param timeout how long a worker may take for one task before it is ended, up to 36,500 days; the attempt then counts as
     *     failed
     */
    public RunOptions withTimeout(Duration timeout) {
        if (!timeout.isPositive()) {
            throw new InvalidRequestException("a timeout must be more than nothing, not " + Durations.text(timeout));
        }
        if (timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new InvalidRequestException(
                    "a timeout is at most 36500 days, not " + Durations.text(timeout) + "; leave it out for no limit");
        }
        RunOptions changed = copy();
        changed.timeout = Optional.of(timeout);
        return changed;
    }

    /**
     * @param skipFailed whether a run goes on without the blocks that no worker could be fed, and says in its report which
     *     they are. Only for jobs that are split by data; a run without this has a complete answer or none
     */
    public RunOptions withSkipFailed(boolean skipFailed) {
        RunOptions changed = copy();
        changed.skipFailed = skipFailed;
        return changed;
    }

    /**
     * @param journal a file that remembers what runs have finished, which is created if it does not exist. A program that is
     *     started again and asks for the same does only what is missing; see docs/journal.md
     */
    public RunOptions withJournal(Path journal) {
        RunOptions changed = copy();
        changed.journal = Optional.of(journal);
        return changed;
    }

    /**
     * @param weight the run's share of the workers, in proportion to that of other runs that have tasks at the same time; from
     *     0.001 to 1000. A run of weight 2 has twice the workers' time of one of weight 1
     */
    public RunOptions withWeight(double weight) {
        if (!(weight >= 0.001 && weight <= 1000)) {
            throw new InvalidRequestException("a run's weight is from 0.001 to 1000, not " + weight);
        }
        RunOptions changed = copy();
        changed.weight = weight;
        return changed;
    }

    /**
     * Has runs recorded, so that {@link io.github.forkless.coordinator.result.RunResult#report(Path)}, or {@link
     * io.github.forkless.coordinator.result.RunFailedException#report(Path)}, can write their page. That takes 80 bytes for each
     * attempt at a task, up to 1,048,576 of them, as long as the result is there, and 40 us of each attempt, in which its worker
     * counts its page faults.
     */
    public RunOptions withReport() {
        RunOptions changed = copy();
        changed.report = true;
        return changed;
    }

    /**
     * The same, and has the page of each run written when it ends, whether it has an answer, failed or was cancelled: before the
     * thread that waits for it goes on, and before its future is completed, but soon after a future was cancelled. A stream's run
     * ends with its last result, or when it is closed. If the page cannot be written after all, a line says so where workers
     * print, and the run has its answer. Tasks of {@link WorkerPool#executor()} have no page.
     *
     * @param file replaced by the page of each run. If it cannot be written, as it is a folder, for example, no run begins: they
     *     throw an {@link InvalidRequestException}
     */
    public RunOptions withReport(Path file) {
        RunOptions changed = withReport();
        changed.reportFile = Optional.of(file);
        return changed;
    }

    /**
     * @param listener told how far a run is, about five times a second. Runs of one pool may call it at the same time, those of
     *     one run come one after the other: on a thread of the pool's that nothing waits for, and at last, when the run has
     *     ended, on the thread that waits for the result, or completes the future, before it goes on; if it is still at a
     *     call then, after that. If it throws, that run calls it no more, says so where workers print, and goes on. Tasks of
     *     {@link WorkerPool#executor()} do not call it
     */
    public RunOptions withProgress(Consumer<? super Progress> listener) {
        RunOptions changed = copy();
        changed.progress = Optional.of(listener);
        return changed;
    }

    /** Whether anything is told of runs but their report. */
    boolean areWatched() {
        return report || progress.isPresent();
    }

    private RunOptions copy() {
        try {
            return (RunOptions) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("it is Cloneable", e);
        }
    }
}
