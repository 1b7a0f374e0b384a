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
import java.util.Optional;

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
        out.println("columns   " + facts.columns().size());
        int width = facts.columns().stream()
                .mapToInt(column -> Printable.line(column.name()).length())
                .max()
                .orElse(0);
        int typeWidth = facts.columns().stream()
                .mapToInt(column -> Printable.line(column.label()).length())
                .max()
                .orElse(0);
        for (int i = 0; i < facts.columns().size(); i++) {
            TableColumn column = facts.columns().get(i);
            String name = Printable.line(column.name());
            String type = Printable.line(column.label());
            out.println(Text.format("  %-5s ", "#" + i)
                    + name
                    + " ".repeat(width - name.length() + 2)
                    + type
                    + " ".repeat(typeWidth - type.length() + 2)
                    + nulls(facts.nulls().get(i))
                    + (column.type() == ColumnType.UNSUPPORTED ? ", not read" : ""));
        }
        return true;
    }

    private static String nulls(long nulls) {
        return nulls < 0 ? "nulls unknown" : nulls == 1 ? "1 null" : nulls + " nulls";
    }

    private TableInfo() {}
}
