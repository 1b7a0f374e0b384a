package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.job.Job;
import io.github.forkless.coordinator.JournaledJobs.Bulky;
import io.github.forkless.coordinator.JournaledJobs.Digest;
import io.github.forkless.coordinator.JournaledJobs.Fragile;
import io.github.forkless.coordinator.journal.JournalException;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.result.RunReport;
import io.github.forkless.coordinator.result.RunResult;
import io.github.forkless.testing.LongTest;
import io.github.forkless.worker.jobs.Stats;
import io.github.forkless.worker.jobs.Sum;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Runs with a journal that end before they are done, and are started again. */
@Execution(ExecutionMode.SAME_THREAD)
class JournaledRunsIT {
    private static final int BLOCK = 1 << 15;
    private static final int ELEMENTS = 64 * BLOCK;
    private static final int TASKS = 16;

    @TempDir
    Path folder;

    private Path data;
    private Path journal;
    private Path cure;
    private final ByteArrayOutputStream chatter = new ByteArrayOutputStream();
    private PoolOptions two;

    @BeforeEach
    void writeData() {
        data = TestData.ints(folder.resolve("data.bin"), ELEMENTS, i -> i % 1000);
        journal = folder.resolve("run.journal");
        cure = folder.resolve("cure");
        two = PoolOptions.defaults()
                .withProcs(2)
                .withRunOptions(
                        RunOptions.defaults().withTasks(TASKS).withRetries(0).withJournal(journal))
                .withWorkerOutput(new PrintStream(chatter, true));
    }

    @AfterEach
    void noWorkerIsLeft() {
        TestData.assertNoWorkerIsLeft();
    }

