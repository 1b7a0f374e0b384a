package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.forkless.coordinator.Misbehaving.Moment;
import io.github.forkless.coordinator.Misbehaving.Way;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.Recording.Attempt;
import io.github.forkless.coordinator.result.Recording.Outcome;
import io.github.forkless.coordinator.result.Recording.Totals;
import io.github.forkless.coordinator.result.Recording.Worker;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.result.RunReport;
import io.github.forkless.coordinator.result.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What is recorded is what happened. */
@Execution(ExecutionMode.SAME_THREAD)
class RecordingIT {
    private static final int ELEMENTS = 1 << 20;
    private static final int TASKS = 16;

    @TempDir
    Path folder;

    private Path data;
    private final long before = System.nanoTime();

    @BeforeEach
    void writeData() {
        data = TestData.ints(folder.resolve("data.bin"), ELEMENTS, i -> i);
    }

    @AfterEach
    void noProcessIsLeft() throws Exception {
        Marked.assertNoneIsLeft(Duration.ofSeconds(2));
    }

    @Test
    void everyAttemptIsKept() {
        Recording recording = Recording.ofAttempts();
        run(recording, PoolOptions.defaults().withProcs(2), new Misbehaving(Way.EXIT_7, Moment.ACCEPT, -1, ""));

        List<Attempt> scans = attempts(recording).stream()
                .filter(attempt -> !attempt.isMerge())
                .sorted(Comparator.comparing(attempt -> attempt.slice().from()))
                .toList();
        assertThat(scans).hasSize(TASKS);
        long covered = 0;
        for (Attempt scan : scans) {
            assertThat(scan.slice().from()).isEqualTo(covered);
            covered = scan.slice().to();
            assertThat(scan)
                    .extracting(Attempt::run, Attempt::number, Attempt::firstSet, Attempt::endSet, Attempt::outcome)
                    .containsExactly(1, 1, 0, 1, Outcome.OK);
            // Reading its part of the file cannot do without a fault, in mappings of 2 MiB at the most.
            assertThat(scan.minorFaults()).isNotNegative();
            assertThat(scan.majorFaults()).isNotNegative();
        }
        assertThat(covered).isEqualTo(ELEMENTS);
        assertThat(scans.stream().mapToLong(Attempt::minorFaults).sum()).isPositive();
        assertThat(attempts(recording)).filteredOn(Attempt::isMerge).isNotEmpty();
        assertThat(recording.attemptsNotKept()).isZero();
    }

    @Test
    void timesAreThoseOfOneClock() {
        Recording recording = Recording.ofAttempts();
        run(recording, PoolOptions.defaults().withProcs(2), new Misbehaving(Way.EXIT_7, Moment.ACCEPT, -1, ""));
        long after = System.nanoTime();

        for (Attempt attempt : attempts(recording)) {
            assertThat(List.of(before, attempt.dealtNanos(), attempt.startedNanos(), attempt.endedNanos(), after))
                    .isSorted();
        }
        for (Worker worker : recording.workers()) {
            // The kernel tells the start of a process to 10 ms, of which both readings may be off by one.
            boolean isUp = worker.upNanos() != Recording.UNKNOWN; // the others may have done all before it was
            assertThat(worker.startedNanos())
                    .isBetween(before - 20_000_000, (isUp ? worker.upNanos() : after) + 20_000_000);
            if (worker.tasks() > 0) { // or it may have come too late to have the job
                assertThat(List.of(before, worker.upNanos(), worker.mappedNanos(), worker.preparedNanos(), after))
                        .isSorted();
            }
            assertThat(worker.endedNanos()).isEqualTo(Recording.UNKNOWN);
        }
        for (int index = 0; index < recording.workers().size(); index++) {
            int it = index;
            List<Attempt> ofOne = attempts(recording).stream()
                    .filter(attempt -> attempt.worker() == it)
                    .sorted(Comparator.comparing(Attempt::startedNanos))
                    .toList();
            for (int i = 1; i < ofOne.size(); i++) {
                assertThat(ofOne.get(i).startedNanos())
                        .isGreaterThanOrEqualTo(ofOne.get(i - 1).endedNanos());
            }
        }
        assertThat(List.of(
                        recording.nanosOf(Recording.Moment.SUBMITTED),
                        recording.nanosOf(Recording.Moment.FIRST_TASK),
                        recording.nanosOf(Recording.Moment.LAST_PARTIAL),
                        recording.nanosOf(Recording.Moment.COMPLETED)))
                .isSorted();
    }

    @Test
    void totalsAreThoseOfTheReport() {
        Recording recording = Recording.ofTotals();
        RunReport report = run(
                recording,
                PoolOptions.defaults().withProcs(2),
                new Misbehaving(Way.EXIT_7, Moment.ACCEPT, ELEMENTS / 2, once()));

        Totals totals = recording.totals();
        assertThat(totals)
                .extracting(Totals::passes, Totals::tasks, Totals::attempts, Totals::retries, Totals::alive)
                .containsExactly(1, report.tasks(), report.attempts(), report.retries(), 2);
        assertThat(report.retries()).isEqualTo(1);
        assertThat(totals.doneBytes()).isEqualTo(ELEMENTS * 4L);
        assertThat(totals.passBytes()).isEqualTo(ELEMENTS * 4L);
        assertThat(totals.donePassBytes()).isEqualTo(ELEMENTS * 4L);
        assertThat(recording.attempts()).as("attempts that nobody asked for").isZero();
        for (RunReport.WorkerShare share : report.workers()) {
            assertThat(recording.workers())
                    .filteredOn(worker -> worker.pid() == share.pid())
                    .singleElement()
                    .satisfies(worker -> assertThat(worker)
                            .extracting(Worker::id, Worker::tasks, Worker::busyNanos, Worker::end)
                            .containsExactly(
                                    share.id(), share.tasks(), share.busy().toNanos(), share.end()));
        }
    }

