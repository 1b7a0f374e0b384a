package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.RecordCursor;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.shared.Shared;
import io.github.forkless.coordinator.PaddedRecords.Fragile;
import io.github.forkless.coordinator.PaddedRecords.Padded;
import io.github.forkless.coordinator.journal.JournalException;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.result.RunReport;
import io.github.forkless.coordinator.result.RunResult;
import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of records that are large, that do not fit on their disk, or whose writer or reader does not get to the end. */
@Execution(ExecutionMode.SAME_THREAD)
class RecordFilesIT {
    private static final int MIB = 1 << 20;

    @TempDir
    private Path folder;

    @AfterEach
    void noWorkerIsLeft() {
        TestData.assertNoWorkerIsLeft();
    }

    private static Long addNumbers(Long sum, Block block) {
        long all = sum;
        for (RecordCursor<Padded> records = block.records(Padded.class); records.next(); ) {
            all += records.reused().number();
        }
        return all;
    }

    private static Path write(Path path, int count, int bytes) {
        byte[] padding = new byte[bytes];
        try (RecordWriter<Padded> writer = RecordWriter.create(path)) {
            for (int i = 0; i < count; i++) {
                writer.write(new Padded(i, padding));
            }
            writer.publish();
        }
        return path;
    }

    private static DatasetFile open(Path path) {
        return DatasetFile.open(path, Optional.empty());
    }

    @LongTest
    @Test
    void moreThanTwoGibibytesOfRecordsAreRead() throws IOException {
        Path disk =
                Files.createTempDirectory(Path.of(System.getProperty("forkless.home")), "large"); // /tmp may be memory
        int count = 1030;
        long sum = count * (count - 1L) / 2;
        try {
            Path path = write(disk.resolve("large.records"), count, 2 * MIB);
            assertThat(path.toFile().length()).isGreaterThan(1L << 31);
            try (var pool = WorkerPool.open(open(path), PoolOptions.defaults().withProcs(2));
                    Shared<Block> shared = pool.share(path)) {
                assertThat(pool.reduce(() -> 0L, RecordFilesIT::addNumbers, Long::sum))
                        .isEqualTo(sum);
                assertThat(pool.map(
                                List.of(1000L),
                                from -> addNumbers(0L, shared.get().part(from, count))))
                        .containsExactly(sum - 1000L * 999 / 2);
            }
        } finally {
            Files.deleteIfExists(disk.resolve("large.records"));
            Files.delete(disk);
        }
    }

    @LongTest
    @Test
    void aRecordThatIsLongerThanASliceAndABlockIsRead() {
        Path path = folder.resolve("long.records");
        try (RecordWriter<Padded> writer = RecordWriter.create(path)) {
            for (int i = 0; i < 100; i++) {
                writer.write(new Padded(i, new byte[i % 40 == 3 ? 5 * MIB : 10]));
            }
            writer.publish();
        }
        try (var pool = WorkerPool.open(open(path), PoolOptions.defaults().withProcs(2))) {
            for (int tasks : new int[] {1, 7, 100, 1000}) {
                assertThat(pool.with(RunOptions.defaults().withTasks(tasks))
                                .reduce(() -> 0L, RecordFilesIT::addNumbers, Long::sum))
                        .isEqualTo(99L * 100 / 2);
            }
        }
    }

    @LongTest
    @Test
    void aRunWithAJournalGoesOnAndItsAnswerIsTheSameToTheLastBit() throws IOException {
        Path path = write(folder.resolve("events.records"), 100_000, 20);
        var fragile = new Fragile(70_007, folder.resolve("cure").toString());
        var options = PoolOptions.defaults()
                .withProcs(2)
                .withRunOptions(RunOptions.defaults().withTasks(16).withRetries(0));
        var journaled = Runs.with(options, run -> run.withJournal(folder.resolve("run.journal")));
        assertThatExceptionOfType(RunFailedException.class).isThrownBy(() -> run(path, journaled, fragile));
        Files.createFile(Path.of(fragile.cure()));

        RunResult resumed = run(path, journaled, fragile);

        RunReport report = resumed.report();
        assertThat(report.isComplete()).isTrue();
        assertThat(report.resumed()).isPositive().isLessThan(16);
        assertThat(report.attempts() + report.resumed()).isEqualTo(16);
        assertThat(resumed.results()).isEqualTo(run(path, options, fragile).results());

        Files.delete(path);
        Path other = write(path, 100_000, 20);
        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(() -> run(other, journaled, fragile))
                .withMessageContaining("belongs to another run (data: found " + path + " (100000 records, ");
    }

