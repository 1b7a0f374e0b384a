package io.github.forkless.testing;

import com.google.flatbuffers.FlatBufferBuilder;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.Bool;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.Date;
import org.apache.arrow.flatbuf.Decimal;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.DictionaryEncoding;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.FixedSizeBinary;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.LargeUtf8;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Struct_;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Utf8;
import org.apache.arrow.flatbuf.Utf8View;

/** Writes Arrow files, for tests. */
public final class ArrowFiles {
    /** Buffers of some rows of a column, behind the one that says which are null. */
    private interface Encoding {
        List<byte[]> of(Object[] values);
    }

    /**
     * A column of a file that is to be written; null is null.
     *
     * @param dictionary what is in it; null if there is none
     * @param children of a struct
     */
    public record Column(
            String name,
            byte kind,
            ToIntFunction<FlatBufferBuilder> type,
            Encoding encoding,
            boolean hasViews,
            Column dictionary,
            List<Column> children,
            Object[] values) {
        private Column(
                String name, byte kind, ToIntFunction<FlatBufferBuilder> type, Encoding encoding, Object[] values) {
            this(name, kind, type, encoding, false, null, List.of(), values);
        }
    }

    public static Column integers(String name, int bits, boolean isSigned, Long... values) {
        return new Column(
                name, Type.Int, b -> Int.createInt(b, bits, isSigned), all -> List.of(fixed(all, bits / 8)), values);
    }

    public static Column int32(String name, int from, int count) {
        return integers(name, 32, true, longs(from, count));
    }

    public static Long[] longs(int from, int count) {
        Long[] values = new Long[count];
        Arrays.setAll(values, i -> (long) from + i);
        return values;
    }

    public static Column float64(String name, Double... values) {
        return new Column(
                name,
                Type.FloatingPoint,
                b -> FloatingPoint.createFloatingPoint(b, Precision.DOUBLE),
                all -> List.of(fixed(map(all, x -> Double.doubleToRawLongBits((Double) x)), 8)),
                values);
    }

    public static Column float16(String name, Float... values) {
        return new Column(
                name,
                Type.FloatingPoint,
                b -> FloatingPoint.createFloatingPoint(b, Precision.HALF),
                all -> List.of(fixed(map(all, x -> (long) Float.floatToFloat16((Float) x)), 2)),
                values);
    }

    public static Column booleans(String name, Boolean... values) {
        return new Column(
                name,
                Type.Bool,
                b -> {
                    Bool.startBool(b);
                    return Bool.endBool(b);
                },
                all -> List.of(bits(all, Boolean.TRUE::equals)),
                values);
    }

    public static Column decimals(String name, int scale, BigDecimal... values) {
        return new Column(
                name,
                Type.Decimal,
                b -> Decimal.createDecimal(b, 30, scale, 128),
                all -> List.of(decimals(all)),
                values);
    }

    private static byte[] decimals(Object[] values) {
        ByteBuffer out = buffer(16 * values.length);
        for (Object value : values) {
            byte[] unscaled = value == null
                    ? new byte[1]
                    : ((BigDecimal) value).unscaledValue().toByteArray();
            for (int i = 0; i < 16; i++) {
                int at = unscaled.length - 1 - i;
                out.put(at >= 0 ? unscaled[at] : (byte) (unscaled[0] < 0 ? -1 : 0));
            }
        }
        return out.array();
    }

    public static Column dates(String name, Long... days) {
        return new Column(name, Type.Date, b -> Date.createDate(b, (short) 0), all -> List.of(fixed(all, 4)), days);
    }

    public static Column timestamps(String name, Long... nanos) {
        return new Column(
                name,
                Type.Timestamp,
                b -> Timestamp.createTimestamp(b, (short) 3, b.createString("UTC")),
                all -> List.of(fixed(all, 8)),
                nanos);
    }

    public static Column texts(String name, String... values) {
        return new Column(
                name,
                Type.Utf8,
                b -> {
                    Utf8.startUtf8(b);
                    return Utf8.endUtf8(b);
                },
                all -> offsets(all, 4),
                values);
    }

    public static Column largeTexts(String name, String... values) {
        return new Column(
                name,
                Type.LargeUtf8,
                b -> {
                    LargeUtf8.startLargeUtf8(b);
                    return LargeUtf8.endLargeUtf8(b);
                },
                all -> offsets(all, 8),
                values);
    }

    public static Column textViews(String name, String... values) {
        return new Column(
                name,
                Type.Utf8View,
                b -> {
                    Utf8View.startUtf8View(b);
                    return Utf8View.endUtf8View(b);
                },
                ArrowFiles::views,
                true,
                null,
                List.of(),
                values);
    }

    public static Column dictionaryTexts(String name, String... values) {
        String[] different = new LinkedHashSet<>(Arrays.asList(values))
                .stream().filter(Objects::nonNull).toArray(String[]::new);
        List<String> order = List.of(different);
        Column dictionary = texts(name, different);
        return new Column(
                name,
                Type.Utf8,
                dictionary.type,
                all -> List.of(fixed(map(all, x -> (long) order.indexOf(x)), 1)),
                false,
                dictionary,
                List.of(),
                values);
    }

