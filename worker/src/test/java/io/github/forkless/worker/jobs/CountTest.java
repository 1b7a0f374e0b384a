package io.github.forkless.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.ElementType;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class CountTest {
    private static final String[] BOUNDS = {
        "0",
        "-0.0",
        "1",
        "-1",
        "0.5",
        "-0.5",
        "100",
        "127",
        "128",
        "-128",
        "-129",
        "254",
        "255",
        "256",
        "32767",
        "-32768",
        "32766.999",
        "2147483647",
        "-2147483648",
        "2147483646.5",
        "9223372036854775807",
        "9223372036854775806.5",
        "-9223372036854775808",
        "-9223372036854775807",
        "-9223372036854775807.5",
        "1e400",
        "-1e400",
        "1e-400",
        "-1e-400",
        "1e999999999",
        "-1e999999999",
        "1e-999999999",
        "-1e-999999999",
        "3.4028234663852886e38",
        "3.5e38",
        "1.5"
    };

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"UINT16", "UINT32", "UINT64", "FLOAT16", "FLOAT32", "FLOAT64", "TEXT", "RECORDS", "TABLE"})
    void integersAgreeWithBigDecimal(ElementType type) {
        var random = new SplittableRandom(1);
        byte[] data = new byte[8 * 125 + 7];
        random.nextBytes(data);
        for (int i = 0; i < 64; i++) { // extremes, zeros, and their neighbours
            data[i] = (byte) (i < 16 ? 0 : i < 32 ? -1 : i % 8 == 7 ? i < 48 ? 0x7f : 0x80 : i < 48 ? -1 : 0);
        }
        Block whole = Passes.block(type, data);
        for (String above : BOUNDS) {
            check(whole, new BigDecimal(above), null);
            check(whole, null, new BigDecimal(above));
            for (String below : BOUNDS) {
                check(whole, new BigDecimal(above), new BigDecimal(below));
            }
        }
        check(whole, null, null);
        long[] values = new long[(int) whole.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = whole.integerAt(i);
            check(whole, BigDecimal.valueOf(values[i]), null);
            check(whole, null, BigDecimal.valueOf(values[i]));
        }
    }

    /** Slow for bounds with enormous exponents if it expanded them; BigDecimal's own comparison does not. */
    private static void check(Block whole, BigDecimal above, BigDecimal below) {
        long expected = 0;
        for (long i = 0; i < whole.count(); i++) {
            var x = BigDecimal.valueOf(whole.integerAt(i));
            expected += (above == null || x.compareTo(above) > 0) && (below == null || x.compareTo(below) < 0) ? 1 : 0;
        }
        assertThat(Passes.once(new Count(above, below), whole))
                .as("%s elements above %s and below %s", whole.type(), above, below)
                .isEqualTo(expected);
    }

    private static final double[] SPECIAL = {
        0.0,
        -0.0,
        1.5,
        -1.5,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        Float.MIN_VALUE,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        0.1,
        100
    };

    @Test
    void doublesAgreeWithALoop() {
        var random = new SplittableRandom(2);
        var data = ByteBuffer.allocate(8 * 1003).order(ByteOrder.LITTLE_ENDIAN);
        data.putLong(0xfff8000000000001L).putLong(0x7ff8000000000001L); // NaN of either sign
        for (int i = 2; i < 1003; i++) {
            data.putDouble(i < 100 ? SPECIAL[i % SPECIAL.length] : Double.longBitsToDouble(random.nextLong()));
        }
        Block whole = Passes.block(ElementType.FLOAT64, data.array());
        for (String above : BOUNDS) {
            for (String below : BOUNDS) {
                double a = Math.min(Double.parseDouble(above), Double.MAX_VALUE);
                double b = Math.max(Double.parseDouble(below), -Double.MAX_VALUE);
                long expected = 0;
                long expectedAbove = 0;
                long expectedBelow = 0;
                for (long i = 0; i < whole.count(); i++) {
                    double x = whole.doubleAt(i);
                    expected += x > a && x < b ? 1 : 0;
                    expectedAbove += x > a ? 1 : 0;
                    expectedBelow += x < b ? 1 : 0;
                }
                assertThat(Passes.once(new Count(new BigDecimal(above), new BigDecimal(below)), whole))
                        .as("above %s and below %s", above, below)
                        .isEqualTo(expected);
                assertThat(Passes.once(new Count(new BigDecimal(above), null), whole))
                        .isEqualTo(expectedAbove);
                assertThat(Passes.once(new Count(null, new BigDecimal(below)), whole))
                        .isEqualTo(expectedBelow);
            }
        }
        assertThat(Passes.once(new Count(null, null), whole)).isEqualTo(1003);
    }

    @Test
    void floatsAgreeWithALoop() {
        var random = new SplittableRandom(3);
        var data = ByteBuffer.allocate(4 * 1003).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(0xffc00001).putInt(0x7fc00001);
        for (int i = 2; i < 1003; i++) {
            data.putFloat(i < 100 ? (float) SPECIAL[i % SPECIAL.length] : Float.intBitsToFloat(random.nextInt()));
        }
        Block whole = Passes.block(ElementType.FLOAT32, data.array());
        for (String above : BOUNDS) {
            for (String below : BOUNDS) {
                float a = Math.min(Float.parseFloat(above), Float.MAX_VALUE);
                float b = Math.max(Float.parseFloat(below), -Float.MAX_VALUE);
                long expected = 0;
                long expectedAbove = 0;
                long expectedBelow = 0;
                for (long i = 0; i < whole.count(); i++) {
                    float x = whole.floatAt(i);
                    expected += x > a && x < b ? 1 : 0;
                    expectedAbove += x > a ? 1 : 0;
                    expectedBelow += x < b ? 1 : 0;
                }
                assertThat(Passes.once(new Count(new BigDecimal(above), new BigDecimal(below)), whole))
                        .as("above %s and below %s", above, below)
                        .isEqualTo(expected);
                assertThat(Passes.once(new Count(new BigDecimal(above), null), whole))
                        .isEqualTo(expectedAbove);
                assertThat(Passes.once(new Count(null, new BigDecimal(below)), whole))
                        .isEqualTo(expectedBelow);
            }
        }
    }

    @Test
    void aNumberThatHasNoExactDoubleIsItsNearestOne() {
        var data = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(0.1);
        assertThat(Passes.once(new Count(new BigDecimal("0.1"), null), Passes.block(ElementType.FLOAT64, data.array())))
                .isZero();
    }

    @Test
    void moreElementsThanARunHas() {
        byte[] data = new byte[4 * 1_000_001];
        Block whole = Passes.block(ElementType.INT32, data);
        assertThat(Passes.once(new Count(BigDecimal.ONE.negate(), null), whole)).isEqualTo(1_000_001);
        assertThat(Passes.once(new Count(BigDecimal.ZERO, null), whole)).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"UINT16", "UINT32", "UINT64", "FLOAT16", "TEXT", "RECORDS", "TABLE"})
    void aGroupCountsWhatItsSetsCount(ElementType type) {
        var random = new SplittableRandom(4);
        byte[] varied = new byte[8 * 9_000 + 7]; // several runs
        random.nextBytes(varied);
        for (int i = 8 * 5_000; i < varied.length; i++) {
            varied[i] = (byte) (i % type.width() == 0 ? i / 16 : 0); // small numbers, many alike
        }
        byte[] specials = new byte[8 * SPECIAL.length];
        for (int i = 0; i < specials.length / type.width(); i++) {
            put(specials, type, i, SPECIAL[i % SPECIAL.length]);
        }
        List<Count> sets = new ArrayList<>();
        for (String above : BOUNDS) {
            sets.add(new Count(new BigDecimal(above), null));
            sets.add(new Count(null, new BigDecimal(above)));
            for (String below : BOUNDS) {
                sets.add(new Count(new BigDecimal(above), new BigDecimal(below)));
            }
        }
        sets.add(new Count(null, null));
        for (byte[] data : List.of(varied, specials, new byte[4 * 9_000], new byte[0])) {
            Block whole = Passes.block(type, data);
            List<Long> expected =
                    sets.stream().map(set -> Passes.once(set, whole)).toList();
            assertThat(together(sets, whole)).isEqualTo(expected);
            assertThat(together(sets.reversed(), whole)).isEqualTo(expected.reversed());
            for (int i = 0; i < sets.size(); i += 101) { // few bounds, or none
                var two = List.of(sets.get(i), sets.getLast());
                assertThat(together(two, whole)).isEqualTo(List.of(expected.get(i), expected.getLast()));
            }
        }
    }

    private static void put(byte[] data, ElementType type, int index, double value) {
        var buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case INT8, UINT8, TEXT -> buffer.put(index, (byte) value);
            case INT16 -> buffer.putShort(2 * index, (short) value);
            case INT32 -> buffer.putInt(4 * index, (int) value);
            case INT64 -> buffer.putLong(8 * index, (long) value);
            case FLOAT32 -> buffer.putFloat(4 * index, (float) value);
            case FLOAT64 -> buffer.putDouble(8 * index, value);
        }
    }

    /** What a group counts in two blocks. */
    private static List<Long> together(List<Count> sets, Block whole) {
        var scan = sets.getFirst().scan(sets);
        scan.accept(whole.part(0, whole.count() / 3));
        scan.accept(whole.part(whole.count() / 3, whole.count()));
        return scan.partials().stream().map(sets.getFirst()::finish).toList();
    }

    @Test
    void aGroupThatSawNothingCountsNothing() {
        var sets = List.of(new Count(BigDecimal.ONE, null), new Count(null, null));
        assertThat(sets.getFirst().scan(sets).partials())
                .extracting(sets.getFirst()::finish)
                .containsExactly(0L, 0L);
    }
}
