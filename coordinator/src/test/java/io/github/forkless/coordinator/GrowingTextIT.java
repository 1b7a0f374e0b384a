package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.worker.jobs.Wc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What others add to a text while a pool has it open. */
@Execution(ExecutionMode.SAME_THREAD)
class GrowingTextIT {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void isNotReadAndIsSaid() throws IOException {
        Path log = Files.writeString(folder.resolve("access.log"), "one two\nthree");
        try (var pool = open(log)) {
            assertThat(pool.runReported(List.of(new Wc())).report().grownBytes())
                    .isZero();
            Files.writeString(log, " four\nfive", StandardOpenOption.APPEND);

            var result = pool.runReported(List.of(new Wc()));

            assertThat(result.results()).isEqualTo(List.of(new Wc.Counts(1, 3, 13)));
            assertThat(result.report().grownBytes()).isEqualTo(10);
            assertThat(result.report().isComplete()).isTrue();
        }
        assertThat(said.toString())
                .isEqualTo("[data] " + log.toRealPath()
                        + " has grown by 10 bytes while it was read; the answer is that of the"
                        + " 13 bytes that it had before\n");
    }

    @Test
    void isAnErrorInATextThatWasEmptiedFirst() throws IOException {
        Path log = Files.writeString(folder.resolve("access.log"), "one two\nthree");
        try (var pool = open(log)) {
            pool.run(new Wc()); // it is mapped now
            Files.writeString(log, "another day\nanother log\n");

            assertThatExceptionOfType(DatasetException.class)
                    .isThrownBy(() -> pool.run(new Wc()))
                    .withMessage(log.toRealPath()
                            + ": written anew while it was in use; run again when nothing writes to it");
        }
    }

    private WorkerPool open(Path text) {
        return WorkerPool.open(
                text,
                PoolOptions.defaults()
                        .withEngine(EngineKind.THREADS)
                        .withProcs(1)
                        .withWorkerOutput(new PrintStream(said)));
    }
}
