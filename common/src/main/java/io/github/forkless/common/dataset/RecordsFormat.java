package io.github.forkless.common.dataset;

import io.github.forkless.common.text.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * Records: of different lengths, with an index, as {@link RecordOutput} writes them; or all of one length, which the user says,
 * and nothing else. All numbers of the former are little-endian:
 *
 * <pre>
 *   offset
 *   0          magic          8  89 F K R E C \r \n
 *   8          version        4  1
 *   12         zero           4
 *   16         records           each behind its {@link RecordHeader}
 *   I          index          8  of each {@link RecordIndex#STRIDE}th record, the first too: where its header begins in the file
 *                             8  where the last record ends: I
 *   N          classes        4  how many
 *                                of each: 4 bytes of its name, and its name in UTF-8
 *   S - 40     count          8  of records
 *              index at       8  I
 *              classes at     8  N
 *              size           8  S, of the file
 *              magic          8  the same
 * </pre>
 *
 * <p>What counts is at the end, so that a file can be written from its first byte to its last.
 */
final class RecordsFormat implements DatasetFormat {
    static final long MAGIC = 0x0a0d_4345_524b_4689L;
    static final int VERSION = 1;
    static final int HEAD_BYTES = 16;
    static final int TAIL_BYTES = 40;

    private static final String EXTENSION = "records";

    @Override
    public boolean takes(Candidate file) {
        return file.given().isPresent() ? file.given().get() == ElementType.RECORDS : file.isNamed(EXTENSION);
    }

    @Override
    public Layout read(Candidate file) throws IOException {
        return file.recordWidth() > 0 ? fixed(file) : indexed(file);
    }

    private static Layout fixed(Candidate file) {
        int width = file.recordWidth();
        long left = file.size() % width;
        if (left != 0) {
            throw new DatasetException(
                    file.path(),
                    Text.format(
                            "%d bytes is not a whole number of records of %d bytes: %s left over; check the length of a"
                                    + " record, and the file",
                            file.size(), width, left == 1 ? "1 byte is" : left + " bytes are"));
        }
        return new Layout.Records(0, file.size() / width, file.size(), width);
    }

    private static Layout indexed(Candidate file) throws IOException {
        if (file.size() == 0) {
            throw broken(file, "is empty, and not a file of records");
        }
        ByteBuffer head = read(file.channel(), 0, Math.min(file.size(), HEAD_BYTES));
        if (head.remaining() < HEAD_BYTES || head.getLong() != MAGIC) {
            throw broken(
                    file,
                    "does not begin as a file of records does; RecordWriter writes one, and for records that all have"
                            + " one length, say which: DatasetFile.openRecords(path, length)");
        }
        int version = head.getInt();
        if (version != VERSION) {
            throw broken(file, Text.format("is of version %d, and this program reads version %d", version, VERSION));
        }
        if (file.size() < HEAD_BYTES + TAIL_BYTES) {
            throw truncated(file);
        }
        ByteBuffer tail = read(file.channel(), file.size() - TAIL_BYTES, TAIL_BYTES);
        long count = tail.getLong();
        long indexAt = tail.getLong();
        long classesAt = tail.getLong();
        long size = tail.getLong();
        if (tail.getLong() != MAGIC || size != file.size()) {
            throw truncated(file);
        }
        if (indexAt < HEAD_BYTES || classesAt < indexAt || classesAt > size - TAIL_BYTES - Integer.BYTES) {
            throw broken(
                    file,
                    Text.format(
                            "has an index at %d and classes at %d, which cannot be in %d bytes",
                            indexAt, classesAt, size));
        }
        if (count < 0 || count > (indexAt - HEAD_BYTES) / RecordHeader.SHORTEST) {
            throw broken(file, Text.format("cannot have %d records in %d bytes", count, indexAt - HEAD_BYTES));
        }
        if (classesAt - indexAt != RecordIndex.bytes(count)) {
            throw broken(
                    file,
                    Text.format(
                            "has an index of %d bytes, which for %d records must be %d",
                            classesAt - indexAt, count, RecordIndex.bytes(count)));
        }
        return new Layout.Records(HEAD_BYTES, count, indexAt - HEAD_BYTES, 0);
    }

    private static ByteBuffer read(FileChannel channel, long from, long length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) > 0) {}
        while (bytes.hasRemaining()) { // it has shrunk since, which will be noticed
            bytes.put((byte) 0);
        }
        return bytes.flip();
    }

    private static DatasetException truncated(Candidate file) {
        return broken(file, "does not end as a file of records does: it was cut off, or not written to its end");
    }

    private static DatasetException broken(Candidate file, String problem) {
        return new DatasetException(file.path(), problem);
    }
}
