package io.github.forkless.common.dataset;

import io.github.forkless.common.column.BooleanColumn;
import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.DoubleColumn;
import io.github.forkless.common.column.IntColumn;
import io.github.forkless.common.column.LongColumn;
import io.github.forkless.common.column.Slots;
import io.github.forkless.common.column.TableColumn;
import io.github.forkless.common.column.TextColumn;
import io.github.forkless.common.column.Validity;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Those of a NumPy array: one batch, whose layout says where each column is. */
final class NpyRows implements TableRows {
    private final Path file;
    private final Layout.Table table;
    private final MemorySegment mapped;

    /**
     * @param file named by errors
     * @param mapped all of it
     */
    NpyRows(Path file, Layout.Table table, MemorySegment mapped) {
        this.file = file;
        this.table = table;
        this.mapped = mapped;
    }

    @Override
    public int batches() {
        return 1;
    }

    @Override
    public long firstRow(int batch) {
        return batch == 0 ? 0 : table.count();
    }

    @Override
    public int batchOf(long row) {
        return 0;
    }

    @Override
    public Column column(int column, int batch, long from, long to) {
        ColumnType type = table.columns().get(column).type();
        ColumnPlace place = table.places().get(column);
        long count = to - from;
        MemorySegment values = mapped.asSlice(
                table.offset() + place.at() + from * place.step(), (count - 1) * place.step() + place.width());
        boolean mayBeAbsent = type == ColumnType.TIMESTAMP || type == ColumnType.DURATION;
        Validity validity = mayBeAbsent ? Validity.ofTimes(values, place.step(), count) : Validity.all(count);
        return switch (type) {
            case BOOL -> BooleanColumn.ofBytes(values, place.step(), validity, count);
            case FLOAT16, FLOAT32, FLOAT64 -> DoubleColumn.of(type, values, place.step(), validity, count);
            case INT8, INT16, INT32, UINT8, UINT16 -> IntColumn.of(type, values, place.step(), validity, count);
            case INT64, UINT32, UINT64, TIMESTAMP, DURATION ->
                LongColumn.of(type, values, place.step(), validity, count);
            case TEXT ->
                new TextColumn(texts(table.columns().get(column), place, values, from, count), validity, count);
            default -> throw new IllegalArgumentException("no column of " + type + " in a NumPy array");
        };
    }

    private Slots texts(TableColumn column, ColumnPlace place, MemorySegment values, long first, long count) {
        if (!NpyType.isUtf32(column.label())) {
            return Slots.padded(values, place.step(), place.width());
        }
        Slots texts = Slots.utf32(values, place.step(), place.width() / Integer.BYTES);
        long broken = texts.firstBroken(Validity.all(count), count);
        if (broken >= 0) {
            throw new DatasetException(
                    file,
                    "row " + (first + broken) + " of the column '" + column.name()
                            + "' has a character that Unicode has not; write it again without");
        }
        return texts;
    }
}
