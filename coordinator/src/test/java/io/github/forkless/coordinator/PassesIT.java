package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.NextPass;
import io.github.forkless.common.value.RecordValue;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.result.RunResult;
import io.github.forkless.testing.LongTest;
import io.github.forkless.worker.jobs.Histogram;
import io.github.forkless.worker.jobs.Sum;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Jobs that read the dataset more than once. */
@Execution(ExecutionMode.SAME_THREAD)
class PassesIT {
    private static final int BLOCK = 1 << 15;
    private static final int ELEMENTS = 4 * BLOCK;
    private static final long SUM = (long) ELEMENTS * (ELEMENTS - 1) / 2;

    @TempDir
    static Path folder;

    private static Path data;
    private static PoolOptions options;
    private static WorkerPool pool;

    @BeforeAll
    static void open() {
        data = TestData.ints(folder.resolve("data.bin"), ELEMENTS, i -> i);
        options = PoolOptions.defaults()
                .withProcs(2)
                .withRunOptions(RunOptions.defaults().withTasks(4).withRetries(0));
        pool = WorkerPool.open(data, options);
    }

    @AfterAll
    static void noWorkerIsLeft() {
        pool.close();
        TestData.assertNoWorkerIsLeft();
    }

    private static void assertHalves(Object bins) {
        assertThat((long[]) ((RecordValue) bins).components().get("counts"))
                .containsExactly(ELEMENTS / 2, ELEMENTS / 2);
    }

    @Test
    void jobsOfDifferentNumbersOfPassesRunTogether() {
        List<Object> answers = pool.runAll(List.of(new Histogram(2, null, null), new Sum()));
        assertHalves(answers.getFirst());
        assertThat(answers.getLast()).hasToString(Long.toString(SUM));

        List<Object> others = pool.runAll(List.of(new Sum(), new Histogram(2, null, null), new Summing(3)));
        assertThat(others.getFirst()).hasToString(Long.toString(SUM));
        assertHalves(others.get(1));
        assertThat(others.getLast()).isEqualTo(List.of(3, SUM));
    }

    @Test
    void aJobMayNeedThreePasses() throws Exception {
        assertThat(pool.run(new Summing(3))).isEqualTo(List.of(3, SUM));
        assertThat(pool.submit(new Summing(3)).get()).isEqualTo(List.of(3, SUM));
        RunResult reported = pool.runReported(List.of(new Summing(3)));
        assertThat(reported.report().tasks()).isEqualTo(3 * 4);
    }

    /** No record, so that it cannot be given parameters. */
    static final class Plain implements Job<Long, Object>, Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public Long start() {
            return 0L;
        }

        @Override
        public Long accept(Long before, Block block) {
            return before;
        }

        @Override
        public Long merge(Long left, Long right) {
            return left;
        }

        @Override
        public Object finish(Long partial) {
            return new NextPass(Map.of("found", "7"));
        }
    }

    @Test
    void aJobThatIsNoRecordIsToldToBeOne() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> pool.run(new Plain()))
                .withMessageContaining("asks for another pass with the parameters [found], which only a record can be"
                        + " given: make " + Plain.class.getName() + " a record");
    }

    @Test
    void aJobThatAsksForTheSamePassAgainFails() {
        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(() -> pool.run(new Summing(0)))
                .withMessageContaining("asks for another pass with the parameters {pass=1}, which it has had");
    }

    /** Of three jobs only one has a second pass, in which it is alone and has the number 0. */
    @Test
    void whatALaterPassLeavesOutIsTheRightParameterSets() {
        var job = new Summing(2, 1, 2 * BLOCK + 1, "");
        try (var skipping = WorkerPool.open(data, Runs.with(options, run -> run.withSkipFailed(true)))) {
            RunResult result = skipping.runReported(List.of(new Sum(), new Summing(1), job));

            assertThat(result.results().get(1)).isEqualTo(List.of(1, SUM));
            assertThat(result.results().getLast()).isEqualTo(List.of(2, SUM - sumOfBlock(2)));
            assertThat(result.report().leftOut()).singleElement().satisfies(part -> {
                assertThat(part.firstSet()).isEqualTo(2);
                assertThat(part.slice().from()).isEqualTo(2 * BLOCK);
                assertThat(part.isWhole()).isFalse();
            });
        }
    }

    private static long sumOfBlock(int block) {
        return (long) BLOCK * BLOCK * block + (long) BLOCK * (BLOCK - 1) / 2;
    }

    @Test
    void aLaterPassThatFailsNamesItsParameterSet() {
        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(() -> pool.runAll(List.of(new Sum(), new Summing(1), new Summing(2, 1, 5, ""))))
                .withMessageContaining("job 2, elements ");
    }

    @LongTest
    @Test
    void eachPassIsResumedFromTheJournal() {
        Path journal = folder.resolve("journal");
        try (var journaled = WorkerPool.open(data, Runs.with(options, run -> run.withJournal(journal)))) {
            assertThat(journaled.run(new Summing(3))).isEqualTo(List.of(3, SUM));
        }
        try (var journaled = WorkerPool.open(data, Runs.with(options, run -> run.withJournal(journal)))) {
            RunResult again = journaled.runReported(List.of(new Summing(3)));
            assertThat(again.results()).containsExactly(List.of(3, SUM));
            assertThat(again.report().resumed()).isEqualTo(3 * 4);
            assertThat(again.report().attempts()).isZero();
        }
    }

    @Test
    void cancellingStopsTheSecondPass() {
        Path signal = folder.resolve("signal");
        CompletableFuture<Object> future = pool.submit(new Summing(2, 1, -1, signal.toString()));
        TestData.await(signal);

        assertThat(future.cancel(true)).isTrue();

        assertThatExceptionOfType(CancellationException.class).isThrownBy(future::join);
        assertThat(pool.run(new Summing(1))).isEqualTo(List.of(1, SUM)); // by workers that are free again
        assertThat(Files.exists(signal)).isTrue();
    }
}
