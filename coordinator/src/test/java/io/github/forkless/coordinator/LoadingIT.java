package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.job.Job;
import io.github.forkless.coordinator.Misbehaving.Way;
import io.github.forkless.coordinator.result.Failure;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.result.RunResult;
import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Thorough;
import io.github.forkless.worker.WorkerMain;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.PrintStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A job that ends workers while they load it, beside another that has nothing to do with that: the first fails with its own
 * name, the other has its answer, and no attempt at it failed. Nothing is tried again, so that no death is overlooked.
 */
@Execution(ExecutionMode.SAME_THREAD)
class LoadingIT {
    private static final int WORKERS = 3;
    private static final int ELEMENTS = 8 << 15;

    @TempDir
    static Path folder;

    private static WorkerPool pool;
    private static CompletableFuture<RunResult> innocent;

    private final List<Path> crashLogs = new ArrayList<>();

    @BeforeAll
    static void open() {
        pool = WorkerPool.open(
                TestData.ints(folder.resolve("data.bin"), ELEMENTS, i -> i),
                PoolOptions.defaults()
                        .withProcs(WORKERS)
                        .withWorkerMemory(64 << 20)
                        .withRunOptions(RunOptions.defaults().withTasks(8).withRetries(0))
                        .withWorkerOutput(new PrintStream(PrintStream.nullOutputStream())));
        innocent = pool.submitReported(new NamedJob(Patient.class.getName(), Map.of("signal", signal().toString())));
    }

    private static Path signal() {
        return folder.resolve("signal");
    }

    @AfterAll
    static void theOtherHasItsAnswer() {
        try (var closing = pool) {
            assertThat(closing).isNotNull();
            TestData.give(signal());
            RunResult result = innocent.join();
            assertThat(result.results()).containsExactly((long) ELEMENTS);
            assertThat(result.report().failures()).isEmpty();
            assertThat(result.report().attempts()).isEqualTo(8);
        }
        TestData.assertNoWorkerIsLeft();
    }

    @AfterEach
    void removeCrashLogs() throws Exception {
        for (Path log : crashLogs) {
            Files.deleteIfExists(log);
        }
    }

    /** What all jobs here have in common: they count. */
    private interface Counting extends Job<Long, Long> {
        @Override
        default Long start() {
            return 0L;
        }

        @Override
        default Long accept(Long count, Block block) {
            return count + block.count();
        }

        @Override
        default Long merge(Long left, Long right) {
            return left + right;
        }

        @Override
        default Long finish(Long count) {
            return count;
        }
    }

    /** Waits at the first element. */
    record Patient(String signal) implements Counting {
        @Override
        public Long accept(Long count, Block block) {
            if (block.start() == 0) {
                TestData.await(Path.of(signal));
            }
            return count + block.count();
        }
    }

    private static void misbehave(Way way) {
        if (System.getenv(WorkerMain.MARK) == null) {
            return; // at home
        }
        try {
            Misbehaving.misbehave(way);
        } catch (Exception e) {
            throw new IllegalStateException("on purpose", e);
        }
    }

    record ExitsInitializing() implements Counting {
        static {
            misbehave(Way.EXIT_7);
        }
    }

    record CrashesInitializing() implements Counting {
        static {
            misbehave(Way.SIGSEGV);
        }
    }

    record HoardsInitializing() implements Counting {
        static {
            misbehave(Way.HEAP);
        }
    }

    record ThrowsInitializing() implements Counting {
        static {
            misbehave(Way.THROW);
        }
    }

    record Constructed(Way way) implements Counting {
        Constructed {
            misbehave(way);
        }
    }

    static final class Deserialized implements Counting, Serializable {
        private static final long serialVersionUID = 1L;
        private final Way way;

        Deserialized(Way way) {
            this.way = way;
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            misbehave(way);
        }
    }

    record Asked(Way way) implements Counting {
        @Override
        public boolean accepts(Layout layout) {
            misbehave(way);
            return true;
        }
    }

    static Stream<Arguments> jobs() {
        Stream.Builder<Arguments> jobs = Stream.builder();
        jobs.add(Arguments.of(Way.EXIT_7, new ExitsInitializing()));
        jobs.add(Arguments.of(Way.SIGSEGV, new CrashesInitializing()));
        jobs.add(Arguments.of(Way.HEAP, new HoardsInitializing()));
        jobs.add(Arguments.of(Way.THROW, new ThrowsInitializing()));
        for (Way way : Thorough.IS_ON
                ? List.of(Way.EXIT_7, Way.SIGSEGV, Way.HEAP, Way.THROW)
                : List.of(Way.EXIT_7, Way.THROW)) {
            jobs.add(Arguments.of(way, new Constructed(way)));
            jobs.add(Arguments.of(way, new Deserialized(way)));
            jobs.add(Arguments.of(way, new Asked(way)));
        }
        return jobs.build();
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void aJobThatDoesNotSurviveLoadingFailsByItsOwnName(Way way, Job<Long, Long> job) {
        Throwable failure = catchThrowable(() -> pool.run(job));

        if (failure instanceof RunFailedException failed) {
            failed.failures().stream().map(Failure::crashLog).forEach(log -> log.ifPresent(crashLogs::add));
            assertThat(failed.failures()).hasSizeBetween(1, WORKERS);
        }
        assertThat(failure)
                .hasMessageContaining(
                        way == Way.THROW
                                ? "on purpose"
                                : "loading the job " + job.getClass().getSimpleName())
                .hasMessageContaining(
                        switch (way) {
                            case EXIT_7 -> "exited with code 7";
                            case SIGSEGV -> "killed by SIGSEGV";
                            case HEAP -> "ran out of memory";
                            default -> "on purpose";
                        });
        assertThat(innocent).isNotDone();
        assertThat(pool.map(List.of(20, 21), (_, n) -> 2 * n)).containsExactly(40, 42);
    }

    /** What they were only handed is not charged with their end. */
    @LongTest
    @Test
    void idleWorkersMayBeKilledAtAnyTime() {
        try (var idle = WorkerPool.open(PoolOptions.defaults()
                .withProcs(2)
                .withRunOptions(RunOptions.defaults().withRetries(0)))) {
            for (int round = 0; round < Thorough.wholeOr(30, 12); round++) {
                int n = round;
                long pid = idle.map(
                                List.of(1), (_, _) -> ProcessHandle.current().pid())
                        .getFirst();
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                assertThat(idle.map(List.of(n, n + 1), (_, it) -> it * it)).containsExactly(n * n, (n + 1) * (n + 1));
            }
        }
    }
}
