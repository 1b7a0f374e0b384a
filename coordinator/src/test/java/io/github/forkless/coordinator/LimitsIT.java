package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.result.RunReport;
import io.github.forkless.coordinator.result.RunResult;
import io.github.forkless.coordinator.schedule.Durations;
import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Patience;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What becomes of work that no worker can do, and what workers may take. */
@Execution(ExecutionMode.SAME_THREAD)
class LimitsIT {
    private static final int BLOCK = 1 << 15;
    private static final int ELEMENTS = 64 * BLOCK;
    private static final int FATAL = 37 * BLOCK + 5;
    private static final PoolOptions TWO = PoolOptions.defaults()
            .withProcs(2)
            .withRunOptions(RunOptions.defaults().withTasks(4).withRetries(1));

    @TempDir
    Path folder;

    @AfterEach
    void noProcessIsLeft() throws Exception {
        Marked.assertNoneIsLeft(Duration.ofSeconds(2));
    }

    @Test
    void theSmallestFatalRunOfBlocksIsNamed() {
        var failed = catchThrowableOfType(RunFailedException.class, () -> run(TWO, fatal("HALT", FATAL)));

        assertThat(failed)
                .hasMessageStartingWith("every attempt at elements 1,212,416 to 1,245,183 ended its worker")
                .hasMessageContaining("2 attempts")
                .hasMessageContaining("exited with code 9");
        // The slice of 16 blocks twice, its parts of 8, 4 and 2 blocks once, the block twice.
        assertThat(failed.failures())
                .extracting(failure -> failure.slice().length() / BLOCK)
                .containsExactly(16L, 16L, 8L, 4L, 2L, 1L, 1L);
    }

    @Test
    void theRestHasAnAnswerThatIsMarkedIncomplete() {
        RunResult result = run(Runs.with(TWO, run -> run.withSkipFailed(true)), fatal("HALT", FATAL));

        assertThat(result.results()).containsExactly(ELEMENTS - BLOCK);
        assertThat(result.report().isComplete()).isFalse();
        assertThat(result.report().leftOut()).singleElement().satisfies(part -> {
            assertThat(part.slice()).isEqualTo(new Slice(37 * BLOCK, 38 * BLOCK));
            assertThat(part.what()).isEqualTo("elements 1,212,416 to 1,245,183");
            assertThat(part.cause()).isEqualTo("exited with code 9");
        });
        assertThat(result.report().tasks()).isEqualTo(4);
    }

