package io.github.forkless.common.dataset;

import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.TableColumn;
import java.util.ArrayList;
import java.util.List;

/** The columns of a table as text, to be told to other processes: a line that says which is meant, and
 * how many bytes all have, and a line for each: its type, label and name, and its place if it has one. */
final class TableDetails {
    static final int ALL_COLUMNS = -1;

    private static final int PARTS = 3;
    private static final int PARTS_WITH_PLACE = 6;

    /** @param index of the column that is meant, or {@link #ALL_COLUMNS} */
    static String of(Layout.Table table, int index) {
        var text = new StringBuilder().append(index).append('\t').append(table.bytes());
        for (int i = 0; i < table.columns().size(); i++) {
            TableColumn column = table.columns().get(i);
            text.append('\n').append(column.type());
            text.append('\t').append(escaped(column.label()));
            text.append('\t').append(escaped(column.name()));
            if (!table.places().isEmpty()) {
                ColumnPlace place = table.places().get(i);
                text.append('\t').append(place.at());
                text.append('\t').append(place.step());
                text.append('\t').append(place.width());
            }
        }
        return text.toString();
    }

    /** @throws IllegalArgumentException if {@link #of} has not made it */
    static Layout layout(String details, long rows, long offset) {
        String[] lines = details.split("\n", -1);
        String[] first = lines[0].split("\t");
        int index = Integer.parseInt(first[0]);
        List<TableColumn> columns = new ArrayList<>(lines.length);
        List<ColumnPlace> places = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            String[] parts = lines[i].split("\t", -1);
            if (parts.length != PARTS && parts.length != PARTS_WITH_PLACE) {
                throw new IllegalArgumentException("no column: " + lines[i]);
            }
            columns.add(new TableColumn(unescaped(parts[2]), ColumnType.valueOf(parts[0]), unescaped(parts[1])));
            if (parts.length == PARTS_WITH_PLACE) {
                places.add(new ColumnPlace(
                        Long.parseLong(parts[3]), Long.parseLong(parts[4]), Integer.parseInt(parts[5])));
            }
        }
        if (index < ALL_COLUMNS || index >= columns.size()) {
            throw new IllegalArgumentException("no column " + index + " of " + columns.size());
        }
        var table = new Layout.Table(columns, rows, Long.parseLong(first[1]), offset, places);
        return index == ALL_COLUMNS ? table : new Layout.Column(table, index);
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\b").replace("\n", "\\n").replace("\t", "\\t");
    }

    private static String unescaped(String text) {
        return text.replace("\\t", "\t").replace("\\n", "\n").replace("\\b", "\\");
    }

    private TableDetails() {}
}
