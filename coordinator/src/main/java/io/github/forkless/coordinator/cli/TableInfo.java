package io.github.forkless.coordinator.cli;

import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.TableColumn;
import io.github.forkless.common.dataset.TableFacts;
import io.github.forkless.common.text.Printable;
import io.github.forkless.common.text.Text;
import io.github.forkless.coordinator.files.CurrentFolder;
import io.github.forkless.coordinator.generate.Sizes;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** What {@code coordinator info} says of a table: its columns, also where it cannot be read. */
final class TableInfo {
    /** Returns whether it is a table. */
    static boolean print(Path path, PrintStream out) {
        Optional<TableFacts> table = TableFacts.of(path);
        if (table.isEmpty()) {
            return false;
        }
        TableFacts facts = table.get();
        out.println("path      "
                + Printable.line(CurrentFolder.absolute(path).normalize().toString()));
        out.println("type      table");
        out.println("rows      " + facts.rows());
        out.println("size      " + facts.size() + " bytes (" + Sizes.format(facts.size()) + ")");
        out.println("batches   " + facts.batches()
                + (facts.batches() > 1 ? Text.format(", of %d to %d rows", facts.fewestRows(), facts.mostRows()) : ""));
        out.println("mapped    " + facts.obstacle().map(why -> "no: " + why).orElse("yes"));
        printColumns(facts.columns(), out, i -> nulls(facts.nulls().get(i)));
        return true;
    }

    /** @param more what else there is to say of a column, by its number */
    static void printColumns(List<TableColumn> columns, PrintStream out, IntFunction<String> more) {
        out.println("columns   " + columns.size());
        int width = columns.stream()
                .mapToInt(column -> Printable.line(column.name()).length())
                .max()
                .orElse(0);
        int typeWidth = columns.stream()
                .mapToInt(column -> Printable.line(column.label()).length())
                .max()
                .orElse(0);
        for (int i = 0; i < columns.size(); i++) {
            TableColumn column = columns.get(i);
            String name = Printable.line(column.name());
            String type = Printable.line(column.label());
            List<String> notes = Stream.of(more.apply(i), column.type() == ColumnType.UNSUPPORTED ? "not read" : "")
                    .filter(note -> !note.isEmpty())
                    .toList();
            out.println((Text.format("  %-5s ", "#" + i)
                            + name
                            + " ".repeat(width - name.length() + 2)
                            + type
                            + " ".repeat(typeWidth - type.length() + 2)
                            + String.join(", ", notes))
                    .stripTrailing());
        }
    }

    private static String nulls(long nulls) {
        return nulls < 0 ? "nulls unknown" : nulls == 1 ? "1 null" : nulls + " nulls";
    }

    private TableInfo() {}
}
