package io.github.forkless.common.dataset.arrow;

import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.TableColumn;
import io.github.forkless.common.dataset.arrow.ArrowField.Form;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.flatbuf.Date;
import org.apache.arrow.flatbuf.DateUnit;
import org.apache.arrow.flatbuf.Decimal;
import org.apache.arrow.flatbuf.DictionaryEncoding;
import org.apache.arrow.flatbuf.Duration;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FixedSizeBinary;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Time;
import org.apache.arrow.flatbuf.TimeUnit;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Union;
import org.apache.arrow.flatbuf.UnionMode;

/** The columns of a schema. Counts which nodes and buffers of a batch are whose, those of nested columns too. */
final class ArrowSchema {
    /** Of lists in lists and the like. */
    private static final int DEEPEST = 64;

    private static final String[] UNITS = {"s", "ms", "us", "ns"};

    private final short version;
    /** A file whose fields share children, or names, would otherwise be larger than it is. */
    private int fieldsLeft;

    private int textLeft;

    private final List<ArrowField> fields = new ArrayList<>();
    private int nodes;
    private int buffers;
    private int views;

    /**
     * @param version of the batches
     * @param bytes that the schema is in
     */
    ArrowSchema(Schema schema, short version, int bytes) throws ArrowException {
        this.version = version;
        this.fieldsLeft = bytes / 8;
        this.textLeft = bytes;
        int count = requireVector(schema.fieldsLength(), bytes);
        for (int i = 0; i < count; i++) {
            fields.add(field(schema.fields(i), 0));
        }
    }

    List<ArrowField> fields() {
        return fields;
    }

    int nodes() {
        return nodes;
    }

    /** Without those that views lead to. */
    int buffers() {
        return buffers;
    }

    int views() {
        return views;
    }

    private static int requireVector(int length, int bytes) throws ArrowException {
        if (length < 0 || length > bytes / 4) {
            throw ArrowException.broken("%d fields in %d bytes", length, bytes);
        }
        return length;
    }

    private ArrowField field(Field field, int depth) throws ArrowException {
        if (--fieldsLeft < 0 || depth > DEEPEST) {
            throw ArrowException.broken("more fields than can be in it, or more than %d in one another", DEEPEST);
        }
        String name = text(field.nameAsByteBuffer());
        DictionaryEncoding dictionary = field.dictionary();
        if (dictionary == null) {
            return plain(name, field, depth);
        }
        var inDictionary = new int[] {nodes, buffers, views};
        nodes = 0;
        buffers = 0;
        views = 0;
        ArrowField values = plain(name, field, depth);
        nodes = inDictionary[0];
        buffers = inDictionary[1];
        views = inDictionary[2];
        Int index = dictionary.indexType();
        ColumnType stored = index == null ? ColumnType.INT32 : integer(index);
        String label = "dictionary<" + label(stored) + ", " + values.column().label() + ">";
        boolean isText = values.column().type() == ColumnType.TEXT;
        var column = new TableColumn(name, isText ? ColumnType.TEXT : ColumnType.UNSUPPORTED, label);
        return add(column, stored, Form.FIXED, 0, 0, 2, dictionary.id(), values);
    }

    private ArrowField plain(String name, Field field, int depth) throws ArrowException {
        int kind = field.typeType() & 0xff;
        return switch (kind) {
            case Type.Int -> {
                ColumnType type = integer((Int) required(field.type(new Int())));
                yield fixed(name, type, label(type));
            }
            case Type.FloatingPoint -> {
                short precision = ((FloatingPoint) required(field.type(new FloatingPoint()))).precision();
                ColumnType type = switch (precision) {
                    case Precision.HALF -> ColumnType.FLOAT16;
                    case Precision.SINGLE -> ColumnType.FLOAT32;
                    case Precision.DOUBLE -> ColumnType.FLOAT64;
                    default -> throw ArrowException.broken("no precision %d", precision);
                };
                yield fixed(name, type, label(type));
            }
            case Type.Bool -> values(name, ColumnType.BOOL, "bool", Form.BITS, 0, 0, 2);
            case Type.Decimal -> decimal(name, (Decimal) required(field.type(new Decimal())));
            case Type.Date ->
                ((Date) required(field.type(new Date()))).unit() == DateUnit.DAY
                        ? fixed(name, ColumnType.DATE32, "date32")
                        : fixed(name, ColumnType.DATE64, "date64");
            case Type.Time -> {
                Time time = (Time) required(field.type(new Time()));
                yield time.bitWidth() == 32
                        ? fixed(name, ColumnType.TIME32, "time32[" + unit(time.unit()) + "]")
                        : fixed(name, ColumnType.TIME64, "time64[" + unit(time.unit()) + "]");
            }
            case Type.Timestamp -> {
                Timestamp time = (Timestamp) required(field.type(new Timestamp()));
                String zone = text(time.timezoneAsByteBuffer());
                String label = "timestamp[" + unit(time.unit()) + (zone.isEmpty() ? "" : ", " + zone) + "]";
                yield fixed(name, ColumnType.TIMESTAMP, label);
            }
            case Type.Duration -> {
                Duration duration = (Duration) required(field.type(new Duration()));
                yield fixed(name, ColumnType.DURATION, "duration[" + unit(duration.unit()) + "]");
            }
            case Type.Utf8 -> values(name, ColumnType.TEXT, "utf8", Form.OFFSETS32, 0, 0, 3);
            case Type.LargeUtf8 -> values(name, ColumnType.TEXT, "large_utf8", Form.OFFSETS64, 0, 0, 3);
            case Type.Utf8View -> values(name, ColumnType.TEXT, "utf8_view", Form.VIEWS, 0, 0, 2);
            case Type.Binary -> values(name, ColumnType.BINARY, "binary", Form.OFFSETS32, 0, 0, 3);
            case Type.LargeBinary -> values(name, ColumnType.BINARY, "large_binary", Form.OFFSETS64, 0, 0, 3);
            case Type.BinaryView -> values(name, ColumnType.BINARY, "binary_view", Form.VIEWS, 0, 0, 2);
            case Type.FixedSizeBinary -> {
                int width = ((FixedSizeBinary) required(field.type(new FixedSizeBinary()))).byteWidth();
                if (width < 0) {
                    throw ArrowException.broken("values of %d bytes", width);
                }
                String label = "fixed_size_binary[" + width + "]";
                yield values(name, ColumnType.BINARY, label, Form.FIXED, width, 0, 2);
            }
            case Type.Null -> skipped(name, "null", 0, field, depth);
            case Type.Interval -> skipped(name, "interval", 2, field, depth);
            case Type.List -> skipped(name, "list", 2, field, depth);
            case Type.LargeList -> skipped(name, "large_list", 2, field, depth);
            case Type.ListView -> skipped(name, "list_view", 3, field, depth);
            case Type.LargeListView -> skipped(name, "large_list_view", 3, field, depth);
            case Type.FixedSizeList -> skipped(name, "fixed_size_list", 1, field, depth);
            case Type.Map -> skipped(name, "map", 2, field, depth);
            case Type.Struct_ -> skipped(name, "struct", 1, field, depth);
            case Type.RunEndEncoded -> skipped(name, "run_end_encoded", 0, field, depth);
            case Type.Union -> {
                boolean isDense = ((Union) required(field.type(new Union()))).mode() == UnionMode.Dense;
                int validity = version < MetadataVersion.V5 ? 1 : 0;
                yield skipped(name, "union", validity + (isDense ? 2 : 1), field, depth);
            }
            default ->
                throw new ArrowException("its column " + name + " is of type " + kind
                        + " of a later version of Arrow; write it with an older version");
        };
    }

