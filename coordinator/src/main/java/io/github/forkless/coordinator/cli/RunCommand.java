package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.coordinator.Limits;
import io.github.forkless.coordinator.PoolOptions;
import io.github.forkless.coordinator.RunReport;
import io.github.forkless.coordinator.RunResult;
import io.github.forkless.coordinator.WorkerPool;
import io.github.forkless.worker.Chaos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator [run] [options] DATA}: one job over one dataset. */
@Command(
        name = "run",
        description = "Runs a job over DATA with worker processes that share it through memory.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class RunCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DATA", description = "the dataset: raw little-endian numbers, .npy, or text")
    private Path data;

    @Option(
            names = "--procs",
            paramLabel = "N",
            description = "worker processes (default: the processors that this process may use)")
    private int procs = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--job",
            paramLabel = "J",
            description = "a built-in job's name (see 'coordinator jobs'), a class name (with --class-path), or a .java"
                    + " file (default: stats for numbers, wc for text)")
    private String job;

    @Option(
            names = "--param",
            paramLabel = "K=V",
            converter = Assignment.Converter.class,
            description = "a parameter of the job")
    private List<Assignment> parameters = List.of();

    @Option(
            names = "--sweep",
            paramLabel = "K=RANGE",
            converter = Assignment.Converter.class,
            description = "run the job for each value of a parameter: from:to, from:to:step, or a,b,c;"
                    + " several sweeps multiply")
    private List<Assignment> sweeps = List.of();

    @Option(
            names = "--class-path",
            paramLabel = "PATH",
            split = ":",
            description = "folders and jars in which workers find the job's classes")
    private List<Path> classPath = List.of();

    @Option(
            names = "--type",
            paramLabel = "T",
            converter = Converters.Type.class,
            description = "element type of a raw file: int8 uint8 int16 int32 int64 float32 float64 text"
                    + " (default: from the extension)")
    private ElementType type;

    @Option(
            names = "--generate",
            paramLabel = "N[K|M|G]",
            converter = Converters.Count.class,
            description = "write N elements to DATA first, unless it exists")
    private Long generateCount;

    @Mixin
    private GenerateOptions generate;

    @Option(
            names = "--tasks",
            paramLabel = "N",
            description = "slices to cut the data into (default: from its size alone)")
    private Integer tasks;

    @Option(
            names = "--retries",
            paramLabel = "N",
            defaultValue = "2",
            description = "how often a task is tried again after its worker died (default: ${DEFAULT-VALUE})")
    private int retries;

    @Option(
            names = "--timeout",
            paramLabel = "D",
            converter = Converters.Time.class,
            description = "how long a worker may take for a task, such as 30s, 500ms or 2m (default: no limit)")
    private Duration timeout;

    @Option(
            names = "--worker-memory",
            paramLabel = "S",
            converter = Converters.Count.class,
            description = "how large a worker's heap may grow, such as 512M (default: what its JVM decides)")
    private Long workerMemory;

    @Option(
            names = "--tasks-per-worker",
            paramLabel = "N",
            description = "replace a worker after N tasks (default: never)")
    private Integer tasksPerWorker;

    @Option(
            names = "--skip-failed",
            description = "leave out the blocks at which the job always fails, say which, and end with exit code 1")
    private boolean skipFailed;

    @Option(
            names = "--chaos",
            paramLabel = "HARM",
            converter = Converters.Harm.class,
            description = "harm workers on purpose, to see the run survive it: seed=7,kill=0.1,stall=0.02,garbage=0.02"
                    + " harms so large a share of the attempts, the same ones with the same seed")
    private Chaos chaos;

    @Option(names = "--json", description = "print one JSON object instead of plain text")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException, IOException {
        MachineLimits.requireRoomFor(procs);
        PoolOptions options = options();
        var grid = ParameterGrid.of(Assignment.byName("--param", parameters), Assignment.byName("--sweep", sweeps));
        DatasetFile dataset = dataset();
        String jobName = Optional.ofNullable(job).orElse(dataset.type().isText() ? "wc" : "stats");
        try (var pool = WorkerPool.open(dataset, options)) {
            RunResult result = pool.submit(source(jobName, grid)).join();
            if (json) {
                JsonAnswer.print(System.out, jobName, dataset, grid, result);
            } else {
                TextAnswer.print(System.out, grid, result.results());
            }
            for (RunReport.LeftOut part : result.report().leftOut()) {
                System.err.println("coordinator: not complete: the answer is without " + part.what()
                        + (grid.isSweep()
                                ? " in the parameter sets from " + part.firstSet() + " to " + (part.endSet() - 1)
                                : "")
                        + ": " + part.cause());
            }
            return result.report().isComplete() ? ExitCode.OK : ExitCode.FAILED;
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    private JobSource.Named source(String jobName, ParameterGrid grid) {
        return jobName.endsWith(".java")
                ? JobCompiler.compile(Path.of(jobName), classPath, grid.sets())
                : new JobSource.Named(jobName, Map.of(), grid.sets());
    }

    private PoolOptions options() {
        return new PoolOptions(
                procs,
                tasks == null ? OptionalInt.empty() : OptionalInt.of(tasks),
                retries,
                new Limits(
                        Optional.ofNullable(timeout),
                        workerMemory == null ? OptionalLong.empty() : OptionalLong.of(workerMemory),
                        tasksPerWorker == null ? OptionalInt.empty() : OptionalInt.of(tasksPerWorker),
                        skipFailed),
                classPath,
                List.of(),
                Optional.ofNullable(chaos),
                System.err);
    }

    private DatasetFile dataset() throws InterruptedException {
        Optional<ElementType> given = Optional.ofNullable(type);
        if (generateCount != null && Files.notExists(data)) {
            generate.generate(data, generateCount, given, false);
        }
        return DatasetFile.open(data, given);
    }
}
