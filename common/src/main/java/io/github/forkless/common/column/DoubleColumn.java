package io.github.forkless.common.column;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/** Floating-point numbers of any width, as doubles: float16, float32, float64. */
public abstract sealed class DoubleColumn extends NumberColumn {
    private static final ValueLayout.OfShort FLOAT16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT32 =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble FLOAT64 =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final ValueLayout.OfLong BITS = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private DoubleColumn(MemorySegment values, int width, long step, Validity validity, long count) {
        super(values, width, step, validity, count);
    }

    /**
     * @param type FLOAT16, FLOAT32 or FLOAT64
     * @param values at least so many, little-endian
     */
    public static DoubleColumn of(ColumnType type, MemorySegment values, Validity validity, long count) {
        return switch (type) {
            case FLOAT16 -> new Float16(values, validity, count);
            case FLOAT32 -> new Float32(values, validity, count);
            case FLOAT64 -> new Float64(values, validity, count);
            default -> throw new IllegalArgumentException(type + " is not read as doubles");
        };
    }

    /**
     * The same of values that may be apart.
     *
     * @param step bytes from one to the next
     */
    public static DoubleColumn of(ColumnType type, MemorySegment values, long step, Validity validity, long count) {
        return switch (type) {
            case FLOAT16 ->
                step == Short.BYTES
                        ? of(type, values, validity, count)
                        : new StridedFloat16(values, step, validity, count);
            case FLOAT32 ->
                step == Float.BYTES
                        ? of(type, values, validity, count)
                        : new StridedFloat32(values, step, validity, count);
            case FLOAT64 ->
                step == Double.BYTES
                        ? of(type, values, validity, count)
                        : new StridedFloat64(values, step, validity, count);
            default -> throw new IllegalArgumentException(type + " is not read as doubles");
        };
    }

    /** @throws IndexOutOfBoundsException when {@code row} is not from 0 to {@code count() - 1} */
    public abstract double at(long row);

    @Override
    public void copy(long from, int number, long[] to) {
        for (int i = 0; i < number; i++) {
            to[i] = Double.doubleToRawLongBits(at(from + i));
        }
    }

    private static final class Float16 extends DoubleColumn {
        Float16(MemorySegment values, Validity validity, long count) {
            super(values, Short.BYTES, Short.BYTES, validity, count);
        }

        @Override
        public double at(long row) {
            return Float.float16ToFloat(values.get(FLOAT16, Objects.checkIndex(row, rows) << 1));
        }
    }

    private static final class Float32 extends DoubleColumn {
        Float32(MemorySegment values, Validity validity, long count) {
            super(values, Float.BYTES, Float.BYTES, validity, count);
        }

        @Override
        public double at(long row) {
            return values.get(FLOAT32, Objects.checkIndex(row, rows) << 2);
        }
    }

    private static final class Float64 extends DoubleColumn {
        Float64(MemorySegment values, Validity validity, long count) {
            super(values, Double.BYTES, Double.BYTES, validity, count);
        }

        @Override
        public double at(long row) {
            return values.get(FLOAT64, Objects.checkIndex(row, rows) << 3);
        }

        @Override
        public void copy(long from, int number, long[] to) {
            MemorySegment.copy(values, BITS, from << 3, to, 0, number);
        }
    }

    private static final class StridedFloat16 extends DoubleColumn {
        StridedFloat16(MemorySegment values, long step, Validity validity, long count) {
            super(values, Short.BYTES, step, validity, count);
        }

        @Override
        public double at(long row) {
            return Float.float16ToFloat(values.get(FLOAT16, Objects.checkIndex(row, rows) * step));
        }
    }

    private static final class StridedFloat32 extends DoubleColumn {
        StridedFloat32(MemorySegment values, long step, Validity validity, long count) {
            super(values, Float.BYTES, step, validity, count);
        }

        @Override
        public double at(long row) {
            return values.get(FLOAT32, Objects.checkIndex(row, rows) * step);
        }
    }

    private static final class StridedFloat64 extends DoubleColumn {
        StridedFloat64(MemorySegment values, long step, Validity validity, long count) {
            super(values, Double.BYTES, step, validity, count);
        }

        @Override
        public double at(long row) {
            return values.get(FLOAT64, Objects.checkIndex(row, rows) * step);
        }

        /** The bits as they are: a NaN stays the same. */
        @Override
        public void copy(long from, int number, long[] to) {
            for (int i = 0; i < number; i++) {
                to[i] = values.get(BITS, Objects.checkIndex(from + i, rows) * step);
            }
        }
    }
}
