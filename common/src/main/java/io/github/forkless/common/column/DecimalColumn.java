package io.github.forkless.common.column;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Objects;

/** Decimal numbers of one scale. */
public final class DecimalColumn extends Column {
    private final MemorySegment values;
    private final int width;
    private final int scale;

    /**
     * @param values in two's complement, little-endian
     * @param width bytes of each
     * @param scale how many digits are behind the point
     */
    public DecimalColumn(MemorySegment values, int width, int scale, Validity validity, long count) {
        super(count, validity);
        this.values = values.asSlice(0, count * width);
        this.width = width;
        this.scale = scale;
    }

    /**
     * The number at a row, or null.
     *
     * @throws IndexOutOfBoundsException when {@code row} is not from 0 to {@code count() - 1}
     */
    public BigDecimal at(long row) {
        if (isNull(row)) {
            return null;
        }
        long from = Objects.checkIndex(row, count()) * width;
        byte[] highestFirst = new byte[width];
        for (int i = 0; i < width; i++) {
            highestFirst[width - 1 - i] = values.get(ValueLayout.JAVA_BYTE, from + i);
        }
        return new BigDecimal(new BigInteger(highestFirst), scale);
    }
}
