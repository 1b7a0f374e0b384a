package io.github.forkless.coordinator;

import io.github.forkless.common.text.Printable;
import io.github.forkless.coordinator.engine.EngineFactory;
import io.github.forkless.coordinator.machine.Numa;
import io.github.forkless.coordinator.machine.Pin;
import io.github.forkless.coordinator.machine.Placement;
import io.github.forkless.coordinator.process.WorkerEnvironment;
import io.github.forkless.coordinator.process.WorkerJvmOptions;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.worker.Chaos;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What a pool is. Start from {@link #defaults()}. How its runs are run is in {@link RunOptions}. Cannot be changed: each
 * method returns other options. Safe for use by several threads.
 *
 * <p>Each method throws {@link InvalidRequestException} for a value out of range, or for one that does not go together
 * with another.
 */
public final class PoolOptions implements Cloneable {
    private static final Path STDERR = Path.of("/proc/self/fd/2");

    /** A level multiplies the processes by the workers that a pool has. */
    private static final int MAX_NESTED_POOLS = 3;

    /** What a JVM needs to start at all. */
    private static final long LEAST_MEMORY = 8 << 20;

    private static final int MAX_PORT = 65_535;

    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(2);
    private static final Duration LONGEST_GRACE = Duration.ofDays(1);

    int procs = Runtime.getRuntime().availableProcessors();
    private boolean isProcsGiven;
    EngineKind engine = EngineKind.PROCESSES;
    /** Null if {@link #engine} is the one. */
    EngineFactory cluster;

    List<Path> classPath = List.of();
    List<Class<?>> resultTypes = List.of();
    OptionalLong workerMemory = OptionalLong.empty();
    OptionalInt tasksPerWorker = OptionalInt.empty();
    Duration gracePeriod = DEFAULT_GRACE;
    List<String> jvmOptions = List.of();
    WorkerEnvironment environment = WorkerEnvironment.INHERITED;
    Optional<Path> workingFolder = Optional.empty();
    Optional<Path> sharedFolder = Optional.empty();
    Optional<Path> aotCaches = aotCachesOfTheProperty();
    long largestCapture = 16 << 20;
    Pin pin = Pin.NONE;
    Numa numa = Numa.NONE;
    boolean hugePages;
    int nestedPools;
    OptionalInt debugPort = OptionalInt.empty();
    Optional<Chaos> chaos = Optional.empty();
    /** Null if none are kept. */
    KeptWorkers keptWorkers;

    boolean reusesWorkers;

    PrintStream workerOutput = System.err;
    Recording recording = Recording.NONE;
    RunOptions runOptions = RunOptions.defaults();

    private PoolOptions() {}

    private static Optional<Path> aotCachesOfTheProperty() {
        String folder = System.getProperty("forkless.aotCaches");
        return folder == null ? Optional.empty() : Optional.of(Path.of(folder));
    }

    /**
     * A process for each processor that this process may use, with nothing asked for, which runs what it is given with {@link
     * RunOptions#defaults()}.
     */
    public static PoolOptions defaults() {
        return new PoolOptions();
    }

    /** @param procs workers, 1 or more */
    public PoolOptions withProcs(int procs) {
        PoolOptions changed = copy();
        changed.procs = procs;
        changed.isProcsGiven = true;
        return changed.checked();
    }

    /** @param engine what carries out the tasks: child JVMs, or threads of this one */
    public PoolOptions withEngine(EngineKind engine) {
        PoolOptions changed = copy();
        changed.engine = engine;
        changed.cluster = null;
        return changed.checked();
    }

    /**
     * @param cluster what carries out the tasks: an engine of a module of its own, such as Spark's. Without {@link #withProcs} the
     *     pool has as many workers as there is room for
     */
    public PoolOptions withEngine(EngineFactory cluster) {
        PoolOptions changed = copy();
        changed.engine = EngineKind.PROCESSES;
        changed.cluster = cluster;
        return changed.checked();
    }

    /** What reports call the engine. */
    String engineLabel() {
        return cluster == null ? engine.label() : cluster.label();
    }

    /** How many workers the user has asked for. */
    OptionalInt givenProcs() {
        return isProcsGiven ? OptionalInt.of(procs) : OptionalInt.empty();
    }

    /** @param classPath where workers look for classes after the host program's own class path */
    public PoolOptions withClassPath(List<Path> classPath) {
        PoolOptions changed = copy();
        changed.classPath = List.copyOf(classPath);
        return changed.checked();
    }

    /**
     * @param resultTypes records and enums that results may be made of, beside those that a job's or function's declared type
     *     names; a record of another class arrives as a {@link io.github.forkless.common.value.RecordValue}. Exceptions that
     *     tasks of {@link WorkerPool#executor()} throw can be granted too, and a class that is a Chronicle {@code
     *     BytesMarshallable}; reading that back loads Chronicle Bytes into this JVM, which then has to be started with {@code
     *     --sun-misc-unsafe-memory-access=allow} to stay silent
     */
    public PoolOptions withResultTypes(Class<?>... resultTypes) {
        PoolOptions changed = copy();
        changed.resultTypes = List.of(resultTypes);
        return changed.checked();
    }

    /**
     * @param bytes how large a worker's heap may grow, 8 MiB or more; by default what the JVM allows itself, a quarter of the
     *     memory, and of more than three workers each has its share of what three would have
     */
    public PoolOptions withWorkerMemory(long bytes) {
        PoolOptions changed = copy();
        changed.workerMemory = OptionalLong.of(bytes);
        return changed.checked();
    }

    /** @param workers who keeps the workers of this pool for the next ones, and gives it those of earlier ones */
    public PoolOptions withKeptWorkers(KeptWorkers workers) {
        PoolOptions changed = copy();
        changed.keptWorkers = workers;
        return changed.checked();
    }

    /**
     * Has {@link #withKeptWorkers kept workers} stay that ran code of yours, too, for pools that say so: these find what it has
     * left in static fields, threads and elsewhere. By default only those stay that ran built-in jobs alone.
     */
    public PoolOptions withReuseWorkers() {
        PoolOptions changed = copy();
        changed.reusesWorkers = true;
        return changed.checked();
    }

    /** @param tasks after how many a worker is replaced, 1 or more, for code that leaks */
    public PoolOptions withTasksPerWorker(int tasks) {
        PoolOptions changed = copy();
        changed.tasksPerWorker = OptionalInt.of(tasks);
        return changed.checked();
    }

    /**
     * How long a worker that is needed no more, as the pool is closed or {@link #withTasksPerWorker} replaces it, may take to
     * end by itself, with its shutdown hooks. Then it is killed. One that is at a task is killed at once.
     *
     * @param gracePeriod 2 s by default, a day at the most; zero has all of them killed at once
     */
    public PoolOptions withGracePeriod(Duration gracePeriod) {
        PoolOptions changed = copy();
        changed.gracePeriod = gracePeriod;
        return changed.checked();
    }

    /**
     * Has the workers' JVMs started with options of their own, after those that the pool gives them: {@code -Xss64m}, {@code
     * -Dname=value}, {@code -ea}, {@code --enable-preview}, {@code --add-modules=java.sql}, {@code -javaagent:agent.jar}.
     * Another garbage collector, or another archive of classes, takes the place of the pool's.
     *
     * @param jvmOptions all of them; what was given before is forgotten. An option that contradicts what the pool needs, or
     *     that has a method here, is refused
     */
    public PoolOptions withJvmOptions(String... jvmOptions) {
        PoolOptions changed = copy();
        changed.jvmOptions = WorkerJvmOptions.checked(List.of(jvmOptions));
        return changed.checked();
    }

    /**
     * Sets an environment variable of the workers, which otherwise have those of this process.
     *
     * @param name not one that the pool, or a JVM for its options, reads itself
     */
    public PoolOptions withEnvironment(String name, String value) {
        PoolOptions changed = copy();
        changed.environment = environment.with(name, value);
        return changed.checked();
    }

    /** Has the workers start without an environment variable of this process. */
    public PoolOptions withoutEnvironment(String name) {
        PoolOptions changed = copy();
        changed.environment = environment.without(name);
        return changed.checked();
    }

    /**
     * Has the workers start with these environment variables and no others. Those by which JVMs take options are the ones of this
     * process, and shells, which start the workers, drop names that are not of letters, digits and underscores.
     */
    public PoolOptions withEnvironment(Map<String, String> variables) {
        PoolOptions changed = copy();
        changed.environment = WorkerEnvironment.exactly(variables);
        return changed.checked();
    }

    /** @param folder the working directory of the workers, which is there; by default that of this process */
    public PoolOptions withWorkingFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new InvalidRequestException("no worker can work in " + folder + ": "
                    + (Files.exists(folder) ? "it is no folder; give one" : "there is no such folder; create it"));
        }
        PoolOptions changed = copy();
        changed.workingFolder = Optional.of(folder);
        return changed.checked();
    }

    /**
     * @param folder where data goes that is shared with {@link WorkerPool#share}, and partials of 32 MiB or more. By default
     *     {@code /dev/shm}, where it has room: files there are memory, fast to make, and never written to a disk. Elsewhere the
     *     kernel can drop pages from memory that it has written to the disk, so that more can be shared than memory holds
     */
    public PoolOptions withSharedFolder(Path folder) {
        PoolOptions changed = copy();
        changed.sharedFolder = Optional.of(folder);
        return changed.checked();
    }

    /**
     * Workers start from an AOT cache of the classes that each needs (JEP 483). The first pool makes it, which takes some
     * seconds; one for other jars of Forkless or another JDK is made beside it, 15 MB each. It is used where Forkless is in jars,
     * and neither a debugger is waited for nor {@link #withJvmOptions} names an archive of classes.
     *
     * @param folder where caches are kept, such as {@code ~/.cache/NAME}; created if it is not there. By default that of the
     *     system property {@code forkless.aotCaches}; without it there are none
     */
    public PoolOptions withAotCaches(Path folder) {
        PoolOptions changed = copy();
        changed.aotCaches = Optional.of(folder);
        return changed.checked();
    }

    /**
     * @param bytes how much a lambda or a job may carry to the workers in what it captures, and how large a parameter may be, 1 or
     *     more; 16 MiB by default. What is large is better shared than copied
     */
    public PoolOptions withLargestCapture(long bytes) {
        PoolOptions changed = copy();
        changed.largestCapture = bytes;
        return changed.checked();
    }

    /** @param pin what each worker is kept on, on machines with several sockets; see docs/placement.md */
    public PoolOptions withPin(Pin pin) {
        PoolOptions changed = copy();
        changed.pin = pin;
        return changed.checked();
    }

    /**
     * @param numa where the pages of datasets lie, on machines with several sockets; see docs/placement.md. Where workers have
     *     to be on their nodes for it to help, they are kept there
     */
    public PoolOptions withNuma(Numa numa) {
        PoolOptions changed = copy();
        changed.numa = numa;
        return changed.checked();
    }

    /**
     * Has datasets brought into huge pages before workers map them, for data that is read over and over, as far as the kernel
     * can: what is not in memory is read in, what is in small pages is copied; see docs/placement.md.
     */
    public PoolOptions withHugePages() {
        PoolOptions changed = copy();
        changed.hugePages = true;
        return changed.checked();
    }

    /**
     * Lets jobs open pools of their own, and programs that jobs start. Without this they are refused one: a pool that is
     * opened where workers run too, in a static initializer for example, would be opened by each of its workers again.
     *
     * @param levels 0 for none, 1 for pools whose own workers open none, up to 3; each multiplies the processes
     */
    public PoolOptions withNestedPools(int levels) {
        PoolOptions changed = copy();
        changed.nestedPools = levels;
        return changed.checked();
    }

    /**
     * One worker, which waits for a debugger before it does anything: {@code jdb -attach PORT}. Time limits and retries of runs
     * do not hold then.
     *
     * @param port of this machine, for connections from it alone, from 1 to 65,535
     */
    public PoolOptions withDebugger(int port) {
        PoolOptions changed = copy();
        changed.procs = 1;
        changed.debugPort = OptionalInt.of(port);
        return changed.checked();
    }

    /** @param chaos what workers do to themselves, to see that the program and its jobs survive it */
    public PoolOptions withChaos(Chaos chaos) {
        PoolOptions changed = copy();
        changed.chaos = Optional.of(chaos);
        return changed.checked();
    }

    /** @param output where what workers print goes, line by line, each with the worker's name in front; by default {@link System#err} */
    public PoolOptions withWorkerOutput(PrintStream output) {
        PoolOptions changed = copy();
        changed.workerOutput = output;
        return changed.checked();
    }

    /** @param recording what is told of everything that happens in the pool; one for each pool */
    public PoolOptions withRecording(Recording recording) {
        PoolOptions changed = copy();
        changed.recording = recording;
        return changed.checked();
    }

    /** @param runOptions of the runs that are given no others with {@link WorkerPool#with} */
    public PoolOptions withRunOptions(RunOptions runOptions) {
        PoolOptions changed = copy();
        changed.runOptions = runOptions;
        return changed.checked();
    }

    private PoolOptions copy() {
        try {
            return (PoolOptions) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("it is Cloneable", e);
        }
    }

    private PoolOptions checked() {
        if (procs < 1) {
            throw new InvalidRequestException("a pool needs 1 worker or more, not " + procs);
        }
        if (workerMemory.isPresent() && workerMemory.getAsLong() < LEAST_MEMORY) {
            throw new InvalidRequestException("a worker needs 8M of memory or more, not " + workerMemory.getAsLong());
        }
        if (tasksPerWorker.isPresent() && tasksPerWorker.getAsInt() < 1) {
            throw new InvalidRequestException("a worker must do 1 task or more, not " + tasksPerWorker.getAsInt());
        }
        if (gracePeriod.isNegative() || gracePeriod.compareTo(LONGEST_GRACE) > 0) {
            throw new InvalidRequestException(
                    "a worker can be given from no time to a day to end by itself, not " + gracePeriod);
        }
        if (largestCapture < 1) {
            throw new InvalidRequestException(
                    "a lambda must be allowed to carry 1 byte or more, not " + largestCapture);
        }
        if (nestedPools < 0 || nestedPools > MAX_NESTED_POOLS) {
            throw new InvalidRequestException("workers can be allowed from 0 to " + MAX_NESTED_POOLS
                    + " levels of pools of their own, not " + nestedPools);
        }
        if (hugePages && numa == Numa.LOCAL) {
            throw new InvalidRequestException(
                    "PoolOptions.withHugePages reads data into the memory of one node, and PoolOptions.withNuma(LOCAL)"
                            + " gives workers what lies on theirs; use PoolOptions.withNuma(INTERLEAVE) or"
                            + " PoolOptions.withNuma(MIRROR)");
        }
        if (debugPort.isPresent()) {
            checkDebugger();
        }
        if (engine == EngineKind.THREADS) {
            checkThreads();
        }
        if (cluster != null) {
            checkCluster();
        }
        checkRun(runOptions);
        return this;
    }

    private void checkDebugger() {
        if (engine == EngineKind.THREADS) {
            throw new InvalidRequestException("threads have no worker to debug; attach a debugger to this JVM itself");
        }
        if (procs != 1) {
            throw new InvalidRequestException("PoolOptions.withDebugger has one worker, not " + procs
                    + "; leave out one of it and PoolOptions.withProcs(" + procs + ")");
        }
        if (debugPort.getAsInt() < 1 || debugPort.getAsInt() > MAX_PORT) {
            throw new InvalidRequestException("a port is a number from 1 to 65535, not " + debugPort.getAsInt());
        }
    }

    private void checkThreads() {
        if (workerMemory.isPresent()) {
            throw needsProcesses("withWorkerMemory", "limits the heap of a worker's own JVM");
        }
        if (tasksPerWorker.isPresent()) {
            throw needsProcesses("withTasksPerWorker", "replaces a worker's JVM by a new one");
        }
        if (!jvmOptions.isEmpty()) {
            throw needsProcesses("withJvmOptions", "is for a worker's own JVM");
        }
        if (!environment.isInherited()) {
            throw needsProcesses("withEnvironment", "is for a worker's own process");
        }
        if (workingFolder.isPresent()) {
            throw needsProcesses("withWorkingFolder", "is for a worker's own process");
        }
        if (chaos.isPresent()) {
            throw needsProcesses("withChaos", "kills and stops workers, which would end this program");
        }
        if (pin != Pin.NONE) {
            throw needsProcesses("withPin", "keeps a worker's JVM on processors");
        }
        if (numa != Numa.NONE) {
            throw needsProcesses("withNuma", "gives each worker's JVM the memory of a node");
        }
    }

    private static InvalidRequestException needsProcesses(String method, String reason) {
        return new InvalidRequestException("PoolOptions." + method + " " + reason
                + ", and the engine 'threads' has one JVM for all workers; leave it out, or use"
                + " PoolOptions.withEngine(PROCESSES)");
    }

    private void checkCluster() {
        requireLocal(debugPort.isPresent(), "withDebugger");
        requireLocal(tasksPerWorker.isPresent(), "withTasksPerWorker");
        requireLocal(!environment.isInherited(), "withEnvironment");
        requireLocal(workingFolder.isPresent(), "withWorkingFolder");
        requireLocal(chaos.isPresent(), "withChaos");
        requireLocal(pin != Pin.NONE, "withPin");
        requireLocal(numa != Numa.NONE, "withNuma");
        requireLocal(hugePages, "withHugePages");
        requireLocal(keptWorkers != null, "withKeptWorkers");
        requireLocal(nestedPools > 0, "withNestedPools");
    }

    private void requireLocal(boolean isGiven, String method) {
        if (isGiven) {
            throw new InvalidRequestException(
                    "PoolOptions." + method + " is for worker processes of this machine, and the"
                            + " engine '" + cluster.label() + "' has its workers in a cluster; leave it out, or use"
                            + " PoolOptions.withEngine(PROCESSES)");
        }
    }

    /** Whether these options allow for those of a run. */
    void checkRun(RunOptions run) {
        if (chaos.isPresent() && chaos.get().stall() > 0 && run.timeout.isEmpty()) {
            throw new InvalidRequestException("chaos with stall=" + chaos.get().stall()
                    + " needs a timeout: nothing else ends a worker that stalls; use RunOptions.withTimeout, or leave"
                    + " stall out");
        }
    }

    Placement placement() {
        return new Placement(pin, numa);
    }

    /** Takes what there is to say, line by line. Nothing of it is an order to a terminal that standard error may be. */
    Consumer<String> lines() {
        boolean isShown = workerOutput == System.err && isTerminal(STDERR);
        return isShown ? line -> workerOutput.println(Printable.text(line)) : workerOutput::println;
    }

    private static boolean isTerminal(Path stream) {
        try {
            return Files.readSymbolicLink(stream).startsWith("/dev");
        } catch (IOException e) {
            return false;
        }
    }
}
