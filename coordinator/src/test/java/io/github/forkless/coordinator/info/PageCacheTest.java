package io.github.forkless.coordinator.info;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageCacheTest {
    @TempDir
    private Path folder;

    @Test
    void whatWasJustWrittenIsResident() throws IOException {
        Path file = Files.write(folder.resolve("data.bin"), new byte[1_000_001]);

        assertThat(PageCache.residentBytes(file)).hasValue(1_000_001);
    }

    @Test
    void anEmptyFileHasNothingResident() throws IOException {
        assertThat(PageCache.residentBytes(Files.createFile(folder.resolve("data.bin"))))
                .hasValue(0);
    }

    @Test
    void nothingIsBroughtInByLooking() throws IOException {
        Path file = folder.resolve("data.bin");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(5L << 30);
            assertThat(PageCache.residentBytes(file)).hasValue(0);
            assertThat(PageCache.residentBytes(file)).hasValue(0);
        }
    }

    @Test
    void pagesBeyond4GiBAreCounted() throws IOException {
        Path file = folder.resolve("data.bin");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(5L << 30);
            sparse.seek(4500L << 20);
            sparse.write(new byte[1 << 20]);

            // Huge pages, where a file system has them, round it up.
            assertThat(PageCache.residentBytes(file).orElseThrow()).isBetween(1L << 20, 8L << 20);
        }
    }

    @Test
    void aMissingFileIsAnError() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> PageCache.residentBytes(folder.resolve("none")));
    }
}
