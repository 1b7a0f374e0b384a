package io.github.forkless.common.dataset;

import io.github.forkless.common.column.BooleanColumn;
import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.DoubleColumn;
import io.github.forkless.common.column.IntColumn;
import io.github.forkless.common.column.LongColumn;
import io.github.forkless.common.column.Validity;
import java.lang.foreign.MemorySegment;

/** Those of a NumPy array: one batch, whose layout says where each column is. */
final class NpyRows implements TableRows {
    private final Layout.Table table;
    private final MemorySegment mapped;

    /** @param mapped all of the file */
    NpyRows(Layout.Table table, MemorySegment mapped) {
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
            default -> throw new IllegalArgumentException("no column of " + type + " in a NumPy array");
        };
    }
}
