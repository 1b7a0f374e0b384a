package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.wire.JobSource;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * From the SIGKILL of a worker to its task running again. With {@code -Dforkless.kills=30} as many kills are made, and
 * the times printed.
 */
class RecoveryTest {
    private static final int KILLS = Integer.getInteger("forkless.kills", 3);

    @TempDir
    Path folder;

    @AfterEach
    void noProcessIsLeft() throws Exception {
        Marked.assertNoneIsLeft(Duration.ofSeconds(2));
    }

    /** A second is what a loaded machine may take; see docs/reliability.md for what an idle one does. */
    @ParameterizedTest
    @CsvSource({"another worker is idle, 2", "a new worker has to start, 1"})
    void aTaskRunsAgainSoonAfterItsWorkerWasKilled(String what, int workers) throws Exception {
        Path at = folder.resolve("at");
        String name = at.toString();
        DataFunction<Integer, Long> timed = (_, _) -> {
            long now = System.nanoTime(); // the machine's monotonic clock, the same for all processes
            if (Files.notExists(Path.of(name))) {
                Path hidden = Files.writeString(
                        Path.of(name + ".hidden"),
                        Long.toString(ProcessHandle.current().pid()));
                Files.move(hidden, Path.of(name)); // appears with its content
                Thread.sleep(Duration.ofMinutes(5));
            }
            return now;
        };
        double[] millis = new double[KILLS];
        try (var pool = WorkerPool.open(PoolOptions.defaults().withProcs(workers))) {
            for (int i = 0; i < KILLS; i++) {
                Path present = Files.createDirectory(folder.resolve("present-" + i));
                pool.map(List.of(1, 2, 3, 4), untilAllArePresent(present.toString(), workers));
                var again = pool.submitMap(List.of(0), timed);
                TestData.await(at);
                ProcessHandle victim =
                        ProcessHandle.of(Long.parseLong(Files.readString(at))).orElseThrow();
                long killed = System.nanoTime();
                victim.destroyForcibly();
                long runsAgain = again.get(30, TimeUnit.SECONDS).getFirst();
                millis[i] = (runsAgain - killed) / 1e6;
                Files.delete(at);
            }
        }
        Arrays.sort(millis);
        if (KILLS > 3) {
            System.out.printf(
                    "%s: %d kills; min %.1f ms, median %.1f, 90%% %.1f, max %.1f%n",
                    what, KILLS, millis[0], millis[KILLS / 2], millis[KILLS * 9 / 10], millis[KILLS - 1]);
        }
        assertThat(millis[0]).isPositive();
        assertThat(millis[KILLS / 2]).isLessThan(1000);
    }

    /** Idle workers that have been killed, and take a while to end, look as if they could take over. */
    @Test
    void whatAWorkerHadIsNotDealtToThoseWhoWereKilledWithIt() throws Exception {
        Path data = TestData.ints(folder.resolve("data.bin"), 4000, i -> i);
        Path present = Files.createDirectory(folder.resolve("present"));
        int workers = 4;
        var options = PoolOptions.defaults().withProcs(workers).withTasks(1).withRetries(1);
        try (var pool = WorkerPool.open(data, options)) {
            pool.map(List.of(1, 2, 3, 4), Slow.untilAllArePresent(present.toString(), workers));
            List<String> kill = new ArrayList<>(List.of("kill", "-KILL"));
            pids(present).forEach(pid -> kill.add(Long.toString(pid)));
            var run = pool.submit(Slow.job(folder.resolve("at")));
            TestData.await(folder.resolve("at"));

            new ProcessBuilder(kill).inheritIO().start().waitFor();

            RunResult result = run.join();
            assertThat(result.results()).containsExactly(4000);
            assertThat(result.report().failures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.cause()).isEqualTo("killed by SIGKILL from outside"));
        }
    }

    private static List<Long> pids(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> Long.valueOf(file.getFileName().toString()))
                    .toList();
        }
    }

    /** Who calls it is there as a file of its pid's name; it returns when so many workers are. */
    private static DataFunction<Integer, Integer> untilAllArePresent(String folder, int workers) {
        return (_, n) -> {
            Path self = Path.of(folder, Long.toString(ProcessHandle.current().pid()));
            if (Files.notExists(self)) { // a worker may be dealt several
                Files.createFile(self);
            }
            while (pids(Path.of(folder)).size() < workers) {
                Thread.sleep(5);
            }
            return n;
        };
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
            DataFunction<Integer, Integer> present = RecoveryTest.untilAllArePresent(folder, count);
            return (_, n) -> {
                MEMORY.allocate(256 << 20).fill((byte) 1);
                return present.apply(null, n);
            };
        }

        static JobSource.Named job(Path at) {
            return new JobSource.Named(Slow.class.getName(), Map.of(), List.of(Map.of("at", at.toString())));
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
