package io.github.forkless.common.dataset.arrow;

import com.google.flatbuffers.FlatBufferBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Binary;
import org.apache.arrow.flatbuf.Bool;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.Date;
import org.apache.arrow.flatbuf.DateUnit;
import org.apache.arrow.flatbuf.Decimal;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.DictionaryEncoding;
import org.apache.arrow.flatbuf.DictionaryKind;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.FixedSizeBinary;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Time;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Utf8;

/**
 * Writes an Arrow file, as {@link ArrowFile} draws it. Each buffer begins at a multiple of 64. A batch is kept in memory until it has
 * 16 MiB, or a power of two of rows; dictionaries come behind all batches, when it is known what is in them. Not safe for use by
 * several threads.
 */
public final class ArrowWriter {
    private static final int BATCH_BYTES = 16 << 20;
    private static final int MOST_ROWS = 1 << 20;
    private static final int FEWEST_ROWS = 1 << 10;
    /** So often it is looked at how long the texts of a batch have become. */
    private static final int MOST_AT_ONCE = 1 << 10;

    private final ArrowMessages out;
    private final List<ArrowOutput> columns;
    private final int batchBytes;
    private final int batchRows;
    private long rows;
    private int rowsInBatch;

    /** The first bytes of an array. */
    record Span(byte[] bytes, int length) {}

    /**
     * Begins the file.
     *
     * @param file empty
     * @param columns which get the values of each row
     */
    public ArrowWriter(WritableByteChannel file, List<ArrowOutput> columns) throws IOException {
        this(file, columns, BATCH_BYTES);
    }

    ArrowWriter(WritableByteChannel file, List<ArrowOutput> columns, int batchBytes) throws IOException {
        this.batchBytes = batchBytes;
        this.columns = List.copyOf(columns);
        long width = 1;
        for (ArrowOutput column : columns) {
            width += column.width();
        }
        batchRows = Math.clamp(Long.highestOneBit(batchBytes / width), FEWEST_ROWS, MOST_ROWS);
        out = new ArrowMessages(file, MetadataVersion.V5);
        var builder = new FlatBufferBuilder();
        out.message(builder, MessageHeader.Schema, schema(builder), 0, 0);
    }

    /** How many rows have ended. */
    public long rows() {
        return rows;
    }

    /**
     * Each column got its value of a row.
     *
     * @throws IllegalStateException when one got none, or several
     */
    public void endRow() throws IOException {
        endRows(1);
    }

    /** How many rows may end at once. */
    public int room() {
        return Math.min(batchRows - rowsInBatch, MOST_AT_ONCE);
    }

    /**
     * Each column got its values of several rows.
     *
     * @param count up to {@link #room}
     */
    public void endRows(int count) throws IOException {
        rowsInBatch += count;
        long text = 0;
        for (int i = 0; i < columns.size(); i++) {
            ArrowOutput column = columns.get(i);
            if (column.rows() != rowsInBatch) {
                throw new IllegalStateException("column " + column.name() + " has " + column.rows() + " values in "
                        + rowsInBatch + " rows of a batch");
            }
            text += column.textBytes();
        }
        rows += count;
        if (rowsInBatch == batchRows || text >= batchBytes) {
            endBatch();
        }
    }

    /** Writes what is left. The file is whole then, and stays open. */
    public void finish() throws IOException {
        if (rowsInBatch > 0) {
            endBatch();
        }
        for (int i = 0; i < columns.size(); i++) {
            ArrowTexts dictionary = columns.get(i).dictionary();
            if (dictionary != null) {
                ArrowOutput texts = dictionary.column(columns.get(i).name());
                batch(List.of(texts), texts.rows(), i);
            }
        }
        var builder = new FlatBufferBuilder();
        out.finish(builder, schema(builder), 0);
    }

    private void endBatch() throws IOException {
        batch(columns, rowsInBatch, -1);
        columns.forEach(ArrowOutput::clear);
        rowsInBatch = 0;
    }

