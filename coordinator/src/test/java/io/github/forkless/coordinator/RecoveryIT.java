package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.job.Job;
import io.github.forkless.coordinator.result.RunResult;
import io.github.forkless.testing.LongTest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * From the SIGKILL of a worker to its task running again. With {@code -Dforkless.kills=30} as many kills are made, and
 * the times printed.
 */
@Execution(ExecutionMode.SAME_THREAD)
class RecoveryIT {
    private static final int KILLS = Integer.getInteger("forkless.kills", 3);

    @TempDir
    Path folder;

    @AfterEach
    void noProcessIsLeft() throws Exception {
        Marked.assertNoneIsLeft(Duration.ofSeconds(2));
    }

    /** Measured against the start of the pool, which takes longer on a slow or busy machine as this does. */
    @ParameterizedTest
    @CsvSource({"another worker is idle, 2", "a new worker has to start, 1"})
    void aTaskRunsAgainSoonAfterItsWorkerWasKilled(String what, int workers) throws Exception {
        Path at = folder.resolve("at");
        String name = at.toString();
        DataFunction<Integer, long[]> timed = (_, _) -> {
            long now = System.nanoTime(); // the machine's monotonic clock, the same for all processes
            long self = ProcessHandle.current().pid();
            if (Files.notExists(Path.of(name))) {
                Path hidden = Files.writeString(Path.of(name + ".hidden"), Long.toString(self));
                Files.move(hidden, Path.of(name)); // appears with its content
                Thread.sleep(Duration.ofMinutes(5));
            }
            return new long[] {now, self};
        };
        double[] millis = new double[KILLS];
        long opened = System.nanoTime();
        double startMillis = 0;
        try (var pool = WorkerPool.open(PoolOptions.defaults().withProcs(workers))) {
            for (int i = 0; i < KILLS; i++) {
                Path present = Files.createDirectory(folder.resolve("present-" + i));
                pool.map(List.of(1, 2, 3, 4), TestData.untilAllArePresent(present.toString(), workers));
                startMillis = i > 0 ? startMillis : (System.nanoTime() - opened) / 1e6;
                var again = pool.submitMap(List.of(0), timed);
                TestData.await(at);
                long victim = Long.parseLong(Files.readString(at));
                long killed = System.nanoTime();
                ProcessHandle.of(victim).orElseThrow().destroyForcibly();
                long[] ranAgain = again.get().getFirst();
                millis[i] = (ranAgain[0] - killed) / 1e6;
                Set<Long> others = TestData.present(present);
                others.remove(victim);
                if (workers > 1) {
                    assertThat(ranAgain[1]).as("an idle worker takes over").isIn(others);
                } else {
                    assertThat(ranAgain[1]).as("a new worker takes over").isNotEqualTo(victim);
                }
                Files.delete(at);
            }
        }
        Arrays.sort(millis);
        if (KILLS > 3) {
            System.out.printf(
                    "%s: %d kills; min %.1f ms, median %.1f, 90%% %.1f, max %.1f%n",
                    what, KILLS, millis[0], millis[KILLS / 2], millis[KILLS * 9 / 10], millis[KILLS - 1]);
        }
        assertThat(millis[0]).as("nobody ran it before the kill").isPositive();
        assertThat(millis[KILLS / 2]).as(what).isLessThan(workers > 1 ? startMillis : 3 * startMillis);
    }

    /** Idle workers that have been killed, and take a while to end, look as if they could take over. */
    @LongTest
    @Test
    void whatAWorkerHadIsNotDealtToThoseWhoWereKilledWithIt() throws Exception {
        Path data = TestData.ints(folder.resolve("data.bin"), 4000, i -> i);
        Path present = Files.createDirectory(folder.resolve("present"));
        int workers = 4;
        var options = PoolOptions.defaults()
                .withProcs(workers)
                .withRunOptions(RunOptions.defaults().withTasks(1).withRetries(1));
        try (var pool = WorkerPool.open(data, options)) {
            pool.map(List.of(1, 2, 3, 4), Slow.untilAllArePresent(present.toString(), workers));
            List<String> kill = new ArrayList<>(List.of("kill", "-KILL"));
            TestData.present(present).forEach(pid -> kill.add(Long.toString(pid)));
            var run = pool.submitReported(Slow.job(folder.resolve("at")));
            TestData.await(folder.resolve("at"));

            new ProcessBuilder(kill).inheritIO().start().waitFor();

            RunResult result = run.join();
            assertThat(result.results()).containsExactly(4000);
            // Another may have been killed while it was loading the job.
            assertThat(result.report().failures())
                    .filteredOn(failure -> failure.task() >= 0)
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.cause()).isEqualTo("killed by SIGKILL from outside"));
        }
    }

    /**
     * Counts elements. Who is first waits until it is killed.
     *
     * @param at a file that appears when the first is there
     */
    record Slow(String at) implements Job<Integer, Integer> {
        /** It takes the kernel a while to clear this away: only the first is quick to die. */
        private static final Arena MEMORY = Arena.ofShared();

        /** Who calls it has memory, and is there as a file of its pid's name; it returns when all are there. */
        static DataFunction<Integer, Integer> untilAllArePresent(String folder, int count) {
            DataFunction<Integer, Integer> present = TestData.untilAllArePresent(folder, count);
            return (_, n) -> {
                MEMORY.allocate(256 << 20).fill((byte) 1);
                return present.apply(null, n);
            };
        }

        static NamedJob job(Path at) {
            return new NamedJob(Slow.class.getName(), Map.of(), List.of(Map.of("at", at.toString())));
        }

        @Override
        public Integer start() {
            try {
                if (Files.notExists(Path.of(at))) {
                    MEMORY.close();
                }
                Files.createFile(Path.of(at));
                Thread.sleep(Duration.ofMinutes(5));
            } catch (FileAlreadyExistsException e) {
                // The first is dead.
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return 0;
        }

        @Override
        public Integer accept(Integer count, Block block) {
            return count + (int) block.count();
        }

        @Override
        public Integer merge(Integer left, Integer right) {
            return left + right;
        }

        @Override
        public Integer finish(Integer count) {
            return count;
        }
    }
}
