package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.coordinator.PoolOptions;
import io.github.forkless.coordinator.RunResult;
import io.github.forkless.coordinator.WorkerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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

    @Option(names = "--param", paramLabel = "K=V", description = "a parameter of the job")
    private Map<String, String> parameters = new LinkedHashMap<>();

    @Option(
            names = "--sweep",
            paramLabel = "K=RANGE",
            description = "run the job for each value of a parameter: from:to, from:to:step, or a,b,c;"
                    + " several sweeps multiply")
    private Map<String, String> sweeps = new LinkedHashMap<>();

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

    @Option(names = "--json", description = "print one JSON object instead of plain text")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException, IOException {
        PoolOptions options = options();
        MachineLimits.requireRoomFor(procs);
        var grid = ParameterGrid.of(parameters, sweeps);
        DatasetFile dataset = dataset();
        String jobName = Optional.ofNullable(job).orElse(dataset.type().isText() ? "wc" : "stats");
        try (var pool = WorkerPool.open(dataset, options)) {
            RunResult result = pool.submit(source(jobName, grid)).join();
            if (json) {
                JsonAnswer.print(System.out, jobName, dataset, grid, result);
            } else {
                TextAnswer.print(System.out, grid, result.results());
            }
            return ExitCode.OK;
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
                classPath,
                List.of(),
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
