package io.github.forkless.common.dataset;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * What stands before each record of a file of records of different lengths: how many bytes it has, and the number of its
 * class in the file's table. Both are varints: seven bits a byte, the low ones first, and a set eighth bit says that more
 * follow.
 *
 * <pre>
 *   +-----------------+----------------+------------------
 *   | length   1 to 5 | class   1 to 5 | content   length
 *   +-----------------+----------------+------------------
 * </pre>
 *
 * <p>A cursor of headers: it stands before one, and {@link #read} goes to its content. For one thread.
 */
final class RecordHeader {
    /** A record without content. */
    static final int SHORTEST = 2;

    private static final int LONGEST_VARINT = 5;

    static final int LONGEST = 2 * LONGEST_VARINT;

    private final MemorySegment records;
    private long at;
    private long length;
    private long type;

    /** @param records from the first header on */
    RecordHeader(MemorySegment records) {
        this.records = records;
    }

    static void write(int length, int type, ByteBuffer out) {
        putVarint(length, out);
        putVarint(type, out);
    }

    private static void putVarint(int value, ByteBuffer out) {
        int left = value;
        while ((left & ~0x7f) != 0) {
            out.put((byte) (left | 0x80));
            left >>>= 7;
        }
        out.put((byte) left);
    }

    /**
     * Reads the header at {@code from}.
     *
     * @return false if there is none, or its record would end beyond the bytes
     */
    boolean read(long from) {
        at = from;
        length = varint();
        type = varint();
        return length >= 0 && type >= 0 && length <= records.byteSize() - at;
    }

    /** Negative where there is none. */
    private long varint() {
        long size = records.byteSize();
        if (at >= size) {
            return -1;
        }
        byte first = records.get(ValueLayout.JAVA_BYTE, at++);
        if (first >= 0) {
            return first;
        }
        long value = first & 0x7f;
        for (int i = 1; i < LONGEST_VARINT && at < size; i++) {
            byte next = records.get(ValueLayout.JAVA_BYTE, at++);
            value |= (next & 0x7fL) << (7 * i);
            if (next >= 0) {
                return value <= Integer.MAX_VALUE ? value : -1;
            }
        }
        return -1;
    }

    /** Where the content begins. */
    long from() {
        return at;
    }

    /** Bytes of the content. */
    long length() {
        return length;
    }

    /** The number of its class. */
    int type() {
        return (int) type;
    }
}
