package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.job.DataFunction;
import io.github.forkless.coordinator.machine.Numa;
import io.github.forkless.coordinator.machine.Pin;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.result.RunResult;
import io.github.forkless.testing.ArrowFiles;
import io.github.forkless.worker.Chaos;
import io.github.forkless.worker.jobs.BuiltInJobs;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever carries out the tasks, a run is the same; and what is different about threads. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class EnginesIT {
    private static final PoolOptions PROCESSES = PoolOptions.defaults()
            .withProcs(2)
            .withRunOptions(RunOptions.defaults().withTasks(7));
    private static final PoolOptions THREADS = PROCESSES.withEngine(EngineKind.THREADS);

    /** Threads share static fields: a test can talk to a job through these. */
    private static volatile CountDownLatch started;

    private static volatile CompletableFuture<String> interrupted;
    private static volatile boolean isReleased;

    @TempDir
    static Path folder;

    private DatasetFile numbers;
    private DatasetFile text;
    private DatasetFile table;
    private WorkerPool processes;
    private WorkerPool threads;

    @BeforeAll
    void openPools() throws Exception {
        var random = new Random(5);
        var doubles = ByteBuffer.allocate(Double.BYTES * 200_000).order(ByteOrder.LITTLE_ENDIAN);
        while (doubles.hasRemaining()) {
            doubles.putDouble(random.nextGaussian() * Math.pow(10, random.nextInt(20)));
        }
        DatasetFile flat = DatasetFile.open(
                Files.write(folder.resolve("numbers"), doubles.array()), Optional.of(ElementType.FLOAT64));
        Layout matrix = new Layout.Numbers(ElementType.FLOAT64, 0, flat.count(), List.of(2_000L, 100L));
        numbers = new DatasetFile(flat.path(), matrix, flat.identity());
        String lines = IntStream.range(0, 20_000)
                .mapToObj(i -> "station " + i % 97 + ";" + (i % 1999 - 999) / 10.0 + "\n")
                .collect(Collectors.joining());
        text = DatasetFile.open(Files.writeString(folder.resolve("text"), lines), Optional.of(ElementType.TEXT));
        Double[] prices = random.doubles(20_000).boxed().toArray(Double[]::new);
        String[] regions = IntStream.range(0, prices.length)
                .mapToObj(i -> "region " + i % 31)
                .toArray(String[]::new);
        byte[] columns = ArrowFiles.file(
                List.of(ArrowFiles.texts("region", regions), ArrowFiles.float64("price", prices)), 7_000, 640);
        table = DatasetFile.open(Files.write(folder.resolve("table"), columns), Optional.empty());
        processes = WorkerPool.open(PROCESSES);
        threads = WorkerPool.open(THREADS);
    }

    @AfterAll
    void closePools() {
        processes.close();
        threads.close();
    }

    static Stream<Arguments> jobs() {
        Map<String, Map<String, String>> parameters = Map.of(
                "grep", Map.of("pattern", "on 7;"),
                "count", Map.of("above", "3"),
                "group-by", Map.of("by", "region", "column", "price"));
        Map<String, ElementType> types = Map.of(
                "wc", ElementType.TEXT,
                "grep", ElementType.TEXT,
                "top", ElementType.TEXT,
                "1brc", ElementType.TEXT,
                "group-by", ElementType.TABLE);
        return BuiltInJobs.all().keySet().stream()
                .map(name -> Arguments.of(
                        new NamedJob(name, parameters.getOrDefault(name, Map.of())),
                        types.getOrDefault(name, ElementType.FLOAT64)));
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void everyBuiltInJobHasTheSameAnswerToTheLastBit(NamedJob job, ElementType type) {
        assertSame(job, type == ElementType.TEXT ? text : type == ElementType.TABLE ? table : numbers);
    }

    @Test
    void aSweepHasTheSameAnswers() {
        List<Map<String, String>> sets = IntStream.range(0, 20)
                .mapToObj(i -> Map.of("above", Integer.toString(i * i)))
                .toList();
        assertSame(new NamedJob("count", Map.of(), sets), numbers);
    }

    private void assertSame(NamedJob job, DatasetFile data) {
        try (var byProcesses = processes.on(data);
                var byThreads = threads.on(data)) {
            RunResult expected = byProcesses.runReported(job);
            RunResult actual = byThreads.runReported(job);

            assertThat(actual.results()).isNotEmpty().usingRecursiveComparison().isEqualTo(expected.results());
            assertThat(actual.report().tasks()).isEqualTo(expected.report().tasks());
            assertThat(actual.report().isComplete()).isTrue();
            assertThat(actual.report().workers()).isNotEmpty();
        }
    }

    @Test
    void itsWorkersAreThreadsOfThisJvm() {
        var both = new CountDownLatch(2);
        started = both;
        DataFunction<Integer, String> name = (_, _) -> {
            started.countDown();
            started.await();
            return ProcessHandle.current().pid() + " " + Thread.currentThread().getName();
        };

        long pid = ProcessHandle.current().pid();
        assertThat(threads.map(List.of(1, 2), name)).containsExactlyInAnyOrder(pid + " worker-0", pid + " worker-1");
    }

    @Test
    void itsWorkersHaveNumbersOfTheirOwnThatTheKernelKnows() {
        Set<Long> numbers = new HashSet<>();
        try (var view = threads.on(text)) {
            view.runReported(new NamedJob("wc", Map.of())).report().workers().forEach(it -> numbers.add(it.pid()));
        }

        assertThat(numbers).isNotEmpty().allMatch(it -> Files.exists(Path.of("/proc/self/task", it.toString())));
    }

    @Test
    void aTaskFindsNothingThatTheOneBeforeHasLeftOnItsThread() {
        DataFunction<Integer, String> mark = (_, _) -> {
            Thread self = Thread.currentThread();
            String found = self.getName() + " " + self.getPriority() + " " + self.isInterrupted();
            self.setName("mine");
            self.setPriority(Thread.MAX_PRIORITY);
            self.interrupt();
            return found;
        };

        assertThat(IntStream.range(0, 20)
                        .mapToObj(i -> threads.map(List.of(i), mark).getFirst()))
                .allMatch(found -> found.matches("worker-[01] 5 false"));
    }

    static Stream<Throwable> ends() {
        return Stream.of(
                new IllegalStateException("no price"),
                new OutOfMemoryError("Java heap space"),
                new StackOverflowError());
    }

    /** In a child JVM some of these would end it. */
    @ParameterizedTest
    @MethodSource("ends")
    void whateverAJobThrowsIsTheEndOfItsRunAlone(Throwable thrown) {
        var failed = catchThrowableOfType(
                RunFailedException.class,
                () -> threads.map(List.of(1), (_, n) -> {
                    if (thrown instanceof Error error) {
                        throw error;
                    }
                    throw (RuntimeException) thrown;
                }));

        assertThat(failed).hasMessageStartingWith("the job failed at ").hasMessageContaining(thrown.toString());
        assertThat(failed.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.error()).isEqualTo(thrown.getClass().getName());
            assertThat(failure.trace()).contains("EnginesIT");
        });
        assertThat(threads.map(List.of(1), (_, n) -> n + 1)).containsExactly(2);
    }

    @Test
    void aTaskThatIgnoresInterruptsIsGivenUpWhenItsTimeIsOver() {
        PoolOptions limited = Runs.with(THREADS, run -> run.withRetries(1).withTimeout(Duration.ofMillis(50)));
        isReleased = false;
        try (var pool = WorkerPool.open(limited)) {
            var failed = catchThrowableOfType(
                    RunFailedException.class,
                    () -> pool.map(List.of(1), (_, n) -> {
                        while (!isReleased) {
                            Thread.onSpinWait();
                        }
                        return n;
                    }));

            assertThat(failed)
                    .hasMessageStartingWith("every attempt at parameter 0 ended its worker")
                    .hasMessageContaining("2 attempts")
                    .hasMessageContaining("timed out after 50 ms");
            assertThat(pool.map(List.of(1, 2), (_, n) -> n)).as("by others").containsExactly(1, 2);
        } finally {
            isReleased = true;
        }
    }

    @Test
    void cancellingARunInterruptsItsTask() throws Exception {
        started = new CountDownLatch(1);
        interrupted = new CompletableFuture<>();
        CompletableFuture<List<Integer>> run = threads.submitMap(List.of(1), (_, n) -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.complete(Thread.currentThread().getName());
            }
            return n;
        });
        started.await();

        run.cancel(true);

        assertThat(interrupted.get()).startsWith("worker-");
        assertThat(threads.map(List.of(1, 2, 3), (_, n) -> n)).containsExactly(1, 2, 3);
    }

    @Test
    void closingThePoolDoesNotWaitForATaskThatNeverEnds() throws Exception {
        started = new CountDownLatch(1);
        isReleased = false;
        try {
            CompletableFuture<?> run;
            try (var pool = WorkerPool.open(THREADS)) {
                run = pool.submitMap(List.of(1), (_, n) -> {
                    started.countDown();
                    while (!isReleased) {
                        Thread.onSpinWait();
                    }
                    return n;
                });
                started.await();
            }
            assertThat(run).failsWithin(Duration.ofDays(1)).withThrowableThat().withMessageContaining("closed");
        } finally {
            isReleased = true;
        }
    }

    @Test
    void jobsAreFoundOnTheClassPathOfTheOptions() throws Exception {
        Path source = Files.writeString(folder.resolve("Elements.java"), """
            import io.github.forkless.common.dataset.Block;
            import io.github.forkless.common.job.Job;

            public record Elements() implements Job<Long, Long> {
                public Long start() {
                    return 0L;
                }

                public Long accept(Long count, Block block) {
                    return count + block.count();
                }

                public Long merge(Long left, Long right) {
                    return left + right;
                }

                public Long finish(Long count) {
                    return count;
                }
            }
            """);
        Path classes = Files.createDirectory(folder.resolve("classes"));
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-proc:none", "-d", classes.toString(), source.toString()))
                .isZero();

        try (var pool = WorkerPool.open(numbers, THREADS.withClassPath(List.of(classes)))) {
            assertThat(pool.runReported(new NamedJob("Elements", Map.of())).results())
                    .containsExactly(200_000L);
        }
    }

    @Test
    void aJournalGoesOnWithTheOtherEngine() {
        var said = new ByteArrayOutputStream();
        UnaryOperator<PoolOptions> journaled =
                options -> Runs.with(options, run -> run.withJournal(folder.resolve("run.journal")))
                        .withWorkerOutput(new PrintStream(said, true, StandardCharsets.UTF_8));
        var job = new NamedJob("stats", Map.of());
        RunResult first;
        try (var pool = WorkerPool.open(numbers, journaled.apply(PROCESSES))) {
            first = pool.runReported(job);
        }
        try (var pool = WorkerPool.open(numbers, journaled.apply(THREADS))) {
            RunResult again = pool.runReported(job);

            assertThat(again.results()).isEqualTo(first.results());
            assertThat(again.report().resumed()).isEqualTo(first.report().tasks());
            assertThat(again.report().attempts()).isZero();
        }
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("finished already");
    }

    static Stream<Arguments> forProcessesAlone() {
        return Stream.of(
                refused("PoolOptions.withWorkerMemory", it -> it.withWorkerMemory(64 << 20)),
                refused("PoolOptions.withTasksPerWorker", it -> it.withTasksPerWorker(3)),
                refused("PoolOptions.withChaos", it -> it.withChaos(Chaos.parse("seed=1,kill=0.1"))),
                refused("PoolOptions.withPin", it -> it.withPin(Pin.CPU)),
                refused("PoolOptions.withNuma", it -> it.withNuma(Numa.INTERLEAVE)),
                refused("PoolOptions.withJvmOptions", it -> it.withJvmOptions("-Xss64m")),
                refused("PoolOptions.withEnvironment", it -> it.withEnvironment("NAME", "value")),
                refused("PoolOptions.withWorkingFolder", it -> it.withWorkingFolder(Path.of("/"))));
    }

    private static Arguments refused(String option, UnaryOperator<PoolOptions> change) {
        return Arguments.of(option, change);
    }

    @ParameterizedTest
    @MethodSource("forProcessesAlone")
    void whatNeedsProcessesIsRefused(String option, UnaryOperator<PoolOptions> change) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> change.apply(THREADS))
                .withMessageStartingWith(option + " ")
                .withMessageContaining("the engine 'threads'")
                .withMessageEndingWith("use PoolOptions.withEngine(PROCESSES)");
    }
}