    @Test
    void theDatasetItselfIsNoJournal() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.bin"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), empty);

        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> WorkerPool.open(empty, Runs.with(two, run -> run.withJournal(link))))
                .withMessage("the journal " + link + " is the dataset itself; give another file");
        assertThat(empty).isEmptyFile();
    }

    private Fragile fragile(double scale, long at, String way) {
        return new Fragile(scale, at, way, cure.toString());
    }

    private RunResult run(PoolOptions options, Job<?, ?>... jobs) {
        try (var pool = WorkerPool.open(data, options)) {
            return pool.runReported(List.of(jobs));
        }
    }

    /** Whatever carries out the tasks, an answer is the same; threads need not start. */
    private static PoolOptions inThreads(PoolOptions options) {
        return options.withEngine(EngineKind.THREADS);
    }

    private List<Object> withoutJournal(Job<?, ?>... jobs) {
        return withoutJournal(TASKS, jobs);
    }

    private List<Object> withoutJournal(int tasks, Job<?, ?>... jobs) {
        PoolOptions options =
                PoolOptions.defaults().withRunOptions(RunOptions.defaults().withTasks(tasks));
        return run(inThreads(options), jobs).results();
    }

    private void assertAllIsThere(PoolOptions options, Job<?, ?>... jobs) {
        assertThat(run(inThreads(options), jobs).report().attempts()).isZero();
    }

    private void cure() throws IOException {
        Files.createFile(cure);
    }

    private void assertFails(PoolOptions options, Job<?, ?>... jobs) {
        assertThatExceptionOfType(RunFailedException.class).isThrownBy(() -> run(options, jobs));
    }

    private static void assertResumed(RunReport report) {
        assertThat(report.isComplete()).isTrue();
        assertThat(report.resumed()).isPositive();
        assertThat(report.attempts()).isPositive();
        assertThat(report.attempts() + report.resumed()).isEqualTo(report.tasks());
    }

    // ---- going on

    @LongTest
    @Test
    void aRunThatFailedGoesOnAndItsAnswerIsTheSameToTheLastBit() throws Exception {
        Fragile job = fragile(1 / 3.0, 40 * BLOCK, "THROW");
        assertFails(two, job);
        cure();

        RunResult resumed = run(two, job);
        assertThat(resumed.results()).isEqualTo(withoutJournal(job));
        assertResumed(resumed.report());
        assertThat(chatter.toString())
                .containsPattern("\\[journal run.journal] " + resumed.report().resumed() + " pieces? of this run");

        RunResult again = run(two.withProcs(1), job);
        assertThat(again.results()).isEqualTo(resumed.results());
        assertThat(again.report().attempts()).isZero();
        assertThat(again.report().resumed()).isEqualTo(TASKS);
        assertThat(again.report().tasks()).isEqualTo(TASKS);
    }

    /** More partials than are merged at a time, in an order that is not the dataset's, and their end torn anywhere. */
    @LongTest
    @Test
    void whereverAJournalWasCutOffTheRestIsDone() throws Exception {
        Fragile job = fragile(1 / 7.0, -1, "");
        PoolOptions many = Runs.with(two, run -> run.withTasks(400));
        List<Object> expected = withoutJournal(400, job);
        assertThat(run(many, job).results()).isEqualTo(expected);
        byte[] whole = Files.readAllBytes(journal);
        var random = new Random(4);
        for (int i = 0; i < 4; i++) {
            cutJournal(whole, random.nextInt(whole.length));

            RunResult result = run(many, job);

            assertThat(result.results()).isEqualTo(expected);
            assertThat(result.report().attempts() + result.report().resumed()).isEqualTo(400);
            assertThat(journal).as("what was done again is written again").hasSize(whole.length);
        }
    }

    private void cutJournal(byte[] whole, int length) throws IOException {
        try (var file = FileChannel.open(
                journal, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            file.write(ByteBuffer.wrap(whole, 0, length));
        }
    }

    @LongTest
    @Test
    void partsOfASliceAreNotDoneAgain() throws Exception {
        Fragile job = fragile(1, 43 * BLOCK + 5, "HALT");
        assertFails(Runs.with(two, run -> run.withRetries(1)), job);
        cure();

        RunResult resumed = run(Runs.with(two, run -> run.withRetries(1)), job);

        assertThat(resumed.results()).isEqualTo(withoutJournal(job));
        assertThat(resumed.report().resumed()).isPositive().isLessThan(TASKS);
        // Slice 10 is of blocks 40 to 43: its first half is there, and the first half of the rest.
        assertThat(resumed.report().attempts())
                .isEqualTo(TASKS - resumed.report().resumed());
        assertAllIsThere(two, job);
    }

    @LongTest
    @Test
    void whatWasLeftOutIsTriedAgain() throws Exception {
        PoolOptions skipping = Runs.with(two, run -> run.withSkipFailed(true));
        Fragile job = fragile(1, 43 * BLOCK + 5, "HALT");
        List<Slice> fatal = List.of(new Slice(43 * BLOCK, 44 * BLOCK));

        RunReport first = run(skipping, job).report();
        RunResult second = run(skipping, job);
        assertThat(first.leftOut()).extracting(RunReport.LeftOut::slice).isEqualTo(fatal);
        assertThat(second.report().leftOut())
                .extracting(RunReport.LeftOut::slice)
                .isEqualTo(fatal);
        assertThat(second.report().attempts()).isEqualTo(1);
        assertThat(second.report().resumed()).isEqualTo(TASKS - 1);
        assertFails(two, job);

        cure();
        RunResult third = run(two, job);
        assertThat(third.results()).isEqualTo(withoutJournal(job));
        assertThat(third.report().isComplete()).isTrue();
        assertThat(third.report().attempts()).isEqualTo(1);
    }

    @LongTest
    @Test
    void aSingleSliceThatWasNarrowedGoesOn() throws Exception {
        PoolOptions one = Runs.with(two, run -> run.withTasks(1).withRetries(1));
        Fragile[] jobs = {fragile(1, 43 * BLOCK + 5, "HALT"), fragile(2, -1, "")};
        assertFails(one, jobs);
        cure();

        RunResult resumed = run(one, jobs);

        assertThat(resumed.results()).isEqualTo(withoutJournal(jobs));
        assertThat(resumed.report().resumed()).isBetween(0L, 1L);
        assertThat(resumed.report().tasks()).isEqualTo(2);
        RunReport again = run(inThreads(one), jobs).report();
        assertThat(again.attempts()).isZero();
        assertThat(again.resumed()).isEqualTo(2);
    }

    @LongTest
    @Test
    void jobsThatNeedOrderGoOnByParametersWithAnyNumberOfWorkers() throws Exception {
        Digest[] jobs = IntStream.range(0, 9)
                .mapToObj(i -> new Digest(i + 3, i == 7, cure.toString()))
                .toArray(Digest[]::new);
        assertFails(two, jobs);
        cure();

        RunResult resumed = run(two.withProcs(3), jobs);

        assertThat(resumed.results()).isEqualTo(withoutJournal(jobs));
        assertResumed(resumed.report());
        assertThat(resumed.report().tasks()).isEqualTo(9);
        assertAllIsThere(two, jobs);
    }

    @Test
    void manyParameterSetsOverLittleDataGoOn() throws Exception {
        data = TestData.ints(folder.resolve("small.bin"), 10, i -> i);
        Fragile[] jobs = IntStream.range(0, 300)
                .mapToObj(i -> fragile(i / 3.0, i == 222 ? 5 : -1, "THROW"))
                .toArray(Fragile[]::new);
        PoolOptions one = Runs.with(two, run -> run.withTasks(1));
        assertFails(one, jobs);
        cure();

        RunResult resumed = run(one, jobs);

        assertThat(resumed.results()).isEqualTo(withoutJournal(jobs));
        assertResumed(resumed.report());
    }

    @LongTest
    @Test
    void aSecondPassGoesOnToo() throws Exception {
        var histogram = new NamedJob("histogram", Map.of(), List.of(Map.of("bins", "20")));
        RunResult whole = submit(histogram);
        byte[] bytes = Files.readAllBytes(journal);
        RunReport again = submit(histogram).report();
        assertThat(again.attempts()).isZero();
        assertThat(again.resumed()).as("of both passes").isEqualTo(2 * TASKS);

        // Half a pass has half of the records, and the first pass comes first.
        for (int percent : List.of(25, 75, 95)) {
            cutJournal(bytes, bytes.length * percent / 100);

            RunResult resumed = submit(histogram);

            assertThat(resumed.results()).usingRecursiveComparison().isEqualTo(whole.results());
            assertThat(resumed.report().resumed() > TASKS).isEqualTo(percent > 50);
            assertThat(resumed.report().attempts()).isPositive();
        }
    }

    private RunResult submit(NamedJob job) {
        try (var pool = WorkerPool.open(data, two)) {
            return pool.submitReported(job).join();
        }
    }

    @Test
    void anEmptyDatasetHasNothingToRemember() {
        data = TestData.ints(folder.resolve("empty.bin"), 0, i -> i);

        assertThat(run(two, new Sum()).results())
                .isEqualTo(run(inThreads(two), new Sum()).results());
    }

    @Test
    void functionsOfParametersGoOn() throws Exception {
        List<Integer> parameters = IntStream.range(0, 500).boxed().toList();
        DataFunction<Integer, Long> function = JournaledJobs.tenfold(333, cure.toString());
        try (var pool = WorkerPool.open(data, two)) {
            assertThatExceptionOfType(RunFailedException.class).isThrownBy(() -> pool.map(parameters, function));
        }
        cure();
        List<Long> expected = parameters.stream().map(n -> n % 1000 * 10L).toList();

        try (var pool = WorkerPool.open(data, two.withProcs(3))) {
            assertThat(pool.map(parameters, function)).isEqualTo(expected);
        }
        assertThat(chatter.toString()).containsPattern("\\[journal run.journal] \\d+ pieces? of this run");
        long size = Files.size(journal);
        try (var pool = WorkerPool.open(data, two)) {
            assertThat(pool.stream(parameters, function)
                            .collect(Collectors.toMap(WorkerPool.Indexed::index, WorkerPool.Indexed::value)))
                    .hasSize(500)
                    .containsEntry(333, 3330L);
        }
        assertThat(journal).as("nothing was done again").hasSize(size);
        try (var pool = WorkerPool.open(data, inThreads(two))) {
            assertRefused(
                    () -> pool.map(parameters.subList(1, 500), function),
                    "parameters: found 500: 0, 1, 2, ",
                    "expected 499: 1, 2, 3, ");
        }
    }

    @LongTest
    @Test
    void aProgramWithSeveralRunsGoesOnWithEach() throws Exception {
        Fragile job = fragile(1 / 3.0, 40 * BLOCK, "THROW");
        try (var pool = WorkerPool.open(data, two)) {
            pool.run(new Sum());
            assertThatExceptionOfType(RunFailedException.class).isThrownBy(() -> pool.run(job));
        }
        cure();
        try (var pool = WorkerPool.open(data, two)) {
            assertThat(pool.runReported(List.of(new Sum())).report().attempts()).isZero();
            assertResumed(pool.runReported(List.of(job)).report());
            assertThat(pool.runReported(List.of(new Stats())).report().attempts())
                    .as("one that is new")
                    .isEqualTo(TASKS);
            assertThat(pool.runReported(List.of(new Stats())).report().attempts())
                    .as("the same once more is another run")
                    .isEqualTo(TASKS);
        }
        try (var pool = WorkerPool.open(data, inThreads(two))) {
            for (Job<?, ?> each : List.of(new Stats(), job, new Stats(), new Sum())) { // in whatever order
                assertThat(pool.runReported(List.of(each)).report().attempts()).isZero();
            }
        }
    }

    @LongTest
    @Test
    void workersWaitForASlowDiskAndGoOn() {
        Bulky[] jobs = {new Bulky(1), new Bulky(2), new Bulky(3), new Bulky(4)};

        // Nothing but the disk's catching up has the next one dealt.
        assertThat(run(two.withProcs(1), jobs).report().attempts()).isEqualTo(4);
        assertThat(run(two.withProcs(1), jobs).report().resumed()).isEqualTo(4);
    }

    // ---- what is refused

    private static void assertRefused(Runnable run, String... words) {
        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(run::run)
                .withMessageContainingAll(words)
                .withMessageContaining("give another file, or remove this one to start over");
    }

    @LongTest
    @Test
    void anotherRunIsRefusedAndToldWhatDiffers() throws Exception {
        run(two, fragile(1, -1, "THROW"));
        byte[] before = Files.readAllBytes(journal);

        assertRefused(
                () -> run(two, new Sum()),
                "job: found " + Fragile.class.getName() + ", expected " + Sum.class.getName(),
                "code: found ");
        assertRefused(
                () -> run(inThreads(two), fragile(2, -1, "THROW")),
                "parameters: found Fragile[scale=1.0, at=-1",
                "expected Fragile[scale=2.0");
        assertRefused(
                () -> run(inThreads(Runs.with(two, run -> run.withTasks(3))), fragile(1, -1, "THROW")),
                "(cut: found 16 slices, expected 3 slices)");
        Files.setLastModifiedTime(data, FileTime.fromMillis(1));
        assertRefused(
                () -> run(inThreads(two), fragile(1, -1, "THROW")),
                "(data: found " + data,
                "modified 1970-01-01T00:00:00.001Z");
        Path other = Files.copy(data, folder.resolve("other.bin"));
        data = other;
        assertRefused(() -> run(inThreads(two), fragile(1, -1, "THROW")), "(data: found ", "expected " + other);
        assertThat(journal).hasBinaryContent(before);
    }

    @Test
    void dataThatWasMovedIsTheSameData() throws Exception {
        run(two, new Sum());
        data = Files.move(data, folder.resolve("moved.bin"));

        assertThat(run(two, new Sum()).report().attempts()).isZero();
    }

    @Test
    void codeThatAJobOnlyReachesThroughOthersCounts() throws Exception {
        Path classes = compile("2");
        PoolOptions options = two.withClassPath(List.of(classes));
        var job = new NamedJob("sample.Main", Map.of(), List.of(Map.of()));
        try (var pool = WorkerPool.open(data, options)) {
            assertThat(pool.submitReported(job).join().results()).containsExactly(2L * TASKS);
        }
        compile("2");
        try (var pool = WorkerPool.open(data, options)) {
            assertThat(pool.submitReported(job).join().report().attempts()).isZero();
        }
        compile("3");
        try (var pool = WorkerPool.open(data, options)) {
            assertRefused(() -> pool.submitReported(job).join(), "(code: found 3 classes with SHA-256 ");
        }
    }

    /** A job whose answer is made by a class that only an enum constant's body names. */
    private Path compile(String value) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("sample"));
        Files.writeString(sources.resolve("Main.java"), """
            package sample;
            import io.github.forkless.common.dataset.Block;
            import io.github.forkless.common.job.Job;
            public record Main() implements Job<Long, Long> {
                public Long start() { return Long.valueOf(Kind.ONE.toString()); }
                public Long accept(Long n, Block block) { return n; }
                public Long merge(Long left, Long right) { return left + right; }
                public Long finish(Long n) { return n; }
            }
            """);
        Files.writeString(sources.resolve("Kind.java"), """
            package sample;
            enum Kind {
                ONE;
                public String toString() { return Far.value(); }
            }
            """);
        Files.writeString(
                sources.resolve("Far.java"),
                "package sample; class Far { static String value() { return \"" + value + "\"; } }");
        Path classes = Files.createDirectories(folder.resolve("classes"));
        List<String> arguments = new ArrayList<>(
                List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none"));
        for (String name : List.of("Main", "Kind", "Far")) {
            arguments.add(sources.resolve(name + ".java").toString());
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
        return classes;
    }

    @Test
    void aJournalThatCannotBeUsedIsSaidBeforeAnythingStarts() throws Exception {
        Files.writeString(journal, "precious, and no journal");

        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(() -> WorkerPool.open(data, two))
                .withMessageContaining("is not a journal");
        assertThat(journal).hasContent("precious, and no journal");
    }
}
