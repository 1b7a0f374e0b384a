package io.github.forkless.coordinator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.column.BooleanColumn;
import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.DecimalColumn;
import io.github.forkless.common.column.DoubleColumn;
import io.github.forkless.common.column.IntColumn;
import io.github.forkless.common.column.LongColumn;
import io.github.forkless.common.column.TextColumn;
import io.github.forkless.common.dataset.arrow.ArrowFile;
import io.github.forkless.common.value.RecordValue;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.channels.Channels;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ArrowAnswerTest {
    private static final ParameterSets NO_SWEEP = new ParameterSets(List.of(Map.of()), false);
    private static final BigInteger LARGE = BigInteger.valueOf(Long.MAX_VALUE)
            .multiply(BigInteger.valueOf(-1000))
            .subtract(BigInteger.TWO);

    @Test
    void aRecordHasATypedColumnForEachComponent() throws Exception {
        var record = record(
                "count", 3L, "sum", BigInteger.TEN, "mean", 0.1, "some", 2.5f, "small", 7, "is", true, "name", "zoë");

        assertThat(table(record))
                .containsExactly(
                        "count int64 [3]",
                        "sum int64 [10]",
                        "mean float64 [0.1]",
                        "some float32 [2.5]",
                        "small int32 [7]",
                        "is bool [true]",
                        "name utf8 [zoë]");
    }

    @Test
    void noDigitOfALargeSumIsLost() throws Exception {
        var tooLarge = BigInteger.TEN.pow(38);

        assertThat(table(LARGE)).containsExactly("result decimal128(38, 0) [" + LARGE + "]");
        assertThat(table(List.of(record("sum", LARGE), record("sum", BigInteger.ONE.negate()))))
                .containsExactly("sum decimal128(38, 0) [" + LARGE + ", -1]");
        assertThat(table(tooLarge.subtract(BigInteger.ONE)))
                .containsExactly("result decimal128(38, 0) [" + "9".repeat(38) + "]");
        assertThat(table(tooLarge)).containsExactly("result utf8 [" + tooLarge + "]");
        assertThat(table(List.of(new BigDecimal("-0.25"), new BigDecimal("1E+2"), 5)))
                .containsExactly("result decimal128(38, 2) [-0.25, 100.00, 5.00]");
        assertThat(table(List.of(new BigDecimal("1E-40")))).containsExactly("result utf8 [1E-40]");
    }

    @Test
    void whatNoTypeHoldsIsText() throws Exception {
        assertThat(table(List.of(1L, 0.5))).containsExactly("result float64 [1.0, 0.5]");
        assertThat(table(List.of((1L << 53) + 1, 0.5))).containsExactly("result utf8 [9007199254740993, 0.5]");
        assertThat(table(List.of(0.1f, 0.5))).containsExactly("result float64 [" + (double) 0.1f + ", 0.5]");
        assertThat(table(List.of(1, 1L << 40))).containsExactly("result int64 [1, 1099511627776]");
        assertThat(table(List.of(1, "a", true))).containsExactly("result utf8 [1, a, true]");
        assertThat(table(List.of(record("a", 1), 2))).containsExactly("result utf8 [{\"a\":1}, 2]");
    }

    @Test
    void whatIsMissingIsNull() throws Exception {
        var grid = new ParameterSets(List.of(Map.of("a", "1"), Map.of("a", "2"), Map.of("a", "3")), true);

        assertThat(table(record("min", null, "max", Optional.of(4), "mid", Optional.empty(), "nan", Double.NaN)))
                .containsExactly("min utf8 [null]", "max int32 [4]", "mid utf8 [null]", "nan float64 [NaN]");
        assertThat(table(grid, List.of(record("x", 1L), NoAnswer.FAILED, record("x", 2L))))
                .containsExactly("a int64 [1, 2, 3]", "x int64 [1, null, 2]");
    }

    @Test
    void itemsAndKeysAreRowsAndEmptyIsATableToo() throws Exception {
        assertThat(table(new long[] {5, 7})).containsExactly("result int64 [5, 7]");
        assertThat(table(new TreeMap<>(Map.of("the", 10L, "of", 7L))))
                .containsExactly("key utf8 [of, the]", "value int64 [7, 10]");
        assertThat(table(List.of())).containsExactly("result utf8 []");
    }

    @Test
    void parametersThatAreNumbersAreNumbers() throws Exception {
        assertThat(parameter("1", "-20", "0")).isEqualTo("p int64 [1, -20, 0]");
        assertThat(parameter("0.0", "0.5", "1")).isEqualTo("p float64 [0.0, 0.5, 1.0]");
        assertThat(parameter("1e3", "2.5E-2")).isEqualTo("p float64 [1000.0, 0.025]");
        assertThat(parameter("1", "x")).isEqualTo("p utf8 [1, x]");
        for (String text : List.of("007", "+1", "0x10", "1d", "NaN", "", "1e999", "0.10000000000000000000000001")) {
            assertThat(parameter(text)).isEqualTo("p utf8 [" + text + "]");
        }
        assertThat(table(ParameterSets.ofSets(List.of(Map.of("a", "1"), Map.of("b", "2"))), List.of(3, 4)))
                .containsExactly("a int64 [1, null]", "b int64 [null, 2]", "result int32 [3, 4]");
        assertThat(parameter("99999999999999999999")).isEqualTo("p decimal128(38, 0) [99999999999999999999]");
    }

    @Test
    void daysAndTimesKeepTheirType() throws Exception {
        var time = LocalDateTime.of(1969, 12, 31, 23, 59, 59, 5);

        assertThat(table(LocalDate.of(1970, 1, 3))).containsExactly("result date32 [2]");
        assertThat(table(time)).containsExactly("result timestamp[ns] [-999999995]");
        assertThat(table(Instant.ofEpochSecond(1, 7))).containsExactly("result timestamp[ns, UTC] [1000000007]");
        assertThat(table(time.withYear(1500))).containsExactly("result utf8 [1500-12-31T23:59:59.000000005]");
        assertThat(table(LocalDate.MAX)).containsExactly("result utf8 [+999999999-12-31]");
    }

    /** Jobs do not read lists; that their buffers are counted right is seen by the column behind them. */
    @Test
    void arraysWithinARecordAreLists() throws Exception {
        var record = record("edges", new double[] {0, 0.5, 1}, "names", List.of("a", "b"), "below", 7L);

        assertThat(table(record)).containsExactly("edges list", "names list", "below int64 [7]");
        assertThat(table(record("rows", List.of(record("a", 1)), "deep", List.of(List.of(1)), "last", 1)))
                .containsExactly("rows utf8 [[{\"a\":1}]]", "deep utf8 [[[1]]]", "last int32 [1]");
    }

    private static RecordValue record(Object... namesAndValues) {
        Map<String, Object> components = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            components.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return new RecordValue("some.Type", components);
    }

    private static String parameter(String... values) throws Exception {
        List<Map<String, String>> sets =
                Arrays.stream(values).map(value -> Map.of("p", value)).toList();
        return table(new ParameterSets(sets, true), new ArrayList<>(sets)).getFirst();
    }

    private static List<String> table(Object result) throws Exception {
        return table(NO_SWEEP, List.of(result));
    }

    /** Name, type and values of each column, as our own reader finds them. */
    private static List<String> table(ParameterSets sets, List<Object> results) throws Exception {
        var bytes = new ByteArrayOutputStream();
        ArrowAnswer.write(Channels.newChannel(bytes), TableAnswer.csv(sets, results));
        ArrowFile file = ArrowFile.read(MemorySegment.ofArray(bytes.toByteArray()));
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < file.columns().size(); i++) {
            var column = file.columns().get(i);
            boolean isRead = !column.type().accessor().isEmpty();
            columns.add(column.name() + " " + column.label() + (isRead ? " " + values(file, i) : ""));
        }
        return columns;
    }

    private static List<String> values(ArrowFile file, int number) throws Exception {
        List<String> values = new ArrayList<>();
        for (int batch = 0; batch < file.batches(); batch++) {
            long rows = file.firstRow(batch + 1) - file.firstRow(batch);
            Column column = file.column(number, batch, 0, rows);
            for (long row = 0; row < rows; row++) {
                values.add(column.isNull(row) ? "null" : value(column, row));
            }
        }
        return values;
    }

    private static String value(Column column, long row) {
        return switch (column) {
            case LongColumn it -> Long.toString(it.at(row));
            case IntColumn it -> Integer.toString(it.at(row));
            case DoubleColumn it -> Double.toString(it.at(row));
            case BooleanColumn it -> Boolean.toString(it.at(row));
            case DecimalColumn it -> it.at(row).toPlainString();
            case TextColumn it -> it.at(row);
            default -> throw new AssertionError(column);
        };
    }
}
