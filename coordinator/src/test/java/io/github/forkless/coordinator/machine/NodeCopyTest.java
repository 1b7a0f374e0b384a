package io.github.forkless.coordinator.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeCopyTest {
    @TempDir
    private Path folder;

    @Test
    void aCopyHasTheSameBytesAndIsGoneWhenItIsClosed() throws Exception {
        byte[] bytes = new byte[(5 << 20) + 3];
        new Random(7).nextBytes(bytes);
        Path file = Files.write(folder.resolve("data.bin"), bytes);

        NodeCopy copy = NodeCopy.of(file, 0);

        assertThat(copy.path()).hasBinaryContent(bytes);
        assertThat(Files.readSymbolicLink(copy.path()).toString()).startsWith("/memfd:forkless-copy-for-node-0");
        copy.close();
        assertThat(copy.path()).doesNotExist();
    }
}
