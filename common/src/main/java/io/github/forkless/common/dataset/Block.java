package io.github.forkless.common.dataset;

import io.github.forkless.common.column.BinaryColumn;
import io.github.forkless.common.column.BooleanColumn;
import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.DecimalColumn;
import io.github.forkless.common.column.DoubleColumn;
import io.github.forkless.common.column.IntColumn;
import io.github.forkless.common.column.LongColumn;
import io.github.forkless.common.column.TableColumn;
import io.github.forkless.common.column.TextColumn;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import net.openhft.chronicle.bytes.BytesIn;
import net.openhft.chronicle.bytes.BytesMarshallable;

/**
 * A read-only view, without a copy, of a run of a dataset: whole elements, whole lines of text, whole records, or rows
 * of a table. What a job is fed is cache-sized; the view of a whole dataset is a block too.
 *
 * <p>Positions within a block count from 0 in elements (bytes for text) and are 64 bits wide. An accessor that reads
 * another type than the block's throws an {@link IllegalStateException}. They are plain enough that a loop over one of them
 * compiles to vector code; a job that wants more control takes the {@link #segment()}. Safe for use by several threads.
 *
 * @param type what the elements are; for a job never one that {@linkplain ElementType#readAs is read as another}
 * @param start where in the dataset this block starts, in elements (bytes for text)
 * @param count how many elements (bytes for text) it has
 * @param segment exactly these elements, little-endian, not necessarily aligned; records with what stands before each; of a table the
 *     whole file
 * @param index where its records are; null for other data, and where there is no record
 * @param table where its columns are; null for other data
 * @param rowShape the sizes of the dimensions of each of its rows; empty for numbers of one dimension, for other data, and where the
 *     block has not whole rows alone
 */
