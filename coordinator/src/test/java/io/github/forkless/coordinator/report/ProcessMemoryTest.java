package io.github.forkless.coordinator.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessMemoryTest {
    private static final int BYTES = 1 << 20;
    private static final MappedFile FILE = new MappedFile("08:01", 1234);
    private static final List<String> SMAPS = """
        7fce8c000000-7fce8c400000 r--s 00000000 08:01 1234                       /data.bin
        Size:               4096 kB
        Rss:                2048 kB
        Pss:                1024 kB
        Shared_Dirty:          7 kB
        Private_Dirty:         8 kB
        Anonymous:             4 kB
        FilePmdMapped:      2048 kB
        Swap:                 12 kB
        VmFlags: rd mr mw me ms
        7fce8c400000-7fce8c500000 r--s 00000000 08:01 4321                       /tmp/08:01 1234 /data.bin
        Rss:                 100 kB
        Pss:                  50 kB
        VmFlags: rd
        7fce8d000000-7fce8d100000 rw-p 00000000 00:00 0
        Rss:                  30 kB
        Pss:                  20 kB
        VmFlags: rd wr
        """.lines().toList();

    @TempDir
    Path folder;

    @Test
    void onlyTheFileItselfCountsAsTheDatasetWhateverOthersAreCalled() {
        ProcessMemory memory = ProcessMemory.parse(SMAPS, Optional.of(FILE));

        assertThat(memory.residentBytes()).isEqualTo((2048 + 100 + 30) << 10);
        assertThat(memory.proportionalBytes()).isEqualTo((1024 + 50 + 20) << 10);
        assertThat(memory.ownBytes()).isEqualTo((50 + 20) << 10);
        assertThat(memory.dataset())
                .containsExactly(new ProcessMemory.Mapping(
                        "r--s", 2048 << 10, 1024 << 10, 8 << 10, 4 << 10, 12 << 10, 2048 << 10));
    }

    @Test
    void withoutADatasetEverythingIsItsOwn() {
        ProcessMemory memory = ProcessMemory.parse(SMAPS, Optional.empty());

        assertThat(memory.dataset()).isEmpty();
        assertThat(memory.ownBytes()).isEqualTo(memory.proportionalBytes());
    }

    @Test
    void aMappingIsFoundByWhatItMapsHoweverTheFileIsCalled() throws IOException {
        Path file = Files.write(folder.resolve("new\nline (deleted) r--s"), new byte[BYTES]);
        Path other = Files.write(folder.resolve("other"), new byte[BYTES]);
        try (Arena arena = Arena.ofConfined()) {
            touch(map(file, MapMode.READ_ONLY, arena));
            touch(map(other, MapMode.READ_ONLY, arena));

            ProcessMemory memory = ofSelf(file);

            assertThat(memory.dataset()).singleElement().satisfies(mapping -> {
                assertThat(mapping.permissions()).isEqualTo("r--s");
                assertThat(mapping.residentBytes()).isEqualTo(BYTES);
                assertThat(mapping.proportionalBytes()).isEqualTo(BYTES);
                assertThat(mapping.anonymousBytes()).isZero();
            });
        }
        assertThat(ofSelf(file).dataset()).isEmpty();
    }

    @Test
    void copiedPagesAreToldFromPagesOfTheFile() throws IOException {
        Path file = Files.write(folder.resolve("data.bin"), new byte[BYTES]);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = map(file, MapMode.PRIVATE, arena);
            touch(copy);
            copy.asSlice(0, BYTES / 2).fill((byte) 1);

            assertThat(ofSelf(file).datasetTotal()).satisfies(mapping -> {
                assertThat(mapping.isPrivate()).isTrue();
                assertThat(mapping.residentBytes()).isEqualTo(BYTES);
                assertThat(mapping.anonymousBytes()).isEqualTo(BYTES / 2);
            });
        }
    }

    @Test
    void anEmptyFileCannotBeMapped() throws IOException {
        assertThat(MappedFile.of(Files.createFile(folder.resolve("empty")))).isEmpty();
    }

    private static ProcessMemory ofSelf(Path file) throws IOException {
        Optional<MappedFile> mapped = MappedFile.of(file);
        assertThat(mapped).isPresent();
        return ProcessMemory.read(ProcessHandle.current().pid(), mapped).orElseThrow();
    }

    private static MemorySegment map(Path file, MapMode mode, Arena arena) throws IOException {
        // Writing is for MapMode.PRIVATE, which Java grants to nobody else.
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(mode, 0, BYTES, arena);
        }
    }

    private static void touch(MemorySegment mapped) {
        long sum = 0;
        for (long at = 0; at < mapped.byteSize(); at += 4096) {
            sum += mapped.get(ValueLayout.JAVA_BYTE, at);
        }
        assertThat(sum).isZero();
    }
}
