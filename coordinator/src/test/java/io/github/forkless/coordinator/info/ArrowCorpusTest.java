package io.github.forkless.coordinator.info;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
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
import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.dataset.MappedDataset;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Files that other programs have written, each with its values beside it: all values are read as they are, or the file or the
 * column is refused by name. Skipped where there are none; {@code -Dforkless.corpus} says where they are.
 */
class ArrowCorpusTest {
    static final Path CORPUS =
            Path.of(System.getProperty("forkless.corpus", "../../shared/data")).resolve("arrow");

    @Test
    void everyFileIsReadRightOrRefusedByName() throws Exception {
        assumeThat(CORPUS)
                .as("the folder of Arrow files by other programs; -Dforkless.corpus says where its parent is")
                .isDirectory();
        Map<String, String> refused = new LinkedHashMap<>();
        int values = 0;
        try (Stream<Path> paths = Files.list(CORPUS)) {
            for (Path file : paths.filter(path -> path.toString().endsWith(".arrow_file"))
                    .sorted()
                    .toList()) {
                try {
                    values += compare(DatasetFile.open(file, Optional.empty()), json(file));
                } catch (DatasetException e) {
                    refused.put(file.getFileName().toString(), e.getMessage());
                }
            }
        }

        refused.forEach((file, why) -> assertThat(why)
                .as(file)
                .matches(
                        file.contains("bigendian")
                                ? ".*its numbers are big-endian.*pyarrow.*"
                                : ".*compressed \\(.*coordinator import .*"));
        assertThat(refused.keySet()).allMatch(file -> file.contains("bigendian") || file.contains("compression"));
        assertThat(values).isPositive();
    }

    /** The values beside a file. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> json(Path file) throws IOException {
        Path values = file.resolveSibling(file.getFileName().toString().replace(".arrow_file", ".json.gz"));
        try (InputStream in = new GZIPInputStream(Files.newInputStream(values));
                JsonParser parser = new JsonFactory().createParser(in)) {
            parser.nextToken();
            return (Map<String, Object>) value(parser);
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> object = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.put(name, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            default -> parser.getText();
        };
    }

    private static List<Map<String, Object>> objects(Object list) {
        List<Map<String, Object>> objects = new ArrayList<>();
        if (list != null) {
            ((List<?>) list).forEach(each -> objects.add(object(each)));
        }
        return objects;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    /** Returns how many values are the same; that one is not is an error. */
    static int compare(DatasetFile file, Map<String, Object> json) {
        Layout.Table table = (Layout.Table) file.layout();
        List<Map<String, Object>> fields = objects(object(json.get("schema")).get("fields"));
        assertThat(table.columns().stream().map(TableColumn::name))
                .as("%s", file)
                .containsExactlyElementsOf(
                        fields.stream().map(field -> (String) field.get("name")).toList());
        Map<String, Map<String, Object>> dictionaries = new HashMap<>();
        for (Map<String, Object> dictionary : objects(json.get("dictionaries"))) {
            Map<String, Object> data = object(dictionary.get("data"));
            dictionaries.put(
                    (String) dictionary.get("id"), objects(data.get("columns")).getFirst());
        }
        MappedDataset data = MappedDataset.map(file);
        int values = 0;
        long row = 0;
        for (Map<String, Object> batch : objects(json.get("batches"))) {
            long rows = Long.parseLong((String) batch.get("count"));
            Block block = data.whole().part(row, row + rows);
            List<Map<String, Object>> columns = objects(batch.get("columns"));
            for (int i = 0; i < columns.size(); i++) {
                TableColumn column = table.columns().get(i);
                if (column.type() != ColumnType.UNSUPPORTED) {
                    Map<String, Object> encoding = object(fields.get(i).get("dictionary"));
                    Map<String, Object> dictionary =
                            encoding == null ? null : dictionaries.get((String) encoding.get("id"));
                    compare(file + " #" + i, block.column("#" + i), column.type(), columns.get(i), dictionary);
                    values += (int) rows;
                }
            }
            row += rows;
        }
        assertThat(row).as("%s", file).isEqualTo(table.count());
        data.close();
        return values;
    }

