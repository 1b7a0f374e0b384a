package io.github.forkless.coordinator.result;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.process.ProcessStat;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.Assignment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What happens in a pool, or in one run of it, while it happens: when workers started, mapped and ended, how far runs are, and
 * every attempt at a task. Progress, reports and traces are made of it; a pool records only where it was given one with {@code
 * PoolOptions.withRecording}, a run where {@code RunOptions} ask for a report or for progress.
 *
 * <p>Moments are values of {@link System#nanoTime}, which on Linux is one clock for all processes of the machine. Where
 * one is not known, or has not come, it is {@link #UNKNOWN}.
 *
 * <p>Safe for use by several threads.
 */
public final class Recording {
    /** Records nothing, at no cost. */
    public static final Recording NONE = new Recording(null, false, false, false, false);

    /** A moment that is not known. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    /** More attempts than this are only counted: an attempt takes 80 bytes. */
    public static final int MAX_ATTEMPTS = 1 << 20;

    /** How an attempt at a task ended. */
    public enum Outcome {
        /** With a partial or a result. */
        OK,
        /** The job's code threw. */
        THREW,
        /** Its worker died. */
        DIED;

        /** {@code ok}, {@code threw} or {@code died}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a run waits for, one after the other. */
    public enum Moment {
        /** The command was started, before its JVM was; to 10 ms. */
        STARTED,
        /** The coordinator's JVM had come to its own code. */
        UP,
        /** The dataset was there and had been looked at. */
        DATASET_OPENED,
        /** The first run was handed over. */
        SUBMITTED,
        /** A worker was dealt the first task. */
        FIRST_TASK,
        /** The last partial had come back. */
        LAST_PARTIAL,
        /** Everything was merged and proved complete, or had failed. */
        COMPLETED,
        /** The answer was printed. */
        PRINTED
    }

    /**
     * One attempt at a task. Of one that failed, the start is when its worker was free for it, the end when that was
     * known, and its faults were not counted.
     *
     * @param worker the worker's place in {@link #workers}
     * @param run the number of its run in the pool, from 1; a job that needs a second pass has two
     * @param task the task's number in its run
     * @param isMerge whether partials were merged, and not a slice worked on
     * @param number which try of the task it was, from 1
     * @param slice in elements, in bytes for text
     * @param firstSet the first parameter set
     * @param endSet the parameter set after the last
     * @param dealtNanos when it was sent to its worker
     * @param startedNanos when the worker began
     * @param endedNanos when it was through
     * @param minorFaults pages that the worker's process was given meanwhile and that were in memory; -1 if unknown
     * @param majorFaults the same for pages that had to be read from a disk
     */
    public record Attempt(
            int worker,
            int run,
            long task,
            boolean isMerge,
            int number,
            Slice slice,
            int firstSet,
            int endSet,
            long dealtNanos,
            long startedNanos,
            long endedNanos,
            Outcome outcome,
            long minorFaults,
            long majorFaults) {}

    /**
     * One worker's life.
     *
     * @param id its place in the pool, from 0; a replacement has the place of the one before
     * @param startedNanos when its process was started; to 10 ms
     * @param upNanos when its JVM had come to the worker's code
     * @param mappedNanos when it had mapped the dataset
     * @param preparedNanos when it had prepared the job
     * @param endedNanos when it ended
     * @param where where it is, if that is not this machine: {@code host-a, executor 3}; empty if it is
     * @param end {@code ok}, or how it died
     * @param tasks how many it finished; merging is not counted
     * @param busyNanos how long it worked, merging included
     */
    public record Worker(
            int id,
            long pid,
            long startedNanos,
            long upNanos,
            long mappedNanos,
            long preparedNanos,
            long endedNanos,
            String where,
            String end,
            long tasks,
            long busyNanos) {}

    /**
     * How far it has come.
     *
     * @param passes runs so far, the current one included; a job may need two
     * @param tasks how many tasks the runs were cut into
     * @param attempts attempts at them, retries included
     * @param retries attempts beyond a task's first, those at parts of its slice included
     * @param resumed how many of the tasks an earlier run had finished, as its journal says
     * @param failed attempts that came to nothing, those at merging included
     * @param doneBytes what was read of the dataset, once for each group of parameter sets that share a scan
     * @param resumedBytes what an earlier run had read and this one need not, counted in the same way
     * @param passBytes what the current run has to read, once for each group of parameter sets that share a scan
     * @param donePassBytes how much of that is done, read, resumed or left out
     * @param alive workers that are there
     * @param hosts how many other machines they are on; 0 if they are on this one
     * @param wallNanos from handing the first run over to the end of the last, or to now
     */
    public record Totals(
            int passes,
            long tasks,
            long attempts,
            long retries,
            long resumed,
            long failed,
            long doneBytes,
            long resumedBytes,
            long passBytes,
            long donePassBytes,
            int alive,
            int hosts,
            long wallNanos) {}

    /** Instead of a number of parameters, of jobs. */
    private static final long NO_FUNCTION = -1;

    private static final Path UPTIME = Path.of("/proc/uptime");
    private static final long TICK_NANOS = 10_000_000;

    /** Of one run's, the pool's, which is told of everything too; null otherwise. */
    private final Recording pool;

    private final boolean isOn;
    /** Whether it knows at least the workers that there are, for the recordings of runs. */
    private final boolean knowsWorkers;

    private final boolean looksAtProcesses;
    private final boolean keepsAttempts;
    /** Those of runs under way. */
    private final List<Recording> runs = new ArrayList<>();

    private final long[] moments = new long[Moment.values().length];
    private final List<Life> lives = new ArrayList<>();
    /** The last one of each pid. */
    private final Map<Long, Life> byPid = new HashMap<>();

    private final AttemptTable attempts = new AttemptTable();
    private int passes;
    private int underWay;
    private long tasks;
    private long tried;
    private long retried;
    private long resumed;
    private long failed;
    private long doneBytes;
    private long resumedBytes;
    private long passBytes;
    private long donePassBytes;
    private long parameters = NO_FUNCTION;
    private long doneParameters;

    private static final class Life {
        private final int index;
        private final int id;
        private final long pid;
        private final String where;
        private final ProcessStat before;
        private long startedNanos;
        private long upNanos = UNKNOWN;
        private long mappedNanos = UNKNOWN;
        private long preparedNanos = UNKNOWN;
        private long endedNanos = UNKNOWN;
        private long idleSinceNanos = UNKNOWN;
        private String end = "ok";
        private long tasks;
        private long busyNanos;

        Life(int index, int id, long pid, String where, ProcessStat before, long startedNanos) {
            this.index = index;
            this.id = id;
            this.pid = pid;
            this.where = where;
            this.before = before;
            this.startedNanos = startedNanos;
        }
    }

    private Recording(
            Recording pool, boolean isOn, boolean knowsWorkers, boolean looksAtProcesses, boolean keepsAttempts) {
        this.pool = pool;
        this.isOn = isOn;
        this.knowsWorkers = knowsWorkers;
        this.looksAtProcesses = looksAtProcesses;
        this.keepsAttempts = keepsAttempts;
        Arrays.fill(moments, UNKNOWN);
    }

    /** Records moments and totals, and of the start of workers' processes nothing. */
    public static Recording ofTotals() {
        return new Recording(null, true, true, false, false);
    }

    /** Records that too, which takes a look at /proc for each worker. */
    public static Recording ofLives() {
        return new Recording(null, true, true, true, false);
    }

    /** Records every attempt too, and has the workers count their page faults. */
    public static Recording ofAttempts() {
        return new Recording(null, true, true, true, true);
    }

    /** Knows the workers that there are, and records nothing: of a pool of which only some runs are recorded. */
    public static Recording ofWorkers() {
        return new Recording(null, false, true, false, false);
    }

    /**
     * One of a single run of the pool that this is of, for all its passes. May look at files of the system.
     *
     * @param keepsAttempts whether it records every attempt, or moments and totals alone
     */
    public Recording ofRun(boolean keepsAttempts) {
        if (keepsAttempts) {
            for (Life life : unlookedAt()) {
                long nanos = startedNanos(life.pid);
                synchronized (this) {
                    life.startedNanos = nanos;
                }
            }
        }
        return new Recording(this, true, true, keepsAttempts, keepsAttempts);
    }

    private synchronized List<Life> unlookedAt() {
        List<Life> found = new ArrayList<>();
        for (Life life : lives) {
            if (life.endedNanos == UNKNOWN && life.startedNanos == UNKNOWN) {
                found.add(life);
            }
        }
        return found;
    }

    public boolean keepsAttempts() {
        return keepsAttempts;
    }

    // ---- what it is told

    /** A moment has come that the pool does not see itself. */
    public void reached(Moment moment) {
        reached(moment, System.nanoTime());
    }

    /** The same for a moment that is past. */
    public synchronized void reached(Moment moment, long nanos) {
        if (isOn) {
            moments[moment.ordinal()] = nanos;
        }
    }

    /**
     * May look at files of the system: not to be called where others wait.
     *
     * @param where see {@link Worker#where}
     */
    public void workerStarted(int id, long pid, String where) {
        if (knowsWorkers) {
            boolean isLookedAt = looksAtProcesses || isLookedAt();
            workerStarted(id, pid, where, ProcessStat.NONE, isLookedAt ? startedNanos(pid) : UNKNOWN);
        }
    }

    /** The same for a worker that another pool has had. */
    public void workerTaken(int id, long pid) {
        if (knowsWorkers) {
            boolean isLookedAt = looksAtProcesses || isLookedAt();
            workerStarted(id, pid, "", isLookedAt ? ProcessStat.of(pid) : ProcessStat.NONE, System.nanoTime());
        }
    }

    private synchronized boolean isLookedAt() {
        for (Recording run : runs) {
            if (run.looksAtProcesses) {
                return true;
            }
        }
        return false;
    }

    private synchronized void workerStarted(int id, long pid, String where, ProcessStat before, long startedNanos) {
        var life = new Life(lives.size(), id, pid, where, before, startedNanos);
        lives.add(life);
        byPid.put(pid, life);
        for (Recording run : runs) {
            run.workerStarted(id, pid, where, before, startedNanos);
        }
    }

    public synchronized void workerUp(long pid, long nanos) {
        if (!knowsWorkers) {
            return;
        }
        byPid.get(pid).upNanos = nanos;
        for (Recording run : runs) {
            run.workerUp(pid, nanos);
        }
    }

    public synchronized void workerPrepared(long pid, long mappedNanos, long preparedNanos) {
        if (!knowsWorkers) {
            return;
        }
        Life life = byPid.get(pid);
        if (life.preparedNanos == UNKNOWN) {
            life.mappedNanos = mappedNanos;
            life.preparedNanos = preparedNanos;
        }
        for (Recording run : runs) {
            run.workerPrepared(pid, mappedNanos, preparedNanos);
        }
    }

    public synchronized void workerEnded(long pid, String end, long nanos) {
        if (!knowsWorkers) {
            return;
        }
        Life life = byPid.get(pid);
        if (life == null) {
            return; // the pool is closed
        }
        life.endedNanos = nanos;
        life.end = end;
        if (!isOn) { // there may be any number of them
            lives.remove(life);
            byPid.remove(pid);
        }
        for (Recording run : runs) {
            run.workerEnded(pid, end, nanos);
        }
    }

    /** The pool is closed: pids may be those of others now. What is recorded stays. */
    public synchronized void closed() {
        if (!isOn) {
            lives.clear();
            byPid.clear();
        }
    }

    public void submitted() {
        if (!isOn) {
            return;
        }
        if (pool != null) {
            pool.submitted();
            pool.attach(this);
        }
        synchronized (this) {
            if (passes++ == 0) {
                reached(Moment.SUBMITTED);
            }
            if (underWay++ == 0) {
                passBytes = 0;
                donePassBytes = 0;
            }
        }
    }

    private synchronized void attach(Recording run) {
        run.meet(lives);
        if (!runs.contains(run)) {
            runs.add(run);
        }
    }

    private synchronized void detach(Recording run) {
        runs.remove(run);
    }

    /** Takes over what the pool knows of the workers that there are. */
    private synchronized void meet(List<Life> ofPool) {
        lose(ofPool);
        for (Life life : ofPool) {
            if (life.endedNanos != UNKNOWN) {
                continue;
            }
            if (!byPid.containsKey(life.pid)) {
                workerStarted(life.id, life.pid, life.where, life.before, life.startedNanos);
            }
            Life mine = byPid.get(life.pid);
            mine.upNanos = life.upNanos;
            mine.mappedNanos = life.mappedNanos;
            mine.preparedNanos = life.preparedNanos;
        }
    }

    /** Workers that the pool knows no more have ended since this was told of no more: at its end, as far as it is concerned. */
    private synchronized void lose(List<Life> ofPool) {
        Set<Long> there = new HashSet<>();
        for (Life life : ofPool) {
            if (life.endedNanos == UNKNOWN) {
                there.add(life.pid);
            }
        }
        for (Life mine : lives) {
            if (mine.endedNanos == UNKNOWN && !there.contains(mine.pid)) {
                mine.endedNanos = moments[Moment.COMPLETED.ordinal()];
            }
        }
    }

    private synchronized void tellEnded(Recording run) {
        run.lose(lives);
    }

    /** @param bytes what all the tasks together read of the dataset */
    public void planned(long newTasks, long bytes) {
        if (!isOn) {
            return;
        }
        if (pool != null) {
            pool.planned(newTasks, bytes);
        }
        synchronized (this) {
            tasks += newTasks;
            passBytes += bytes;
        }
    }

    /** @param all how many parameters a function is applied to, as far as is known */
    public synchronized void parameters(long all) {
        if (isOn) {
            parameters = all;
        }
    }

    /** So many more of the parameters have their results, or will have none. */
    public synchronized void applied(int count) {
        if (isOn) {
            doneParameters += count;
        }
    }

    /** Returns when that was; {@link #UNKNOWN} when nothing is recorded. */
    public long dealt(boolean isCounted, boolean isRetry) {
        if (!isOn) {
            return UNKNOWN;
        }
        if (pool != null) {
            pool.dealt(isCounted, isRetry);
        }
        synchronized (this) {
            long now = System.nanoTime();
            tried += isCounted ? 1 : 0;
            retried += isRetry ? 1 : 0;
            if (moments[Moment.FIRST_TASK.ordinal()] == UNKNOWN) {
                reached(Moment.FIRST_TASK, now);
            }
            return now;
        }
    }

    public void returned(boolean isCounted, boolean isRetry) {
        if (!isOn) {
            return;
        }
        if (pool != null) {
            pool.returned(isCounted, isRetry);
        }
        synchronized (this) {
            tried -= isCounted ? 1 : 0;
            retried -= isRetry ? 1 : 0;
        }
    }

    public void answered(long pid, boolean isMerge, long dealtNanos, Message.Partial answer) {
        if (!isOn) {
            return;
        }
        if (pool != null) {
            pool.answered(pid, isMerge, dealtNanos, answer);
        }
        synchronized (this) {
            Life life = byPid.get(pid);
            long endedNanos = answer.startedNanos() + answer.busyNanos();
            life.tasks += isMerge ? 0 : 1;
            life.busyNanos += answer.busyNanos();
            life.idleSinceNanos = endedNanos;
            if (!isMerge) {
                reached(Moment.LAST_PARTIAL);
            }
            keep(
                    life,
                    answer.assignment(),
                    isMerge,
                    dealtNanos,
                    answer.startedNanos(),
                    endedNanos,
                    Outcome.OK,
                    answer.minorFaults(),
                    answer.majorFaults());
        }
    }

    public void failed(long pid, boolean isMerge, long dealtNanos, Assignment assignment, Outcome outcome) {
        if (!isOn) {
            return;
        }
        if (pool != null) {
            pool.failed(pid, isMerge, dealtNanos, assignment, outcome);
        }
        synchronized (this) {
            failed++;
            Life life = byPid.get(pid);
            long endedNanos = life.endedNanos == UNKNOWN ? System.nanoTime() : life.endedNanos;
            long startedNanos = Math.min(endedNanos, Math.max(dealtNanos, life.idleSinceNanos));
            life.idleSinceNanos = endedNanos;
            keep(
                    life,
                    assignment,
                    isMerge,
                    dealtNanos,
                    startedNanos,
                    endedNanos,
                    outcome,
                    ProcessStat.UNKNOWN,
                    ProcessStat.UNKNOWN);
        }
    }

    private void keep(
            Life life,
            Assignment it,
            boolean isMerge,
            long dealtNanos,
            long startedNanos,
            long endedNanos,
            Outcome outcome,
            long minorFaults,
            long majorFaults) {
        if (keepsAttempts) {
            attempts.add(new Attempt(
                    life.index,
                    (int) it.run(),
                    it.task(),
                    isMerge,
                    it.attempt(),
                    it.slice(),
                    it.firstSet(),
                    it.endSet(),
                    dealtNanos,
                    startedNanos,
                    endedNanos,
                    outcome,
                    minorFaults,
                    majorFaults));
        }
    }

    public void read(long bytes) {
        if (!isOn) {
            return;
        }
        if (pool != null) {
            pool.read(bytes);
        }
        synchronized (this) {
            doneBytes += bytes;
            donePassBytes += bytes;
        }
    }

    /** An earlier run had finished these: they are not dealt. */
    public void resumed(long oldTasks, long bytes) {
        if (!isOn) {
            return;
        }
        if (pool != null) {
            pool.resumed(oldTasks, bytes);
        }
        synchronized (this) {
            resumed += oldTasks;
            resumedBytes += bytes;
            donePassBytes += bytes;
        }
    }

    public void leftOut(long bytes) {
        if (!isOn) {
            return;
        }
        if (pool != null) {
            pool.leftOut(bytes);
        }
        synchronized (this) {
            donePassBytes += bytes;
        }
    }

    public void completed() {
        if (!isOn) {
            return;
        }
        synchronized (this) {
            underWay = Math.max(0, underWay - 1); // it may have failed before it was submitted
            reached(Moment.COMPLETED);
        }
        if (pool != null) {
            pool.completed();
            pool.detach(this);
        }
    }

    // ---- what it tells

    /** When that was, {@link #UNKNOWN} if it has not come. */
    public synchronized long nanosOf(Moment moment) {
        return moments[moment.ordinal()];
    }

    public synchronized Totals totals() {
        int alive = 0;
        Set<String> hosts = new HashSet<>();
        for (Life life : lives) {
            if (life.endedNanos == UNKNOWN) {
                alive++;
                if (!life.where.isEmpty()) {
                    hosts.add(life.where.split(",", 2)[0]);
                }
            }
        }
        long from = nanosOf(Moment.SUBMITTED);
        long to = underWay > 0 ? System.nanoTime() : nanosOf(Moment.COMPLETED);
        long wallNanos = from == UNKNOWN ? 0 : to - from;
        return new Totals(
                passes,
                tasks,
                tried,
                retried,
                resumed,
                failed,
                doneBytes,
                resumedBytes,
                passBytes,
                Math.min(donePassBytes, passBytes),
                alive,
                hosts.size(),
                wallNanos);
    }

    /** Whether this is the run of a function, and so of no job. */
    public synchronized boolean isOfFunction() {
        return parameters != NO_FUNCTION;
    }

    /** How far it is, for who listens to a run. */
    public synchronized Progress progress(boolean isEnded) {
        Totals totals = totals();
        boolean isFunction = isOfFunction();
        return new Progress(
                isEnded,
                totals.passes(),
                isFunction ? doneParameters : totals.donePassBytes(),
                isFunction ? parameters : totals.passBytes(),
                totals.tasks(),
                totals.attempts(),
                totals.retries(),
                totals.failed(),
                totals.alive(),
                Duration.ofNanos(totals.wallNanos()));
    }

    /** All workers that there ever were, in the order of their start; of a run's, those that there were meanwhile. */
    public List<Worker> workers() {
        if (pool != null) {
            pool.tellEnded(this);
        }
        return listed();
    }

    /** What a worker had used before it came to this pool. */
    public synchronized ProcessStat usedBefore(long pid) {
        return byPid.get(pid).before;
    }

    private synchronized List<Worker> listed() {
        List<Worker> workers = new ArrayList<>();
        for (Life it : lives) {
            workers.add(new Worker(
                    it.id,
                    it.pid,
                    it.startedNanos,
                    it.upNanos,
                    it.mappedNanos,
                    it.preparedNanos,
                    it.endedNanos,
                    it.where,
                    it.end,
                    it.tasks,
                    it.busyNanos));
        }
        return workers;
    }

    /** How many attempts {@link #attempt} knows. */
    public synchronized int attempts() {
        return attempts.size();
    }

    /** How many attempts came when there was no room for more. */
    public synchronized long attemptsNotKept() {
        return attempts.notKept();
    }

    /** @param index from 0, in the order in which it was known how they ended */
    public synchronized Attempt attempt(int index) {
        return attempts.get(index);
    }

    /** When a process was started; only the kernel knows, to a hundredth of a second. Of a worker elsewhere that is now. */
    public static long startedNanos(long pid) {
        if (pid >= WorkerNumber.FIRST_REMOTE) {
            return System.nanoTime();
        }
        ProcessStat stat = ProcessStat.of(pid);
        if (stat == ProcessStat.NONE) {
            return UNKNOWN;
        }
        try {
            String uptime = Files.readString(UPTIME);
            long now = System.nanoTime();
            long upTicks = Math.round(Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) * 100);
            return now - Math.max(0, upTicks - stat.startTicks()) * TICK_NANOS;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
