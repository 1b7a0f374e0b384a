package io.github.forkless.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.forkless.common.dataset.DatasetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvImportTest {
    @TempDir
    private Path folder;

    private Map<String, CsvType> types = Map.of();
    private Optional<Boolean> hasHeader = Optional.empty();
    private String nullText = "";
    private List<String> columns;

    @Test
    void typesAreFound() throws Exception {
        List<List<Object>> table = table("""
            id,price,name,day,at,ok
            1,1.50,"a ""b"", c",2026-01-31,2026-01-31 10:00:00,true

            2,,,2024-02-29,2026-01-31T10:00:00.123456,FALSE
            -3,-1e5,"",,,
            """);

        assertThat(columns)
                .containsExactly("id int64", "price float64", "name text", "day date", "at timestamp", "ok bool");
        assertThat(table)
                .containsExactly(
                        row(1L, 1.5, "a \"b\", c", 20484, 1769853600000000L, true),
                        row(2L, null, null, 19782, 1769853600123456L, false),
                        row(-3L, -1e5, "", null, null, null));
    }

    @Test
    void whatWouldBeAnotherTextStaysText() throws Exception {
        assertThat(table("zip,big,id\n01234,99999999999999999999,9007199254740993\n1,1,1.5\n"))
                .containsExactly(row("01234", "99999999999999999999", "9007199254740993"), row("1", "1", "1.5"));
    }

    @Test
    void delimiterLineEndsAndByteOrderMarkAreFound() throws Exception {
        assertThat(table("\ufeffa;b\r\n1;\"x\r\ny\"\r\n2;\"z\"\r\n")).containsExactly(row(1L, "x\r\ny"), row(2L, "z"));
        assertThat(columns).containsExactly("a int64", "b text");
        assertThat(table("a\tb\n1\t2")).containsExactly(row(1L, 2L));
        assertThat(table("a\n1\n\n2\n")).containsExactly(row(1L), row((Object) null), row(2L));
    }

    @Test
    void aFirstLineWithANumberIsNoHeader() throws Exception {
        assertThat(table("1,x\n2,y\n")).containsExactly(row(1L, "x"), row(2L, "y"));
        assertThat(columns).containsExactly("column0 int64", "column1 text");
        hasHeader = Optional.of(true);
        assertThat(table("1,x\n2,y\n")).containsExactly(row(2L, "y"));
    }

    @Test
    void timesHaveNanosecondsAndZones() throws Exception {
        assertThat(table("n,z\n"
                        + "1970-01-01 00:00:01.000000007,1970-01-01T01:00:00+01:00\n"
                        + "1970-01-01 00:00,1970-01-01T00:00Z\n"))
                .containsExactly(row(1_000_000_007L, 0L), row(0L, 0L));
        assertThat(columns).containsExactly("n timestamp_ns", "z timestamp");
    }

    @Test
    void fewTextsBecomeADictionaryUntilTheyAreMany() throws Exception {
        var few = new StringBuilder("name,id\n");
        for (int i = 0; i < 200_000; i++) {
            few.append(i < 70_000 ? "n" + i % 10 : "m" + i).append(",x\n");
        }
        List<List<Object>> table = table(few.toString());

        assertThat(columns).containsExactly("name text", "id dictionary");
        assertThat(table).hasSize(200_000);
        assertThat(table.get(69_999)).isEqualTo(row("n9", "x"));
        assertThat(table.get(199_999)).isEqualTo(row("m199999", "x"));
    }

    @Test
    void aLaterValueThatDoesNotFitIsNamed() {
        String late = "a,b\n" + "1,2\n".repeat(70_000) + "3,x\n";

        assertThatThrownBy(() -> table(late))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("row 70001 (line 70002), column b: 'x' is no int64, as the values before are")
                .hasMessageContaining("--null 'x'")
                .hasMessageContaining("--as b=TYPE");
    }

    @Test
    void typesAndNullsMayBeGiven() throws Exception {
        types = Map.of("b", CsvType.INT32, "a", CsvType.TEXT);
        nullText = "NA";

        assertThat(table("a,b\n007,NA\n8,\"9\"\n")).containsExactly(row("007", null), row("8", 9));
        assertThatThrownBy(() -> table("a,b\n1,3000000000\n"))
                .hasMessageContaining("'3000000000' is no int32; mend it");
        types = Map.of("c", CsvType.TEXT);
        assertThatThrownBy(() -> table("a,b\n1,2\n"))
                .isInstanceOf(ImportRequestException.class)
                .hasMessageContaining("has no column c; there are a, b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,b~1,2~3~|line 3 has 1 fields, and the first has 2",
                "a,b~1,\"x~|a quote is opened and never closed",
                "a,b~1,\"x\"y~|text behind a closing quote",
                "a,a~1,2~|two of its columns are called a",
                "''|it is empty"
            })
    void malformedFilesAreRefused(String text, String problem) {
        assertThatThrownBy(() -> table(text.replace('~', '\n')))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void otherEncodingsAreRefusedWithTheWayOut() {
        assertThatThrownBy(() -> table("a,b\n1,\u00e4\n".getBytes(StandardCharsets.ISO_8859_1)))
                .hasMessageContaining("row 1 (line 2), column b: it is not UTF-8; write it as UTF-8: iconv -f");
        assertThatThrownBy(() -> table("a,b\n1,2\n".getBytes(StandardCharsets.UTF_16)))
                .hasMessageContaining("iconv -f UTF-16 -t UTF-8");
    }

    @Test
    void rowsCrossTheBuffersEnd() throws Exception {
        var text = new StringBuilder("id,text\n");
        for (int i = 0; i < 40_000; i++) {
            text.append(i).append(",\"").append("\"\"x".repeat(i % 40)).append("\"\r\n");
        }
        List<List<Object>> table = table(text.toString());

        assertThat(table).hasSize(40_000);
        for (int i = 0; i < 40_000; i++) {
            assertThat(table.get(i)).isEqualTo(row((long) i, "\"x".repeat(i % 40)));
        }
    }

    private List<List<Object>> table(String text) throws Exception {
        return table(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<List<Object>> table(byte[] text) throws Exception {
        Path source = Files.write(folder.resolve("it.csv"), text);
        var options = new CsvOptions(types, hasHeader, Optional.empty(), (byte) '"', nullText);
        var csv = new CsvImport(source, options, Listener.NONE);
        List<List<Object>> rows = Tables.rows(Tables.imported(csv, folder.resolve("it.arrow")));
        columns = csv.columns();
        assertThat(csv.rows()).isEqualTo(rows.size());
        return rows;
    }

    private static List<Object> row(Object... values) {
        List<Object> row = new ArrayList<>();
        for (Object value : values) {
            row.add(value);
        }
        return row;
    }
}
