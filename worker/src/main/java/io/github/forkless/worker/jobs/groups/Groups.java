package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.TableColumn;
import io.github.forkless.common.column.Validity;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.value.Packable;
import java.util.ArrayList;
import java.util.List;

/** The groups of some rows, and what is known of each. */
public final class Groups implements Packable {
    /**
     * Rows that are copied, and looked at by one small loop after another: few, so that these stay within the first-level cache
     * and a call soon enters compiled code. A multiple of 64.
     */
    static final int RUN = 2048;

    /** What the keys are; it says how they are shown. */
    private final TableColumn by;

    private final Keys keys;
    private final Figures figures;

    /** The group of each row of a run. */
    private final int[] ofRows = new int[RUN];
    /** The number in each row of a run. */
    private final long[] values = new long[RUN];

    private Groups(TableColumn by, Keys keys, Figures figures) {
        this.by = by;
        this.keys = keys;
        this.figures = figures;
    }

    /**
     * None yet.
     *
     * @param column null to count rows
     * @throws IllegalArgumentException when there is no such column, or it is of a type that cannot be used so
     */
    public static Groups of(Layout.Table table, String by, String column, GroupBy.Statistic of) {
        TableColumn key = table.columns().get(table.indexOf(by));
        Keys keys = switch (key.type().accessor()) {
            case "texts" -> new TextKeys();
            case "ints", "longs", "booleans" -> new LongKeys();
            default ->
                throw new IllegalArgumentException("the column '" + key.name() + "' is " + key.label()
                        + "; rows are grouped by texts, integers, truth values, dates and times");
        };
        return new Groups(key, keys, figures(table, column, of));
    }

    private static Figures figures(Layout.Table table, String column, GroupBy.Statistic of) {
        if (column == null) {
            return new RowCounts();
        }
        TableColumn values = table.columns().get(table.indexOf(column));
        if (of == GroupBy.Statistic.count && values.type() != ColumnType.UNSUPPORTED) {
            return new RowCounts();
        }
        boolean isSum = of == GroupBy.Statistic.sum;
        return switch (values.type().accessor()) {
            case "doubles" -> new FloatFigures(isSum);
            case "ints", "longs", "booleans" -> new IntegerFigures(isSum);
            default ->
                throw new IllegalArgumentException("the column '" + values.name() + "' is " + values.label()
                        + ", and not numbers that can be added up");
        };
    }

    /**
     * Adds rows.
     *
     * @param key of each
     * @param column the number of each; null to count rows
     */
    public void add(Column key, Column column) {
        for (long from = 0; from < key.count(); from += RUN) {
            int rows = (int) Math.min(RUN, key.count() - from);
            keys.find(key, from, rows, ofRows);
            figures.ensure(keys.size());
            if (column != null && !(figures instanceof RowCounts)) {
                column.copy(from, rows, values);
            }
            if (column != null && column.hasNulls()) {
                rows = takeOutNulls(column.validity(), from, rows);
            }
            figures.add(ofRows, values, rows);
        }
    }

    /** Returns how many are left. */
    private int takeOutNulls(Validity validity, long from, int rows) {
        int kept = 0;
        for (int row = 0; row < rows; row += Long.SIZE) {
            for (long left = validity.word(from + row >>> 6); left != 0; left &= left - 1) {
                int next = row + Long.numberOfTrailingZeros(left);
                ofRows[kept] = ofRows[next];
                values[kept++] = values[next];
            }
        }
        return kept;
    }

    /** Appends the groups of rows behind these. */
    public void merge(Groups others) {
        for (int theirs = 0; theirs < others.keys.size(); theirs++) {
            int group = keys.find(others.keys, theirs);
            figures.ensure(keys.size());
            figures.merge(group, others.figures, theirs);
        }
    }

    /** What was found out, group by group, in the order of their keys. */
    public List<Record> records() {
        var records = new ArrayList<Record>(keys.size());
        for (int group : keys.sorted()) {
            records.add(figures.record(group == keys.ofNull() ? null : shown(group), group));
        }
        return records;
    }

    private String shown(int group) {
        return keys instanceof LongKeys longs ? ShownKey.of(by, longs.value(group)) : ((TextKeys) keys).text(group);
    }

    @Override
    public Packed packed() {
        return new PackedGroups(by, keys.packed(), figures.packed(keys.size()));
    }

    /** What groups travel as. */
    record PackedGroups(TableColumn by, Keys.PackedKeys keys, Figures.PackedFigures figures) implements Packed {
        @Override
        public Groups unpacked() {
            Keys known = keys.unpacked();
            return new Groups(by, known, figures.unpacked(known.size()));
        }
    }
}
