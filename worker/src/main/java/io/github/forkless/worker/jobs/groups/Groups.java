package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.TableColumn;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.value.Packable;
import io.github.forkless.worker.jobs.texts.SortedTexts;
import io.github.forkless.worker.jobs.texts.StringOrder;
import io.github.forkless.worker.jobs.texts.TextRuns;
import java.util.ArrayList;
import java.util.List;

/**
 * The groups of some rows, and what is known of each. Rows go into a {@link GroupTable}; groups travel, and are merged, as
 * {@link SortedTexts}.
 */
public final class Groups implements Packable {
    /** What the keys are; it says how they are shown. */
    private final TableColumn by;

    private final Figures.Kind kind;
    private final Figures figures;

    /** Null while no rows have come. */
    private GroupTable table;

    /** What is not in the table. */
    private final TextRuns runs;

    private final TextRuns runsOfNull;

    private Groups(TableColumn by, Figures.Kind kind) {
        this.by = by;
        this.kind = kind;
        this.figures = kind.ofNone();
        this.runs = new TextRuns(figures);
        this.runsOfNull = new TextRuns(figures);
    }

    /**
     * None yet.
     *
     * @param column null to count rows
     * @throws IllegalArgumentException when there is no such column, or it is of a type that cannot be used so
     */
    static Groups of(Layout.Table table, String by, String column, GroupBy.Statistic of) {
        TableColumn key = table.columns().get(table.indexOf(by));
        switch (key.type().accessor()) {
            case "texts", "ints", "longs", "booleans" -> {}
            default ->
                throw new IllegalArgumentException("the column '" + key.name() + "' is " + key.label()
                        + "; rows are grouped by texts, integers, truth values, dates and times");
        }
        return new Groups(key, kind(table, column, of));
    }

    private static Figures.Kind kind(Layout.Table table, String column, GroupBy.Statistic of) {
        if (column == null) {
            return Figures.Kind.ROWS;
        }
        TableColumn values = table.columns().get(table.indexOf(column));
        if (of == GroupBy.Statistic.count && values.type() != ColumnType.UNSUPPORTED) {
            return Figures.Kind.ROWS;
        }
        boolean isSum = of == GroupBy.Statistic.sum;
        return switch (values.type().accessor()) {
            case "doubles" -> isSum ? Figures.Kind.SUM_OF_FLOATS : Figures.Kind.STATS_OF_FLOATS;
            case "ints", "longs", "booleans" -> isSum ? Figures.Kind.SUM_OF_INTEGERS : Figures.Kind.STATS_OF_INTEGERS;
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
        if (table == null) {
            table = new GroupTable(Keys.of(by), kind.ofNone());
        }
        table.add(key, column);
    }

    /** Appends the groups of rows behind these. */
    public void merge(Groups others) {
        runs.add(others.sorted());
        runsOfNull.add(others.ofNull());
    }

    /** All but that of null, out of the table too. */
    private SortedTexts sorted() {
        emptyTable();
        return runs.merged();
    }

    private SortedTexts ofNull() {
        emptyTable();
        return runsOfNull.merged();
    }

    private void emptyTable() {
        if (table != null) {
            runs.add(table.sorted());
            runsOfNull.add(table.ofNull());
            table = null;
        }
    }

    /** What was found out, group by group, in the order of their keys. */
    public List<Record> records() {
        SortedTexts.Cursor group = sorted().read(figures);
        int[] inOrder = StringOrder.ofBytes(group);
        var records = new ArrayList<Record>(inOrder.length + 1);
        for (int start : inOrder) {
            group.moveTo(start);
            String key = Keys.shown(by, group.array(), group.from(), group.length());
            records.add(kind.group(key, figures.read(group.figures())));
        }
        SortedTexts.Cursor ofNull = ofNull().read(figures);
        if (ofNull.next()) {
            records.add(kind.group(null, figures.read(ofNull.figures())));
        }
        return records;
    }

    @Override
    public Packed packed() {
        return new PackedGroups(by, kind, sorted().toArray(), ofNull().toArray());
    }

    /**
     * What groups travel as.
     *
     * @param groups as {@link SortedTexts} has them
     * @param ofNull the same for that of null
     */
    record PackedGroups(TableColumn by, Figures.Kind kind, byte[] groups, byte[] ofNull) implements Packed {
        @Override
        public Groups unpacked() {
            var unpacked = new Groups(by, kind);
            unpacked.runs.add(SortedTexts.of(groups));
            unpacked.runsOfNull.add(SortedTexts.of(ofNull));
            return unpacked;
        }
    }
}
