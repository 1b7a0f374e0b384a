package io.github.forkless.coordinator.process;

import io.github.forkless.worker.Chaos;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the workers' JVMs are started with.
 *
 * @param procs how many there will be, which share the memory
 * @param classPath where they look for classes after this program's own class path
 * @param memory how large the heap of each may grow, in bytes
 * @param jvmOptions those of the user, after the pool's own
 * @param environment in what their variables differ from this process's
 * @param workingFolder their working directory; empty for that of this process
 * @param sharedFolder where the user wants what workers read in place; empty for memory
 * @param aotCaches where the user wants the AOT caches that workers of a program start from; empty for none
 * @param chaos what they do to themselves on purpose
 * @param nestedPools how many levels of pools they may open
 * @param debugPort where each waits for a debugger before it does anything; empty for no debugger
 */
public record WorkerSettings(
        int procs,
        List<Path> classPath,
        OptionalLong memory,
        List<String> jvmOptions,
        WorkerEnvironment environment,
        Optional<Path> workingFolder,
        Optional<Path> sharedFolder,
        Optional<Path> aotCaches,
        Optional<Chaos> chaos,
        int nestedPools,
        OptionalInt debugPort) {

    /** Those of a pool for which nothing was asked for. */
    public static WorkerSettings defaults(int procs) {
        return new WorkerSettings(
                procs,
                List.of(),
                OptionalLong.empty(),
                List.of(),
                WorkerEnvironment.INHERITED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                OptionalInt.empty());
    }

    /** The same with heaps of some size and options of the user's. */
    public WorkerSettings with(OptionalLong heap, List<String> options) {
        return new WorkerSettings(
                procs,
                classPath,
                heap,
                options,
                environment,
                workingFolder,
                sharedFolder,
                aotCaches,
                chaos,
                nestedPools,
                debugPort);
    }

    WorkerSettings withWorkingFolder(Path folder) {
        return new WorkerSettings(
                procs,
                classPath,
                memory,
                jvmOptions,
                environment,
                Optional.of(folder),
                sharedFolder,
                aotCaches,
                chaos,
                nestedPools,
                debugPort);
    }
}
