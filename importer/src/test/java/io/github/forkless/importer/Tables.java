package io.github.forkless.importer;

import io.github.forkless.common.column.BinaryColumn;
import io.github.forkless.common.column.BooleanColumn;
import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.DecimalColumn;
import io.github.forkless.common.column.DoubleColumn;
import io.github.forkless.common.column.IntColumn;
import io.github.forkless.common.column.LongColumn;
import io.github.forkless.common.column.TableColumn;
import io.github.forkless.common.column.TextColumn;
import io.github.forkless.common.dataset.arrow.ArrowFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an importer has written, as the reader of tables sees it. */
final class Tables {

    /** Has a table written, and reads all of it. */
    static ArrowFile imported(Importer importer, Path target) throws Exception {
        try (FileChannel out = FileChannel.open(
                target,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            importer.writeTo(out);
        }
        return ArrowFile.read(MemorySegment.ofArray(Files.readAllBytes(target)));
    }

    /** Its columns' types. */
    static Map<String, String> types(ArrowFile file) {
        Map<String, String> types = new LinkedHashMap<>();
        for (TableColumn column : file.columns()) {
            types.put(column.name(), column.label());
        }
        return types;
    }

    /** All values of the columns that are read. */
    static List<List<Object>> rows(ArrowFile file) throws Exception {
        List<List<Object>> rows = new ArrayList<>();
        for (int batch = 0; batch < file.batches(); batch++) {
            long count = file.firstRow(batch + 1) - file.firstRow(batch);
            List<Column> parts = new ArrayList<>();
            for (int i = 0; i < file.columns().size(); i++) {
                if (file.columns().get(i).type() != ColumnType.UNSUPPORTED) {
                    parts.add(file.column(i, batch, 0, count));
                }
            }
            for (long row = 0; row < count; row++) {
                List<Object> values = new ArrayList<>();
                for (Column part : parts) {
                    values.add(part.isNull(row) ? null : value(part, row));
                }
                rows.add(values);
            }
        }
        return rows;
    }

    private static Object value(Column column, long row) {
        return switch (column) {
            case LongColumn longs -> number(longs, row);
            case IntColumn ints -> ints.at(row);
            case DoubleColumn doubles -> doubles.at(row);
            case BooleanColumn booleans -> booleans.at(row);
            case TextColumn texts -> texts.at(row);
            case DecimalColumn decimals -> decimals.at(row).toPlainString();
            case BinaryColumn binaries ->
                HexFormat.of().formatHex(binaries.at(row).toArray(ValueLayout.JAVA_BYTE));
            default -> throw new AssertionError(column);
        };
    }

    /** Of an unsigned one that is no long, its 64 bits. */
    private static long number(LongColumn longs, long row) {
        try {
            return longs.at(row);
        } catch (ArithmeticException e) {
            return longs.segment().get(ValueLayout.JAVA_LONG_UNALIGNED, Long.BYTES * row);
        }
    }

    private Tables() {}
}
