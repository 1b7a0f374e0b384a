package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.ForeignFormat;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.dataset.UnknownTypeException;
import io.github.forkless.common.text.Text;
import io.github.forkless.coordinator.EngineKind;
import io.github.forkless.coordinator.NamedJob;
import io.github.forkless.coordinator.PoolOptions;
import io.github.forkless.coordinator.RunOptions;
import io.github.forkless.coordinator.WorkerPool;
import io.github.forkless.coordinator.cli.Arguments.Argument;
import io.github.forkless.coordinator.engine.EngineFactory;
import io.github.forkless.coordinator.generate.Existing;
import io.github.forkless.coordinator.machine.JvmEnvironment;
import io.github.forkless.coordinator.machine.Numa;
import io.github.forkless.coordinator.machine.Pin;
import io.github.forkless.coordinator.report.LiveServer;
import io.github.forkless.coordinator.report.ParameterSets;
import io.github.forkless.coordinator.report.Request;
import io.github.forkless.coordinator.result.Failure;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.result.RunReport;
import io.github.forkless.coordinator.result.RunResult;
import io.github.forkless.worker.Chaos;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** {@code coordinator [run] [options] DATA}: one job over one dataset. */
final class RunCommand implements Command {
    /** How often to look for workers that keep dying. */
    private static final int LOOK_SECONDS = 5;

    /** Where more files were named, a command that shows a failure again has only the one that it is in. */
    private static final int MOST_NAMED = 20;

    /** One for all options: each lambda costs the start. */
    private static final Arguments.Parser<String> AS_IT_IS = text -> text;

    private final Arguments arguments = new Arguments(
                    "run", "Runs a job over DATA with worker processes that share it through memory.")
            .answeredByResident();

    private final Argument<List<Path>> data = arguments.parameters(
            "DATA",
            true,
            Parsers::file,
            "the dataset: raw little-endian numbers, .npy, Arrow, text, or records; several files, a folder, or a"
                    + " pattern in quotes are one, in the order of their names");

    {
        arguments.group("Most used:");
    }

    private final Argument<Integer> procs = arguments.option(
            "--procs",
            "N",
            Parsers::wholeNumber,
            "worker processes (default: the processors that this process may use)");

    private final Argument<String> job = arguments.option(
            "--job",
            "J",
            Parsers::job,
            "a built-in job's name (see 'coordinator jobs'), a class name (with --class-path), or a .java file"
                    + " (default: stats for numbers, wc for text)");

    private final Argument<List<Assignment>> parameters =
            arguments.options("--param", "K=V", "", Parsers::assignment, "a parameter of the job (default: its own)");

    private final Argument<List<Assignment>> sweeps = arguments.options(
            "--sweep",
            "K=RANGE",
            "",
            Parsers::assignment,
            "run the job for each value of a parameter: from:to, from:to:step, or a,b,c; several sweeps multiply"
                    + " (default: one run)");

    private final Argument<GivenType> type = arguments.option(
            "--type",
            "T",
            Parsers::givenType,
            "element type of a raw file: int8 to int64, uint8 to uint64, float16 to float64, text, record:BYTES"
                    + " (default: from the extension)");

    private final Argument<String> column = arguments.option(
            "--column",
            "NAME",
            AS_IT_IS,
            "of a table, run a job for numbers on this column, without its nulls; #0 is the first (default: the job"
                    + " reads the columns that it wants)");

    private final Argument<String> by = arguments.option(
            "--by",
            "NAME",
            AS_IT_IS,
            "of a table, group the rows by this column: --job stats, sum or count of --column for each of its values;"
                    + " without --column rows are counted (default: no groups)");

    private final Argument<String> axis = arguments.option(
            "--axis",
            "0",
            AS_IT_IS,
            "of a matrix, --job stats or sum of each of its columns (default: of all numbers)");

    private final Argument<Long> generateCount = arguments.option(
            "--generate",
            "N[K|M|G]",
            Parsers::count,
            "write N elements to DATA first, unless it exists; K, M and G are powers of 1024 (default: DATA has to"
                    + " exist)");

