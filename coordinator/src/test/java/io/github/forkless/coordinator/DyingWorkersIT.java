package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.forkless.coordinator.Misbehaving.Moment;
import io.github.forkless.coordinator.Misbehaving.Way;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.result.RunResult;
import io.github.forkless.coordinator.schedule.Durations;
import io.github.forkless.testing.Patience;
import io.github.forkless.testing.Thorough;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every way to die, at every moment, in a pool with 1, 2 and 5 workers that goes through them one after another: the answer
 * is right or the run fails loudly, in time, and nothing is left at the end: no process, file, mapping, descriptor or thread.
 *
 * <p>Each way meets a mid-task and another moment, with one of the three numbers of workers. With {@code
 * -Dforkless.thorough} all ways meet all moments, but for those that differ from another only in the exit that is told; with
 * {@code -Dforkless.thorough=whole} all of them do, with every number of workers.
 */
@Execution(ExecutionMode.SAME_THREAD)
class DyingWorkersIT {
    private static final int ELEMENTS = 8 << 15; // eight blocks
    private static final List<Integer> WORKERS = List.of(1, 2, 5);

    private static final RunOptions EIGHT_TASKS = RunOptions.defaults().withTasks(8);

    /** Only where it is the end of somebody: a loaded machine may take as long for what others do. */
    private static final Duration TIMEOUT = Patience.of(Duration.ofMillis(500));

    @TempDir
    static Path folder;

    private static Path data;
    private static Leftovers leftovers;

    /** The pool that has outlived all deaths so far with its number of workers; the next number has one of its own. */
    private static WorkerPool pool;

    private static int procs;

    @BeforeAll
    static void writeData() throws Exception {
        data = TestData.ints(folder.toRealPath().resolve("data.bin"), ELEMENTS, i -> i);
        leftovers = new Leftovers(data, folder.resolve("tmp"));
    }

    @AfterAll
    static void nothingIsLeft() throws Exception {
        try {
            closePool();
            leftovers.removeCrashLogs();
            leftovers.assertNone();
        } finally {
            leftovers.close();
        }
    }

    private static void openPool(int workers) {
        if (pool == null || procs != workers) {
            closePool();
            procs = workers;
            pool = WorkerPool.open(
                    data,
                    PoolOptions.defaults()
                            .withProcs(workers)
                            .withWorkerMemory(64 << 20)
                            .withRunOptions(EIGHT_TASKS)
                            .withWorkerOutput(new PrintStream(PrintStream.nullOutputStream())));
        }
    }

    private static void closePool() {
        if (pool != null) {
            pool.close();
            pool = null;
        }
    }

    static Stream<Arguments> matrix() {
        Stream.Builder<Arguments> cases = Stream.builder();
        for (int workers : WORKERS) {
            for (Moment moment : Moment.values()) {
                for (Way way : Way.values()) {
                    if (isWorthWhile(way, moment) && isOne(way, moment, workers)) {
                        cases.add(Arguments.of(way, moment, workers));
                    }
                }
            }
        }
        return cases.build();
    }

    private static boolean isOne(Way way, Moment moment, int workers) {
        int number = 2 * way.ordinal() + moment.ordinal();
        boolean isTurn = workers == WORKERS.get(number % WORKERS.size());
        boolean isItsMoment =
                moment == Moment.ACCEPT || (way.ordinal() + moment.ordinal()) % Moment.values().length == 0;
        return Thorough.IS_WHOLE
                || isTurn && (isItsMoment || Thorough.IS_ON && !isLikeAnother(way))
                || way == Way.KILL_ALL && workers == 5;
    }

    /** Ends a worker as {@link Way#EXIT_0} or {@link Way#SIGKILL} does, with another code or signal. */
    private static boolean isLikeAnother(Way way) {
        return way == Way.EXIT_7 || way == Way.HALT || way == Way.SIGTERM;
    }

