package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.OrderedJob;
import io.github.forkless.coordinator.journal.JournalException;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.worker.jobs.Stats;
import io.github.forkless.worker.jobs.Sum;
import io.github.forkless.worker.jobs.Wc;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Several files are one dataset, for whatever a program does with it. */
@Execution(ExecutionMode.SAME_THREAD)
class DatasetFilesIT {
    private static final int BLOCK = 1 << 15;
    private static final PoolOptions THREADS = PoolOptions.defaults()
            .withEngine(EngineKind.THREADS)
            .withProcs(2)
            .withWorkerOutput(new PrintStream(PrintStream.nullOutputStream()));

    @TempDir
    Path temporary;

    private Path folder;
    private Path third;

    @BeforeEach
    void write() throws IOException {
        folder = temporary.toRealPath();
        TestData.ints(folder.resolve("a.bin"), 3 * BLOCK, i -> i);
        TestData.ints(folder.resolve("b.bin"), 10, i -> 3 * BLOCK + i);
        Files.createFile(folder.resolve("c.bin"));
        third = folder.resolve("d.bin");
        TestData.ints(third, 2 * BLOCK, i -> 3 * BLOCK + 10 + i);
    }

    /** Whether every element is seen, in order. */
    record Rising() implements OrderedJob<Long, Long> {
        @Override
        public Long start() {
            return 0L;
        }

        @Override
        public Long accept(Long next, Block block) {
            for (long i = 0; i < block.count(); i++) {
                if (block.start() + i != next + i || block.intAt(i) != next + i) {
                    throw new IllegalStateException(block.start() + i + " is " + block.intAt(i));
                }
            }
            return next + block.count();
        }

        @Override
        public Long finish(Long next) {
            return next;
        }
    }

    @Test
    void answerAsOneFileWouldWithAnyJob() {
        long count = 5 * BLOCK + 10;
        BigInteger sum = BigInteger.valueOf(count * (count - 1) / 2);
        try (var pool = WorkerPool.open(folder, THREADS)) {
            assertThat(pool.run(new Sum())).isEqualTo(sum);
            assertThat(pool.run(new Rising())).isEqualTo(count);
            assertThat(pool.runAll(List.of(new Sum(), new Stats()))).first().isEqualTo(sum);
            assertThat(pool.with(RunOptions.defaults().withTasks(7)).run(new Sum()))
                    .isEqualTo(sum);
            var part = pool.submitReported(new NamedJob("sum", Map.of()), new Slice(3 * BLOCK - 1, 3 * BLOCK + 11))
                    .join();
            assertThat(part.results()).isEqualTo(List.of(BigInteger.valueOf(12L * (6 * BLOCK + 9) / 2)));
            try (var two = pool.on(List.of(third, folder.resolve("b.bin")))) {
                assertThat(two.run(new Rising2())).isEqualTo(2 * BLOCK + 10);
            }
        }
    }

    /** Counts what comes behind {@code a.bin}. */
    record Rising2() implements Job<Long, Long> {
        @Override
        public Long start() {
            return 0L;
        }

        @Override
        public Long accept(Long count, Block block) {
            return block.intAt(0) == 3 * BLOCK + block.start() ? count + block.count() : Long.MIN_VALUE;
        }

        @Override
        public Long merge(Long left, Long right) {
            return left + right;
        }

        @Override
        public Long finish(Long count) {
            return count;
        }
    }