    @LongTest
    @Test
    void aProgramThatSeesOnlyTheResultIsNotGivenAnIncompleteOne() throws Exception {
        Path data = TestData.ints(folder.resolve("data.bin"), ELEMENTS, i -> i);
        var job = new Counting("THROW", Integer.toString(FATAL));
        try (var pool = WorkerPool.open(data, Runs.with(TWO, run -> run.withSkipFailed(true)))) {
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> pool.run(job))
                    .withMessageContaining("not complete: it is without elements 1,212,416 to 1,245,183");
            assertThat(pool.runReported(List.of(job)).report().leftOut()).hasSize(1);
        }
    }

    @Test
    void neighboursThatAreLeftOutAreOneRange() {
        RunResult result = run(
                Runs.with(TWO, run -> run.withRetries(0).withSkipFailed(true)),
                fatal("THROW", 7 * BLOCK, 8 * BLOCK, 9 * BLOCK, 63 * BLOCK));

        assertThat(result.results()).containsExactly(ELEMENTS - 4 * BLOCK);
        assertThat(result.report().leftOut())
                .extracting(RunReport.LeftOut::slice)
                .containsExactly(new Slice(7 * BLOCK, 10 * BLOCK), new Slice(63 * BLOCK, 64 * BLOCK));
    }

    @LongTest
    @Test
    void aSingleTaskIsNarrowedToo() {
        RunResult result = run(Runs.with(TWO, run -> run.withTasks(1).withSkipFailed(true)), fatal("HALT", FATAL));

        assertThat(result.results()).containsExactly(ELEMENTS - BLOCK);
    }

    @Test
    void whereEverythingFailsThereIsNoAnswer() throws Exception {
        Path small = TestData.ints(folder.resolve("small.bin"), 10, i -> i);
        RunResult result = run(
                small, Runs.with(TWO, run -> run.withSkipFailed(true)), fatal("HALT", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9));

        assertThat(result.results()).containsOnlyNulls();
        assertThat(result.report().hasFailed(0)).isTrue();
        assertThat(result.report().leftOut())
                .extracting(RunReport.LeftOut::slice)
                .containsExactly(new Slice(0, 10));
    }

    @LongTest
    @Test
    void aFatalLineOfTextIsNarrowedToItsBlock() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            lines.add("line " + i);
        }
        Path text = Files.write(folder.resolve("lines.txt"), lines, StandardCharsets.US_ASCII);
        long size = Files.size(text);
        RunResult result = run(text, Runs.with(TWO, run -> run.withSkipFailed(true)), fatal("HALT", (int) (size / 3)));

        RunReport.LeftOut part = result.report().leftOut().getFirst();
        assertThat(part.what()).startsWith("bytes ");
        assertThat(part.slice().from()).isLessThanOrEqualTo(size / 3);
        assertThat(part.slice().to()).isGreaterThan(size / 3);
        assertThat(part.slice().length()).isLessThanOrEqualTo(128 << 10);
        assertThat(result.results()).containsExactly((int) (size - part.slice().length()));
    }

    @Test
    void aTaskThatTakesTooLongIsEndedWithWhatItStarted() {
        Duration timeout = Patience.of(Duration.ofSeconds(1));
        long started = System.nanoTime();
        var failed = catchThrowableOfType(
                RunFailedException.class,
                () -> run(
                        Runs.with(TWO, run -> run.withTasks(1000).withRetries(0).withTimeout(timeout)),
                        fatal("HANG", FATAL)));

        assertThat(failed).hasMessageContaining("timed out after " + Durations.text(timeout));
        var took = Duration.ofNanos(System.nanoTime() - started);
        assertThat(Patience.excuses(Duration.ofSeconds(10), took))
                .as("%s", took)
                .isTrue();
    }

    @Test
    void workersAreReplacedAfterTheirTasks() {
        RunResult result = run(Runs.with(TWO.withTasksPerWorker(2), run -> run.withTasks(12)), fatal("HALT"));

        assertThat(result.results()).containsExactly(ELEMENTS);
        assertThat(result.report().attempts()).isEqualTo(12);
        assertThat(result.report().failures()).isEmpty();
        assertThat(result.report().workers())
                .hasSizeGreaterThanOrEqualTo(6)
                .allSatisfy(worker -> assertThat(worker.tasks()).isLessThanOrEqualTo(2))
                .allSatisfy(worker -> assertThat(worker.end()).isEqualTo("ok"));
    }

    @Test
    void workersHaveTheMemoryThatTheyWereGiven() {
        try (var pool = WorkerPool.open(TWO.withWorkerMemory(48 << 20))) {
            List<Long> heaps =
                    pool.map(List.of(1), (_, _) -> Runtime.getRuntime().maxMemory());

            assertThat(heaps.getFirst()).isBetween(40L << 20, 48L << 20);
        }
    }

    @LongTest
    @Test
    void aLimitOfOneRunIsNotThatOfOthers() {
        Path data = TestData.ints(folder.resolve("data.bin"), ELEMENTS, i -> i);
        try (var pool = WorkerPool.open(data, TWO)) {
            WorkerPool skipping =
                    pool.with(RunOptions.defaults().withTasks(4).withRetries(1).withSkipFailed(true));
            assertThat(skipping.runReported(fatal("THROW", FATAL)).report().isComplete())
                    .isFalse();
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> pool.runReported(fatal("THROW", FATAL)));
            skipping.close();
            assertThat(pool.runReported(fatal("HALT")).results()).containsExactly(ELEMENTS);
        }
    }

    @Test
    void refusesLimitsThatCannotBe() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> RunOptions.defaults().withTimeout(Duration.ZERO));
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> RunOptions.defaults().withTimeout(ChronoUnit.FOREVER.getDuration()))
                .withMessageContaining("leave it out for no limit");
        assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> TWO.withWorkerMemory(1000));
        assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> TWO.withTasksPerWorker(0));
    }

    /** Counts elements, and ends badly whenever it sees one of those at {@code elements}. */
    private static NamedJob fatal(String way, int... elements) {
        List<String> all = new ArrayList<>();
        for (int element : elements) {
            all.add(Integer.toString(element));
        }
        return new NamedJob(
                Counting.class.getName(), Map.of(), List.of(Map.of("way", way, "fatal", String.join(" ", all))));
    }

    private RunResult run(PoolOptions options, NamedJob job) {
        return run(TestData.ints(folder.resolve("data.bin"), ELEMENTS, i -> i), options, job);
    }

    private static RunResult run(Path data, PoolOptions options, NamedJob job) {
        try (var pool = WorkerPool.open(data, options)) {
            return pool.submitReported(job).join();
        } catch (CompletionException e) {
            throw (RuntimeException) e.getCause();
        }
    }
}