public record Block(
        ElementType type,
        long start,
        long count,
        MemorySegment segment,
        RecordIndex index,
        TableIndex table,
        List<Long> rowShape) {
    static final ValueLayout.OfShort INT16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong INT64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble FLOAT64 =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Of numbers of one dimension, or of text. */
    public Block(ElementType type, long start, long count, MemorySegment segment) {
        this(type, start, count, segment, null, null, List.of());
    }

    /**
     * All records of a file.
     *
     * @param file all of it
     */
    public static Block ofRecords(Layout.Records layout, MemorySegment file) {
        return RecordIndex.of(Path.of("shared records"), layout, file).whole();
    }

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

    /** The element at {@code index}, whatever its type, as a double; {@code int64} and {@code uint64} may round. */
    public double numberAt(long index) {
        return switch (type) {
            case FLOAT16 -> Float.float16ToFloat(segment.get(INT16, Objects.checkIndex(index, count) << 1));
            case FLOAT32 -> floatAt(index);
            case FLOAT64 -> doubleAt(index);
            case UINT64 -> unsigned(segment.get(INT64, Objects.checkIndex(index, count) << 3));
            case INT8, UINT8, TEXT, INT16, UINT16, INT32, UINT32, INT64 -> integerAt(index);
            case RECORDS, TABLE -> throw wrongType("numberAt", "numbers");
        };
    }

    /** Halved, with the bit that is lost joined to the one before it: so the number is rounded once, and as it should be. */
    private static double unsigned(long bits) {
        return bits >= 0 ? bits : (bits >>> 1 | bits & 1) * 2.0;
    }

    /**
     * The element at {@code index} of any integer type, or the byte (0 to 255) of a text.
     *
     * @throws ArithmeticException for a {@code uint64} that no long holds
     */
    public long integerAt(long index) {
        return switch (type) {
            case INT8 -> byteAt(index);
            case UINT8, TEXT -> byteAt(index) & 0xff;
            case INT16 -> shortAt(index);
            case UINT16 -> segment.get(INT16, Objects.checkIndex(index, count) << 1) & 0xffff;
            case INT32 -> intAt(index);
            case UINT32 -> segment.get(INT32, Objects.checkIndex(index, count) << 2) & 0xffff_ffffL;
            case INT64 -> longAt(index);
            case UINT64 -> {
                long bits = segment.get(INT64, Objects.checkIndex(index, count) << 3);
                if (bits < 0) {
                    throw new ArithmeticException(Long.toUnsignedString(bits) + ", element " + index
                            + " of the block, is more than a long holds; use numberAt, or the bits in segment()");
                }
                yield bits;
            }
            case FLOAT16, FLOAT32, FLOAT64 ->
                throw new IllegalStateException(type.label() + " elements are not integers; use numberAt");
            case RECORDS, TABLE -> throw wrongType("integerAt", "integers");
        };
    }

    private IllegalStateException wrongType(String accessor, String read) {
        if (type == ElementType.RECORDS) {
            return new IllegalStateException(
                    accessor + " reads " + read + ", but this data is records; use records(), or records(Type.class)");
        }
        if (type == ElementType.TABLE) {
            return new IllegalStateException(accessor + " reads " + read
                    + ", but this data is a table; use its columns, as block.doubles(\"price\"); see columns()");
        }
        String fitting = switch (type) {
            case INT8, UINT8, TEXT -> "byteAt, or ";
            case INT16 -> "shortAt, or ";
            case INT32 -> "intAt, or ";
            case INT64 -> "longAt, or ";
            case UINT16, UINT32, UINT64 -> "integerAt, or ";
            case FLOAT16 -> "";
            case FLOAT32 -> "floatAt, or ";
            case FLOAT64 -> "doubleAt, or ";
            case RECORDS, TABLE -> "records";
        };
        // Only a job's blocks are of the next wider type.
        String remedy = type.readAs() == type
                ? "numberAt for any type, or say with DatasetFile.open(path, type) what the data is"
                : "numberAt for any type; only a job's blocks of it are "
                        + type.readAs().label();
        return new IllegalStateException(
                accessor + " reads " + read + ", but this data is " + type.label() + "; use " + fitting + remedy);
    }

    /**
     * How many rows these numbers have, and what the sizes of each row's dimensions are: as NumPy's {@code shape}. One number, the
     * count, for what has one dimension.
     */
    public long[] shape() {
        long[] shape = new long[1 + rowShape.size()];
        shape[0] = count / rowLength();
        for (int i = 1; i < shape.length; i++) {
            shape[i] = rowShape.get(i - 1);
        }
        return shape;
    }

    private long rowLength() {
        return Math.max(1, Layout.product(rowShape));
    }

    /**
     * A row of numbers of several dimensions, as a block of one dimension less; of a matrix, {@code block.row(r).doubleAt(column)}.
     *
     * @param row from 0 to {@code shape()[0]}, excluded
     * @throws IllegalStateException for other data, and for a block that has parts of rows
     */
    public Block row(long row) {
        if (rowShape.isEmpty()) {
            throw new IllegalStateException("there are no rows in this block of " + type.label()
                    + ": either its data has one dimension, or its rows are not whole, because a row has more than 16"
                    + " MiB or recordLength() is not its length");
        }
        long length = rowLength();
        Objects.checkIndex(row, count / length);
        long bytes = length * type.width();
        return new Block(
                type,
                start + row * length,
                length,
                segment.asSlice(row * bytes, bytes),
                null,
                null,
                rowShape.size() == 1 ? List.of() : rowShape.subList(1, rowShape.size()));
    }

    /**
     * These elements as Chronicle Bytes, in place, to be read from the first on: stop bits, and whatever else Chronicle
     * reads. Of records, those of different lengths have a header each: {@link #records()} tells where they are. The first call in a worker takes 20 to 30 ms. For one thread, like all
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

    /**
     * A cursor over the records of a block, which tells where in {@link #segment} each of them is.
     *
     * @throws IllegalStateException for other data
     */
    public RecordCursor<?> records() {
        if (type != ElementType.RECORDS) {
            throw wrongType("records", "records");
        }
        return new RecordCursor<>(this, RecordTypes.NONE);
    }

    /**
     * A cursor over the records of a block as objects that read themselves, by Chronicle Bytes. Only these classes are made,
     * whatever a file says: {@code type}, or those that it permits if it is sealed, and {@code more}. Where the file has records
     * of one length, which do not say of which class they are, {@code type} is that of all.
     *
     * @throws IllegalStateException for other data
     * @throws IllegalArgumentException when such a class has no constructor without parameters
     */
    @SafeVarargs
    public final <T extends BytesMarshallable> RecordCursor<T> records(Class<T> type, Class<? extends T>... more) {
        if (this.type != ElementType.RECORDS) {
            throw wrongType("records", "records");
        }
        return new RecordCursor<>(this, RecordTypes.of(type, more));
    }

    /**
     * What columns a table has.
     *
     * @throws IllegalStateException for other data
     */
    public List<TableColumn> columns() {
        return table("columns").columns();
    }

    /**
     * These rows, those of each batch of the file as a block: what has rows of several batches has no column in one place. The
     * blocks that a job is fed have rows of one.
     *
     * @throws IllegalStateException for other data
     */
    public List<Block> batches() {
        return table("batches").batches(this);
    }

    /**
     * A column, whatever its type.
     *
     * @param name that of one column, or {@code #0} for the first, {@code #1} for the next, and so on
     * @throws IllegalArgumentException when there is no such column, or it is of a kind that is not read
     * @throws IllegalStateException for other data, and for rows of several {@link #batches()}
     */
    public Column column(String name) {
        return table("column").column(this, name);
    }

    /**
     * A column of integers that an {@code int} holds: see {@link IntColumn}.
     *
     * @param name as for {@link #column}
     * @throws IllegalArgumentException when there is no such column, or it is of another type
     * @throws IllegalStateException for other data, and for rows of several {@link #batches()}
     */
    public IntColumn ints(String name) {
        return (IntColumn) table("ints").column(this, name, "ints");
    }

    /** The same for integers of any width, and for times: see {@link LongColumn}. */
    public LongColumn longs(String name) {
        return (LongColumn) table("longs").column(this, name, "longs");
    }

    /** The same for floating-point numbers: see {@link DoubleColumn}. */
    public DoubleColumn doubles(String name) {
        return (DoubleColumn) table("doubles").column(this, name, "doubles");
    }

    /** The same for truth values. */
    public BooleanColumn booleans(String name) {
        return (BooleanColumn) table("booleans").column(this, name, "booleans");
    }

    /** The same for decimal numbers. */
    public DecimalColumn decimals(String name) {
        return (DecimalColumn) table("decimals").column(this, name, "decimals");
    }

    /** The same for texts. */
    public TextColumn texts(String name) {
        return (TextColumn) table("texts").column(this, name, "texts");
    }

    /** The same for bytes. */
    public BinaryColumn binaries(String name) {
        return (BinaryColumn) table("binaries").column(this, name, "binaries");
    }

    private TableIndex table(String accessor) {
        if (table == null) {
            throw wrongType(accessor, "tables");
        }
        return table;
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

    /**
     * The elements {@code from} (counted within this block) up to, not including, {@code to}. Of numbers of several dimensions it has
     * rows if these are whole; else it is of one dimension.
     */
    public Block part(long from, long to) {
        Objects.checkFromToIndex(from, to, count);
        if (table != null) {
            return new Block(type, start + from, to - from, segment, null, table, rowShape);
        }
        if (index != null) {
            long begin = index.start(start + from) - index.start(start);
            long end = index.start(start + to) - index.start(start);
            return new Block(type, start + from, to - from, segment.asSlice(begin, end - begin), index, null, rowShape);
        }
        long width = type.width();
        boolean isWhole = rowShape.isEmpty() || from % rowLength() == 0 && to % rowLength() == 0;
        return new Block(
                type,
                start + from,
                to - from,
                segment.asSlice(from * width, (to - from) * width),
                null,
                null,
                isWhole ? rowShape : List.of());
    }
}
