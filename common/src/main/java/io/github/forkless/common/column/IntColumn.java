package io.github.forkless.common.column;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/** Integers that an {@code int} holds: int8, uint8, int16, uint16, int32, date32, time32. */
public abstract sealed class IntColumn extends NumberColumn {
    private static final ValueLayout.OfShort INT16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private IntColumn(MemorySegment values, int width, long step, Validity validity, long count) {
        super(values, width, step, validity, count);
    }

    /**
     * @param type INT8, UINT8, INT16, UINT16, or any of 32 bits
     * @param values at least so many, little-endian
     */
    public static IntColumn of(ColumnType type, MemorySegment values, Validity validity, long count) {
        return switch (type) {
            case INT8 -> new Int8(values, validity, count);
            case UINT8 -> new Uint8(values, validity, count);
            case INT16 -> new Int16(values, validity, count);
            case UINT16 -> new Uint16(values, validity, count);
            case INT32, DATE32, TIME32 -> new Int32(values, validity, count);
            default -> throw new IllegalArgumentException(type + " is not read as ints");
        };
    }

    /**
     * The same of values that may be apart.
     *
     * @param step bytes from one to the next
     */
    public static IntColumn of(ColumnType type, MemorySegment values, long step, Validity validity, long count) {
        return switch (type) {
            case INT8 ->
                step == Byte.BYTES ? of(type, values, validity, count) : new StridedInt8(values, step, validity, count);
            case UINT8 ->
                step == Byte.BYTES
                        ? of(type, values, validity, count)
                        : new StridedUint8(values, step, validity, count);
            case INT16 ->
                step == Short.BYTES
                        ? of(type, values, validity, count)
                        : new StridedInt16(values, step, validity, count);
            case UINT16 ->
                step == Short.BYTES
                        ? of(type, values, validity, count)
                        : new StridedUint16(values, step, validity, count);
            case INT32, DATE32, TIME32 ->
                step == Integer.BYTES
                        ? of(type, values, validity, count)
                        : new StridedInt32(values, step, validity, count);
            default -> throw new IllegalArgumentException(type + " is not read as ints");
        };
    }

    /** @throws IndexOutOfBoundsException when {@code row} is not from 0 to {@code count() - 1} */
    public abstract int at(long row);

    @Override
    public void copy(long from, int number, long[] to) {
        for (int i = 0; i < number; i++) {
            to[i] = at(from + i);
        }
    }

    void copy(long from, int number, int[] to) {
        for (int i = 0; i < number; i++) {
            to[i] = at(from + i);
        }
    }

    private static final class Int8 extends IntColumn {
        Int8(MemorySegment values, Validity validity, long count) {
            super(values, Byte.BYTES, Byte.BYTES, validity, count);
        }

        @Override
        public int at(long row) {
            return values.get(ValueLayout.JAVA_BYTE, row);
        }
    }

    private static final class Uint8 extends IntColumn {
        Uint8(MemorySegment values, Validity validity, long count) {
            super(values, Byte.BYTES, Byte.BYTES, validity, count);
        }

        @Override
        public int at(long row) {
            return values.get(ValueLayout.JAVA_BYTE, row) & 0xff;
        }
    }

    private static final class Int16 extends IntColumn {
        Int16(MemorySegment values, Validity validity, long count) {
            super(values, Short.BYTES, Short.BYTES, validity, count);
        }

        @Override
        public int at(long row) {
            return values.get(INT16, Objects.checkIndex(row, rows) << 1);
        }
    }

    private static final class Uint16 extends IntColumn {
        Uint16(MemorySegment values, Validity validity, long count) {
            super(values, Short.BYTES, Short.BYTES, validity, count);
        }

        @Override
        public int at(long row) {
            return values.get(INT16, Objects.checkIndex(row, rows) << 1) & 0xffff;
        }
    }

    private static final class Int32 extends IntColumn {
        Int32(MemorySegment values, Validity validity, long count) {
            super(values, Integer.BYTES, Integer.BYTES, validity, count);
        }

        @Override
        public int at(long row) {
            return values.get(INT32, Objects.checkIndex(row, rows) << 2);
        }

        @Override
        void copy(long from, int number, int[] to) {
            MemorySegment.copy(values, INT32, from << 2, to, 0, number);
        }
    }

    private static final class StridedInt8 extends IntColumn {
        StridedInt8(MemorySegment values, long step, Validity validity, long count) {
            super(values, Byte.BYTES, step, validity, count);
        }

        @Override
        public int at(long row) {
            return values.get(ValueLayout.JAVA_BYTE, Objects.checkIndex(row, rows) * step);
        }
    }

    private static final class StridedUint8 extends IntColumn {
        StridedUint8(MemorySegment values, long step, Validity validity, long count) {
            super(values, Byte.BYTES, step, validity, count);
        }

        @Override
        public int at(long row) {
            return values.get(ValueLayout.JAVA_BYTE, Objects.checkIndex(row, rows) * step) & 0xff;
        }
    }

    private static final class StridedInt16 extends IntColumn {
        StridedInt16(MemorySegment values, long step, Validity validity, long count) {
            super(values, Short.BYTES, step, validity, count);
        }

        @Override
        public int at(long row) {
            return values.get(INT16, Objects.checkIndex(row, rows) * step);
        }
    }

    private static final class StridedUint16 extends IntColumn {
        StridedUint16(MemorySegment values, long step, Validity validity, long count) {
            super(values, Short.BYTES, step, validity, count);
        }

        @Override
        public int at(long row) {
            return values.get(INT16, Objects.checkIndex(row, rows) * step) & 0xffff;
        }
    }

    private static final class StridedInt32 extends IntColumn {
        StridedInt32(MemorySegment values, long step, Validity validity, long count) {
            super(values, Integer.BYTES, step, validity, count);
        }

        @Override
        public int at(long row) {
            return values.get(INT32, Objects.checkIndex(row, rows) * step);
        }
    }
}
