package io.github.forkless.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.forkless.common.shared.Doubles;
import io.github.forkless.common.shared.Shared;
import io.github.forkless.coordinator.PoolOptions;
import io.github.forkless.coordinator.WorkerPool;
import io.github.forkless.testing.Patience;
import io.github.forkless.testing.Thorough;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Runs on a real cluster: a master and two workers, which are called 127.0.0.1 and 127.0.0.2. */
class SparkIT {
    private static final String SMALL = "--spark-conf=spark.executor.memory=512m";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static SparkCluster cluster;
    private static Path floats;
    /** What the second host sees in place of {@code data/other}. */
    private static Path other;

    @BeforeAll
    static void startCluster() throws IOException, InterruptedException {
        Path hidden = Files.createDirectories(folder.resolve("hidden"));
        boolean mayMount = new ProcessBuilder("unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/dev/shm")
                        .inheritIO()
                        .start()
                        .waitFor()
                == 0;
        other = mayMount ? hidden : null;
        cluster = new SparkCluster(folder.resolve("cluster"), 2, Optional.ofNullable(other));
        floats = generated("floats.f64", "2M", "--type", "float64", "--dist", "normal");
    }

    @AfterAll
    static void endCluster() throws InterruptedException {
        if (cluster != null) {
            cluster.stop();
        }
    }

    /** In a folder that no host has anything in the place of. */
    private static Path generated(String name, String count, String... options)
            throws IOException, InterruptedException {
        List<Object> arguments = new ArrayList<>(List.of("generate", "--count", count));
        arguments.addAll(List.of(options));
        Path file = folder.resolve(name);
        arguments.add(file);
        Command.run(folder, arguments.toArray()).requireOk();
        return file;
    }

    private static Command spark(Object... arguments) throws IOException, InterruptedException {
        return Command.run(folder, onSpark(arguments));
    }

    private static Object[] onSpark(Object... arguments) {
        return Stream.concat(
                        Stream.of(
                                "--engine",
                                "spark",
                                "--master",
                                cluster.master(),
                                SMALL,
                                "--procs",
                                4,
                                "--no-progress"),
                        Stream.of(arguments))
                .toArray();
    }

    /** What takes half a minute each, and finds less than the others. */
    private static void onlyInTheWhole() {
        assumeTrue(Thorough.IS_WHOLE, "takes long; .ci/slow whole has it run");
    }

    private static Path source(String name, String body) throws IOException {
        Path file = folder.resolve(name + ".java");
        Files.writeString(file, body.replace("NAME", name));
        return file;
    }

    @Test
    void theAnswerIsThatOfProcessesToTheLastBit() throws IOException, InterruptedException {
        Path job = source("Squares", """
            import io.github.forkless.common.dataset.*;
            import io.github.forkless.common.job.*;
            import io.github.forkless.common.shared.Shared;

            public record NAME(double scale, Shared<Block> weights) implements Job<double[], Double> {
                public double[] start() { return new double[1]; }
                public double[] accept(double[] sum, Block block) {
                    Block all = weights.get();
                    for (long i = 0; i < block.count(); i++) {
                        double weight = all.doubleAt((block.start() + i) % all.count());
                        sum[0] += scale * weight * block.doubleAt(i) * block.doubleAt(i);
                    }
                    return sum;
                }
                public double[] merge(double[] left, double[] right) { left[0] += right[0]; return left; }
                public Double finish(double[] sum) { return sum[0]; }
            }
            """);
        Path weights = Files.copy(
                generated("weights.f64", "64K", "--type", "float64"),
                cluster.data().resolve("weights.f64"));
        if (other != null) { // a file of its own there, with the same content
            Files.copy(weights, other.resolve("weights.f64"));
        }
        Object[] run = {"--job", job, "--with", "weights=" + weights, "--sweep", "scale=1,3,7", "--tasks", 23, floats};
        Command local = Command.run(folder, run).requireOk();
        assertThat(spark(run).requireOk().out()).isEqualTo(local.out());
    }

    @Test
    void aHeapForWorkerProcessesIsRefusedWhereThereAreNone() throws IOException, InterruptedException {
        onlyInTheWhole();
        Command run = spark("--worker-memory", "100M", floats);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("add --executor-workers N");
    }

