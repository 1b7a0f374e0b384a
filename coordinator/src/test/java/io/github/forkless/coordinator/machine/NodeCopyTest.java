package io.github.forkless.coordinator.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Alone, as other tests of this JVM open and close files, too. */
@Isolated
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

    /** Its descriptor's number may be somebody else's by then. */
    @Test
    void closingItTwiceClosesItsDescriptorOnce() throws Exception {
        Path file = Files.write(folder.resolve("data.bin"), new byte[1000]);
        NodeCopy copy = NodeCopy.of(file, 0);
        copy.close();
        List<FileChannel> opened = new ArrayList<>();
        try {
            while (!Files.exists(copy.path()) && opened.size() < 1000) { // the lowest free number is given first
                opened.add(FileChannel.open(file));
            }
            assertThat(copy.path()).exists();
            copy.close();
            assertThat(copy.path()).exists();
        } finally {
            for (FileChannel channel : opened) {
                channel.close();
            }
        }
    }
}
