package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.TableColumn;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.value.Packable;
import java.util.ArrayList;
import java.util.List;

/** The groups of some rows, and what is known of each. */
public final class Groups implements Packable {
    /** What the keys are; it says how they are shown. */
    private final TableColumn by;

    private final Keys keys;
    private final Figures figures;
    /** The group of each row of a block. */
    private int[] ofRows = new int[0];

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
     * @param values of each; null to count them
     */
    public void add(Column key, Column values) {
        int rows = (int) key.count(); // of a block
        if (rows > ofRows.length) {
            ofRows = new int[rows];
        }
        keys.find(key, ofRows);
        figures.ensure(keys.size());
        figures.add(ofRows, rows, values);
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
