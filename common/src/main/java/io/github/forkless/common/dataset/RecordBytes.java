package io.github.forkless.common.dataset;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesMarshallable;

/**
 * Reads objects by Chronicle Bytes. Their bytes are copied first, many records at a time, which is as fast as reading them in
 * place, unless they are not read one after another: code of theirs that reads too far cannot crash this JVM, nor can a file that is unmapped meanwhile. For one thread.
 */
final class RecordBytes {
    private static final int CHUNK = 1 << 16;

    private byte[] chunk = {};
    private Bytes<?> bytes;

    /** What is copied, and from where in it. */
    private MemorySegment source;

    private long copiedFrom;
    private long copiedTo;

    RecordBytes() {
        ChronicleOptions.require();
    }

    /**
     * Has {@code record} read itself.
     *
     * @param length {@link Integer#MAX_VALUE} at most
     */
    void read(MemorySegment segment, long from, long length, Object record) {
        if (source != segment || from < copiedFrom || from + length > copiedTo) {
            copy(segment, from, length);
        }
        bytes.readPositionRemaining(from - copiedFrom, length);
        ((BytesMarshallable) record).readMarshallable(bytes);
    }

    private void copy(MemorySegment segment, long from, long length) {
        boolean isNext = source == segment && from >= copiedTo && from - copiedTo <= RecordHeader.LONGEST;
        long wanted = isNext ? Math.clamp(segment.byteSize() - from, length, Math.max(CHUNK, length)) : length;
        if (chunk.length < wanted || bytes == null) {
            chunk = new byte[(int) wanted];
            bytes = ChronicleView.of(chunk);
        }
        source = segment;
        copiedFrom = from;
        copiedTo = from + wanted;
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, from, chunk, 0, (int) wanted);
    }
}