    @Test
    void anAttemptThatEndedItsWorkerEndsWithIt() {
        Recording recording = Recording.ofAttempts();
        run(
                recording,
                PoolOptions.defaults().withProcs(2),
                new Misbehaving(Way.SIGKILL, Moment.ACCEPT, ELEMENTS / 2, once()));

        List<Attempt> died = attempts(recording).stream()
                .filter(attempt -> attempt.outcome() == Outcome.DIED)
                .toList();
        assertThat(died).hasSize(1);
        Attempt attempt = died.getFirst();
        Worker worker = recording.workers().get(attempt.worker());
        assertThat(worker.end()).startsWith("killed by SIGKILL");
        assertThat(attempt.endedNanos()).isEqualTo(worker.endedNanos()).isGreaterThan(attempt.startedNanos());
        assertThat(attempt.slice().from()).isLessThanOrEqualTo(ELEMENTS / 2);
        assertThat(attempt.slice().to()).isGreaterThan(ELEMENTS / 2);
        assertThat(attempt.minorFaults()).isEqualTo(-1);
        assertThat(attempts(recording))
                .filteredOn(other -> other.task() == attempt.task() && other.number() == 2)
                .singleElement()
                .extracting(Attempt::outcome)
                .isEqualTo(Outcome.OK);
        assertThat(recording.workers()).hasSize(3);
    }

    @Test
    void aRunThatFailsIsRecordedUpToItsEnd() {
        Recording recording = Recording.ofAttempts();

        var failed = catchThrowableOfType(
                RunFailedException.class,
                () -> run(
                        recording,
                        PoolOptions.defaults().withProcs(1),
                        new Misbehaving(Way.THROW, Moment.ACCEPT, ELEMENTS - 1, "")));

        assertThat(failed).hasMessageContaining("on purpose");
        assertThat(attempts(recording).getLast())
                .extracting(Attempt::outcome, Attempt::task)
                .containsExactly(Outcome.THREW, TASKS - 1L);
        assertThat(recording.nanosOf(Recording.Moment.COMPLETED)).isGreaterThan(before);
        assertThat(recording.totals().donePassBytes()).isEqualTo(4L * ELEMENTS * (TASKS - 1) / TASKS);
    }

    @Test
    void aWorkerThatWasReplacedHasNotDied() {
        Recording recording = Recording.ofAttempts();
        run(
                recording,
                PoolOptions.defaults().withProcs(1).withTasksPerWorker(TASKS),
                new Misbehaving(Way.EXIT_7, Moment.ACCEPT, -1, ""));

        assertThat(recording.workers()).hasSize(2).extracting(Worker::end).containsOnly("ok");
        assertThat(recording.workers().getFirst().tasks()).isEqualTo(TASKS);
    }

    @Test
    void aRunThatIsCancelledEndsOnce() {
        Recording recording = Recording.ofTotals();
        try (var pool = WorkerPool.open(PoolOptions.defaults().withProcs(1).withRecording(recording))) {
            pool.submitMap(List.of(1), (_, i) -> {
                        Thread.sleep(Duration.ofMinutes(1)); // longer than it is left
                        return i;
                    })
                    .cancel(true);
            assertThat(pool.map(List.of(1), (_, i) -> i)).containsExactly(1);
            long wallNanos = recording.totals().wallNanos();

            assertThat(recording.totals().wallNanos())
                    .as("nothing is under way")
                    .isEqualTo(wallNanos);
            var running = pool.submitMap(List.of(1), (_, i) -> {
                Thread.sleep(Duration.ofMinutes(1)); // longer than it is left
                return i;
            });
            assertThat(recording.totals().wallNanos())
                    .as("a run is under way")
                    .isNotEqualTo(recording.totals().wallNanos());
            running.cancel(true);
        }
    }

    @Test
    void nothingIsRecordedWhereNobodyAsked() {
        run(Recording.NONE, PoolOptions.defaults().withProcs(1), new Misbehaving(Way.EXIT_7, Moment.ACCEPT, -1, ""));

        assertThat(Recording.NONE.attempts()).isZero();
        assertThat(Recording.NONE.workers()).isEmpty();
        assertThat(Recording.NONE.totals()).isEqualTo(new Totals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    }

    private RunReport run(Recording recording, PoolOptions options, Misbehaving job) {
        try (var pool = WorkerPool.open(
                data, Runs.with(options, run -> run.withTasks(TASKS)).withRecording(recording))) {
            RunResult result = pool.runReported(List.of(job));
            assertThat(result.results()).containsExactly((long) ELEMENTS * (ELEMENTS - 1) / 2);
            return result.report();
        }
    }

    /** A file whose remover misbehaves, and nobody after it. */
    private String once() {
        try {
            return Files.createFile(folder.resolve("once")).toString();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Attempt> attempts(Recording recording) {
        return IntStream.range(0, recording.attempts())
                .mapToObj(recording::attempt)
                .toList();
    }
}