    private final Argument<Path> journal = arguments.option(
            "--journal",
            "FILE",
            Parsers::file,
            "remember in FILE what is finished; the same command started again does only what is missing"
                    + " (default: none)");

    private final Argument<Boolean> skipFailed = arguments.flag(
            "--skip-failed", "leave out the blocks at which the job always fails, say which, and end with exit code 1");

    private final OutputOptions output = new OutputOptions(arguments);

    {
        arguments.group("Data:");
    }

    private final Argument<List<Assignment>> with = arguments.options(
            "--with",
            "NAME=FILE",
            "",
            Parsers::assignment,
            "a further dataset, for the job's parameter NAME (default: none)");

    private final Argument<List<Assignment>> withType = arguments.options(
            "--with-type",
            "NAME=T",
            "",
            Parsers::namedType,
            "element type of the raw file that --with NAME=FILE names, as for --type (default: from the extension)");

    private final GenerateOptions generate = new GenerateOptions(arguments);

    private final Argument<Integer> tasks = arguments.option(
            "--tasks", "N", Parsers::wholeNumber, "slices to cut the data into (default: from its size alone)");

    private final Argument<Slice> only = arguments.option(
            "--only",
            "FROM:TO",
            Parsers::range,
            "run on these elements alone, for a matrix on the rows that begin in them, for text on the lines that begin"
                    + " in these bytes, TO excluded; the answer is marked as partial, and the exit code is 1"
                    + " (default: all)");

    private final Argument<Numa> numa = arguments.option(
            "--numa",
            "N",
            Parsers::numa,
            "on several memory nodes: give workers the slices on their node (local), spread the data over the nodes"
                    + " (interleave), or copy it to each (mirror) (default: leave it where it is)");

    private final Argument<Boolean> hugePages = arguments.flag(
            "--huge-pages",
            "put the data into huge pages first, for data that is read many times: read in what is not in memory, join"
                    + " small pages");

    {
        arguments.group("Job:");
    }

    private final Argument<List<Path>> classPath = arguments.options(
            "--class-path",
            "PATH",
            ":",
            Parsers::file,
            "folders and jars in which workers find the job's classes (default: none)");

    private final Argument<Boolean> debugWorker = arguments.flag(
            "--debug-worker",
            "start one worker, which waits for a debugger before it begins, without time limit and retries");

    private final Argument<Integer> debuggerPort = arguments.option(
            "--debug-port",
            "PORT",
            Parsers::wholeNumber,
            "where --debug-worker waits, on this machine alone (default: a free port)");

    {
        arguments.group("Workers:");
    }

    private final Argument<GivenEngine> engine = arguments.optionOr(
            "processes",
            "--engine",
            "E",
            GivenEngine::of,
            "what the workers are: processes; threads of one JVM without isolation, to compare; or spark, to run on a"
                    + " cluster (default: ${DEFAULT-VALUE})");

    private final Argument<Long> workerMemory = arguments.option(
            "--worker-memory",
            "S",
            Parsers::count,
            "how large a worker's heap may grow, such as 512M; K, M and G are powers of 1024 bytes (default: a quarter"
                    + " of the memory, or for more than three workers its share of three quarters)");

    private final Argument<Integer> tasksPerWorker = arguments.option(
            "--tasks-per-worker", "N", Parsers::wholeNumber, "replace a worker after N tasks (default: never)");

    private final Argument<List<String>> jvmOptions = arguments.options(
            "--jvm-option",
            "OPTION",
            "",
            AS_IT_IS,
            "an option of the workers' JVMs, such as --jvm-option=-Xss64m (default: the pool's own alone)");

    private final Argument<List<Assignment>> environment = arguments.options(
            "--env",
            "NAME=VALUE",
            "",
            Parsers::assignment,
            "an environment variable of the workers (default: those of this command)");

    private final Argument<Boolean> reuseWorkers = arguments.flag(
            "--reuse-workers",
            "where a resident coordinator answers, have workers stay for the next command though they ran code of yours"
                    + " (default: only those that ran built-in jobs alone)");

