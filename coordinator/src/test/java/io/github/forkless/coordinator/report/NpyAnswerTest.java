package io.github.forkless.coordinator.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.forkless.common.value.RecordValue;
import io.github.forkless.worker.jobs.Histogram;
import io.github.forkless.worker.jobs.groups.ByColumn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NpyAnswerTest {
    private static final ParameterSets NO_SWEEP = new ParameterSets(List.of(Map.of()), false);

    @Test
    void aFileIsAsNumPySavesIt() throws Exception {
        byte[] file = file(NO_SWEEP, List.of(new int[] {1, -2}));

        // numpy.save(file, numpy.array([1, -2], '<i4'))
        assertThat(new String(file, 10, 118, StandardCharsets.ISO_8859_1))
                .isEqualTo("{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }" + " ".repeat(60) + "\n");
        assertThat(HexFormat.of().formatHex(file, 0, 10)).isEqualTo("934e554d505901007600");
        assertThat(HexFormat.of().formatHex(file, 128, file.length)).isEqualTo("01000000feffffff");
    }

    @Test
    void numbersHaveTheirType() throws Exception {
        assertThat(array(7L)).isEqualTo("<i8 () 0700000000000000");
        assertThat(array(0.5)).isEqualTo("<f8 () 000000000000e03f");
        assertThat(array(0.5f)).isEqualTo("<f4 () 0000003f");
        assertThat(array(new short[] {1, 2})).isEqualTo("<i2 (2,) 01000200");
        assertThat(array(new byte[] {-1})).isEqualTo("|i1 (1,) ff");
        assertThat(array(List.of(true, false))).isEqualTo("|b1 (2,) 0100");
        assertThat(array(BigInteger.TEN)).isEqualTo("<i8 () 0a00000000000000");
        assertThat(array(BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE))).isEqualTo("<u8 () ffffffffffffffff");
        assertThat(array(List.of(1, 0.5))).isEqualTo("<f8 (2,) 000000000000f03f000000000000e03f");
    }

    @Test
    void emptyArraysHaveTheTypeOfWhatTheyCouldHave() throws Exception {
        assertThat(array(new int[0])).isEqualTo("<i4 (0,) ");
        assertThat(array(List.of())).isEqualTo("<f8 (0,) ");
    }

    @Test
    void arraysOfArraysAndSweepsAreDimensions() throws Exception {
        List<Map<String, String>> sets =
                List.of(set("1", "1"), set("1", "2"), set("1", "3"), set("2", "1"), set("2", "2"), set("2", "3"));
        var grid = new ParameterSets(sets, List.of(2, 3));

        assertThat(array(new byte[][] {{1, 2, 3}, {4, 5, 6}})).isEqualTo("|i1 (2, 3) 010203040506");
        assertThat(array(List.of(List.of((byte) 1), new byte[] {2}))).isEqualTo("|i1 (2, 1) 0102");
        assertThat(array(grid, List.of((byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5, (byte) 6)))
                .isEqualTo("|i1 (2, 3) 010203040506");
        assertThat(array(grid, Collections.nCopies(6, new byte[1]))).isEqualTo("|i1 (2, 3, 1) 000000000000");
    }

    @Test
    void ofSomeRecordsItIsWhatNumPyWouldFind() throws Exception {
        var bins =
                record(Histogram.Bins.class, "edges", new double[] {0, 1, 2}, "counts", new long[] {7, 8}, "nan", 1L);
        var sums = List.of(
                record(ByColumn.SumOfFloats.class, "column", 0L, "sum", 0.5, "mean", 0.25),
                record(ByColumn.SumOfFloats.class, "column", 1L, "sum", 0.0, "mean", 0.0));

        assertThat(array(bins)).isEqualTo("<i8 (2,) 07000000000000000800000000000000");
        assertThat(array(sums)).isEqualTo("<f8 (2,) 000000000000e03f0000000000000000");
    }

    @Test
    void whatIsNoArrayOfNumbersIsRefusedWithAWayOut() {
        String instead = "; give a file .arrow, .csv, .tsv or .json";

        assertRefused(record(NpyAnswerTest.class, "a", 1, "b", 2))
                .isEqualTo("the answer is a record (a, b), and .npy has numbers of one type" + instead);
        assertRefused("text").isEqualTo("the answer is a text, and .npy has numbers of one type" + instead);
        assertRefused(Map.of(1, 2)).isEqualTo("the answer is a map, and .npy has numbers of one type" + instead);
        assertRefused(Arrays.asList(1, null))
                .isEqualTo("the answer has null, and .npy has numbers of one type" + instead);
        assertRefused(new int[][] {{1, 2}, {3}})
                .isEqualTo("the answer has an array of 1 where it has an array of 2 before, and .npy has arrays of one"
                        + " length" + instead);
        assertRefused(List.of(1, List.of(2)))
                .isEqualTo(
                        "the answer has an array of 1 where it has a number before, and .npy has arrays of one length"
                                + instead);
        assertRefused(BigInteger.ONE.shiftLeft(64))
                .isEqualTo("the answer has integers of more than 64 bits, which .npy has no type for" + instead);
        assertRefused(List.of(BigInteger.ONE.shiftLeft(63), -1))
                .isEqualTo("the answer has integers of more than 64 bits, which .npy has no type for" + instead);
        assertRefused(List.of((1L << 53) + 1, 0.5))
                .isEqualTo("the answer has numbers that no type of .npy holds as they are" + instead);
        assertRefused(BigDecimal.ONE)
                .isEqualTo("the answer has numbers that no type of .npy holds as they are" + instead);
    }

    @Test
    void theParameterSetIsNamed() {
        var grid = new ParameterSets(List.of(set("1", "1"), set("1", "2")), List.of(1, 2));

        assertThatThrownBy(() -> file(grid, List.of(1, NoAnswer.FAILED)))
                .isInstanceOf(IOException.class)
                .hasMessage("the answer is missing for a=1 b=2, and .npy has numbers of one type; give a file .arrow,"
                        + " .csv, .tsv or .json");
    }

    @Test
    void moreThanABufferIsWritten() throws Exception {
        long[] many = new long[100_000];
        Arrays.setAll(many, i -> i);
        ByteBuffer file = ByteBuffer.wrap(file(NO_SWEEP, List.of(many))).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(file.capacity()).isEqualTo(128 + 8 * many.length);
        for (int i = 0; i < many.length; i++) {
            assertThat(file.getLong(128 + 8 * i)).isEqualTo(i);
        }
    }

    @Test
    void ofBuiltInJobsItIsKnownBefore() {
        for (String job : List.of("stats", "wc", "top", "1brc", "group-by", "by-column")) {
            assertThat(NpyAnswer.refusal(job, Map.of())).as(job).isPresent();
        }
        for (String job : List.of("sum", "count", "histogram", "grep", "Mine.java")) {
            assertThat(NpyAnswer.refusal(job, Map.of())).as(job).isEmpty();
        }
        assertThat(NpyAnswer.refusal("by-column", Map.of("of", "sum"))).isEmpty();
        assertThat(NpyAnswer.refusal("grep", Map.of("lines", "3"))).isPresent();
    }

    private static org.assertj.core.api.AbstractStringAssert<?> assertRefused(Object answer) {
        try {
            file(NO_SWEEP, List.of(answer));
            throw new AssertionError("written: " + answer);
        } catch (IOException e) {
            return assertThat(e.getMessage());
        }
    }

    private static Map<String, String> set(String a, String b) {
        Map<String, String> set = new LinkedHashMap<>();
        set.put("a", a);
        set.put("b", b);
        return set;
    }

    private static RecordValue record(Class<?> type, Object... namesAndValues) {
        Map<String, Object> components = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            components.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return new RecordValue(type.getName(), components);
    }

    private static String array(Object answer) throws IOException {
        return array(NO_SWEEP, List.of(answer));
    }

    /** Type, shape and bytes. */
    private static String array(ParameterSets sets, List<Object> results) throws IOException {
        byte[] file = file(sets, results);
        int data = 10 + (file[8] & 0xff) + 256 * (file[9] & 0xff);
        assertThat(data % 64).isZero();
        String header = new String(file, 10, data - 10, StandardCharsets.ISO_8859_1);
        return header.replaceFirst(
                        "(?s)^\\{'descr': '(.+)', 'fortran_order': False, 'shape': (\\(.*\\)), \\} *\n$", "$1 $2 ")
                + HexFormat.of().formatHex(file, data, file.length);
    }

    private static byte[] file(ParameterSets sets, List<Object> results) throws IOException {
        var bytes = new ByteArrayOutputStream();
        NpyAnswer.write(Channels.newChannel(bytes), sets, results);
        return bytes.toByteArray();
    }
}