    /** @param dictionary which one; negative for a record batch */
    private void batch(List<ArrowOutput> of, int count, int dictionary) throws IOException {
        List<ArrowOutput> parts = new ArrayList<>();
        for (ArrowOutput column : of) {
            parts.add(column);
            if (column.items() != null) {
                parts.add(column.items());
            }
        }
        List<Span> buffers = new ArrayList<>();
        for (ArrowOutput part : parts) {
            buffers.addAll(List.of(part.buffers()));
        }
        var builder = new FlatBufferBuilder();
        RecordBatch.startNodesVector(builder, parts.size());
        for (ArrowOutput part : parts.reversed()) {
            FieldNode.createFieldNode(builder, part.rows(), part.nulls());
        }
        int nodes = builder.endVector();
        long body = 0;
        for (Span buffer : buffers) {
            body += ArrowMessages.padded(buffer.length);
        }
        long at = body;
        RecordBatch.startBuffersVector(builder, buffers.size());
        for (Span buffer : buffers.reversed()) {
            at -= ArrowMessages.padded(buffer.length);
            Buffer.createBuffer(builder, at, buffer.length);
        }
        int header = RecordBatch.createRecordBatch(builder, count, nodes, builder.endVector(), 0, 0);
        if (dictionary >= 0) {
            header = DictionaryBatch.createDictionaryBatch(builder, dictionary, header, false);
        }
        out.message(
                builder, dictionary < 0 ? MessageHeader.RecordBatch : MessageHeader.DictionaryBatch, header, body, 0);
        for (Span buffer : buffers) {
            out.write(buffer.bytes, buffer.length);
            out.pad();
        }
    }

    private int schema(FlatBufferBuilder builder) {
        int[] fields = new int[columns.size()];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = field(builder, columns.get(i), i);
        }
        return Schema.createSchema(builder, Endianness.Little, Schema.createFieldsVector(builder, fields), 0, 0);
    }

    private static int field(FlatBufferBuilder builder, ArrowOutput column, int number) {
        int name = builder.createString(ByteBuffer.wrap(column.name().getBytes(StandardCharsets.UTF_8)));
        int[] items = column.items() == null ? new int[0] : new int[] {field(builder, column.items(), -1)};
        int children = Field.createChildrenVector(builder, items);
        int dictionary = column.dictionary() == null
                ? 0
                : DictionaryEncoding.createDictionaryEncoding(
                        builder, number, Int.createInt(builder, 32, true), false, DictionaryKind.DenseArray);
        ArrowType type = column.type();
        short unit = type.unit() == null ? 0 : (short) type.unit().ordinal();
        int of = switch (type.type()) {
            case INT8, INT16, INT32, INT64 -> Int.createInt(builder, 8 * type.width(), true);
            case UINT8, UINT16, UINT32, UINT64 -> Int.createInt(builder, 8 * type.width(), false);
            case FLOAT16 -> FloatingPoint.createFloatingPoint(builder, Precision.HALF);
            case FLOAT32 -> FloatingPoint.createFloatingPoint(builder, Precision.SINGLE);
            case FLOAT64 -> FloatingPoint.createFloatingPoint(builder, Precision.DOUBLE);
            case DECIMAL -> Decimal.createDecimal(builder, type.precision(), type.scale(), 8 * type.width());
            case DATE32 -> Date.createDate(builder, DateUnit.DAY);
            case TIME32, TIME64 -> Time.createTime(builder, unit, 8 * type.width());
            case TIMESTAMP -> {
                int zone = type.zone().isEmpty() ? 0 : builder.createString(type.zone());
                yield Timestamp.createTimestamp(builder, unit, zone);
            }
            case BOOL -> {
                Bool.startBool(builder);
                yield Bool.endBool(builder);
            }
            case BINARY -> {
                if (type.isFixedBinary()) {
                    yield FixedSizeBinary.createFixedSizeBinary(builder, type.width());
                }
                Binary.startBinary(builder);
                yield Binary.endBinary(builder);
            }
            case UNSUPPORTED -> {
                org.apache.arrow.flatbuf.List.startList(builder);
                yield org.apache.arrow.flatbuf.List.endList(builder);
            }
            default -> {
                Utf8.startUtf8(builder);
                yield Utf8.endUtf8(builder);
            }
        };
        byte kind = switch (type.type()) {
            case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> Type.Int;
            case FLOAT16, FLOAT32, FLOAT64 -> Type.FloatingPoint;
            case DECIMAL -> Type.Decimal;
            case DATE32 -> Type.Date;
            case TIME32, TIME64 -> Type.Time;
            case TIMESTAMP -> Type.Timestamp;
            case BOOL -> Type.Bool;
            case BINARY -> type.isFixedBinary() ? Type.FixedSizeBinary : Type.Binary;
            case UNSUPPORTED -> Type.List;
            default -> Type.Utf8;
        };
        return Field.createField(builder, name, true, kind, of, dictionary, children, 0);
    }
}