    public static Column bytes(String name, int width, byte[]... values) {
        return new Column(
                name,
                Type.FixedSizeBinary,
                b -> FixedSizeBinary.createFixedSizeBinary(b, width),
                all -> {
                    ByteBuffer out = buffer(width * all.length);
                    for (Object value : all) {
                        out.put(value == null ? new byte[width] : (byte[]) value);
                    }
                    return List.of(out.array());
                },
                values);
    }

    /** Nested: each row is of one row of the children. */
    public static Column struct(String name, Column... children) {
        return new Column(
                name,
                Type.Struct_,
                b -> {
                    Struct_.startStruct_(b);
                    return Struct_.endStruct_(b);
                },
                _ -> List.of(),
                false,
                null,
                List.of(children),
                Arrays.stream(children[0].values).map(_ -> (Object) "row").toArray());
    }

    private static Object[] map(Object[] values, UnaryOperator<Object> function) {
        return Arrays.stream(values)
                .map(value -> value == null ? null : function.apply(value))
                .toArray();
    }

    private static byte[] fixed(Object[] values, int width) {
        ByteBuffer out = buffer(values.length * width);
        for (Object value : values) {
            long number = value == null ? 0x5a5a_5a5a_5a5a_5a5aL : ((Number) value).longValue();
            for (int i = 0; i < width; i++) {
                out.put((byte) (number >>> 8 * i));
            }
        }
        return out.array();
    }

    private static byte[] bits(Object[] values, Predicate<Object> isSet) {
        byte[] bits = new byte[(values.length + 7) / 8];
        for (int i = 0; i < values.length; i++) {
            if (isSet.test(values[i])) {
                bits[i / 8] |= (byte) (1 << i % 8);
            }
        }
        return bits;
    }

    private static byte[] utf8(Object value) {
        return value == null ? new byte[0] : ((String) value).getBytes(StandardCharsets.UTF_8);
    }

    private static List<byte[]> offsets(Object[] values, int width) {
        var bytes = new ByteArrayOutputStream();
        Object[] ends = new Object[values.length + 1];
        ends[0] = 0;
        for (int i = 0; i < values.length; i++) {
            bytes.writeBytes(utf8(values[i]));
            ends[i + 1] = bytes.size();
        }
        return List.of(fixed(ends, width), bytes.toByteArray());
    }

    private static List<byte[]> views(Object[] values) {
        var bytes = new ByteArrayOutputStream();
        ByteBuffer views = buffer(16 * values.length);
        for (int i = 0; i < values.length; i++) {
            byte[] text = utf8(values[i]);
            views.position(16 * i);
            views.putInt(text.length);
            if (text.length <= 12) {
                views.put(text);
            } else {
                views.put(text, 0, 4).putInt(0).putInt(bytes.size());
                bytes.writeBytes(text);
            }
        }
        return bytes.size() == 0 ? List.of(views.array()) : List.of(views.array(), bytes.toByteArray());
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    // ---- files

    private final List<Column> columns;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private short endianness = Endianness.Little;
    private boolean isCompressed;

    private ArrowFiles(List<Column> columns) {
        this.columns = columns;
    }

    /** A file of batches of so many rows; what is left over is one more. */
    public static byte[] file(List<Column> columns, int... batches) {
        return new ArrowFiles(columns).write(batches);
    }

    public static byte[] bigEndian(List<Column> columns) {
        var file = new ArrowFiles(columns);
        file.endianness = Endianness.Big;
        return file.write();
    }

    public static byte[] compressed(List<Column> columns) {
        var file = new ArrowFiles(columns);
        file.isCompressed = true;
        return file.write();
    }

    private byte[] write(int... batches) {
        out.writeBytes("ARROW1\0\0".getBytes(StandardCharsets.ISO_8859_1));
        var schema = new FlatBufferBuilder();
        message(schema, MessageHeader.Schema, schema(schema), new byte[0]);
        List<long[]> dictionaries = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Column dictionary = columns.get(i).dictionary;
            if (dictionary != null) {
                var builder = new FlatBufferBuilder();
                var body = new ByteArrayOutputStream();
                int batch = batch(builder, List.of(dictionary), 0, dictionary.values.length, body);
                int header = DictionaryBatch.createDictionaryBatch(builder, i, batch, false);
                dictionaries.add(message(builder, MessageHeader.DictionaryBatch, header, body.toByteArray()));
            }
        }
        List<long[]> records = new ArrayList<>();
        int rows = columns.isEmpty() ? 0 : columns.getFirst().values.length;
        int from = 0;
        for (int i = 0; i < batches.length || from < rows; i++) {
            int to = i < batches.length ? from + batches[i] : rows;
            var builder = new FlatBufferBuilder();
            var body = new ByteArrayOutputStream();
            int header = batch(builder, columns, from, to, body);
            records.add(message(builder, MessageHeader.RecordBatch, header, body.toByteArray()));
            from = to;
        }
        var builder = new FlatBufferBuilder();
        int schemaOfFooter = schema(builder);
        int dictionaryBlocks = blocks(builder, dictionaries, true);
        int recordBlocks = blocks(builder, records, false);
        builder.finish(
                Footer.createFooter(builder, MetadataVersion.V5, schemaOfFooter, dictionaryBlocks, recordBlocks, 0));
        byte[] footer = builder.sizedByteArray();
        out.writeBytes(footer);
        out.writeBytes(buffer(4).putInt(footer.length).array());
        out.writeBytes("ARROW1".getBytes(StandardCharsets.ISO_8859_1));
        return out.toByteArray();
    }

