package io.github.forkless.spark;

import io.github.forkless.common.dataset.DatasetException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * By what a file of one host is told from another one of the same name: its length, and a checksum of blocks that are spread over it,
 * the first and the last among them.
 *
 * @param size in bytes, of which all count
 * @param blocks how many were looked at
 * @param checksum CRC-32C
 */
record Fingerprint(long size, int blocks, int checksum) implements Serializable {
    static final int BLOCK_BYTES = 4096;

    /**
     * @param size how much of the file counts, in bytes; it has as much
     * @throws DatasetException when it cannot be read
     */
    static Fingerprint of(Path file, long size, int blocks) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var checksum = new CRC32C();
            var block = ByteBuffer.allocate(BLOCK_BYTES);
            long last = Math.max(0, size - BLOCK_BYTES);
            long previous = -1;
            for (int i = 0; i < blocks; i++) {
                long at = blocks == 1 ? 0 : Math.round((double) last * i / (blocks - 1));
                if (at != previous) {
                    block.clear().limit((int) Math.min(BLOCK_BYTES, size));
                    while (block.hasRemaining() && channel.read(block, at + block.position()) > 0) {
                        // until it is full, or the file at its end
                    }
                    checksum.update(block.flip());
                }
                previous = at;
            }
            return new Fingerprint(size, blocks, (int) checksum.getValue());
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
    }
}