    private final Argument<Pin> pin = arguments.option(
            "--pin",
            "P",
            Parsers::pin,
            "keep each worker on a processor (cpu) or on the processors of a memory node (node): none, cpu or node"
                    + " (default: none; with --numa local and mirror: node)");

    private final ClusterOptions cluster = new ClusterOptions(arguments);

    {
        arguments.group("When something fails:");
    }

    private final Argument<Integer> retries = arguments.optionOr(
            "2",
            "--retries",
            "N",
            Parsers::wholeNumber,
            "how often a task is tried again after its worker died (default: ${DEFAULT-VALUE})");

    private final Argument<Duration> timeout = arguments.option(
            "--timeout",
            "D",
            Parsers::time,
            "how long a worker may take for a task, such as 30s, 500ms or 2m (default: no limit)");

    private final Argument<Chaos> chaos = arguments.option(
            "--chaos",
            "HARM",
            Parsers::chaos,
            "harm workers on purpose, to see the run survive: seed=7,kill=0.1,stall=0.02,garbage=0.02 kills a tenth of"
                    + " the attempts, and so on; the same seed harms the same ones (default: none)");

    private boolean isGenerated;

    /** Null until it is known. */
    private Dataset dataset;

    @Override
    public Arguments arguments() {
        return arguments;
    }

    @Override
    public int run() throws InterruptedException, IOException {
        Recording recording = output.recording();
        Optional<EngineFactory> factory = engine.get().isOfCluster()
                ? Optional.of(cluster.engine(engine.get().name()))
                : Optional.empty();
        if (factory.isEmpty()) {
            cluster.requireNone();
        }
        int debugPort = isDebugged() ? portForDebugger() : 0;
        int local = isDebugged() ? 1 : procs.or(Runtime.getRuntime().availableProcessors());
        PoolOptions options = options(debugPort, recording, factory);
        if (isOwn(EngineKind.PROCESSES)) {
            MachineLimits.requireRoomFor(local, optionalLong(workerMemory));
        } else if (output.provesSharing()) {
            throw new InvalidRequestException(
                    "--prove-sharing looks at what worker processes have mapped, and the engine '"
                            + engine.get().name() + "' has none here; leave it out, or use --engine processes");
        }
        // What is to be generated may have any name.
        if (data.get().size() > 1 || generateCount.value().isEmpty() && Parsers.areSeveral(data.get())) {
            dataset = several();
        }
        output.check(files());
        if (numa.or(Numa.NONE) == Numa.MIRROR && output.provesSharing()) {
            throw new InvalidRequestException(
                    "--numa mirror makes several copies, and --prove-sharing proves that there is"
                            + " one; choose one of them");
        }
        ParameterSets grid = grid();
        dataset = dataset == null ? checked(oneFile()) : checked(dataset);
        Map<String, DatasetFile> further = furtherDatasets();
        output.open();
        String jobName = by.value().isPresent()
                ? Grouping.JOB
                : axis.value().isPresent() ? Axis.JOB : job.value().isPresent() ? job.get() : jobFor(dataset);
        output.check(
                jobName,
                axis.value().isPresent()
                        ? Axis.parameters(job.value())
                        : grid.sets().getFirst());
        recording.reached(Recording.Moment.DATASET_OPENED);
        // What is wrong with the job should not be known only when a cluster is there; here workers start meanwhile.
        Optional<NamedJob> known = factory.isPresent() ? Optional.of(source(jobName, grid)) : Optional.empty();
        int workers = factory.isPresent() ? workersOf(factory.get()) : local;
        options = options.withProcs(workers);
        var request = new Request(
                jobName,
                Optional.of(dataset),
                further,
                engine.get().name(),
                workers,
                grid,
                recording,
                Optional.of(arguments.typed()));
        try (LiveServer _ = output.serve(request);
                Progress progress = output.progress(recording, workers);
                var pool = WorkerPool.open(dataset, options.withWorkerOutput(output.workerOutput(progress)))) {
            if (isOwn(EngineKind.THREADS)) {
                StandardStreams.keepFromJobs(output.workerOutput(progress));
            }
            if (isDebugged()) {
                System.err.println("coordinator: the worker waits for a debugger at port " + debugPort
                        + " of this machine: jdb -attach " + debugPort);
            }
            NamedJob named = known.isPresent() ? known.get() : source(jobName, grid);
            for (Map.Entry<String, DatasetFile> each : further.entrySet()) {
                named = named.withDataset(each.getKey(), pool.share(each.getValue()));
            }
            CompletableFuture<RunResult> run =
                    only.value().isPresent() ? pool.submitReported(named, only.get()) : pool.submitReported(named);
            // Now that all is under way, and this thread has nothing else to do.
            MachineLimits.warningFor(dataset, jvms(workers)).ifPresent(warning -> output.warn(progress, warning));
            warningForOther(dataset).ifPresent(warning -> output.warn(progress, warning));
            if (type.value().isPresent()) {
                for (DatasetFile file : dataset.parts()) {
                    ForeignFormat.warningFor(file).ifPresent(warning -> output.warn(progress, warning));
                }
            }
            RunResult result = result(run, request, progress);
            int code = output.print(request, result);
            printLeftOut(result.report(), grid);
            return code;
        }
    }

