package io.github.forkless.coordinator.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.forkless.common.dataset.FileIdentity;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteBackTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.write(folder.resolve("data.bin"), new byte[8192]);
        assumeThat(Files.getFileStore(file).type())
                .as("a file system with a disk")
                .isEqualTo("ext4");
    }

    @Test
    void aStoreIntoADirtyPageIsNoticedOnceItIsWritten() throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mapped = map(arena);
            mapped.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
            WriteBack.force(file, FileIdentity.of(file));
            FileIdentity before = FileIdentity.of(file);
            awaitNextTick(before);

            mapped.set(ValueLayout.JAVA_BYTE, 0, (byte) 2);

            assertThat(before.changeTo(FileIdentity.of(file))).isPresent();
        }
    }

    @Test
    void whoHasItMappedCanStoreIntoItAndWhoReadsItCannot() throws Exception {
        assertThat(WriteBack.nobodyStoresInto(file)).isTrue();
        try (FileChannel reader = FileChannel.open(file, StandardOpenOption.READ)) {
            assertThat(reader.isOpen()).isTrue();
            assertThat(WriteBack.nobodyStoresInto(file)).isTrue();
        }
        try (Arena arena = Arena.ofConfined()) {
            assertThat(map(arena).byteSize()).isEqualTo(8192);
            assertThat(WriteBack.nobodyStoresInto(file)).isFalse();
        }
        try (FileChannel writer = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThat(writer.isOpen()).isTrue();
            assertThat(WriteBack.nobodyStoresInto(file)).isFalse();
        }
        assertThat(WriteBack.nobodyStoresInto(file)).isTrue();
    }

    @Test
    void aFileThatIsGoneIsLeftToWhoReadsIt() throws Exception {
        FileIdentity identity = FileIdentity.of(file);
        Files.delete(file);

        WriteBack.force(file, identity);

        assertThat(file).doesNotExist();
    }

    private MemorySegment map(Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(MapMode.READ_WRITE, 0, 8192, arena);
        }
    }

    /** Until then what is stored has the time that the file has. */
    private void awaitNextTick(FileIdentity before) throws IOException {
        Path other = folder.resolve("other");
        do {
            Files.write(other, new byte[1]);
        } while (FileIdentity.of(other).changedNanos() <= before.changedNanos());
    }
}
