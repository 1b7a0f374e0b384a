package io.github.forkless.coordinator.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.forkless.common.value.RecordValue;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Array;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An answer as a table for other programs and for the page of a run: a line of names, then a row for each parameter set of a
 * sweep, item of a list or an array, or key of a map, and one row for anything else. Records with the same components have a
 * column for each; what is not a record is in a column {@code result}. A value with parts is JSON. What there is none of is
 * empty; what could not be computed is {@code failed}, in the first column of the result.
 */
public final class TableAnswer {
    private static final String RESULT = "result";

    private final ParameterSets grid;
    private final List<?> rows;
    /** The components of the rows, which are records; empty if they are not. */
    private final List<String> components;

    private final boolean isCsv;

    private TableAnswer(ParameterSets grid, List<Object> results, boolean isCsv) {
        this.grid = grid;
        this.rows = grid.isSweep() ? results : rowsOf(results.getFirst());
        this.components = componentsOf(rows);
        this.isCsv = isCsv;
    }

    /** With commas between values, and quotes around those that need them, as RFC 4180 has it; lines end with a line feed. */
    public static TableAnswer csv(ParameterSets grid, List<Object> results) {
        return new TableAnswer(grid, results, true);
    }

    /** With tabs between values, and {@code \t}, {@code \n}, {@code \r} and {@code \\} for such characters within one. */
    public static TableAnswer tsv(ParameterSets grid, List<Object> results) {
        return new TableAnswer(grid, results, false);
    }

    private static List<?> rowsOf(Object answer) {
        if (answer instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> new RecordValue("", pair(entry.getKey(), entry.getValue())))
                    .toList();
        } else if (answer instanceof Collection<?> items) {
            return new ArrayList<>(items);
        } else if (answer != null && answer.getClass().isArray()) {
            return items(answer);
        }
        List<Object> one = new ArrayList<>();
        one.add(answer); // which may be null
        return one;
    }

    /** An array as a list. */
    static List<?> items(Object array) {
        return new AbstractList<>() {
            @Override
            public Object get(int index) {
                return Array.get(array, index);
            }

            @Override
            public int size() {
                return Array.getLength(array);
            }
        };
    }

    private static Map<String, Object> pair(Object key, Object value) {
        var pair = new LinkedHashMap<String, Object>();
        pair.put("key", key);
        pair.put("value", value);
        return pair;
    }

    /** Those that all rows have, which are records; empty if they do not, or are not. */
    static List<String> componentsOf(List<?> rows) {
        List<String> components = List.of();
        for (Object row : rows) {
            if (row == NoAnswer.FAILED) {
                continue;
            }
            List<String> names = row instanceof RecordValue value
                    ? List.copyOf(value.components().keySet())
                    : List.of();
            if (names.isEmpty() || !components.isEmpty() && !components.equals(names)) {
                return List.of();
            }
            components = names;
        }
        return components;
    }

    public void print(Appendable out) throws IOException {
        out.append(line(names()));
        for (int i = 0; i < rows.size(); i++) {
            out.append(line(cells(i)));
        }
    }

    /**
     * Prints a list of records of one kind for people, in columns of equal width, numbers to the right. Returns whether it is
     * such a list; prints nothing if not.
     */
    static boolean printColumns(PrintStream out, ParameterSets grid, List<Object> results) {
        var table = new TableAnswer(grid, results, false);
        if (table.components.isEmpty()) {
            return false;
        }
        List<List<String>> lines = new ArrayList<>();
        lines.add(table.names());
        for (int i = 0; i < table.rows.size(); i++) {
            lines.add(table.cells(i).stream().map(TableAnswer::escaped).toList());
        }
        int columns = lines.getFirst().size();
        int[] widths = new int[columns];
        boolean[] isNumeric = new boolean[columns];
        List<Object> first = table.cells(0);
        for (int column = 0; column < columns; column++) {
            isNumeric[column] = first.get(column) instanceof Number;
            for (List<String> line : lines) {
                widths[column] = Math.max(widths[column], line.get(column).length());
            }
        }
        for (List<String> line : lines) {
            out.println(aligned(line, widths, isNumeric));
        }
        return true;
    }

    private static String aligned(List<String> cells, int[] widths, boolean[] isNumeric) {
        var line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            String blanks = " ".repeat(widths[column] - cell.length());
            line.append(column == 0 ? "" : "  ").append(isNumeric[column] ? blanks + cell : cell + blanks);
        }
        return line.toString().stripTrailing();
    }

    /**
     * Writes it as JSON for a page: {@code names} of columns, the first of which are those of so many {@code parameters}; the
     * {@code count} of rows; and as many of the {@code rows} as have so many characters, each a list of texts.
     */
    static void write(JsonGenerator json, ParameterSets grid, List<Object> results, int characters) throws IOException {
        var table = new TableAnswer(grid, results, true);
        json.writeStartObject();
        json.writeFieldName("names");
        Json.write(json, table.names());
        json.writeNumberField("parameters", table.parameters());
        json.writeNumberField("count", table.rows.size());
        json.writeArrayFieldStart("rows");
        int left = characters;
        for (int i = 0; i < table.rows.size(); i++) {
            List<String> texts = new ArrayList<>();
            for (Object cell : table.cells(i)) {
                String text = text(cell);
                texts.add(text);
                left -= 4 + (text == null ? 0 : text.length());
            }
            if (left < 0) {
                break;
            }
            Json.write(json, texts);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** How many columns are those of parameters. */
    int parameters() {
        return grid.isSweep() ? grid.names().size() : 0;
    }

    int count() {
        return rows.size();
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        if (grid.isSweep()) {
            names.addAll(grid.names());
        }
        names.addAll(components.isEmpty() ? List.of(RESULT) : components);
        return names;
    }

    /** What is in a row: the first of them are the parameters, as they were typed; null where there is none. */
    List<Object> cells(int row) {
        List<Object> cells = new ArrayList<>();
        if (grid.isSweep()) {
            Map<String, String> set = grid.sets().get(row);
            for (String name : grid.names()) {
                cells.add(set.get(name));
            }
        }
        addResult(rows.get(row), cells);
        return cells;
    }

    private void addResult(Object row, List<Object> cells) {
        if (!components.isEmpty() && row instanceof RecordValue value) {
            cells.addAll(value.components().values());
            return;
        }
        cells.add(row);
        for (int i = 1; i < components.size(); i++) {
            cells.add(null);
        }
    }

    private StringBuilder line(List<?> cells) {
        var line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0) {
                line.append(isCsv ? ',' : '\t');
            }
            line.append(isCsv ? quoted(cells.get(i)) : escaped(cells.get(i)));
        }
        return line.append('\n');
    }

    private static String text(Object cell) {
        return cell == null || cell.equals(Optional.empty()) ? null : Json.inline(cell);
    }

    private static String quoted(Object cell) {
        String text = text(cell);
        if (text == null) {
            return "";
        }
        boolean needsQuotes =
                text.isEmpty() || text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return needsQuotes ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    private static String escaped(Object cell) {
        String text = text(cell);
        return text == null
                ? ""
                : text.replace("\\", "\\\\")
                        .replace("\t", "\\t")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r");
    }
}