    private int workersOf(EngineFactory factory) {
        try {
            return factory.workers(optionalInt(procs));
        } catch (IOException e) {
            throw new RunFailedException(e.getMessage(), List.of(), e);
        }
    }

    /** How many there are beside this one. */
    private int jvms(int workers) {
        return isOwn(EngineKind.PROCESSES) ? workers : 0;
    }

    private boolean isOwn(EngineKind kind) {
        return engine.get().own() == kind;
    }

    /** What the run reads and what it remembers; its outputs are to be other files. */
    private NamedFiles files() {
        var files = new NamedFiles();
        if (dataset == null) {
            files.reads("the dataset", DatasetFile.stored(data.get().getFirst()));
        } else {
            dataset.parts().forEach(file -> files.reads("a file of the dataset", file.path()));
        }
        if (isSource(job.or(""))) {
            files.reads("the job's source", Path.of(job.get()));
        }
        classPath.or(List.of()).forEach(path -> files.reads("on the class path", path));
        for (Assignment each : with.or(List.of())) {
            files.reads("the dataset " + each.name(), DatasetFile.stored(Path.of(each.value())));
        }
        cluster.hosts().ifPresent(path -> files.reads("--hosts", path));
        files.prints();
        journal.value().ifPresent(path -> files.writes("--journal", path));
        return files;
    }

    /** The built-in one that reads such data. */
    private static String jobFor(Dataset dataset) {
        if (dataset.type() == ElementType.RECORDS) {
            throw new InvalidRequestException(dataset.name()
                    + " has records, whose fields only a job of yours can know: give one with --job FILE.java");
        }
        if (dataset.type() == ElementType.TABLE) {
            throw new InvalidRequestException(
                    dataset.name() + " is a table; choose a column with --column NAME, group rows with --by NAME, or"
                            + " give a job of yours with --job FILE.java; there are "
                            + ((Layout.Table) dataset.layout()).names());
        }
        return dataset.type().isText() ? "wc" : "stats";
    }

    private static boolean isSource(String jobName) {
        return jobName.endsWith(".java");
    }

    private RunResult result(CompletableFuture<RunResult> run, Request request, Progress progress)
            throws IOException, InterruptedException {
        try {
            return join(run, request.recording(), progress);
        } catch (CompletionException e) {
            RuntimeException failure = e.getCause() instanceof RuntimeException cause ? cause : e;
            output.tell(request, failure);
            throw failure;
        }
    }

