package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.DoubleColumn;
import io.github.forkless.common.column.IntColumn;
import io.github.forkless.common.column.LongColumn;
import io.github.forkless.common.column.Validity;
import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.value.Packable;
import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.worker.jobs.numeric.ColumnSums;
import java.util.ArrayList;
import java.util.List;

/** What is known of each column of some rows of a matrix: the {@link Figures} of groups that are columns. */
public final class ColumnFigures implements Packable {
    private final Figures.Kind kind;
    private final int columns;

    /** Reads and merges what was written. */
    private final Figures figures;

    /** One of the two while rows come. */
    private ColumnSums sums;

    private Rows rows;

    /** What is in neither, column by column; null if nothing is. */
    private byte[] written;

    ColumnFigures(Figures.Kind kind, int columns) {
        this.kind = kind;
        this.columns = columns;
        this.figures = kind.ofNone();
    }

    /** Rows whose elements are copied, and added to the group that is their column. */
    private static final class Rows {
        private final int columns;
        private final Figures figures;
        private final int[] columnOf = new int[GroupTable.RUN];
        private final long[] values = new long[GroupTable.RUN];

        Rows(Figures figures, int columns) {
            this.columns = columns;
            this.figures = figures;
            figures.ensure(columns);
        }

        void add(Block block) {
            Column elements = elements(block);
            int column = 0;
            for (long from = 0; from < block.count(); from += GroupTable.RUN) {
                int count = (int) Math.min(GroupTable.RUN, block.count() - from);
                column = number(column, count);
                elements.copy(from, count, values);
                figures.add(columnOf, values, count);
            }
        }

        private int number(int first, int count) {
            int column = first;
            for (int i = 0; i < count; i++) {
                columnOf[i] = column;
                column = column + 1 == columns ? 0 : column + 1;
            }
            return column;
        }

        private static Column elements(Block block) {
            var type = ColumnType.valueOf(block.type().name());
            Validity all = Validity.all(block.count());
            return switch (type.accessor()) {
                case "doubles" -> DoubleColumn.of(type, block.segment(), all, block.count());
                case "longs" -> LongColumn.of(type, block.segment(), all, block.count());
                default -> IntColumn.of(type, block.segment(), all, block.count());
            };
        }
    }

    /** Adds rows. */
    void add(Block block) {
        if (kind == Figures.Kind.SUM_OF_FLOATS) {
            if (sums == null) {
                sums = new ColumnSums(columns);
            }
            sums.add(block.segment(), block.type(), block.count());
        } else {
            if (rows == null) {
                rows = new Rows(kind.ofNone(), columns);
            }
            rows.add(block);
        }
    }

    /** Adds the rows of others, which are of as many columns. */
    void merge(ColumnFigures others) {
        written = merged(written(), others.written());
    }

    /** All that is known, none of it elsewhere any more. */
    private byte[] written() {
        if (written == null || sums != null || rows != null) {
            var out = new ByteWriter();
            if (kind == Figures.Kind.SUM_OF_FLOATS) {
                (sums == null ? new ColumnSums(columns) : sums).write(out);
            } else {
                Figures of = rows == null ? new Rows(kind.ofNone(), columns).figures : rows.figures;
                for (int column = 0; column < columns; column++) {
                    of.write(column, out);
                }
            }
            sums = null;
            rows = null;
            written = written == null ? out.toByteArray() : merged(written, out.toByteArray());
        }
        return written;
    }

    private byte[] merged(byte[] some, byte[] more) {
        var out = new ByteWriter(some.length);
        var one = new ByteReader(some);
        var other = new ByteReader(more);
        for (int column = 0; column < columns; column++) {
            figures.merge(one, other, out);
        }
        one.expectEnd();
        other.expectEnd();
        return out.toByteArray();
    }

    /** What was found out, column by column. */
    List<Record> records() {
        var in = new ByteReader(written());
        var records = new ArrayList<Record>(columns);
        for (int column = 0; column < columns; column++) {
            records.add(kind.column(column, figures.read(in)));
        }
        return records;
    }

    @Override
    public Packed packed() {
        return new PackedColumns(kind, columns, written());
    }

    /**
     * What they travel as.
     *
     * @param written column by column
     */
    record PackedColumns(Figures.Kind kind, int columns, byte[] written) implements Packed {
        @Override
        public ColumnFigures unpacked() {
            var unpacked = new ColumnFigures(kind, columns);
            unpacked.written = written;
            return unpacked;
        }
    }
}
