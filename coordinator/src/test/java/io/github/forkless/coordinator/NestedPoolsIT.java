package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Workers that would start workers, and so on. */
@Execution(ExecutionMode.SAME_THREAD)
class NestedPoolsIT {
    private static final PoolOptions ONE = PoolOptions.defaults()
            .withProcs(1)
            .withRunOptions(RunOptions.defaults().withRetries(0));

    @AfterEach
    void noWorkerIsLeft() {
        TestData.assertNoWorkerIsLeft();
    }

    /** What a program may do that has never heard of a second JVM. */
    static final class Everywhere {
        static final WorkerPool POOL = WorkerPool.open(ONE);

        static int twice(int n) {
            return POOL.map(List.of(n), (_, m) -> 2 * m).getFirst();
        }

        private Everywhere() {}
    }

    @Test
    void aPoolInAStaticInitializerIsRefusedInAWorker() {
        try (var pool = WorkerPool.open(ONE)) {
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> pool.map(List.of(1), (_, n) -> Everywhere.twice(n)))
                    .withMessageContaining(
                            "ExceptionInInitializerError, caused by " + InvalidRequestException.class.getName()
                                    + ": a pool cannot be opened in a worker, nor in a process that a job started"
                                    + " (FORKLESS_WORKER=")
                    .withMessageContaining("open it in the program's main method");
            assertThat(pool.map(List.of(1), (_, n) -> n)).containsExactly(1);
        }
    }

    /** How many levels of pools can be opened below this process, of those that are asked for. */
    private static int levels(int wanted, int asked) {
        if (wanted == 0) {
            return 0;
        }
        try (var pool = WorkerPool.open(ONE.withNestedPools(Math.min(asked, wanted - 1)))) {
            return pool.map(List.of(wanted - 1), (_, rest) -> levels(rest, asked))
                            .getFirst()
                    + 1;
        } catch (InvalidRequestException e) {
            return 0;
        }
    }

    @LongTest
    @Test
    void poolsGoAsDeepAsTheFirstOneAllows() {
        assertThat(levels(3, 2)).isEqualTo(3);
        assertThat(levels(3, 0)).isEqualTo(1);
    }

    /** As a static initializer would that asks for it. */
    @Test
    void aPoolCannotAllowAsMuchAsItWasAllowed() {
        try (var pool = WorkerPool.open(ONE.withNestedPools(1))) {
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> pool.map(List.of(1), (_, n) -> {
                        WorkerPool.open(ONE.withNestedPools(1)).close();
                        return n;
                    }))
                    .withMessageContaining("a pool in this worker can have withNestedPools of 0 at the most, not 1");
        }
    }

    /** Each pool sweeps what its own jobs have started, and the one in the worker is killed with the worker. */
    @LongTest
    @Test
    void nothingOfAPoolOutlivesTheWorkerThatOpenedIt(@TempDir Path folder) throws Exception {
        String pidFile = folder.resolve("pid").toString();
        try (var pool = WorkerPool.open(ONE.withNestedPools(1))) {
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> pool.map(List.of(1), (_, n) -> {
                        var inner = WorkerPool.open(ONE);
                        inner.map(List.of(2), (_, _) -> {
                            Process started = new ProcessBuilder("sleep", "1000").start();
                            Files.writeString(Path.of(pidFile), Long.toString(started.pid()));
                            return 0;
                        });
                        Runtime.getRuntime().halt(9);
                        return n;
                    }))
                    .withMessageContaining("exited with code 9");
        }
        long started = Long.parseLong(Files.readString(Path.of(pidFile)));
        assertThat(Patience.awaits(
                        Duration.ofSeconds(5), () -> ProcessHandle.of(started).isEmpty()))
                .isTrue();
    }

    /** A program that a job starts. */
    public static final class Program {
        public static void main(String[] args) {
            try {
                WorkerPool.open(ONE).close();
                System.out.println("opened");
            } catch (InvalidRequestException e) {
                System.out.println("refused");
            }
        }

        private Program() {}
    }

    private static String runProgram() throws IOException {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName())
                .redirectErrorStream(true)
                .start();
        return new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    @Test
    void aProgramThatAJobStartsIsBoundLikeItsWorker() {
        for (int levels = 0; levels < 2; levels++) {
            try (var pool = WorkerPool.open(ONE.withNestedPools(levels))) {
                assertThat(pool.map(List.of(1), (_, _) -> runProgram()))
                        .containsExactly(levels == 0 ? "refused" : "opened");
            }
        }
    }

    @Test
    void thereAreNotAnyNumberOfLevels() {
        for (int levels : new int[] {-1, 4}) {
            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> ONE.withNestedPools(levels))
                    .withMessage("workers can be allowed from 0 to 3 levels of pools of their own, not " + levels);
        }
    }
}
