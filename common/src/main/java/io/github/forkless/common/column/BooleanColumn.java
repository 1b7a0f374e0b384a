package io.github.forkless.common.column;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** Truth values, a bit each. */
public final class BooleanColumn extends Column {
    private final MemorySegment bits;
    private final long from;

    /**
     * @param bits the lowest of a byte first
     * @param from the bit of the first row
     */
    public BooleanColumn(MemorySegment bits, long from, Validity validity, long count) {
        super(count, validity);
        this.bits = bits;
        this.from = from;
    }

    /** @throws IndexOutOfBoundsException when {@code row} is not from 0 to {@code count() - 1} */
    public boolean at(long row) {
        long bit = from + Objects.checkIndex(row, count());
        return (bits.get(ValueLayout.JAVA_BYTE, bit >>> 3) >>> (bit & 7) & 1) != 0;
    }

    @Override
    public void copy(long first, int rows, long[] to) {
        for (int i = 0; i < rows; i++) {
            to[i] = at(first + i) ? 1 : 0;
        }
    }
}
