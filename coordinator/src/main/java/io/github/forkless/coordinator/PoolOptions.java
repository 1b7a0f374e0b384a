package io.github.forkless.coordinator;

import io.github.forkless.common.text.Printable;
import io.github.forkless.coordinator.machine.Numa;
import io.github.forkless.coordinator.machine.Pin;
import io.github.forkless.coordinator.machine.Placement;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.worker.Chaos;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * How a pool is set up. Start from {@link #defaults()}.
 *
 * @param procs workers, 1 or more
 * @param tasks how many slices a dataset is cut into; empty for the default, which depends on the data's size alone
 * @param retries how often a task is tried again after a worker died at it, from 0 to 65,534
 * @param limits what a worker may take
 * @param classPath where workers look for classes after the host program's own class path
 * @param resultTypes records and enums that results may be made of, beside those that a job's or function's declared
 *     type names; a record of another class arrives as a {@link io.github.forkless.common.value.RecordValue}. A class that
 *     is a Chronicle {@code BytesMarshallable} can be granted too; reading it back loads Chronicle Bytes into this JVM,
 *     which then has to be started with {@code --sun-misc-unsafe-memory-access=allow} to stay silent
 * @param chaos what workers do to themselves on purpose; empty but for tests
 * @param chatter where what workers print goes, each line with the worker's name in front
 * @param journal a file that remembers what runs have finished, so that a program that is started again and asks for the
 *     same does only what is missing; see docs/journal.md
 * @param recording what is told of everything that happens; one for each pool
 * @param placement where workers run and where the pages of a dataset lie
 * @param hugePages whether datasets are brought into huge pages before workers map them, as far as the kernel can: what is not in
 *     memory is read in, what is in small pages is copied; see docs/placement.md
 * @param nestedPools how many levels of pools workers may open, from 0 to 3
 * @param engine what carries out the tasks: child JVMs, or threads of this one
 * @param debugPort where the only worker waits for a debugger, which see {@link #withDebugger}; empty for no debugger
 */
public record PoolOptions(
        int procs,
        OptionalInt tasks,
        int retries,
        Limits limits,
        List<Path> classPath,
        List<Class<?>> resultTypes,
        Optional<Chaos> chaos,
        PrintStream chatter,
        Optional<Path> journal,
        Recording recording,
        Placement placement,
        boolean hugePages,
        int nestedPools,
        EngineKind engine,
        OptionalInt debugPort) {

    /** An attempt has a number of 16 bits on its way to a worker. */
    private static final int MAX_RETRIES = 65_534;

    private static final Path STDERR = Path.of("/proc/self/fd/2");

    /** A level multiplies the processes by the workers that a pool has. */
    private static final int MAX_NESTED_POOLS = 3;

    /** @throws InvalidRequestException for a number out of range */
    public PoolOptions {
        if (procs < 1) {
            throw new InvalidRequestException("a pool needs 1 worker or more, not " + procs);
        }
        if (tasks.isPresent() && tasks.getAsInt() < 1) {
            throw new InvalidRequestException("a run needs 1 task or more, not " + tasks.getAsInt());
        }
        if (retries < 0 || retries > MAX_RETRIES) {
            throw new InvalidRequestException(
                    "a task can be tried again from 0 to " + MAX_RETRIES + " times, not " + retries);
        }
        if (chaos.isPresent() && chaos.get().stall() > 0 && limits.timeout().isEmpty()) {
            throw new InvalidRequestException("chaos with stall=" + chaos.get().stall()
                    + " needs a timeout: nothing else ends a worker that stalls; add --timeout, or leave stall out");
        }
        if (hugePages && placement.numa() == Numa.LOCAL) {
            throw new InvalidRequestException(
                    "--huge-pages reads data into the memory of one node, and --numa local gives"
                            + " workers what lies on theirs; use --numa interleave or mirror");
        }
        if (nestedPools < 0 || nestedPools > MAX_NESTED_POOLS) {
            throw new InvalidRequestException("workers can be allowed from 0 to " + MAX_NESTED_POOLS
                    + " levels of pools of their own, not " + nestedPools);
        }
        if (engine == EngineKind.THREADS) {
            requireNothingOfProcesses(limits, chaos, placement);
        }
        if (debugPort.isPresent() && engine == EngineKind.THREADS) {
            throw new InvalidRequestException("threads have no worker to debug; attach a debugger to this JVM itself");
        }
        if (debugPort.isPresent() && (procs != 1 || limits.timeout().isPresent())) {
            throw new InvalidRequestException(
                    "a debugger is for one worker, which may take any time; use no others, and no timeout");
        }
        if (debugPort.isPresent() && (debugPort.getAsInt() < 1 || debugPort.getAsInt() > 65_535)) {
            throw new InvalidRequestException("a port is a number from 1 to 65535, not " + debugPort.getAsInt());
        }
        classPath = List.copyOf(classPath);
        resultTypes = List.copyOf(resultTypes);
    }

    private static void requireNothingOfProcesses(Limits limits, Optional<Chaos> chaos, Placement placement) {
        if (limits.workerMemory().isPresent()) {
            throw needsProcesses("--worker-memory", "limits the heap of a worker's own JVM");
        }
        if (limits.tasksPerWorker().isPresent()) {
            throw needsProcesses("--tasks-per-worker", "replaces a worker's JVM by a new one");
        }
        if (chaos.isPresent()) {
            throw needsProcesses("--chaos", "kills and stops workers, which would end this program");
        }
        if (placement.pin() != Pin.NONE) {
            throw needsProcesses("--pin", "keeps a worker's JVM on processors");
        }
        if (placement.numa() != Numa.NONE) {
            throw needsProcesses("--numa", "gives each worker's JVM the memory of a node");
        }
    }

    private static InvalidRequestException needsProcesses(String option, String reason) {
        return new InvalidRequestException(
                option + " " + reason + ", and the engine 'threads' has one JVM for all workers; leave it out, or use"
                        + " --engine processes");
    }

    /** Takes what there is to say, line by line. Nothing of it is an order to a terminal that standard error may be. */
    Consumer<String> lines() {
        boolean isShown = chatter == System.err && isTerminal(STDERR);
        return isShown ? line -> chatter.println(Printable.text(line)) : chatter::println;
    }

    private static boolean isTerminal(Path stream) {
        try {
            return Files.readSymbolicLink(stream).startsWith("/dev");
        } catch (IOException e) {
            return false;
        }
    }

    /** A worker for each processor that this process may use, 2 retries, no limits, workers' output to {@link System#err}, no journal. */
    public static PoolOptions defaults() {
        return new PoolOptions(
                Runtime.getRuntime().availableProcessors(),
                OptionalInt.empty(),
                2,
                Limits.NONE,
                List.of(),
                List.of(),
                Optional.empty(),
                System.err,
                Optional.empty(),
                Recording.NONE,
                Placement.NONE,
                false,
                0,
                EngineKind.PROCESSES,
                OptionalInt.empty());
    }

    /** @param procs workers, 1 or more */
    public PoolOptions withProcs(int procs) {
        return new PoolOptions(
                procs,
                tasks,
                retries,
                limits,
                classPath,
                resultTypes,
                chaos,
                chatter,
                journal,
                recording,
                placement,
                hugePages,
                nestedPools,
                engine,
                debugPort);
    }

    /**
     * @param tasks how many slices a dataset is cut into, 1 or more; the answer may depend on it only where a job's merge
     *     is not exact
     */
    public PoolOptions withTasks(int tasks) {
        return new PoolOptions(
                procs,
                OptionalInt.of(tasks),
                retries,
                limits,
                classPath,
                resultTypes,
                chaos,
                chatter,
                journal,
                recording,
                placement,
                hugePages,
                nestedPools,
                engine,
                debugPort);
    }

    /** @param retries how often a task is tried again after a worker died at it, from 0 to 65,534 */
    public PoolOptions withRetries(int retries) {
        return new PoolOptions(
                procs,
                tasks,
                retries,
                limits,
                classPath,
                resultTypes,
                chaos,
                chatter,
                journal,
                recording,
                placement,
                hugePages,
                nestedPools,
                engine,
                debugPort);
    }

    public PoolOptions withLimits(Limits limits) {
        return new PoolOptions(
                procs,
                tasks,
                retries,
                limits,
                classPath,
                resultTypes,
                chaos,
                chatter,
                journal,
                recording,
                placement,
                hugePages,
                nestedPools,
                engine,
                debugPort);
    }

    /** @param classPath jars and folders where workers look for classes after the host program's own class path */
    public PoolOptions withClassPath(List<Path> classPath) {
        return new PoolOptions(
                procs,
                tasks,
                retries,
                limits,
                classPath,
                resultTypes,
                chaos,
                chatter,
                journal,
                recording,
                placement,
                hugePages,
                nestedPools,
                engine,
                debugPort);
    }

    /** @param resultTypes records, enums and sealed types that results may be made of */
    public PoolOptions withResultTypes(List<Class<?>> resultTypes) {
        return new PoolOptions(
                procs,
                tasks,
                retries,
                limits,
                classPath,
                resultTypes,
                chaos,
                chatter,
                journal,
                recording,
                placement,
                hugePages,
                nestedPools,
                engine,
                debugPort);
    }

    /** @param chaos what workers do to themselves, to see that the program and its jobs survive it */
    public PoolOptions withChaos(Chaos chaos) {
        return new PoolOptions(
                procs,
                tasks,
                retries,
                limits,
                classPath,
                resultTypes,
                Optional.of(chaos),
                chatter,
                journal,
                recording,
                placement,
                hugePages,
                nestedPools,
                engine,
                debugPort);
    }

    /** @param chatter where what workers print goes, line by line, each with the worker's name in front */
    public PoolOptions withChatter(PrintStream chatter) {
        return new PoolOptions(
                procs,
                tasks,
                retries,
                limits,
                classPath,
                resultTypes,
                chaos,
                chatter,
                journal,
                recording,
                placement,
                hugePages,
                nestedPools,
                engine,
                debugPort);
    }

    /** @param journal a file, which is created if it does not exist */
    public PoolOptions withJournal(Path journal) {
        return new PoolOptions(
                procs,
                tasks,
                retries,
                limits,
                classPath,
                resultTypes,
                chaos,
                chatter,
                Optional.of(journal),
                recording,
                placement,
                hugePages,
                nestedPools,
                engine,
                debugPort);
    }

    /** @param placement where workers run and where the pages of a dataset lie, on machines with several sockets */
    public PoolOptions withPlacement(Placement placement) {
        return new PoolOptions(
                procs,
                tasks,
                retries,
                limits,
                classPath,
                resultTypes,
                chaos,
                chatter,
                journal,
                recording,
                placement,
                hugePages,
                nestedPools,
                engine,
                debugPort);
    }

    /** Has datasets brought into huge pages before workers map them: for data that is read over and over. */
    public PoolOptions withHugePages() {
        return new PoolOptions(
                procs,
                tasks,
                retries,
                limits,
                classPath,
                resultTypes,
                chaos,
                chatter,
                journal,
                recording,
                placement,
                true,
                nestedPools,
                engine,
                debugPort);
    }

    /** @param recording what is told of everything that happens in the pool; one for each pool */
    public PoolOptions withRecording(Recording recording) {
        return new PoolOptions(
                procs,
                tasks,
                retries,
                limits,
                classPath,
                resultTypes,
                chaos,
                chatter,
                journal,
                recording,
                placement,
                hugePages,
                nestedPools,
                engine,
                debugPort);
    }

    /**
     * Lets jobs open pools of their own, and programs that jobs start. Without this they are refused one: a pool that is
     * opened where workers run too, in a static initializer for example, would be opened by each of its workers again.
     *
     * @param levels 1 for pools whose own workers open none, up to 3; each multiplies the processes
     */
    public PoolOptions withNestedPools(int levels) {
        return new PoolOptions(
                procs,
                tasks,
                retries,
                limits,
                classPath,
                resultTypes,
                chaos,
                chatter,
                journal,
                recording,
                placement,
                hugePages,
                levels,
                engine,
                debugPort);
    }

    /**
     * @param engine what carries out the tasks
     * @throws InvalidRequestException when these options have something that only processes can do: a limit of memory or
     *     of tasks for a worker, a placement, chaos
     */
    public PoolOptions withEngine(EngineKind engine) {
        return new PoolOptions(
                procs,
                tasks,
                retries,
                limits,
                classPath,
                resultTypes,
                chaos,
                chatter,
                journal,
                recording,
                placement,
                hugePages,
                nestedPools,
                engine,
                debugPort);
    }

    /**
     * One worker, which waits for a debugger before it does anything: {@code jdb -attach PORT}. It has no time limit, and what
     * it dies at is not tried again.
     *
     * @param port of this machine, for connections from it alone, from 1 to 65,535
     */
    public PoolOptions withDebugger(int port) {
        return new PoolOptions(
                1,
                tasks,
                0,
                limits.withoutTimeout(),
                classPath,
                resultTypes,
                chaos,
                chatter,
                journal,
                recording,
                placement,
                hugePages,
                nestedPools,
                engine,
                OptionalInt.of(port));
    }
}
