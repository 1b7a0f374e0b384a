package io.github.forkless.common.dataset;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** A checksum of the first and the last bytes of a file: it tells a log that has grown from one that was begun anew. */
public final class Fingerprint {
    private static final int BYTES = 4 << 10;

    /** @throws DatasetException if it cannot be read, or is shorter than it was */
    public static int of(DatasetFile file) {
        int length = (int) Math.min(file.bytes(), BYTES);
        var crc = new CRC32C();
        try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ)) {
            add(channel, file.offset(), length, crc);
            add(channel, file.offset() + file.bytes() - length, length, crc);
        } catch (EOFException e) {
            file.requireUnchanged();
        } catch (IOException e) {
            throw DatasetException.unreadable(file.path(), e);
        }
        return (int) crc.getValue();
    }

    /** Those of all its files, in their order. */
    public static int[] ofEach(Dataset dataset) {
        var fingerprints = new int[dataset.parts().size()];
        for (int i = 0; i < fingerprints.length; i++) {
            fingerprints[i] = of(dataset.parts().get(i));
        }
        return fingerprints;
    }

    private static void add(FileChannel channel, long from, int length, CRC32C crc) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new EOFException();
            }
        }
        crc.update(bytes.flip());
    }

    private Fingerprint() {}
}
