package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.coordinator.result.Failure;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.RunReport;
import io.github.forkless.coordinator.result.RunResult;
import io.github.forkless.coordinator.schedule.Durations;
import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Patience;
import io.github.forkless.worker.Chaos;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Runs whose workers harm themselves: the short form of what docs/reliability.md has in a long one. */
@Execution(ExecutionMode.SAME_THREAD)
class ChaoticRunIT {
    private static final int ELEMENTS = 1_000_003;
    private static final int TASKS = 80; // so that merging takes two steps

    /** With this seed everything happens, also to a merge and to an attempt that is not the first, and little of it. */
    private static final Chaos CHAOS = Chaos.parse("seed=1463,kill=0.08,stall=0.02,garbage=0.03");

    private static final Duration TIMEOUT = Patience.of(Duration.ofMillis(800));

    @TempDir
    Path folder;

    private Path data;
    private Leftovers leftovers;
    private final ByteArrayOutputStream chatter = new ByteArrayOutputStream();

    @BeforeEach
    void writeData() throws Exception {
        data = TestData.ints(folder.toRealPath().resolve("data.bin"), ELEMENTS, i -> i);
        leftovers = new Leftovers(data, folder.resolve("tmp"));
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        try {
            leftovers.assertNone();
        } finally {
            leftovers.close();
        }
    }

    private PoolOptions options(int workers, Chaos chaos) {
        return PoolOptions.defaults()
                .withProcs(workers)
                .withRunOptions(
                        RunOptions.defaults().withTasks(TASKS).withRetries(20).withTimeout(TIMEOUT))
                .withChaos(chaos)
                .withWorkerOutput(new PrintStream(chatter, true, StandardCharsets.UTF_8));
    }

    private RunResult run(PoolOptions options) {
        try (var pool = WorkerPool.open(data, options)) {
            return pool.submitReported(new NamedJob("sum", Map.of(), List.of(Map.of())))
                    .join();
        }
    }

    @LongTest
    @Test
    void theAnswerIsExactAndTheSameHarmIsDoneByHoweverManyWorkers() {
        RunResult result = run(options(1, CHAOS));
        RunResult again = run(options(3, CHAOS));

        assertThat(result.results().getFirst()).hasToString(Long.toString((long) ELEMENTS * (ELEMENTS - 1) / 2));
        assertThat(again.results()).isEqualTo(result.results());
        RunReport report = result.report();
        assertThat(report.isComplete()).isTrue();
        assertThat(report.tasks()).isEqualTo(TASKS);
        assertThat(harm(report)).hasSize((int) report.failed());
        assertThat(harm(again.report())).isEqualTo(harm(report));
        assertThat(String.join("\n", harm(report)))
                .contains("killed by SIGKILL, by chaos (SIGKILL before the work)")
                .contains("killed by SIGKILL, by chaos (SIGKILL in the work)")
                .contains("killed by SIGKILL, by chaos (SIGKILL within the answer)")
                .contains("merging ")
                .contains("timed out after " + Durations.text(TIMEOUT) + " (SIGSTOP)")
                .contains("timed out after " + Durations.text(TIMEOUT) + " (hanging)")
                .contains("broke the protocol (garbage in the answer)");
        assertThat(chatter.toString(StandardCharsets.UTF_8))
                .startsWith("[chaos] workers harm themselves on purpose: " + CHAOS)
                .contains("chaos: SIGKILL behind the answer at task ");
    }

    /** What happened to each attempt; also at merges, which have other numbers each time. */
    private static Set<String> harm(RunReport report) {
        Set<String> harm = new TreeSet<>();
        for (Failure failure : report.failures()) {
            String lastWords = failure.lastWords().getLast();
            assertThat(lastWords).startsWith("chaos: ").endsWith(", attempt " + failure.attempt());
            harm.add(failure.what() + ", attempt " + failure.attempt() + ": "
                    + failure.cause().replaceFirst("(?<=broke the protocol):.*", "") + " ("
                    + lastWords.substring("chaos: ".length(), lastWords.indexOf(" at task ")) + ")");
        }
        return harm;
    }

    @LongTest
    @Test
    void whoIsKilledBehindTheAnswerCostsNoAttempt() {
        var chaos = new Chaos(1, 0.3, 0, 0);
        RunResult result = run(Runs.with(options(2, chaos), run -> run.withTasks(20)));

        List<RunReport.WorkerShare> workers = result.report().workers();
        assertThat(workers.stream().filter(worker -> worker.end().endsWith(", by chaos")))
                .hasSizeGreaterThan((int) result.report().failed());
        assertThat(result.report().failures())
                .allSatisfy(failure ->
                        assertThat(failure.lastWords()).last().asString().doesNotContain("behind the answer"));
        assertThat(result.report().attempts())
                .isEqualTo(20
                        + result.report().failures().stream()
                                .filter(failure -> !failure.what().startsWith("merging"))
                                .count());
    }

    @Test
    void aStallWithoutATimeoutIsRefused() {
        var stalling = new Chaos(1, 0, 0.1, 0);
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> PoolOptions.defaults().withChaos(stalling))
                .withMessage("chaos with stall=0.1 needs a timeout: nothing else ends a worker that stalls; use"
                        + " RunOptions.withTimeout, or leave stall out");
        assertThat(PoolOptions.defaults().withChaos(new Chaos(1, 0.1, 0, 0.1)).chaos)
                .isPresent();
    }

    @Test
    void anAttemptsNumberFitsTheWire() {
        assertThat(RunOptions.defaults().withRetries(65_534).retries).isEqualTo(65_534);
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> RunOptions.defaults().withRetries(65_535))
                .withMessageContaining("from 0 to 65534 times, not 65535");
    }
}
