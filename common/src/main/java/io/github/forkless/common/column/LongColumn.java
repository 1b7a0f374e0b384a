package io.github.forkless.common.column;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/** Integers of any width, and what is counted in units of time. */
public abstract sealed class LongColumn extends NumberColumn {
    private static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong INT64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private LongColumn(MemorySegment values, int width, long step, Validity validity, long count) {
        super(values, width, step, validity, count);
    }

    /**
     * @param type one of integers or of time
     * @param values at least so many, little-endian
     */
    public static LongColumn of(ColumnType type, MemorySegment values, Validity validity, long count) {
        return switch (type) {
            case UINT32 -> new Uint32(values, validity, count);
            case UINT64 -> new Uint64(values, validity, count);
            case INT64, DATE64, TIME64, TIMESTAMP, DURATION -> new Int64(values, validity, count);
            default -> new Narrow(IntColumn.of(type, values, validity, count));
        };
    }

    /**
     * The same of values that may be apart.
     *
     * @param step bytes from one to the next
     */
    public static LongColumn of(ColumnType type, MemorySegment values, long step, Validity validity, long count) {
        return switch (type) {
            case UINT32 ->
                step == Integer.BYTES
                        ? of(type, values, validity, count)
                        : new StridedUint32(values, step, validity, count);
            case UINT64 ->
                step == Long.BYTES
                        ? of(type, values, validity, count)
                        : new StridedUint64(values, step, validity, count);
            case INT64, DATE64, TIME64, TIMESTAMP, DURATION ->
                step == Long.BYTES
                        ? of(type, values, validity, count)
                        : new StridedInt64(values, step, validity, count);
            default -> new Narrow(IntColumn.of(type, values, step, validity, count));
        };
    }

    /** The same integers, as longs. */
    public static LongColumn of(IntColumn ints) {
        return new Narrow(ints);
    }

    /**
     * @throws IndexOutOfBoundsException when {@code row} is not from 0 to {@code count() - 1}
     * @throws ArithmeticException when it is a uint64 that no long holds; {@link #segment()} has its bits
     */
    public abstract long at(long row);

    @Override
    public void copy(long from, int number, long[] to) {
        for (int i = 0; i < number; i++) {
            to[i] = at(from + i);
        }
    }

    void copy(long from, int number, int[] to) {
        for (int i = 0; i < number; i++) {
            to[i] = (int) at(from + i);
        }
    }

    /** The first row with a uint64 that no long holds; -1 if there is none. */
    public long firstTooLarge() {
        return -1;
    }

    /**
     * What is said of such a number, behind where it is.
     *
     * @param bits of the uint64
     */
    public static String tooLarge(long bits) {
        return Long.toUnsignedString(bits) + ", and uint64 is read as int64, which ends at " + Long.MAX_VALUE
                + "; convert it to float64, or to int64 where its bits are meant";
    }

    final void requireNull(long row, long value) {
        if (!isNull(row)) {
            throw new ArithmeticException(
                    Long.toUnsignedString(value) + " in row " + row + " of the block is more than a long holds");
        }
    }

    final long firstNegative() {
        for (long row = 0; row < rows; row++) {
            if (values.get(INT64, row * step) < 0 && !isNull(row)) {
                return row;
            }
        }
        return -1;
    }

    private static final class Narrow extends LongColumn {
        private final IntColumn ints;

        Narrow(IntColumn ints) {
            super(ints.values, ints.width, ints.step, ints.validity(), ints.rows);
            this.ints = ints;
        }

        @Override
        public long at(long row) {
            return ints.at(row);
        }

        @Override
        public void copy(long from, int number, long[] to) {
            ints.copy(from, number, to);
        }

        @Override
        void copy(long from, int number, int[] to) {
            ints.copy(from, number, to);
        }
    }

    private static final class Uint32 extends LongColumn {
        Uint32(MemorySegment values, Validity validity, long count) {
            super(values, Integer.BYTES, Integer.BYTES, validity, count);
        }

        @Override
        public long at(long row) {
            return values.get(INT32, Objects.checkIndex(row, rows) << 2) & 0xffff_ffffL;
        }
    }

    private static final class Int64 extends LongColumn {
        Int64(MemorySegment values, Validity validity, long count) {
            super(values, Long.BYTES, Long.BYTES, validity, count);
        }

        @Override
        public long at(long row) {
            return values.get(INT64, Objects.checkIndex(row, rows) << 3);
        }

        @Override
        public void copy(long from, int number, long[] to) {
            MemorySegment.copy(values, INT64, from << 3, to, 0, number);
        }
    }

    private static final class Uint64 extends LongColumn {
        Uint64(MemorySegment values, Validity validity, long count) {
            super(values, Long.BYTES, Long.BYTES, validity, count);
        }

        @Override
        public long at(long row) {
            long value = values.get(INT64, Objects.checkIndex(row, rows) << 3);
            if (value < 0) {
                requireNull(row, value);
            }
            return value;
        }

        @Override
        public long firstTooLarge() {
            return firstNegative();
        }
    }

    private static final class StridedUint32 extends LongColumn {
        StridedUint32(MemorySegment values, long step, Validity validity, long count) {
            super(values, Integer.BYTES, step, validity, count);
        }

        @Override
        public long at(long row) {
            return values.get(INT32, Objects.checkIndex(row, rows) * step) & 0xffff_ffffL;
        }
    }

    private static final class StridedInt64 extends LongColumn {
        StridedInt64(MemorySegment values, long step, Validity validity, long count) {
            super(values, Long.BYTES, step, validity, count);
        }

        @Override
        public long at(long row) {
            return values.get(INT64, Objects.checkIndex(row, rows) * step);
        }
    }

    private static final class StridedUint64 extends LongColumn {
        StridedUint64(MemorySegment values, long step, Validity validity, long count) {
            super(values, Long.BYTES, step, validity, count);
        }

        @Override
        public long at(long row) {
            long value = values.get(INT64, Objects.checkIndex(row, rows) * step);
            if (value < 0) {
                requireNull(row, value);
            }
            return value;
        }

        @Override
        public long firstTooLarge() {
            return firstNegative();
        }
    }
}
