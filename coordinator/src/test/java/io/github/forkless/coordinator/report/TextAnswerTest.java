package io.github.forkless.coordinator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.value.RecordValue;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TextAnswerTest {
    private static final ParameterSets NO_SWEEP = new ParameterSets(List.of(Map.of()), false);

    @Test
    void aNumberIsALine() {
        assertThat(text(BigInteger.TWO.pow(70))).isEqualTo("1180591620717411303424\n");
        assertThat(text(0.1)).isEqualTo("0.1\n");
        assertThat(text((Object) null)).isEqualTo("none\n");
    }

    @Test
    void aRecordIsATable() {
        assertThat(text(record("count", 3, "mean", 2.5, "names", List.of("a", "b"))))
                .isEqualTo("count  3\nmean   2.5\nnames  [\"a\",\"b\"]\n");
    }

    @Test
    void aMapIsATable() {
        assertThat(text(new TreeMap<>(Map.of("the", 10L, "of", 7L)))).isEqualTo("of   7\nthe  10\n");
        assertThat(text(Map.of())).isEmpty();
    }

    @Test
    void aListIsALineForEachItem() {
        assertThat(text(List.of("x", 1, record("a", 1)))).isEqualTo("x\n1\n{\"a\":1}\n");
        assertThat(text(new long[] {5, 7})).isEqualTo("5\n7\n");
    }

    @Test
    void aListOfRecordsOfOneKindIsATable() {
        assertThat(text(Arrays.asList(
                        record("key", "a", "n", 5, "min", 1.5), record("key", null, "n", 12_345, "min", null))))
                .isEqualTo("key      n  min\na        5  1.5\n     12345\n");
        assertThat(text(List.of(record("key", "x\ty", "n", 5), record("key", "\ud800", "n", 5))))
                .isEqualTo("key      n\nx\\ty     5\n\\\\ud800  5\n");
        assertThat(text(List.of(record("a", 1), record("b", 1)))).isEqualTo("{\"a\":1}\n{\"b\":1}\n");
        assertThat(text(List.of())).isEmpty();
    }

    @Test
    void halfACharacterIsEscaped() {
        assertThat(text("\ud800x")).isEqualTo("\\ud800x\n");
        assertThat(text(new TreeMap<>(Map.of("\ud801", 1, "\ud802", 2)))).isEqualTo("\\ud801  1\n\\ud802  2\n");
    }

    @Test
    void aSweepIsALineForEachSetInItsOrder() {
        var grid = new ParameterSets(List.of(set("a", "1", "b", "x"), set("a", "20", "b", "x")), true);

        assertThat(print(grid, Arrays.asList(record("sum", 3, "none", null), 4)))
                .isEqualTo("a=1 b=x   sum=3 none=none\na=20 b=x  4\n");
    }

    private static Map<String, String> set(String... namesAndValues) {
        Map<String, String> set = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            set.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return set;
    }

    private static RecordValue record(Object... namesAndValues) {
        Map<String, Object> components = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            components.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return new RecordValue("some.Type", components);
    }

    private static String text(Object result) {
        return print(NO_SWEEP, Arrays.asList(result));
    }

    private static String print(ParameterSets grid, List<Object> results) {
        var bytes = new ByteArrayOutputStream();
        TextAnswer.print(new PrintStream(bytes, true, StandardCharsets.UTF_8), grid, results);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
