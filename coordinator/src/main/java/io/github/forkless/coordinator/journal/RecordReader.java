package io.github.forkless.coordinator.journal;

import io.github.forkless.coordinator.journal.JournalRecord.Header;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * Reads the records of a stretch of a journal, one after another, while others may append to it. Not safe for use by
 * several threads.
 */
final class RecordReader {
    private static final int WINDOW_BYTES = 128 << 10;

    private final FileChannel channel;
    private final long end;
    private long position;

    /** What was read ahead, for the sake of small records; its limit is how much. */
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);

    private long windowStart;

    RecordReader(FileChannel channel, long start, long end) {
        this.channel = channel;
        this.position = start;
        this.end = end;
    }

    /** Where the next record begins, and the one before ends. */
    long position() {
        return position;
    }

    boolean hasNext() {
        return position < end;
    }

    /**
     * The next record; empty if what stands there is not a whole one, and then this reader is still before it.
     *
     * @throws io.github.forkless.common.wire.WireException for what only another version can have written
     */
    Optional<JournalRecord> next() throws IOException {
        if (end - position < JournalRecord.HEADER_BYTES) {
            return Optional.empty();
        }
        Optional<Header> header = Header.read(bytes(position, JournalRecord.HEADER_BYTES), 0);
        long payloadAt = position + JournalRecord.HEADER_BYTES;
        if (header.isEmpty() || header.get().length() > end - payloadAt) {
            return Optional.empty();
        }
        Optional<JournalRecord> next =
                header.get().with(bytes(payloadAt, header.get().length()));
        if (next.isPresent()) {
            position = payloadAt + header.get().length();
        }
        return next;
    }

    /** Whether any record from here on, whole or not, says that this place was on disk when it was written. */
    boolean wasForcedHere() throws IOException {
        byte[] bytes = new byte[WINDOW_BYTES];
        for (long at = position + 1;
                end - at >= JournalRecord.HEADER_BYTES;
                at += WINDOW_BYTES - JournalRecord.HEADER_BYTES + 1) {
            int length = (int) Math.min(WINDOW_BYTES, end - at);
            read(at, ByteBuffer.wrap(bytes, 0, length));
            for (int i = 0; i <= length - JournalRecord.HEADER_BYTES; i++) {
                if (bytes[i] == (byte) JournalRecord.MAGIC
                        && Header.read(bytes, i)
                                .filter(header -> header.forcedTo() > position)
                                .isPresent()) {
                    return true;
                }
            }
        }
        return false;
    }

    private byte[] bytes(long at, int length) throws IOException {
        byte[] bytes = new byte[length];
        if (length > WINDOW_BYTES) {
            read(at, ByteBuffer.wrap(bytes));
            return bytes;
        }
        if (at < windowStart || at + length > windowStart + window.limit()) {
            window.clear().limit((int) Math.min(WINDOW_BYTES, end - at));
            windowStart = at;
            read(at, window);
        }
        window.get((int) (at - windowStart), bytes);
        return bytes;
    }

    private void read(long at, ByteBuffer into) throws IOException {
        int start = into.position();
        while (into.hasRemaining()) {
            if (channel.read(into, at + into.position() - start) < 0) {
                throw new EOFException("it ends at byte " + channel.size() + ", not at " + end);
            }
        }
    }
}