    private static void compare(
            String what, Column column, ColumnType type, Map<String, Object> json, Map<String, Object> dictionary) {
        for (int row = 0; row < column.count(); row++) {
            String expected = expected(type, json, row);
            if (expected != null && dictionary != null) {
                int code = Integer.parseInt((String) ((List<?>) json.get("DATA")).get(row));
                expected = expected(type, dictionary, code);
            }
            String where = what + ", row " + row;
            String actual = actual(column, row);
            if (dictionary == null) {
                same(where, column.isNull(row), expected == null);
                same(where, column.validity().word(row / 64) >>> row % 64 & 1, expected == null ? 0L : 1L);
            }
            if (column instanceof DoubleColumn doubles && expected != null) {
                double value = doubles.at(row);
                boolean isSame = switch (type) {
                    case FLOAT16 ->
                        Float.floatToFloat16((float) value) == Float.floatToFloat16(Float.parseFloat(expected));
                    case FLOAT32 -> (float) value == Float.parseFloat(expected);
                    default -> value == Double.parseDouble(expected);
                };
                same(where + ": " + value + ", not " + expected, isSame, true);
            } else if (expected != null || dictionary != null) {
                same(where, actual, expected);
            }
        }
    }

    /** An assertion of the library for each value would take ten times the time of all else. */
    private static void same(String where, Object actual, Object expected) {
        if (!Objects.equals(actual, expected)) {
            throw new AssertionError(where + ": " + actual + ", not " + expected);
        }
    }

    /** Null where it is null. */
    private static String expected(ColumnType type, Map<String, Object> json, int row) {
        if (((List<?>) json.get("VALIDITY")).get(row).equals("0")) {
            return null;
        }
        if (!json.containsKey("VIEWS")) {
            String value = (String) ((List<?>) json.get("DATA")).get(row);
            return type == ColumnType.BOOL ? value.replace("1", "true").replace("0", "false") : value;
        }
        Map<String, Object> view = object(((List<?>) json.get("VIEWS")).get(row));
        if (view.containsKey("INLINED")) {
            return (String) view.get("INLINED");
        }
        String buffer = (String)
                ((List<?>) json.get("VARIADIC_DATA_BUFFERS")).get(Integer.parseInt((String) view.get("BUFFER_INDEX")));
        int from = Integer.parseInt((String) view.get("OFFSET"));
        int length = Integer.parseInt((String) view.get("SIZE"));
        String hex = buffer.substring(2 * from, 2 * (from + length));
        return type == ColumnType.TEXT
                ? new String(HexFormat.of().parseHex(hex), java.nio.charset.StandardCharsets.UTF_8)
                : hex;
    }

    private static String actual(Column column, int row) {
        return switch (column) {
            case IntColumn ints -> Integer.toString(ints.at(row));
            case LongColumn longs -> longOf(longs, row);
            case BooleanColumn booleans -> Boolean.toString(booleans.at(row));
            case DecimalColumn decimals ->
                decimals.isNull(row) ? null : decimals.at(row).unscaledValue().toString();
            case TextColumn texts -> texts.at(row);
            case BinaryColumn binaries -> hex(binaries.at(row));
            case DoubleColumn doubles -> Double.toString(doubles.at(row));
        };
    }

    private static String longOf(LongColumn longs, int row) {
        try {
            return Long.toString(longs.at(row));
        } catch (ArithmeticException e) { // a uint64
            return Long.toUnsignedString(longs.segment().get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * row));
        }
    }

    private static String hex(MemorySegment bytes) {
        return bytes == null
                ? null
                : HexFormat.of().formatHex(bytes.toArray(ValueLayout.JAVA_BYTE)).toUpperCase(Locale.ROOT);
    }
}
