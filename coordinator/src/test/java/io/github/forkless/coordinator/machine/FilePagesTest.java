package io.github.forkless.coordinator.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a machine with one node; placement/emulate has two. */
class FilePagesTest {
    private static final int BYTES = 3 << 20;

    @TempDir
    private Path folder;

    private Path written() throws Exception {
        return Files.write(folder.resolve("data.bin"), new byte[BYTES]);
    }

    private static int node() {
        return Machine.read().nodes().stream()
                .filter(Node::hasMemory)
                .findFirst()
                .orElseThrow()
                .id();
    }

    @Test
    void whatWasJustWrittenIsInMemory() throws Exception {
        try (var pages = new FilePages(written())) {
            Map<Integer, Long> bytes = pages.bytesByNode();

            assertThat(bytes.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(BYTES);
            assertThat(pages.homeOf(1 << 20, 1 << 20, 32)).isIn(bytes.keySet());
        }
    }

    @Test
    void whatIsOnTheDiskIsNowhereAndStaysThere() throws Exception {
        Path file = folder.resolve("sparse.bin");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(BYTES);
        }
        try (var pages = new FilePages(file)) {
            assertThat(pages.bytesByNode()).isEmpty();
            assertThat(pages.homeOf(0, BYTES, 32)).isEqualTo(FilePages.NOWHERE);
            assertThat(pages.bytesByNode()).isEmpty();
        }
    }

    @Test
    void placingBringsAllOfItIn() throws Exception {
        Path file = folder.resolve("sparse.bin");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(BYTES + 1);
        }
        int node = node();
        try (var pages = new FilePages(file)) {
            assertThat(pages.place(64 << 10, _ -> node)).isZero();
            assertThat(pages.bytesByNode()).containsExactly(Map.entry(node, BYTES + 4096L));
        }
    }

    @Test
    void aNodeThatIsNotThereIsAnError() throws Exception {
        try (var pages = new FilePages(written())) {
            assertThat(catchThrowable(() -> pages.place(64 << 10, _ -> 1000)))
                    .hasMessageContaining("set_mempolicy failed with errno 22");
        }
    }
}