    @Test
    void anExecutorThatIsKilledCostsOnlyWhatItWasAt() throws IOException, InterruptedException {
        Path started = Files.createDirectories(folder.resolve("started"));
        Path job = source("Slow", """
            import io.github.forkless.common.dataset.*;
            import io.github.forkless.common.job.*;
            import java.nio.file.*;

            public record NAME() implements Job<long[], Long> {
                public long[] start() { return new long[1]; }
                public long[] accept(long[] count, Block block) {
                    try {
                        Files.createTempFile(Path.of("%s"), "", "");
                        while (Files.notExists(Path.of("%s/go"))) { Thread.sleep(5); } // until the test says so
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    count[0] += block.count();
                    return count;
                }
                public long[] merge(long[] left, long[] right) { left[0] += right[0]; return left; }
                public Long finish(long[] count) { return count[0]; }
            }
            """.formatted(started, started));
        var run = Command.start(folder, onSpark("--job", job, "--tasks", 20, "--json", floats));
        assertThat(Patience.awaits(Duration.ofSeconds(40), () -> {
                    try (Stream<Path> files = Files.list(started)) {
                        return files.count() >= 4;
                    }
                }))
                .as("all four workers are at a task")
                .isTrue();
        ProcessHandle killed = cluster.executors().getFirst();
        killed.destroyForcibly();
        killed.onExit().join();
        Files.createFile(started.resolve("go"));
        Command ended = run.join().requireOk();
        assertThat(ended.out())
                .contains("\"result\":" + (2 << 20))
                .contains("\"retries\":2")
                .containsPattern("executor \\d+ on host 127\\.0\\.0\\.[12] was lost: ");
    }

    @Test
    void aCrashCostsOneAttemptWhereExecutorsHaveWorkersOfTheirOwn() throws IOException, InterruptedException {
        Path crashed = folder.resolve("crashed");
        Path job = source("Crashing", """
            import io.github.forkless.common.dataset.*;
            import io.github.forkless.common.job.*;
            import java.nio.file.*;

            public record NAME() implements Job<long[], Long> {
                public long[] start() { return new long[1]; }
                public long[] accept(long[] count, Block block) {
                    try {
                        Files.createFile(Path.of("%s"));
                        System.err.println("these are my last words");
                        Runtime.getRuntime().halt(134);
                    } catch (FileAlreadyExistsException e) {
                        // It has happened.
                    } catch (java.io.IOException e) {
                        throw new IllegalStateException(e);
                    }
                    count[0] += block.count();
                    return count;
                }
                public long[] merge(long[] left, long[] right) { left[0] += right[0]; return left; }
                public Long finish(long[] count) { return count[0]; }
            }
            """.formatted(crashed));
        Path trace = folder.resolve("trace.json");
        Path page = folder.resolve("page.html");
        Command run = spark(
                        "--executor-workers",
                        2,
                        "--job",
                        job,
                        "--tasks",
                        50,
                        "--json",
                        "--trace",
                        trace,
                        "--report",
                        page,
                        floats)
                .requireOk();
        assertThat(run.out())
                .contains("\"result\":" + (2 << 20))
                .contains("\"retries\":1")
                .containsPattern("on host 127\\.0\\.0\\.[12], in executor \\d")
                .contains("these are my last words");
        for (String host : List.of(SparkCluster.host(0), SparkCluster.host(1))) {
            assertThat(run.out()).contains("\"where\":\"" + host + ", executor ");
            assertThat(Files.readString(trace)).contains(host + ", executor ");
            assertThat(Files.readString(page)).contains(host + ", executor ");
        }
    }

