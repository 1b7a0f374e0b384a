package io.github.forkless.common.column;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** Truth values. */
public abstract sealed class BooleanColumn extends Column {
    final long rows;

    private BooleanColumn(Validity validity, long count) {
        super(count, validity);
        this.rows = count;
    }

    /**
     * A bit each.
     *
     * @param bits the lowest of a byte first
     * @param from the bit of the first row
     */
    public static BooleanColumn ofBits(MemorySegment bits, long from, Validity validity, long count) {
        return new Bits(bits, from, validity, count);
    }

    /**
     * A byte each: 0 is false.
     *
     * @param step bytes from one to the next
     */
    public static BooleanColumn ofBytes(MemorySegment bytes, long step, Validity validity, long count) {
        return new Bytes(bytes, step, validity, count);
    }

    /** @throws IndexOutOfBoundsException when {@code row} is not from 0 to {@code count() - 1} */
    public abstract boolean at(long row);

    @Override
    public void copy(long first, int number, long[] to) {
        for (int i = 0; i < number; i++) {
            to[i] = at(first + i) ? 1 : 0;
        }
    }

    private static final class Bits extends BooleanColumn {
        private final MemorySegment bits;
        private final long from;

        Bits(MemorySegment bits, long from, Validity validity, long count) {
            super(validity, count);
            this.bits = bits;
            this.from = from;
        }

        @Override
        public boolean at(long row) {
            long bit = from + Objects.checkIndex(row, rows);
            return (bits.get(ValueLayout.JAVA_BYTE, bit >>> 3) >>> (bit & 7) & 1) != 0;
        }
    }

    private static final class Bytes extends BooleanColumn {
        private final MemorySegment bytes;
        private final long step;

        Bytes(MemorySegment bytes, long step, Validity validity, long count) {
            super(validity, count);
            this.bytes = bytes;
            this.step = step;
        }

        @Override
        public boolean at(long row) {
            return bytes.get(ValueLayout.JAVA_BYTE, Objects.checkIndex(row, rows) * step) != 0;
        }
    }
}
