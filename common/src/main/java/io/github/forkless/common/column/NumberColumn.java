package io.github.forkless.common.column;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Numbers of one width. In the rows of a structured array they are not behind one another, but so many bytes apart. Then they are of
 * a class of their own, since a distance that is not known to the compiler keeps it from making vector code.
 */
public abstract sealed class NumberColumn extends Column permits IntColumn, LongColumn, DoubleColumn {
    private static final ValueLayout.OfShort INT16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong INT64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    final MemorySegment values;
    final long rows;
    /** Bytes from one to the next. */
    final long step;

    final int width;

    NumberColumn(MemorySegment values, int width, long step, Validity validity, long count) {
        super(count, validity);
        this.values = values.asSlice(0, count == 0 ? 0 : (count - 1) * step + width);
        this.rows = count;
        this.step = step;
        this.width = width;
    }

    /** Whether they are apart from one another in the file. */
    public final boolean isStrided() {
        return step != width;
    }

    /**
     * Exactly these values, little-endian, as wide as their type. Where {@link #isStrided}, a copy.
     *
     * @see #pack
     */
    public final MemorySegment segment() {
        if (!isStrided()) {
            return values;
        }
        MemorySegment packed = Arena.ofAuto().allocate(rows * width, Long.BYTES);
        pack(packed);
        return packed.asReadOnly();
    }

    /** Copies these values to where they are behind one another. */
    public final void pack(MemorySegment to) {
        if (!isStrided()) {
            MemorySegment.copy(values, 0, to, 0, values.byteSize());
            return;
        }
        switch (width) {
            case Byte.BYTES -> {
                for (long i = 0; i < rows; i++) {
                    to.set(ValueLayout.JAVA_BYTE, i, values.get(ValueLayout.JAVA_BYTE, i * step));
                }
            }
            case Short.BYTES -> {
                for (long i = 0; i < rows; i++) {
                    to.setAtIndex(INT16, i, values.get(INT16, i * step));
                }
            }
            case Integer.BYTES -> {
                for (long i = 0; i < rows; i++) {
                    to.setAtIndex(INT32, i, values.get(INT32, i * step));
                }
            }
            default -> {
                for (long i = 0; i < rows; i++) {
                    to.setAtIndex(INT64, i, values.get(INT64, i * step));
                }
            }
        }
    }
}