    @Test
    void aBlockThatAlwaysCrashesIsNarrowedDownAndNamed() throws IOException, InterruptedException {
        onlyInTheWhole();
        Path numbers = folder.resolve("numbers.i64");
        try (var out = new java.io.DataOutputStream(Files.newOutputStream(numbers))) {
            for (int i = 0; i < 100_000; i++) {
                out.writeLong(Long.reverseBytes(i));
            }
        }
        Path job = source("Fatal", """
            import io.github.forkless.common.dataset.*;
            import io.github.forkless.common.job.*;

            public record NAME() implements Job<long[], Long> {
                public long[] start() { return new long[1]; }
                public long[] accept(long[] count, Block block) {
                    for (long i = 0; i < block.count(); i++) {
                        if (block.longAt(i) == 77_777) { Runtime.getRuntime().halt(3); }
                    }
                    count[0] += block.count();
                    return count;
                }
                public long[] merge(long[] left, long[] right) { left[0] += right[0]; return left; }
                public Long finish(long[] count) { return count[0]; }
            }
            """);
        Command run =
                spark("--executor-workers", 2, "--job", job, "--retries", 0, "--skip-failed", "--tasks", 10, numbers);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("not complete: the answer is without elements 7")
                .contains("in executor");
    }

    @Test
    void whereExecutorsEndAllThatTheyAreAtNoBlockIsSingledOut() throws IOException, InterruptedException {
        onlyInTheWhole();
        Path job = source("Exiting", """
            import io.github.forkless.common.dataset.*;
            import io.github.forkless.common.job.*;

            public record NAME() implements Job<long[], Long> {
                public long[] start() { return new long[1]; }
                public long[] accept(long[] count, Block block) {
                    System.exit(5);
                    return count;
                }
                public long[] merge(long[] left, long[] right) { left[0] += right[0]; return left; }
                public Long finish(long[] count) { return count[0]; }
            }
            """);
        Command run = spark("--job", job, "--retries", 1, "--tasks", 4, floats);
        assertThat(run.code()).as(run.err()).isEqualTo(1);
        assertThat(run.err())
                .contains("every attempt at elements", "2 attempts", "with --executor-workers N")
                .doesNotContain("no executor has had room");
    }

    @Test
    void aFileThatDiffersOnOneHostIsNamedWithTheHost() throws IOException, InterruptedException {
        assumeTrue(other != null, "this user may not have a host see other files");
        Path data = cluster.data().resolve("x.bin");
        Files.write(data, new byte[1 << 20]);
        byte[] changed = new byte[1 << 20];
        changed[0] = 1;
        Files.write(other.resolve("x.bin"), changed);
        Command run = spark("--job", "sum", "--tasks", 8, data);
        assertThat(run.code()).as(run.err()).isEqualTo(3);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(data + ": has other content").contains("on host 127.0.0.2");
    }

    @Test
    void aFileOfAnotherLengthAndOneThatIsMissingAreNamedWithTheHost() throws IOException, InterruptedException {
        onlyInTheWhole();
        assumeTrue(other != null, "this user may not have a host see other files");
        Path data = cluster.data().resolve("y.bin");
        Files.write(data, new byte[1 << 20]);
        Files.write(other.resolve("y.bin"), new byte[1 << 19]);
        Command run = spark("--job", "sum", "--tasks", 8, data);
        assertThat(run.code()).as(run.err()).isEqualTo(3);
        assertThat(run.err())
                .contains("has 524288 bytes, and 1048576 are expected")
                .contains("on host 127.0.0.2");

        Files.delete(other.resolve("y.bin"));
        run = spark("--job", "sum", "--tasks", 8, data);
        assertThat(run.code()).as(run.err()).isEqualTo(3);
        assertThat(run.err()).contains("no such file").contains("on host 127.0.0.2");
    }

