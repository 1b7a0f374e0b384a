package io.github.forkless.common.column;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/** Which of some rows are there, and not null: a bit for each, read in place. */
public final class Validity {
    private static final ValueLayout.OfLong INT64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final long count;
    /** Null where no row is null. */
    private final MemorySegment bits;

    private final long from;

    private Validity(long count, MemorySegment bits, long from) {
        this.count = count;
        this.bits = bits;
        this.from = from;
    }

    /** No row is null. */
    public static Validity all(long count) {
        return new Validity(count, null, 0);
    }

    /**
     * Of which some may be null. If none is, this is {@link #all}, as a look at all bits tells.
     *
     * @param bits a bit for each row, the lowest of a byte first
     * @param from the bit of the first row
     */
    public static Validity of(MemorySegment bits, long from, long count) {
        var validity = new Validity(count, bits, from);
        long there = 0;
        for (long word = 0; word < validity.words(); word++) {
            there += Long.bitCount(validity.word(word));
        }
        return there == count ? all(count) : validity;
    }

    /**
     * Of NumPy's times, of which the smallest number is none (NaT).
     *
     * @param times of 8 bytes each, little-endian
     * @param step bytes from one to the next
     */
    public static Validity ofTimes(MemorySegment times, long step, long count) {
        long present = -1; // the highest bit of x | -x is set unless x is 0
        for (long row = 0; row < count; row++) {
            long x = times.get(INT64, row * step) ^ Long.MIN_VALUE;
            present &= x | -x;
        }
        if (present < 0) {
            return all(count);
        }
        long[] words = new long[Math.toIntExact(Math.ceilDiv(count, Long.SIZE))];
        for (long row = 0; row < count; row++) {
            if (times.get(INT64, row * step) != Long.MIN_VALUE) {
                words[(int) (row >>> 6)] |= 1L << row;
            }
        }
        return new Validity(count, MemorySegment.ofArray(words), 0);
    }

    /** Whether any row is null. */
    public boolean hasNulls() {
        return bits != null;
    }

    /** @throws IndexOutOfBoundsException when there is no such row */
    public boolean isNull(long row) {
        Objects.checkIndex(row, count);
        return bits != null && (bits.get(ValueLayout.JAVA_BYTE, (from + row) >>> 3) >>> ((from + row) & 7) & 1) == 0;
    }

    /** How many {@link #word}s there are. */
    public long words() {
        return Math.ceilDiv(count, Long.SIZE);
    }

    /**
     * 64 rows at once: the lowest bit is for the row {@code 64 * index}, and a set bit says that it is there. Bits beyond the last
     * row are not set.
     */
    public long word(long index) {
        long row = Objects.checkIndex(index, words()) * Long.SIZE;
        long left = count - row;
        long rows = left < Long.SIZE ? (1L << left) - 1 : -1L;
        return bits == null ? rows : wordAt(from + row) & rows;
    }

    private long wordAt(long bit) {
        long at = bit >>> 3;
        int shift = (int) bit & 7;
        if (at + Long.BYTES < bits.byteSize()) {
            long low = bits.get(INT64, at) >>> shift;
            return shift == 0
                    ? low
                    : low | (long) bits.get(ValueLayout.JAVA_BYTE, at + Long.BYTES) << Long.SIZE - shift;
        }
        long word = 0;
        for (int i = 0; i <= Long.BYTES && at + i < bits.byteSize(); i++) {
            long next = bits.get(ValueLayout.JAVA_BYTE, at + i) & 0xffL;
            int place = i * Byte.SIZE - shift;
            if (place < Long.SIZE) {
                word |= place < 0 ? next >>> -place : next << place;
            }
        }
        return word;
    }
}
