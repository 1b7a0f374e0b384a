package io.github.forkless.coordinator.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.coordinator.Marked;
import io.github.forkless.coordinator.NamedJob;
import io.github.forkless.coordinator.PoolOptions;
import io.github.forkless.coordinator.TestData;
import io.github.forkless.coordinator.WorkerPool;
import io.github.forkless.coordinator.placement.WorkerPlaces;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.run.JobRun;
import io.github.forkless.coordinator.run.RunContext;
import io.github.forkless.coordinator.run.RunSettings;
import io.github.forkless.coordinator.schedule.Scheduler;
import io.github.forkless.coordinator.schedule.SystemClock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Workers that cannot start, or start and cannot work: the run fails soon, after a few, with what they printed. */
@Execution(ExecutionMode.SAME_THREAD)
class StartFailureIT {
    @TempDir
    Path folder;

    private Path starts;
    private int runs;
    private PrivateFolder privateFolder;

    @BeforeEach
    void countStarts() throws IOException {
        privateFolder = PrivateFolder.create();
        starts = Files.createFile(folder.resolve("starts"));
    }

    @AfterEach
    void noProcessIsLeft() throws Exception {
        Marked.assertNoneIsLeft(Duration.ofSeconds(2));
    }

    @Test
    void anOptionThatTheJvmDoesNotKnow() throws IOException {
        assertThat(failureOf(2, withJvmOption("-XX:NoSuchOption=1")))
                .hasMessageContaining("4 workers died before they could work")
                .hasMessageContaining("exited with code 1")
                .hasMessageContaining("NoSuchOption");
        assertFewStarts(2);
    }

    @Test
    void noAddressSpace() throws IOException {
        assertThat(failureOf(1, inShell("ulimit -v 400000; exec \"$@\"")))
                .hasMessageContaining("3 workers died before they could work")
                .hasMessageContaining("exited with code 1");
        assertFewStarts(1);
    }

    @Test
    void noFileDescriptors() throws IOException {
        assertThat(failureOf(1, inShell("ulimit -n 5; exec \"$@\""))).hasMessageContaining("before they could work");
        assertFewStarts(1);
    }

    @Test
    void noSuchProgram() {
        assertThat(failureOf(3, List.of("/no/such/program")))
                .hasMessageContaining("worker 1 of 3 cannot be started")
                .hasMessageContaining("/no/such/program");
    }

    @Test
    void aJobWhoseClassEndsEveryWorkerThatLoadsItFailsAlone() {
        Path data = TestData.ints(folder.resolve("data.bin"), 1000, i -> i);
        var options = quiet(PoolOptions.defaults().withProcs(2));
        var innocent = new NamedJob("sum", Map.of(), List.of(Map.of()));
        try (var pool = WorkerPool.open(data, options)) {
            var beside = pool.submitReported(innocent);
            var failed = catchThrowableOfType(
                    CompletionException.class,
                    () -> pool.submitReported(new NamedJob(
                                    "io.github.forkless.coordinator.Misbehaving",
                                    Map.of(),
                                    List.of(Map.of("way", "EXIT_7", "moment", "LOAD"))))
                            .join());
            assertThat(failed.getCause())
                    .isInstanceOf(RunFailedException.class)
                    .hasMessageContaining(
                            "loading the job io.github.forkless.coordinator.Misbehaving ended 3 workers in a row")
                    .hasMessageContaining("exited with code 7");
            assertThat(((RunFailedException) failed.getCause()).failures())
                    .hasSizeBetween(3, 4) // two at the same time may be one more than were wanted
                    .allSatisfy(failure -> assertThat(failure.cause()).isEqualTo("exited with code 7"));
            for (var run : List.of(beside, pool.submitReported(innocent))) {
                assertThat(run.join().results().getFirst()).hasToString("499500");
                assertThat(run.join().report().failures()).isEmpty();
            }
        }
    }

    @Test
    void cancellingBeforeWorkersAreUpDoesNotBreakThePool() throws IOException {
        Path mayStart = folder.resolve("may-start");
        var options = quiet(PoolOptions.defaults().withProcs(2));
        Scheduler scheduler = scheduler(2, inShell("until [ -e " + mayStart + " ]; do sleep 0.01; done; exec \"$@\""));
        try {
            scheduler.start();
            for (int i = 0; i < 6; i++) {
                JobRun cancelled = emptyRun(2);
                scheduler.submit(cancelled);
                assertThat(cancelled.result().cancel(true)).isTrue();
                assertThat(cancelled.result()).isCancelled();
            }
            TestData.give(mayStart);
            JobRun run = emptyRun(2);
            scheduler.submit(run);

            assertThat(run.result().join().results()).hasSize(1);
            assertThat(run.result().join().report().failures()).isEmpty();
            assertThat(Files.readAllLines(starts))
                    .as("nobody had to be replaced")
                    .hasSizeBetween(1, 2);
        } finally {
            scheduler.close();
        }
    }

    /** One for each worker and two more; who ended before there was a run to tell it to is not counted. */
    private void assertFewStarts(int procs) throws IOException {
        assertThat(Files.readAllLines(starts)).hasSizeBetween(procs + 2, 2 * procs + 2);
    }

    private static PoolOptions quiet(PoolOptions options) {
        return options.withWorkerOutput(new PrintStream(PrintStream.nullOutputStream()));
    }

    /** Runs an empty job with workers that are started by {@code command}. */
    private RunFailedException failureOf(int procs, List<String> command) {
        Scheduler scheduler = scheduler(procs, command);
        try {
            scheduler.start();
            JobRun run = emptyRun(procs);
            scheduler.submit(run);
            return (RunFailedException) catchThrowableOfType(
                            CompletionException.class, () -> run.result().join())
                    .getCause();
        } catch (RunFailedException atStart) {
            return atStart;
        } finally {
            scheduler.close();
        }
    }

    private JobRun emptyRun(int procs) {
        var settings = new RunSettings(procs, 2, false, Optional.empty(), 1, true);
        var context = new RunContext(
                ++runs, "job sum", Message.NO_DATASET, Optional.empty(), settings, Recording.NONE, Optional.empty());
        var source = new JobSource.Named("sum", Map.of(), List.of(Map.of()));
        return new JobRun(context, source, List.of(), new int[0], _ -> "");
    }

    private Scheduler scheduler(int procs, List<String> command) {
        return new Scheduler(
                new ProcessEngine(privateFolder, new WorkerLaunch(command), WorkerPlaces.NONE, _ -> {}),
                new Scheduler.Settings(procs, OptionalInt.empty(), Duration.ofSeconds(2), 2),
                Recording.NONE,
                new SystemClock(),
                _ -> {});
    }

    private List<String> withJvmOption(String option) throws IOException {
        List<String> command = new ArrayList<>(inShell("exec \"$@\""));
        command.add(command.indexOf("-cp"), option);
        return command;
    }

    /** A worker's command, handed to a shell script that ends with it, and a line in {@link #starts} for each start. */
    private List<String> inShell(String script) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("/bin/sh", "-c", "echo started >>" + starts + "; " + script, "start-failure-test"));
        command.addAll(WorkerCommand.of(WorkerSettings.defaults(1), privateFolder));
        return command;
    }
}