    @Test
    void aProgramsLambdaAndItsDataReachTheExecutors() throws IOException, InterruptedException {
        double[] values = IntStream.range(0, 100_000).mapToDouble(i -> i / 7.0).toArray();
        SparkEngine engine = SparkEngine.at(cluster.master())
                .withConfiguration("spark.executor.memory", "512m")
                .withConfiguration("spark.driver.host", SparkCluster.host(0));
        try (var pool = WorkerPool.open(PoolOptions.defaults().withEngine(engine))) {
            Shared<Doubles> shared = pool.share(Doubles.of(values));
            List<Double> sums = pool.map(IntStream.range(0, 40).boxed().toList(), from -> {
                double sum = 0;
                for (int i = from; i < shared.get().count(); i += 40) {
                    sum += shared.get().at(i);
                }
                return sum;
            });
            for (int from = 0; from < 40; from++) {
                double sum = 0;
                for (int i = from; i < values.length; i += 40) {
                    sum += values[i];
                }
                assertThat(sums.get(from)).isEqualTo(sum);
            }
            if (other != null) {
                assertThat(copies())
                        .as("what the second host was given")
                        .allMatch(SparkIT::isForItsOwnerAlone)
                        .isNotEmpty();
                shared.close();
                assertThat(Patience.awaits(Duration.ofSeconds(5), () -> copies().isEmpty()))
                        .as("it is gone when it is closed")
                        .isTrue();
            }
        }
        assertThat(Patience.awaits(
                        Duration.ofSeconds(5), () -> cluster.executors().isEmpty()))
                .as("executors end with the pool")
                .isTrue();
    }

    /** Shared data in the memory of a host that has a file system of its own. */
    private static List<Path> copies() throws IOException {
        List<Path> copies = new ArrayList<>();
        for (ProcessHandle executor : cluster.executors()) {
            Path memory = Path.of("/proc", Long.toString(executor.pid()), "root/dev/shm");
            if (!Files.isSameFile(memory, Path.of("/dev/shm"))) {
                try (Stream<Path> files = Files.walk(memory)) {
                    copies.addAll(files.filter(Files::isRegularFile).toList());
                }
            }
        }
        return copies;
    }

    private static boolean isForItsOwnerAlone(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                    .equals("rw-------");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void tasksGoToTheHostsThatFilesAreCloseTo() throws IOException, InterruptedException {
        onlyInTheWhole();
        Path parts = Files.createDirectories(folder.resolve("parts"));
        Path hosts = folder.resolve("hosts.txt");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Path part = Files.copy(floats, parts.resolve("part-" + i + ".f64"));
            lines.add(part + " " + SparkCluster.host(i % 2));
        }
        Files.write(hosts, lines);
        Command local = Command.run(folder, "--job", "sum", parts).requireOk();
        Command run = spark("--job", "sum", "--hosts", hosts, "--json", parts).requireOk();
        assertThat(run.out()).contains(local.out().strip());
    }

