package io.github.forkless.coordinator.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.testing.LongTest;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a job that misbehaves costs others, with real JVMs. */
class IsolationIT {
    /** So few neighbours that a worker is done with all of them long before the place of another is taken. */
    private final Isolation isolation = new Isolation(2, 16);

    @TempDir
    private Path folder;

    private Laboratory laboratory;

    @BeforeEach
    void open() {
        laboratory = Laboratory.open(folder);
    }

    @AfterEach
    void close() {
        laboratory.close();
        assertThat(folder).isEmptyDirectory();
        assertThat(ProcessHandle.current().descendants().filter(this::isOurs)).isEmpty();
    }

    private boolean isOurs(ProcessHandle process) {
        return process.info().commandLine().orElse("").contains(folder.toString()) && process.isAlive();
    }

    @LongTest
    @ParameterizedTest
    @CsvSource({
        "CRASH, took the program with it (exit code 134), killed by SIGSEGV",
        "EXIT, took the program with it (exit code 1), exited with code 1"
    })
    void aThreadTakesTheProgramWithItAndAWorkerItselfAlone(
            Misbehaviour misbehaviour, String endAmongThreads, String endAmongProcesses) {
        Consequence threads = isolation.consequence(laboratory, misbehaviour, Isolation.Where.THREADS);
        Consequence processes = isolation.consequence(laboratory, misbehaviour, Isolation.Where.PROCESSES);

        assertThat(threads.survived()).isFalse();
        assertThat(threads.kept()).isZero();
        assertThat(threads.culprit()).isEqualTo(endAmongThreads);
        assertThat(threads.longestPause()).isEmpty();
        assertThat(threads.recovery()).isPresent();
        assertThat(processes.survived()).isTrue();
        assertThat(processes.kept()).isEqualTo(processes.results());
        assertThat(processes.culprit()).startsWith(endAmongProcesses);
        assertThat(processes.longestPause()).isPresent();
        assertThat(processes.recovery()).isPresent();
    }

    @Test
    void aThreadInAnEndlessLoopIsLostForGood() {
        Consequence threads = isolation.consequence(laboratory, Misbehaviour.LOOP, Isolation.Where.THREADS);

        assertThat(threads.survived()).isTrue();
        assertThat(threads.kept()).isEqualTo(threads.results());
        assertThat(threads.recovery()).isEmpty();
        assertThat(threads.culprit()).startsWith("still running");
    }

    @Test
    void aWorkerInAnEndlessLoopIsReplaced() {
        Consequence processes = isolation.consequence(laboratory, Misbehaviour.LOOP, Isolation.Where.PROCESSES);

        assertThat(processes.kept()).isEqualTo(processes.results());
        assertThat(processes.culprit()).startsWith("timed out");
        assertThat(processes.recovery())
                .hasValueSatisfying(time -> assertThat(time).isGreaterThan(Duration.ofMillis(400)));
        assertThat(processes.longestPause()).isPresent();
    }

    @Test
    void aFullHeapIsItsOwnersAlone() {
        Consequence threads = isolation.consequence(laboratory, Misbehaviour.EXHAUSTION, Isolation.Where.THREADS);
        Consequence processes = isolation.consequence(laboratory, Misbehaviour.EXHAUSTION, Isolation.Where.PROCESSES);

        assertThat(threads.culprit()).containsAnyOf("OutOfMemoryError", "took the program with it"); // as it falls out
        assertThat(processes.culprit()).startsWith("ran out of memory");
        assertThat(processes.kept()).isEqualTo(processes.results());
        assertThat(processes.recovery()).isPresent();
    }

    @Test
    void whatAllIsWellWithNeedsNoRecovery() {
        Consequence nothing = isolation.consequence(laboratory, Misbehaviour.NOTHING, Isolation.Where.THREADS);

        assertThat(nothing.kept()).isEqualTo(nothing.results()).isPositive();
        assertThat(nothing.needsRecovery()).isFalse();
        assertThat(nothing.longestPause())
                .hasValueSatisfying(time -> assertThat(time).isGreaterThanOrEqualTo(Duration.ofMillis(1)));
        assertThat(nothing.culprit()).isEmpty();
    }
}
