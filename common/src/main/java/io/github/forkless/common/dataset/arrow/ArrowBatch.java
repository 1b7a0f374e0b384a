package io.github.forkless.common.dataset.arrow;

import io.github.forkless.common.column.BinaryColumn;
import io.github.forkless.common.column.BooleanColumn;
import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.DecimalColumn;
import io.github.forkless.common.column.DoubleColumn;
import io.github.forkless.common.column.IntColumn;
import io.github.forkless.common.column.LongColumn;
import io.github.forkless.common.column.Slots;
import io.github.forkless.common.column.TextColumn;
import io.github.forkless.common.column.Validity;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;

/** A record batch, or what is in a dictionary. Safe for use by several threads. */
final class ArrowBatch {
    private static final int VIEW_BYTES = 16;

    private final ArrowFile file;
    private final RecordBatch batch;
    private final MemorySegment body;

    ArrowBatch(ArrowFile file, RecordBatch batch, MemorySegment body) {
        this.file = file;
        this.batch = batch;
        this.body = body;
    }

    long nulls(ArrowField field) throws ArrowException {
        return node(field).nullCount();
    }

    private FieldNode node(ArrowField field) throws ArrowException {
        if (field.node() >= batch.nodesLength()) {
            throw ArrowException.broken("a batch of %d nodes has none for %s", batch.nodesLength(), name(field));
        }
        return batch.nodes(field.node());
    }

    Column column(ArrowField field, long from, long to) throws ArrowException {
        FieldNode node = node(field);
        if (node.length() != batch.length() || from < 0 || from > to || to > node.length()) {
            throw ArrowException.broken(
                    "rows %d to %d of %d of %s in a batch of %d", from, to, node.length(), name(field), batch.length());
        }
        int first = Math.addExact(field.buffer(), buffersOfViews(0, field.views()));
        long count = to - from;
        Validity validity = validity(field, node, buffer(first), from, count);
        return switch (field.form()) {
            case FIXED -> fixed(field, buffer(first + 1), validity, from, count);
            case BITS -> {
                MemorySegment bits = buffer(first + 1);
                require(bits, Math.ceilDiv(node.length(), 8), field);
                yield BooleanColumn.ofBits(bits, from, validity, count);
            }
            case OFFSETS32, OFFSETS64 -> {
                boolean isWide = field.form() == ArrowField.Form.OFFSETS64;
                int width = isWide ? Long.BYTES : Integer.BYTES;
                MemorySegment offsets = buffer(first + 1);
                if (node.length() > 0) { // without rows, there may be none
                    require(offsets, (node.length() + 1) * width, field);
                    offsets = offsets.asSlice(from * width, (count + 1) * width);
                }
                yield slots(field, Slots.offsets(offsets, isWide, buffer(first + 2)), validity, count);
            }
            case VIEWS -> {
                MemorySegment views = buffer(first + 1);
                require(views, node.length() * VIEW_BYTES, field);
                List<MemorySegment> bytes = new ArrayList<>();
                int buffers = buffersOfViews(field.views(), field.views() + 1);
                for (int i = 0; i < buffers; i++) {
                    bytes.add(buffer(first + 2 + i));
                }
                yield slots(field, Slots.views(views.asSlice(from * VIEW_BYTES), bytes), validity, count);
            }
            case OTHER -> throw new ArrowException("its column " + name(field) + " is not read");
        };
    }

    private Column fixed(ArrowField field, MemorySegment values, Validity validity, long from, long count)
            throws ArrowException {
        ColumnType type = field.stored();
        int width = field.width() > 0 || type == ColumnType.BINARY ? field.width() : width(type);
        require(values, Math.multiplyExact(batch.length(), (long) width), field);
        MemorySegment part = values.asSlice(from * width, count * width);
        if (field.values() != null) {
            LongColumn codes = LongColumn.of(type, part, validity, count);
            TextColumn dictionary = file.dictionary(field);
            requireCodes(field, codes, dictionary.count());
            return new TextColumn(codes, dictionary);
        }
        return switch (type) {
            case FLOAT16, FLOAT32, FLOAT64 -> DoubleColumn.of(type, part, validity, count);
            case DECIMAL -> new DecimalColumn(part, width, field.scale(), validity, count);
            case BINARY -> new BinaryColumn(Slots.fixed(part, width), validity, count);
            case INT8, INT16, INT32, UINT8, UINT16, DATE32, TIME32 -> IntColumn.of(type, part, validity, count);
            default -> LongColumn.of(type, part, validity, count);
        };
    }

    private static int width(ColumnType type) {
        return switch (type) {
            case INT8, UINT8 -> 1;
            case INT16, UINT16, FLOAT16 -> 2;
            case INT32, UINT32, FLOAT32, DATE32, TIME32 -> 4;
            default -> 8;
        };
    }

    /** Once here, and not at each access. */
    private static void requireCodes(ArrowField field, LongColumn codes, long most) throws ArrowException {
        long wrong = 0; // negative if one of them is: a loop without branches
        for (long row = 0; row < codes.count(); row++) {
            long code = codes.at(row);
            wrong |= code | most - 1 - code;
        }
        for (long row = 0; row < codes.count() && wrong < 0; row++) {
            if (!codes.isNull(row) && (codes.at(row) < 0 || codes.at(row) >= most)) {
                throw ArrowException.broken("no text %d among the %d of %s", codes.at(row), most, name(field));
            }
        }
    }

    private static Column slots(ArrowField field, Slots slots, Validity validity, long count) throws ArrowException {
        long broken = slots.firstBroken(validity, count);
        if (broken >= 0) {
            throw ArrowException.broken("%s in row %d of a block leads to where nothing is", name(field), broken);
        }
        return field.column().type() == ColumnType.TEXT
                ? new TextColumn(slots, validity, count)
                : new BinaryColumn(slots, validity, count);
    }

    private static Validity validity(ArrowField field, FieldNode node, MemorySegment bits, long from, long count)
            throws ArrowException {
        if (node.nullCount() == 0 || bits.byteSize() == 0) {
            if (node.nullCount() > 0) {
                throw ArrowException.broken("%d nulls of %s, and nothing says where", node.nullCount(), name(field));
            }
            return Validity.all(count);
        }
        require(bits, Math.ceilDiv(node.length(), 8), field);
        return Validity.of(bits, from, count);
    }

    private static void require(MemorySegment buffer, long bytes, ArrowField field) throws ArrowException {
        if (buffer.byteSize() < bytes) {
            throw ArrowException.broken("%d bytes of %s, where %d must be", buffer.byteSize(), name(field), bytes);
        }
    }

    private MemorySegment buffer(int number) throws ArrowException {
        if (number < 0 || number >= batch.buffersLength()) {
            throw ArrowException.broken("no buffer %d among %d", number, batch.buffersLength());
        }
        Buffer buffer = batch.buffers(number);
        return body.asSlice(buffer.offset(), buffer.length());
    }

    /** Of these columns of views. */
    private int buffersOfViews(int from, int to) throws ArrowException {
        long buffers = 0;
        if (to > batch.variadicBufferCountsLength() && from < to) {
            throw ArrowException.broken(
                    "%d columns of views, and buffers of %d", to, batch.variadicBufferCountsLength());
        }
        for (int i = from; i < to; i++) {
            long count = batch.variadicBufferCounts(i);
            buffers += count;
            if (count < 0 || buffers > batch.buffersLength()) {
                throw ArrowException.broken("%d buffers of a column of views", count);
            }
        }
        return (int) buffers;
    }

    private static String name(ArrowField field) {
        return "its column " + field.column().name();
    }
}