    private static int blocks(FlatBufferBuilder builder, List<long[]> places, boolean areDictionaries) {
        if (areDictionaries) {
            Footer.startDictionariesVector(builder, places.size());
        } else {
            Footer.startRecordBatchesVector(builder, places.size());
        }
        for (long[] place : places.reversed()) {
            Block.createBlock(builder, place[0], (int) place[1], place[2]);
        }
        return builder.endVector();
    }

    private int schema(FlatBufferBuilder builder) {
        int[] fields = new int[columns.size()];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = field(builder, columns.get(i), i);
        }
        return Schema.createSchema(builder, endianness, Schema.createFieldsVector(builder, fields), 0, 0);
    }

    private int field(FlatBufferBuilder builder, Column column, int number) {
        int[] children = column.children.stream()
                .mapToInt(child -> field(builder, child, -1))
                .toArray();
        int childVector = Field.createChildrenVector(builder, children);
        int name = builder.createString(column.name);
        int type = column.type.applyAsInt(builder);
        int dictionary = column.dictionary == null
                ? 0
                : DictionaryEncoding.createDictionaryEncoding(
                        builder, number, Int.createInt(builder, 8, true), false, (short) 0);
        return Field.createField(builder, name, true, column.kind, type, dictionary, childVector, 0);
    }

    /** Returns where it is, how long its metadata is and how long its body. */
    private long[] message(FlatBufferBuilder builder, byte type, int header, byte[] body) {
        builder.finish(Message.createMessage(builder, MetadataVersion.V5, type, header, body.length, 0));
        byte[] message = builder.sizedByteArray();
        int padded = (message.length + 7) / 8 * 8;
        long at = out.size();
        out.writeBytes(buffer(8).putInt(-1).putInt(padded).array());
        out.writeBytes(Arrays.copyOf(message, padded));
        out.writeBytes(body);
        return new long[] {at, padded + 8, body.length};
    }

    private int batch(FlatBufferBuilder builder, List<Column> of, int from, int to, ByteArrayOutputStream body) {
        List<long[]> nodes = new ArrayList<>();
        List<long[]> buffers = new ArrayList<>();
        List<Long> variadic = new ArrayList<>();
        of.forEach(column -> add(column, from, to, body, nodes, buffers, variadic));
        RecordBatch.startNodesVector(builder, nodes.size());
        nodes.reversed().forEach(node -> FieldNode.createFieldNode(builder, node[0], node[1]));
        int nodeVector = builder.endVector();
        RecordBatch.startBuffersVector(builder, buffers.size());
        buffers.reversed().forEach(buffer -> Buffer.createBuffer(builder, buffer[0], buffer[1]));
        int bufferVector = builder.endVector();
        int compression = isCompressed ? BodyCompression.createBodyCompression(builder, (byte) 1, (byte) 0) : 0;
        int counts = RecordBatch.createVariadicBufferCountsVector(
                builder, variadic.stream().mapToLong(it -> it).toArray());
        return RecordBatch.createRecordBatch(builder, to - from, nodeVector, bufferVector, compression, counts);
    }

    private static void add(
            Column column,
            int from,
            int to,
            ByteArrayOutputStream body,
            List<long[]> nodes,
            List<long[]> buffers,
            List<Long> variadic) {
        Object[] rows = Arrays.copyOfRange(column.values, from, to);
        long nulls = Arrays.stream(rows).filter(Objects::isNull).count();
        nodes.add(new long[] {rows.length, nulls});
        buffers.add(put(nulls == 0 ? new byte[0] : bits(rows, Objects::nonNull), body));
        List<byte[]> encoded = column.encoding.of(rows);
        encoded.forEach(bytes -> buffers.add(put(bytes, body)));
        if (column.hasViews) {
            variadic.add(encoded.size() - 1L);
        }
        column.children.forEach(child -> add(child, from, to, body, nodes, buffers, variadic));
    }

    private static long[] put(byte[] bytes, ByteArrayOutputStream body) {
        long[] place = {body.size(), bytes.length};
        body.writeBytes(Arrays.copyOf(bytes, (bytes.length + 7) / 8 * 8));
        return place;
    }
}
