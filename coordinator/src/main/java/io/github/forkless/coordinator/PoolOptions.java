package io.github.forkless.coordinator;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * How a pool is set up. Start from {@link #defaults()}.
 *
 * @param procs workers, 1 or more
 * @param tasks how many slices a dataset is cut into; empty for the default, which depends on the data's size alone
 * @param retries how often a task is tried again after a worker died at it, 0 or more
 * @param classPath where workers look for classes after the host program's own class path
 * @param resultTypes records and enums that results may be made of, beside those that a job's or function's declared
 *     type names; a record of another class arrives as a {@link io.github.forkless.common.value.RecordValue}
 * @param chatter where what workers print goes, each line with the worker's name in front
 */
public record PoolOptions(
        int procs,
        OptionalInt tasks,
        int retries,
        List<Path> classPath,
        List<Class<?>> resultTypes,
        PrintStream chatter) {

    /** @throws InvalidRequestException for a number out of range */
    public PoolOptions {
        if (procs < 1) {
            throw new InvalidRequestException("a pool needs 1 worker or more, not " + procs);
        }
        if (tasks.isPresent() && tasks.getAsInt() < 1) {
            throw new InvalidRequestException("a run needs 1 task or more, not " + tasks.getAsInt());
        }
        if (retries < 0) {
            throw new InvalidRequestException("retries cannot be " + retries);
        }
        classPath = List.copyOf(classPath);
        resultTypes = List.copyOf(resultTypes);
    }

    /** A worker for each processor that this process may use, 2 retries, workers' output to {@link System#err}. */
    public static PoolOptions defaults() {
        return new PoolOptions(
                Runtime.getRuntime().availableProcessors(), OptionalInt.empty(), 2, List.of(), List.of(), System.err);
    }

    public PoolOptions withProcs(int procs) {
        return new PoolOptions(procs, tasks, retries, classPath, resultTypes, chatter);
    }

    public PoolOptions withTasks(int tasks) {
        return new PoolOptions(procs, OptionalInt.of(tasks), retries, classPath, resultTypes, chatter);
    }

    public PoolOptions withRetries(int retries) {
        return new PoolOptions(procs, tasks, retries, classPath, resultTypes, chatter);
    }

    public PoolOptions withClassPath(List<Path> classPath) {
        return new PoolOptions(procs, tasks, retries, classPath, resultTypes, chatter);
    }

    public PoolOptions withResultTypes(List<Class<?>> resultTypes) {
        return new PoolOptions(procs, tasks, retries, classPath, resultTypes, chatter);
    }

    public PoolOptions withChatter(PrintStream chatter) {
        return new PoolOptions(procs, tasks, retries, classPath, resultTypes, chatter);
    }
}
