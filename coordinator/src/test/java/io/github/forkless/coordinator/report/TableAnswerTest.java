package io.github.forkless.coordinator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.value.RecordValue;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TableAnswerTest {
    private static final ParameterSets NO_SWEEP = new ParameterSets(List.of(Map.of()), false);

    @Test
    void oneValueIsOneCell() {
        assertThat(csv(0.1)).isEqualTo("result\n0.1\n");
        assertThat(csv((Object) null)).isEqualTo("result\n\n");
        assertThat(csv(record("result", 5))).isEqualTo("result\n5\n");
    }

    @Test
    void aRecordHasAColumnForEachComponent() {
        assertThat(csv(record("count", 3, "first", Optional.empty(), "names", List.of("a", "b"))))
                .isEqualTo("count,first,names\n3,,\"[\"\"a\"\",\"\"b\"\"]\"\n");
    }

    @Test
    void itemsAndKeysAreRows() {
        assertThat(csv(new int[] {5, 7})).isEqualTo("result\n5\n7\n");
        assertThat(csv(List.of(record("a", 1), record("a", 2)))).isEqualTo("a\n1\n2\n");
        assertThat(csv(List.of(record("a", 1), 2))).isEqualTo("result\n\"{\"\"a\"\":1}\"\n2\n");
        assertThat(csv(new TreeMap<>(Map.of("the", 10L, "of", 7L)))).isEqualTo("key,value\nof,7\nthe,10\n");
        assertThat(csv(List.of())).isEqualTo("result\n");
    }

    @Test
    void aSweepHasARowForEachSetAlsoForThoseThatFailed() {
        var grid = new ParameterSets(List.of(set("1"), set("2")), true);

        assertThat(print(TableAnswer.csv(grid, List.of(record("min", 3, "max", 4), NoAnswer.FAILED))))
                .isEqualTo("below,above,min,max\n9,1,3,4\n9,2,failed,\n");
        assertThat(print(TableAnswer.csv(grid, List.of(NoAnswer.FAILED, 7L))))
                .isEqualTo("below,above,result\n9,1,failed\n9,2,7\n");
    }

    /** A program's maps have their keys in any order, and a set may leave a parameter to its default. */
    @Test
    void aParameterIsInItsColumnWhateverElseASetHas() {
        Map<String, String> other = new LinkedHashMap<>();
        other.put("above", "2");
        other.put("below", "8");
        var grid = ParameterSets.ofSets(List.of(set("1"), other, Map.of("above", "3"), Map.of("step", "5")));

        assertThat(print(TableAnswer.csv(grid, List.of(10, 20, 30, 40))))
                .isEqualTo("below,above,step,result\n9,1,,10\n8,2,,20\n,3,,30\n,,5,40\n");
    }

    @Test
    void whatWouldEndAValueIsQuotedOrEscaped() {
        List<String> hard = List.of("a,b", "say \"a\"", "two\nlines", "", "tab\there", "back\\slash", "\r");

        assertThat(csv(hard))
                .isEqualTo(
                        "result\n\"a,b\"\n\"say \"\"a\"\"\"\n\"two\nlines\"\n\"\"\ntab\there\nback\\slash\n\"\r\"\n");
        assertThat(print(TableAnswer.tsv(NO_SWEEP, List.of(hard))))
                .isEqualTo("result\na,b\nsay \"a\"\ntwo\\nlines\n\ntab\\there\nback\\\\slash\n\\r\n");
    }

    private static Map<String, String> set(String above) {
        Map<String, String> set = new LinkedHashMap<>();
        set.put("below", "9");
        set.put("above", above);
        return set;
    }

    private static RecordValue record(Object... namesAndValues) {
        Map<String, Object> components = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            components.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return new RecordValue("some.Type", components);
    }

    private static String csv(Object result) {
        return print(TableAnswer.csv(NO_SWEEP, Arrays.asList(result)));
    }

    private static String print(TableAnswer table) {
        try {
            var text = new StringBuilder();
            table.print(text);
            return text.toString();
        } catch (IOException e) {
            throw new AssertionError("a StringBuilder has none", e);
        }
    }
}