    @Test
    void sparkSubmitStartsTheSameRun() throws IOException, InterruptedException {
        onlyInTheWhole();
        Path jar;
        try (Stream<Path> files = Files.list(SparkCluster.spark())) {
            jar = files.filter(file -> file.getFileName().toString().startsWith("forkless-spark-"))
                    .findFirst()
                    .orElseThrow();
        }
        Path opened = Files.write( // as Spark's script has them, which knows nothing of our log
                folder.resolve("opened"),
                Files.readAllLines(SparkCluster.spark().resolve("java-options")).stream()
                        .filter(option -> option.startsWith("--"))
                        .toList());
        Command local = Command.run(folder, "--job", "stats", floats).requireOk();
        Command submitted = Command.startAny(
                        folder,
                        Map.of(),
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "@" + opened,
                                "-cp",
                                folder.resolve("cluster").resolve("jars") + "/*",
                                "org.apache.spark.deploy.SparkSubmit",
                                "--master",
                                cluster.master(),
                                "--conf",
                                "spark.executor.memory=512m",
                                jar.toString(),
                                "--job",
                                "stats",
                                floats.toString()))
                .join()
                .requireOk();
        assertThat(submitted.out()).isEqualTo(local.out());
    }

    @Test
    void whatIsWrongWithTheClusterIsOneSentence() throws IOException, InterruptedException {
        expectSentence(
                Command.run(folder, "--engine", "spark", "--master", "spark://127.0.0.1:1", floats),
                1,
                "no Spark master answers at spark://127.0.0.1:1 (Connection refused); start it");
        expectSentence(
                Command.run(folder, "--engine", "spark", floats),
                2,
                "--engine spark needs to know where Spark is: add --master spark://HOST:7077");
        expectSentence(
                Command.run(folder, "--engine", "spark", "--master", "sprak://x", floats),
                1,
                "that is no address of a cluster; it looks like spark://HOST:7077");
        expectSentence(Command.run(folder, "--master", cluster.master(), floats), 2, "--master is for a cluster");
        expectSentence(spark("--numa", "local", floats), 2, "--numa is for worker processes of this machine");
    }

    @Test
    void aTaskThatTakesTooLongIsEndedAndReported() throws IOException, InterruptedException {
        onlyInTheWhole();
        Path job = source("Stuck", """
            import io.github.forkless.common.dataset.*;
            import io.github.forkless.common.job.*;

            public record NAME() implements Job<long[], Long> {
                public long[] start() { return new long[1]; }
                public long[] accept(long[] count, Block block) {
                    while (block.count() > 0) { Thread.onSpinWait(); }
                    count[0] += block.count();
                    return count;
                }
                public long[] merge(long[] left, long[] right) { left[0] += right[0]; return left; }
                public Long finish(long[] count) { return count[0]; }
            }
            """);
        Command run =
                spark("--executor-workers=2", "--tasks", 2, "--job", job, "--timeout", "3s", "--retries", 1, floats);
        assertThat(run.code()).as(run.err()).isEqualTo(1);
        assertThat(run.err()).contains("timed out after 3 s").contains("127.0.0.");
        assertThat(run.err()).as("the second attempt is timed as the first").doesNotContain("before it was ready");
    }

    @Test
    void theJarsAreThoseOfSparkHome() throws IOException, InterruptedException {
        onlyInTheWhole();
        Command local = Command.run(folder, "--job", "sum", floats).requireOk();
        var environment = Map.of("SPARK_HOME", folder.resolve("cluster").toString());
        List<String> command = List.of(
                SparkCluster.home().resolve("bin/coordinator").toString(),
                "--engine=spark",
                "--master=local[2]",
                "--job=sum",
                floats.toString());
        assertThat(Command.startAny(folder, environment, command)
                        .join()
                        .requireOk()
                        .out())
                .isEqualTo(local.out());
        expectSentence(
                Command.startAny(folder, Map.of("SPARK_HOME", "/nowhere"), command)
                        .join(),
                1,
                "SPARK_HOME is /nowhere, and there is no folder /nowhere/jars");
    }

    @Test
    void aClusterWithoutRoomIsSaid() throws IOException, InterruptedException {
        onlyInTheWhole();
        expectSentence(
                Command.run(
                        folder,
                        "--engine=spark",
                        "--master=" + cluster.master(),
                        "--spark-conf=spark.executor.memory=64g",
                        "--spark-conf=spark.scheduler.maxRegisteredResourcesWaitingTime=3s",
                        floats),
                1,
                "has started no executor within 3 s: no worker has a free processor and 64g of free memory");
    }

    @Test
    void anExecutorWithAnOlderJavaIsSaid() throws IOException, InterruptedException {
        onlyInTheWhole();
        Optional<Path> old = olderJava();
        assumeTrue(old.isPresent(), "there is no JDK older than 25 on this machine");
        expectSentence(
                spark("--spark-conf=spark.executorEnv.JAVA_HOME=" + old.get(), floats),
                1,
                ", and JDK 25 or newer is needed; set JAVA_HOME of the workers");
    }

    private static Optional<Path> olderJava() throws IOException {
        Pattern version = Pattern.compile("JAVA_VERSION=\"(\\d+)");
        try (Stream<Path> jdks = Files.list(Path.of("/usr/lib/jvm"))) {
            for (Path jdk : (Iterable<Path>) jdks::iterator) {
                Path release = jdk.resolve("release");
                if (Files.isExecutable(jdk.resolve("bin").resolve("java")) && Files.isReadable(release)) {
                    Matcher found = version.matcher(Files.readString(release));
                    if (found.find()
                            && Integer.parseInt(found.group(1)) >= 17
                            && Integer.parseInt(found.group(1)) < 25) {
                        return Optional.of(jdk);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static void expectSentence(Command run, int code, String sentence) {
        assertThat(run.err()).contains(sentence).doesNotContain("\tat ").doesNotContain("Exception");
        assertThat(run.code()).as(run.err()).isEqualTo(code);
        assertThat(run.out()).isEmpty();
    }
}