    private static RunResult run(Path path, PoolOptions options, Job<?, ?> job) {
        try (var pool = WorkerPool.open(open(path), options)) {
            return pool.runReported(List.of(job));
        }
    }

    /** More than is gathered before it is written, and less. */
    @ParameterizedTest
    @ValueSource(ints = {3 * MIB, MIB / 2})
    void aFullDiskIsSaidAndNoFileIsLeft(int bytes) throws Exception {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .as("only root can mount")
                .isEqualTo(0);
        Path small = Files.createDirectory(folder.resolve("small"));
        mount("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", small.toString());
        Path path = small.resolve("a.records");
        try (RecordWriter<Padded> writer = RecordWriter.create(path)) {
            assertThatExceptionOfType(DatasetException.class)
                    .isThrownBy(() -> {
                        writer.write(new Padded(1, new byte[bytes]));
                        writer.publish();
                    })
                    .withMessage(path + ": cannot be written: No space left on device");
            assertThat(small).isEmptyDirectory();
            assertThatIllegalStateException().isThrownBy(() -> writer.write(new Padded()));
            assertThatIllegalStateException().isThrownBy(writer::publish);
        } finally {
            mount("umount", small.toString());
        }
    }

    private static void mount(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    @Test
    void whoIsInterruptedWritesNoFileAndStaysInterrupted() {
        try (RecordWriter<Padded> writer = RecordWriter.create(folder.resolve("a.records"))) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(CancellationException.class)
                    .isThrownBy(() -> writer.write(new Padded(1, new byte[3 * MIB])))
                    .withMessage(
                            "interrupted while " + folder.resolve("a.records") + " was written, which is not there");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(folder).isEmptyDirectory();
    }

    /** Writes, says so, and waits to be killed. */
    static final class Writer {
        public static void main(String[] args) throws Exception {
            try (RecordWriter<Padded> writer = RecordWriter.create(Path.of(args[0]))) {
                writer.write(new Padded(1, new byte[3 * MIB]));
                System.out.println("written");
                Thread.sleep(Duration.ofDays(1)); // until it is killed
            }
        }
    }

    @Test
    void whatAKilledWriterLeavesTheNextOneRemoves() throws Exception {
        Path path = folder.resolve("a.records");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("../docs/examples/chronicle.options").toRealPath()));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Writer.class.getName(), path.toString()));
        Process host = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = host.inputReader()) {
            assertThat(out.readLine()).isEqualTo("written");
        } finally {
            host.destroyForcibly();
        }
        assertThat(host.waitFor(Patience.of(Duration.ofSeconds(30)).toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
        assertThat(path).doesNotExist();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).hasSize(1);
        }

        write(path, 1, 0);

        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(path);
        }
    }

    @LongTest
    @Test
    void noRecordsAreWrittenAndRead() throws IOException {
        Path path = write(folder.resolve("none.records"), 0, 0);

        try (var pool = WorkerPool.open(open(path), PoolOptions.defaults().withProcs(1));
                Shared<Block> shared = pool.share(path);
                var objects = pool.shareRecords(List.<Padded>of())) {
            assertThat(pool.reduce(() -> 0L, RecordFilesIT::addNumbers, Long::sum))
                    .isZero();
            assertThat(pool.map(List.of(0L), _ -> addNumbers(0L, shared.get()))).containsExactly(0L);
            assertThat(pool.map(List.of(0L), _ -> objects.get().cursor().next()))
                    .containsExactly(false);
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(
                            () -> pool.map(List.of(0L), i -> objects.get().at(i).number()))
                    .withMessageContaining("IndexOutOfBoundsException");
        }
    }
}