    /** Waits, says if workers keep dying, and has no more progress told when there is something to print. */
    private RunResult join(CompletableFuture<RunResult> run, Recording recording, Progress progress)
            throws InterruptedException {
        Deaths deaths = null; // its class is not loaded in a run that ends before
        try {
            while (!isDoneIn(run, LOOK_SECONDS)) {
                deaths = deaths == null ? new Deaths(recording) : deaths;
                Optional<String> news = deaths.news();
                if (news.isPresent()) {
                    output.warn(progress, news.get());
                }
            }
            return run.join();
        } finally {
            if (progress != null) {
                progress.close();
            }
        }
    }

    private static boolean isDoneIn(CompletableFuture<RunResult> run, int seconds) throws InterruptedException {
        try {
            run.get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }

    private NamedJob source(String jobName, ParameterSets grid) {
        if (by.value().isPresent()) {
            return Grouping.job(by.get(), column.value(), job.value(), grid.sets());
        }
        if (axis.value().isPresent()) {
            return Axis.job(job.value(), grid.sets());
        }
        return isSource(jobName)
                ? JobCompiler.compile(Path.of(jobName), classPath.or(List.of()), jvmOptions.or(List.of()), grid.sets())
                : new NamedJob(jobName, Map.of(), grid.sets());
    }

    private PoolOptions options(int debugPort, Recording recording, Optional<EngineFactory> factory) {
        PoolOptions options =
                PoolOptions.defaults().withRunOptions(runOptions()).withRecording(recording);
        options = factory.isPresent()
                ? options.withEngine(factory.get())
                : options.withEngine(engine.get().own());
        if (Main.stays) {
            options = Serving.keepWorkers(options, isSource(job.or("")), reuseWorkers.or(false));
        }
        options = set(options, classPath, PoolOptions::withClassPath);
        options = set(options, workerMemory, PoolOptions::withWorkerMemory);
        options = set(options, tasksPerWorker, PoolOptions::withTasksPerWorker);
        options = set(options, jvmOptions, (it, given) -> it.withJvmOptions(given.toArray(String[]::new)));
        for (Assignment variable : environment.or(List.of())) {
            options = options.withEnvironment(variable.name(), variable.value());
        }
        options = set(options, pin, PoolOptions::withPin);
        options = set(options, numa, PoolOptions::withNuma);
        options = set(options, hugePages, (it, _) -> it.withHugePages());
        options = set(options, chaos, PoolOptions::withChaos);
        if (!endsOrderly()) {
            options = options.withGracePeriod(Duration.ZERO);
        }
        return isDebugged() ? options.withDebugger(debugPort) : options;
    }

    /** Whether workers may have something to do at their end. Built-in jobs have not, and nobody should wait for them. */
    private boolean endsOrderly() {
        return isSource(job.or(""))
                || classPath.value().isPresent()
                || jvmOptions.value().isPresent()
                || !JvmEnvironment.ofThisProcess().variables().isEmpty();
    }

    private RunOptions runOptions() {
        RunOptions options = RunOptions.defaults().withRetries(retries.get());
        options = set(options, tasks, RunOptions::withTasks);
        options = set(options, timeout, RunOptions::withTimeout);
        options = set(options, skipFailed, RunOptions::withSkipFailed);
        return set(options, journal, RunOptions::withJournal);
    }

    /** Sets what was given. */
    private static <O, T> O set(O options, Argument<T> argument, BiFunction<O, T, O> with) {
        return argument.value().isPresent() ? with.apply(options, argument.get()) : options;
    }

    private boolean isDebugged() {
        return debugWorker.or(false) || debuggerPort.value().isPresent();
    }

    private int portForDebugger() {
        if (procs.or(1) != 1) {
            throw new InvalidRequestException(
                    "--debug-worker has one worker, not --procs " + procs.get() + "; leave one of them out");
        }
        if (debuggerPort.value().isPresent()) {
            return debuggerPort.get();
        }
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new InvalidRequestException(
                    "no port is free for --debug-worker (" + e.getMessage() + "); give one with --debug-port");
        }
    }

    @Override
    public Optional<String> again(Exception failure) {
        if (!(failure instanceof RunFailedException failed) || failed.failures().isEmpty()) {
            return Optional.empty();
        }
        Failure last = failed.failures().getLast();
        return Optional.of(again(grid(), rangeOf(last), last.item()));
    }