    @Test
    void areNotOneBlockForAFunction() {
        try (var pool = WorkerPool.open(folder, THREADS)) {
            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> pool.map(List.of(1), (data, n) -> data.count() + n))
                    .withMessage("a function gets the whole dataset as one block, and " + folder
                            + " (4 files) has no such block; use a job, or share each file");
            assertThat(pool.map(List.of(1), n -> n + 1)).isEqualTo(List.of(2));
        }
    }

    @Test
    void whoseRecordsDoNotFitOneOfThemAreRefusedByItsName() {
        record Pairs() implements Job<Long, Long> {
            @Override
            public int recordLength() {
                return 4;
            }

            @Override
            public Long start() {
                return 0L;
            }

            @Override
            public Long accept(Long sum, Block block) {
                return sum;
            }

            @Override
            public Long merge(Long left, Long right) {
                return left;
            }

            @Override
            public Long finish(Long sum) {
                return sum;
            }
        }
        try (var pool = WorkerPool.open(folder, THREADS)) {
            assertThatExceptionOfType(DatasetException.class)
                    .isThrownBy(() -> pool.run(new Pairs()))
                    .withMessageStartingWith(folder.resolve("b.bin") + ": 10 elements are not a whole number");
        }
    }

    @Test
    void ofWhichOneIsTruncatedAreAnErrorThatNamesIt() throws IOException {
        try (var pool = WorkerPool.open(folder, THREADS)) {
            TestData.ints(third, 5, i -> i);

            assertThatExceptionOfType(DatasetException.class)
                    .isThrownBy(() -> pool.run(new Sum()))
                    .withMessageStartingWith(third + ": truncated from " + 8 * BLOCK + " to 20 bytes");
        }
    }

    /** Ends its worker at one element. */
    record Fatal(int at) implements Job<Long, Long> {
        @Override
        public Long start() {
            return 0L;
        }

        @Override
        public Long accept(Long count, Block block) {
            for (long i = 0; i < block.count(); i++) {
                if (block.intAt(i) == at) {
                    Runtime.getRuntime().halt(9);
                }
            }
            return count + block.count();
        }

        @Override
        public Long merge(Long left, Long right) {
            return left + right;
        }

        @Override
        public Long finish(Long count) {
            return count;
        }
    }

    @Test
    void whereWorkersDieTheFileIsNamedAndTheRangeInIt() {
        var options = PoolOptions.defaults()
                .withProcs(2)
                .withRunOptions(RunOptions.defaults().withRetries(0).withSkipFailed(true));
        try (var pool = WorkerPool.open(folder, options)) {
            var result = pool.runReported(List.of(new Fatal(3 * BLOCK + 10 + BLOCK + 5)));

            assertThat(result.report().leftOut())
                    .extracting("what")
                    .containsExactly(String.format("elements %,d to %,d of %s", BLOCK, 2 * BLOCK - 1, third));
            assertThat(result.results()).isEqualTo(List.of(4L * BLOCK + 10));

            var failed = catchThrowableOfType(
                    RunFailedException.class,
                    () -> pool.with(RunOptions.defaults().withRetries(0).withTasks(20))
                            .run(new Fatal(3 * BLOCK + 3)));
            assertThat(failed).hasMessageContaining("elements 0 to 9 of " + folder.resolve("b.bin"));
        }
        TestData.assertNoWorkerIsLeft();
    }

    @Test
    void haveAJournalThatKnowsThemAll() throws IOException {
        Path logs = Files.createDirectory(temporary.resolve("logs"));
        for (int i = 0; i < 20; i++) {
            Files.writeString(logs.resolve(i + ".log"), "one two\n");
        }
        Path journal = temporary.resolve("wc.journal");
        PoolOptions options =
                THREADS.withRunOptions(RunOptions.defaults().withTasks(5).withJournal(journal));
        try (var pool = WorkerPool.open(logs, options)) {
            assertThat(pool.runReported(List.of(new Wc())).report().resumed()).isZero();
        }
        try (var pool = WorkerPool.open(logs, options)) {
            var again = pool.runReported(List.of(new Wc()));
            assertThat(again.report().resumed()).isEqualTo(5);
            assertThat(again.results()).isEqualTo(List.of(new Wc.Counts(20, 40, 160)));
        }
        Files.delete(logs.resolve("7.log"));
        try (var pool = WorkerPool.open(Dataset.open(logs, Optional.empty()), options)) {
            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(() -> pool.run(new Wc()))
                    .withMessageContaining(logs + " (19 files) (152 bytes of text)");
        }
    }
}
