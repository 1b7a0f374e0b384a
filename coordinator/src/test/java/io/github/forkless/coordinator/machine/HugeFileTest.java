package io.github.forkless.coordinator.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HugeFileTest {
    private static final int BYTES = 2 * HugePages.BYTES + 5;

    @TempDir
    private Path folder;

    @BeforeEach
    void requireHugePages() {
        assumeThat(Path.of("/sys/kernel/mm/transparent_hugepage")).exists();
    }

    /** A copy of a file in memory, whatever the kernel thinks of huge pages there. */
    @Test
    void copiesInMemoryCanBeMadeHuge() throws Exception {
        Path file = Files.write(folder.resolve("data.bin"), new byte[BYTES]);
        int node = Machine.read().nodes().stream()
                .filter(Node::hasMemory)
                .findFirst()
                .orElseThrow()
                .id();
        try (NodeCopy copy = NodeCopy.of(file, node);
                var pages = new HugeFile(copy.path(), BYTES)) {
            assertThat(pages.missingBytes()).isZero();

            assertThat(pages.collapse()).isEmpty();

            pages.readIn();
            assertThat(pages.hugeBytes()).isEqualTo(2L * HugePages.BYTES);
        }
    }

    @Test
    void whatIsNotInMemoryIsMissingUntilItIsReadIn() throws Exception {
        Path file = folder.resolve("sparse.bin");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(BYTES);
        }
        try (var pages = new HugeFile(file, BYTES)) {
            assertThat(pages.missingBytes()).isEqualTo(BYTES);

            pages.readIn();

            assertThat(pages.missingBytes()).isZero();
        }
    }

    @Test
    void aFileThatWasCutIsRefusedAndNoCrash() throws Exception {
        Path file = Files.write(folder.resolve("data.bin"), new byte[BYTES]);
        try (var pages = new HugeFile(file, BYTES)) {
            Files.write(file, new byte[1]);

            assertThatExceptionOfType(SystemCallException.class).isThrownBy(pages::readIn);
        }
    }

    @Test
    void whatIsNotThereIsRefused() {
        assertThatExceptionOfType(SystemCallException.class)
                .isThrownBy(() -> new HugeFile(folder.resolve("none"), BYTES))
                .withMessage("openat failed with errno 2");
    }
}