    private static Optional<Slice> rangeOf(Failure failure) {
        return failure.slice().length() == 0 || failure.isMerge() ? Optional.empty() : Optional.of(failure.slice());
    }

    private void printLeftOut(RunReport report, ParameterSets grid) {
        for (RunReport.LeftOut part : report.leftOut()) {
            boolean isOneSet = part.endSet() - part.firstSet() == 1;
            Optional<Slice> range = part.isWhole() ? failedRange(report, part) : Optional.of(part.slice());
            System.err.println("coordinator: not complete: "
                    + (part.isWhole() ? "there is no answer" : "the answer is without " + part.what())
                    + sets(grid, part) + ": " + part.cause() + "; to see it again in one worker: "
                    + again(grid, range, isOneSet ? part.firstSet() : -1));
        }
    }

    /** Where a parameter set has failed that has no answer at all; empty if that is not known. */
    private static Optional<Slice> failedRange(RunReport report, RunReport.LeftOut part) {
        return report.failures().reversed().stream()
                .filter(failure -> failure.item() >= part.firstSet() && failure.item() < part.endSet())
                .findFirst()
                .flatMap(RunCommand::rangeOf);
    }

    private static String sets(ParameterSets grid, RunReport.LeftOut part) {
        if (!grid.isSweep()) {
            return "";
        }
        return part.endSet() - part.firstSet() == 1
                ? " for " + grid.name(part.firstSet())
                : " in the parameter sets from " + part.firstSet() + " to " + (part.endSet() - 1);
    }

    /**
     * The command that does the same in one worker.
     *
     * @param range of the data; empty for all that was asked for
     * @param set which parameter set; negative for all
     */
    private String again(ParameterSets grid, Optional<Slice> range, int set) {
        var command = new ShellWords().add("coordinator", "--procs", 1);
        List<Path> paths = data.get();
        if (range.isPresent()) {
            long start = 0;
            if (paths.size() > MOST_NAMED && dataset.isInOnePart(range.get())) {
                int part = dataset.partOf(range.get().from());
                start = dataset.start(part);
                paths = List.of(dataset.parts().get(part).path());
            }
            command.add(
                    "--only", (range.get().from() - start) + ":" + (range.get().to() - start), "--tasks", 1);
        } else {
            tasks.value().ifPresent(it -> command.add("--tasks", it));
            only.value().ifPresent(it -> command.add("--only", it.from() + ":" + it.to()));
        }
        if (set >= 0) {
            grid.sets().get(set).forEach((name, value) -> command.add("--param", name + "=" + value));
        } else {
            parameters.or(List.of()).forEach(it -> command.add("--param", it.name() + "=" + it.value()));
            sweeps.or(List.of()).forEach(it -> command.add("--sweep", it.name() + "=" + it.value()));
        }
        for (Assignment each : with.or(List.of())) {
            command.add("--with", each.name() + "=" + each.value());
        }
        for (Assignment each : withType.or(List.of())) {
            command.add("--with-type", each.name() + "=" + each.value());
        }
        job.value().ifPresent(it -> command.add("--job", it));
        if (!classPath.or(List.of()).isEmpty()) {
            command.add(
                    "--class-path", classPath.get().stream().map(Path::toString).collect(Collectors.joining(":")));
        }
        type.value().ifPresent(it -> command.add("--type", it.label()));
        column.value().ifPresent(it -> command.add("--column", it));
        by.value().ifPresent(it -> command.add("--by", it));
        axis.value().ifPresent(it -> command.add("--axis", it));
        workerMemory.value().ifPresent(it -> command.add("--worker-memory", it));
        jvmOptions.or(List.of()).forEach(it -> command.add("--jvm-option=" + it));
        environment.or(List.of()).forEach(it -> command.add("--env", it.name() + "=" + it.value()));
        timeout.value().ifPresent(it -> command.add("--timeout", it.toMillis() + "ms"));
        return command.add(paths.toArray()).toString();
    }

