package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.forkless.coordinator.cli.Launcher.Running;
import io.github.forkless.coordinator.cli.TestJobs.Gate;
import io.github.forkless.testing.LongTest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that changes while it is used is an error that says so, not an answer; but a text may grow. */
class ChangedDataIT {
    private static final long BYTES = 64 << 20;
    private static final String ADVICE = " while it was in use; run again when nothing writes to it";

    @TempDir
    private Path folder;

    private Path data;
    private Gate gate;

    private interface Change {
        void make() throws IOException;
    }

    @BeforeEach
    void writeData() throws Exception {
        data = folder.toRealPath().resolve("data.bin");
        TestData.sparse(data, BYTES);
        gate = Gate.in(folder);
    }

    @Test
    void truncatedBeforeItIsRead() throws Exception {
        assertThat(errorAfter(() -> TestData.sparse(data, 4096)))
                .isEqualTo(data + ": truncated from 67108864 to 4096 bytes" + ADVICE);
    }

    @LongTest
    @Test
    void truncatedToNothing() throws Exception {
        assertThat(errorAfter(() -> TestData.sparse(data, 0)))
                .isEqualTo(data + ": truncated from 67108864 to 0 bytes" + ADVICE);
    }

    @LongTest
    @Test
    void truncatedByWhatNobodyNeededToRead() throws Exception {
        // The last page stays in the mapping, filled with zeros: only the file's length tells.
        assertThat(errorAfter(() -> TestData.sparse(data, BYTES - 4)))
                .isEqualTo(data + ": truncated from 67108864 to 67108860 bytes" + ADVICE);
    }

    @Test
    void grown() throws Exception {
        assertThat(errorAfter(() -> TestData.sparse(data, BYTES + 4)))
                .isEqualTo(data + ": grown from 67108864 to 67108868 bytes" + ADVICE);
    }

    @Test
    void aLogThatGrowsIsAnsweredAsItWasAtTheStart() throws Exception {
        Path log = folder.toRealPath().resolve("access.log");
        Files.writeString(log, "\1\n".repeat(100));
        try (Running running = new Launcher(folder).start(gate.job("--procs", "1", "--json", "access.log"))) {
            gate.awaitWaiting(1);
            Files.writeString(log, "\5\n", StandardOpenOption.APPEND);
            gate.open();
            Launcher.Outcome outcome = running.await();

            assertThat(outcome.exit()).isZero();
            var json = RunSchema.checked(outcome.stdout());
            assertThat(json.get("result")).isEqualTo(1100);
            assertThat(ParsedJson.map(json.get("run")).get("grownBytes")).isEqualTo(2);
            assertThat(outcome.stderr())
                    .isEqualTo(
                            "[data] " + log + " has grown by 2 bytes while it was read; the answer is that of the 200"
                                    + " bytes that it had before\n");
        }
    }

    @LongTest
    @Test
    void replacedByAnotherFileOfItsSize() throws Exception {
        Path other = folder.resolve("other.bin");
        TestData.sparse(other, BYTES);

        assertThat(errorAfter(() -> Files.move(other, data, StandardCopyOption.REPLACE_EXISTING)))
                .isEqualTo(data + ": replaced by another file of 67108864 bytes" + ADVICE);
    }

    @LongTest
    @Test
    void removed() throws Exception {
        assertThat(errorAfter(() -> Files.delete(data))).isEqualTo(data + ": removed" + ADVICE);
    }

    @Test
    void modifiedInPlace() throws Exception {
        assertThat(errorAfter(() -> TestData.putInt32(data, 1000, 1)))
                .startsWith(data + ": modified at ")
                .endsWith(ADVICE);
    }

    @LongTest
    @Test
    void modifiedInPlaceAndItsTimePutBack() throws Exception {
        FileTime before = Files.getLastModifiedTime(data);

        assertThat(errorAfter(() -> {
                    TestData.putInt32(data, 1000, 1);
                    Files.setLastModifiedTime(data, before);
                }))
                .startsWith(data + ": renamed, linked, given other permissions, or modified and its time put back, at ")
                .endsWith(ADVICE);
    }

    /** The page is dirty already, so that of itself the kernel would take no notice of the next store into it. */
    @LongTest
    @Test
    void storedIntoThroughASharedMappingThatHasTheFileClosed() throws Exception {
        assumeThat(Files.getFileStore(data).type())
                .as("tmpfs takes no notice at all")
                .isNotEqualTo("tmpfs");
        try (Arena arena = Arena.ofShared()) {
            MemorySegment mapped;
            try (FileChannel channel = FileChannel.open(data, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES, arena);
            }
            mapped.set(ValueLayout.JAVA_INT, 4000, 1);

            assertThat(errorAfter(() -> mapped.set(ValueLayout.JAVA_INT, 4000, 2)))
                    .startsWith(data + ": modified at ")
                    .endsWith(ADVICE);
        }
    }

    @LongTest
    @Test
    void anotherFileThatStoodInForAMomentIsNotRead() throws Exception {
        Path aside = folder.resolve("aside.bin");
        try (Running running = startAtGate()) {
            Path other = ones();
            Files.move(data, aside);
            Files.move(other, data);
            Files.move(aside, data, StandardCopyOption.REPLACE_EXISTING);
            gate.open();
            assertThat(running.await().error(3))
                    .startsWith(data + ": renamed, linked, ")
                    .endsWith(ADVICE);
        }
    }

    @Test
    void aWorkerThatTakesOverDoesNotReadAnotherFile() throws Exception {
        try (Running running = startAtGate()) {
            Files.move(ones(), data, StandardCopyOption.REPLACE_EXISTING);
            running.workers().getFirst().destroyForcibly();
            assertThat(running.await().error(3))
                    .isEqualTo(data + ": replaced by another file of 67108864 bytes" + ADVICE);
        }
    }

    private Path ones() throws IOException {
        Path other = folder.resolve("other.bin");
        TestData.sparse(other, BYTES);
        TestData.putInt32(other, 1, 1);
        return other;
    }

    @LongTest
    @Test
    void readByOthersMeanwhileItIsAsGoodAsNew() throws Exception {
        try (Running running = startAtGate()) {
            try (FileChannel reader = FileChannel.open(data, StandardOpenOption.READ)) {
                gate.open();
                assertThat(running.await().answer()).isEqualTo("0\n");
                assertThat(reader.isOpen()).isTrue();
            }
        }
    }

    private String errorAfter(Change change) throws Exception {
        try (Running running = startAtGate()) {
            change.make();
            gate.open();
            return running.await().error(3);
        }
    }

    private Running startAtGate() throws Exception {
        Running running = new Launcher(folder).start(gate.job("--procs", "2", "data.bin"));
        gate.awaitWaiting(2);
        return running;
    }
}
