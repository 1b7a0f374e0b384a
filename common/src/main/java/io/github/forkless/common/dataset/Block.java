package io.github.forkless.common.dataset;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import net.openhft.chronicle.bytes.BytesIn;

/**
 * A read-only view, without a copy, of a run of a dataset: whole elements, or whole lines of text. What a job is fed is
 * cache-sized; the view of a whole dataset is a block too.
 *
 * <p>Positions within a block count from 0 in elements (bytes for text) and are 64 bits wide. An accessor that reads
 * another type than the block's throws an {@link IllegalStateException}. They are plain enough that a loop over one of them
 * compiles to vector code; a job that wants more control takes the {@link #segment()}. Safe for use by several threads.
 *
 * @param type what the elements are
 * @param start where in the dataset this block starts, in elements (bytes for text)
 * @param count how many elements (bytes for text) it has
 * @param segment exactly these elements, little-endian, not necessarily aligned
 */
public record Block(ElementType type, long start, long count, MemorySegment segment) {
    private static final ValueLayout.OfShort INT16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong INT64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT32 =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble FLOAT64 =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The byte at {@code index}; for {@code int8}, {@code uint8} and text. */
    public byte byteAt(long index) {
        if (type.width() != 1) {
            throw wrongType("byteAt", "int8, uint8 or text");
        }
        return segment.get(ValueLayout.JAVA_BYTE, index);
    }

    /** The element at {@code index} of an {@code int16} block. */
    public short shortAt(long index) {
        if (type != ElementType.INT16) {
            throw wrongType("shortAt", "int16");
        }
        return segment.get(INT16, Objects.checkIndex(index, count) << 1);
    }

    /** The element at {@code index} of an {@code int32} block. */
    public int intAt(long index) {
        if (type != ElementType.INT32) {
            throw wrongType("intAt", "int32");
        }
        return segment.get(INT32, Objects.checkIndex(index, count) << 2);
    }

    /** The element at {@code index} of an {@code int64} block. */
    public long longAt(long index) {
        if (type != ElementType.INT64) {
            throw wrongType("longAt", "int64");
        }
        return segment.get(INT64, Objects.checkIndex(index, count) << 3);
    }

    /** The element at {@code index} of a {@code float32} block. */
    public float floatAt(long index) {
        if (type != ElementType.FLOAT32) {
            throw wrongType("floatAt", "float32");
        }
        return segment.get(FLOAT32, Objects.checkIndex(index, count) << 2);
    }

    /** The element at {@code index} of a {@code float64} block. */
    public double doubleAt(long index) {
        if (type != ElementType.FLOAT64) {
            throw wrongType("doubleAt", "float64");
        }
        return segment.get(FLOAT64, Objects.checkIndex(index, count) << 3);
    }

    /** The element at {@code index}, whatever its type, as a double; {@code int64} may round. */
    public double numberAt(long index) {
        return switch (type) {
            case INT8 -> byteAt(index);
            case UINT8, TEXT -> byteAt(index) & 0xff;
            case INT16 -> shortAt(index);
            case INT32 -> intAt(index);
            case INT64 -> longAt(index);
            case FLOAT32 -> floatAt(index);
            case FLOAT64 -> doubleAt(index);
        };
    }

    /** The element at {@code index} of any integer type, or the byte (0 to 255) of a text. */
    public long integerAt(long index) {
        return switch (type) {
            case INT8 -> byteAt(index);
            case UINT8, TEXT -> byteAt(index) & 0xff;
            case INT16 -> shortAt(index);
            case INT32 -> intAt(index);
            case INT64 -> longAt(index);
            case FLOAT32, FLOAT64 ->
                throw new IllegalStateException(type.label() + " elements are not integers; use numberAt");
        };
    }

    private IllegalStateException wrongType(String accessor, String read) {
        String fitting = switch (type) {
            case INT8, UINT8, TEXT -> "byteAt";
            case INT16 -> "shortAt";
            case INT32 -> "intAt";
            case INT64 -> "longAt";
            case FLOAT32 -> "floatAt";
            case FLOAT64 -> "doubleAt";
        };
        return new IllegalStateException(accessor + " reads " + read + ", but this data is " + type.label() + "; use "
                + fitting + ", or numberAt for any type, or say with DatasetFile.open(path, type) what the data is");
    }

    /**
     * These elements as Chronicle Bytes, in place, to be read from the first on: stop bits, and whatever else Chronicle
     * reads. Records are whole where the job says how long they are, see {@link
     * io.github.forkless.common.job.Job#recordLength}. The first call in a worker takes 20 to 30 ms. For one thread, like all
     * of Chronicle's.
     */
    public BytesIn<?> bytes() {
        return ChronicleView.of(segment);
    }

    /**
     * A cursor over the lines of a text block.
     *
     * @throws IllegalStateException for numbers, whose blocks do not end where lines do
     */
    public Lines lines() {
        if (type != ElementType.TEXT) {
            throw wrongType("lines", "text");
        }
        return new Lines(this);
    }

    /** {@code length} bytes from {@code from}, decoded as UTF-8; for text, {@code int8} and {@code uint8}. */
    public String text(long from, long length) {
        if (type.width() != 1) {
            throw wrongType("text", "int8, uint8 or text");
        }
        byte[] bytes = new byte[Math.toIntExact(length)];
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, from, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The elements {@code from} (counted within this block) up to, not including, {@code to}. */
    public Block part(long from, long to) {
        Objects.checkFromToIndex(from, to, count);
        long width = type.width();
        return new Block(type, start + from, to - from, segment.asSlice(from * width, (to - from) * width));
    }
}