    private ParameterSets grid() {
        if (parameters.value().isEmpty() && sweeps.value().isEmpty()) {
            return new ParameterSets(List.of(Map.of()), false);
        }
        return ParameterGrid.of(
                Assignment.byName("--param", parameters.or(List.of())),
                Assignment.byName("--sweep", sweeps.or(List.of())));
    }

    private static OptionalInt optionalInt(Argument<Integer> argument) {
        return argument.value().isPresent() ? OptionalInt.of(argument.get()) : OptionalInt.empty();
    }

    private static OptionalLong optionalLong(Argument<Long> argument) {
        return argument.value().isPresent() ? OptionalLong.of(argument.get()) : OptionalLong.empty();
    }

    private Dataset several() {
        if (generateCount.value().isPresent()) {
            throw new InvalidRequestException("--generate writes one file; give one as DATA");
        }
        if (output.provesSharing()) {
            throw new InvalidRequestException(
                    "--prove-sharing looks at how workers have mapped one file; give one as DATA");
        }
        return DataFiles.open(data.get(), type.value());
    }

    private DatasetFile oneFile() throws InterruptedException {
        Path path = data.get().getFirst();
        if (generateCount.value().isPresent()
                && Files.notExists(DatasetFile.stored(path))
                && generate.generate(path, generateCount.get(), givenElement(), Existing.KEPT)) {
            isGenerated = true;
        }
        return GivenType.open(path, type.value());
    }

    /** The dataset, or what is wanted of it. */
    private Dataset checked(Dataset all) {
        if (axis.value().isPresent()
                && (by.value().isPresent() || column.value().isPresent())) {
            throw new InvalidRequestException(
                    "--axis is for matrices, and --column and --by are for tables; choose one of them");
        }
        if (axis.value().isPresent()) {
            return Axis.checked(all, axis.get(), job.value());
        }
        if (by.value().isPresent()) {
            return Grouping.checked(all, by.get(), column.value(), job.value());
        }
        return column.value().isPresent() ? column(all, column.get()) : all;
    }

    private static Dataset column(Dataset dataset, String name) {
        try {
            return dataset.column(name);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(dataset.name() + ": --column " + name + ": " + e.getMessage());
        }
    }

    private Optional<ElementType> givenElement() {
        return type.value().isPresent() ? Optional.of(type.get().element()) : Optional.empty();
    }

    private Map<String, DatasetFile> furtherDatasets() {
        if (with.value().isEmpty() && withType.value().isEmpty()) {
            return Map.of();
        }
        Map<String, String> files = Assignment.byName("--with", with.or(List.of()));
        Map<String, String> types = Assignment.byName("--with-type", withType.or(List.of()));
        for (String name : types.keySet()) {
            if (!files.containsKey(name)) {
                throw new InvalidRequestException("--with-type " + name + "=" + types.get(name)
                        + " is for a further dataset " + name + ", and there is none; give it with --with " + name
                        + "=FILE");
            }
        }
        Map<String, DatasetFile> further = new LinkedHashMap<>();
        files.forEach((name, file) -> further.put(name, further(name, Parsers.file(file), types.get(name))));
        return further;
    }

    /** @param given null if none is */
    private static DatasetFile further(String name, Path file, String given) {
        try {
            return GivenType.open(file, Optional.ofNullable(given).map(Parsers::givenType));
        } catch (UnknownTypeException e) {
            throw new InvalidRequestException(file + ": its name does not say what its elements are; give --with-type "
                    + name + "=T, with one of " + ElementType.labels());
        }
    }

    /** Of a file that was there before, or that another run has written meanwhile. */
    private Optional<String> warningForOther(Dataset dataset) {
        if (isGenerated || generateCount.or(dataset.count()) == dataset.count()) {
            return Optional.empty();
        }
        return Optional.of(Text.format(
                "%s exists, with %d %s, and is used as it is: --generate %d writes only a file that does not exist",
                dataset.path(),
                dataset.count(),
                dataset.type().isText() ? "bytes of text" : dataset.layout().unit(),
                generateCount.get()));
    }
}