    private static Object required(Object type) throws ArrowException {
        if (type == null) {
            throw ArrowException.broken("a field without its type");
        }
        return type;
    }

    private static ColumnType integer(Int type) throws ArrowException {
        return switch (type.bitWidth()) {
            case 8 -> type.isSigned() ? ColumnType.INT8 : ColumnType.UINT8;
            case 16 -> type.isSigned() ? ColumnType.INT16 : ColumnType.UINT16;
            case 32 -> type.isSigned() ? ColumnType.INT32 : ColumnType.UINT32;
            case 64 -> type.isSigned() ? ColumnType.INT64 : ColumnType.UINT64;
            default -> throw ArrowException.broken("integers of %d bits", type.bitWidth());
        };
    }

    private static String label(ColumnType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    private static String unit(short unit) throws ArrowException {
        if (unit < TimeUnit.SECOND || unit > TimeUnit.NANOSECOND) {
            throw ArrowException.broken("no unit %d of time", unit);
        }
        return UNITS[unit];
    }

    private ArrowField decimal(String name, Decimal type) throws ArrowException {
        int bits = type.bitWidth();
        if (bits != 32 && bits != 64 && bits != 128 && bits != 256) {
            throw ArrowException.broken("decimals of %d bits", bits);
        }
        String label = "decimal" + bits + "(" + type.precision() + ", " + type.scale() + ")";
        return values(name, ColumnType.DECIMAL, label, Form.FIXED, bits / 8, type.scale(), 2);
    }

    private ArrowField fixed(String name, ColumnType type, String label) {
        return values(name, type, label, Form.FIXED, 0, 0, 2);
    }

    private ArrowField values(
            String name, ColumnType type, String label, Form form, int width, int scale, int buffersOfIt) {
        return add(new TableColumn(name, type, label), type, form, width, scale, buffersOfIt, 0, null);
    }

    private ArrowField skipped(String name, String kind, int buffersOfIt, Field field, int depth)
            throws ArrowException {
        var column = new TableColumn(name, ColumnType.UNSUPPORTED, kind);
        ArrowField it = add(column, ColumnType.UNSUPPORTED, Form.OTHER, 0, 0, buffersOfIt, 0, null);
        int children =
                requireVector(field.childrenLength(), field.getByteBuffer().capacity());
        for (int i = 0; i < children; i++) {
            field(field.children(i), depth + 1);
        }
        return it;
    }

    private ArrowField add(
            TableColumn column,
            ColumnType stored,
            Form form,
            int width,
            int scale,
            int buffersOfIt,
            long dictionary,
            ArrowField values) {
        var field = new ArrowField(column, stored, form, width, scale, nodes, buffers, views, dictionary, values);
        nodes++;
        buffers += buffersOfIt;
        views += form == Form.VIEWS ? 1 : 0;
        return field;
    }

    /** @param utf8 null for none */
    private String text(ByteBuffer utf8) throws ArrowException {
        if (utf8 == null) {
            return "";
        }
        textLeft -= utf8.remaining();
        if (textLeft < 0) {
            throw ArrowException.broken("more names than can be in it");
        }
        return StandardCharsets.UTF_8.decode(utf8).toString();
    }
}