    /** Who hangs while it prepares is given ten seconds more, and who throws while idle has only itself to tell. */
    private static boolean isWorthWhile(Way way, Moment moment) {
        return switch (way) {
            case HANG, SIGSTOP -> moment != Moment.LOAD;
            case STACK, THROW -> moment != Moment.IDLE;
            default -> true;
        };
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void theAnswerIsRightOrTheRunFailsLoudly(Way way, Moment moment, int workers) throws Exception {
        Path once = Files.createFile(folder.resolve("once"));
        openPool(workers);
        try {
            assertSurvives(way, moment, workers, once);
        } finally {
            Files.deleteIfExists(once);
            if (moment == Moment.IDLE || way == Way.KILL_OTHERS || way == Way.KILL_ALL) {
                closePool(); // a worker may still be about to die
            }
        }
    }

    private static void assertSurvives(Way way, Moment moment, int workers, Path once) throws Exception {
        var job = new NamedJob(
                Misbehaving.class.getName(),
                Map.of(),
                List.of(Map.of(
                        "way", way.name(),
                        "moment", moment.name(),
                        "at", Integer.toString(ELEMENTS / 2),
                        "once", once.toString())));
        WorkerPool limited = way == Way.HANG || way == Way.SIGSTOP ? pool.with(EIGHT_TASKS.withTimeout(TIMEOUT)) : pool;
        if (throwsException(way)) {
            Throwable failure =
                    catchThrowable(() -> assertIsRight(pool.submitReported(job).join()));
            // Others may have done it all before one has said that it cannot load the job.
            if (failure != null || moment != Moment.LOAD || workers == 1) {
                assertThat(failure).isInstanceOf(CompletionException.class);
                assertThat(failure.getCause())
                        .isInstanceOfAny(RunFailedException.class, InvalidRequestException.class)
                        .hasMessageContaining(way == Way.STACK ? "StackOverflowError" : "on purpose");
            }
            assertIsRight(pool.submitReported(new NamedJob("sum", Map.of(), List.of(Map.of())))
                    .join());
        } else {
            RunResult result = limited.submitReported(job).join();
            assertIsRight(result);
            if (moment == Moment.IDLE) {
                awaitGone(once);
                assertIsRight(limited.submitReported(job).join());
            }
            assertThat(once).doesNotExist();
            assertThat(result.report().failures())
                    .hasSizeBetween(fewestFailures(way, moment), mostFailures(way, workers))
                    .allSatisfy(failure -> assertThat(failure.cause()).matches(causeOf(way)));
        }
    }

    private static void assertIsRight(RunResult result) {
        assertThat(result.results().getFirst()).hasToString(Long.toString((long) ELEMENTS * (ELEMENTS - 1) / 2));
        assertThat(result.report().isComplete()).isTrue();
    }

    private static boolean throwsException(Way way) {
        return way == Way.STACK || way == Way.THROW;
    }

    /** A death at a task is one attempt's, and certified; another may cost nobody anything. */
    private static int fewestFailures(Way way, Moment moment) {
        boolean isAtATask = moment != Moment.LOAD && moment != Moment.IDLE;
        return isAtATask && way != Way.PRINT && way != Way.KILL_OTHERS ? 1 : 0;
    }

    private static int mostFailures(Way way, int workers) {
        return switch (way) {
            case PRINT -> 0;
            case KILL_OTHERS -> workers - 1;
            case KILL_ALL -> workers;
            default -> 1;
        };
    }

    private static String causeOf(Way way) {
        return switch (way) {
            case EXIT_0 -> "exited with code 0, but without its answer";
            case EXIT_7 -> "exited with code 7";
            case HALT, CHILD -> "exited with code 9";
            // Or an answer of the worker's own came in between.
            case HALF_A_FRAME -> "exited with code 9|broke the protocol: a frame's header has a wrong checksum.*";
            case SIGKILL, KILL_OTHERS, KILL_ALL -> "killed by SIGKILL.*";
            case SIGTERM -> "killed by SIGTERM";
            case SIGSEGV -> "killed by SIGSEGV in .*; its crash log is .*\\.log";
            case HEAP -> "ran out of memory \\(Java heap space\\).*";
            case HANG, SIGSTOP -> "timed out after " + Durations.text(TIMEOUT);
            case GARBAGE -> "broke the protocol: .*printf was here.*";
            case STACK, THROW, PRINT -> "nothing";
        };
    }

    private static void awaitGone(Path file) throws InterruptedException {
        while (Files.exists(file)) {
            Thread.sleep(1);
        }
    }
}
