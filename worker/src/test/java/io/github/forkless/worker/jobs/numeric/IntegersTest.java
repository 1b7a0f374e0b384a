package io.github.forkless.worker.jobs.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.forkless.common.dataset.ElementType;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** {@link IntegerSum} and {@link IntegerStats} against BigInteger and BigDecimal. */
class IntegersTest {
    private static final MathContext DIGITS = new MathContext(100);

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"UINT16", "UINT32", "UINT64", "FLOAT16", "FLOAT32", "FLOAT64", "TEXT", "RECORDS", "TABLE"})
    void randomElementsOfAnyCountAndAlignment(ElementType type) {
        Random random = new Random(1);
        for (int count : new int[] {0, 1, 2, 3, 5, 7, 63, 1000, 4097, 16384, 16385, 50_001}) {
            check(type, fit(type, count, i -> random.nextLong()), count % 8);
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"UINT16", "UINT32", "UINT64", "FLOAT16", "FLOAT32", "FLOAT64", "TEXT", "RECORDS", "TABLE"})
    void extremes(ElementType type) {
        long max = type == ElementType.UINT8 ? 255 : (1L << type.width() * 8 - 1) - 1;
        long min = type == ElementType.UINT8 ? 0 : -max - 1;
        check(type, fit(type, 40_003, i -> max), 0);
        check(type, fit(type, 40_003, i -> min), 1);
        check(type, fit(type, 40_003, i -> -1), 1);
        check(type, fit(type, 40_003, i -> 0), 1);
        check(type, fit(type, 40_003, i -> i % 2 == 0 ? min : max), 3);
        check(type, fit(type, 40_003, i -> i == 40_002 ? min : i == 0 ? max : 1), 3);
    }

    @Test
    void aSumLeaves64BitsAndItsSquares128() {
        long[] values = fit(ElementType.INT64, 100_000, i -> Long.MIN_VALUE);
        MemorySegment block = Segments.integers(ElementType.INT64, values, 0);
        IntegerStats stats = new IntegerStats();
        stats.add(block, ElementType.INT64, values.length);
        BigInteger n = BigInteger.valueOf(values.length);
        assertThat(stats.sum()).isEqualTo(n.shiftLeft(63).negate());
        assertThat(stats.sumOfSquares()).isEqualTo(n.shiftLeft(126));
        assertThat(stats.mean()).isEqualTo(-0x1p63);
        assertThat(stats.stddev()).isZero();
    }

    @Test
    void aTinySpreadAroundALargeMean() {
        IntegerStats stats = new IntegerStats();
        long[] values = fit(ElementType.INT64, 10_000, i -> Long.MAX_VALUE - i % 2);
        stats.add(Segments.integers(ElementType.INT64, values, 0), ElementType.INT64, values.length);
        assertThat(stats.stddev()).isEqualTo(0.5);
    }

    @Test
    void nothing() {
        IntegerStats stats = new IntegerStats();
        assertThat(stats.count()).isZero();
        assertThat(stats.sum()).isZero();
        assertThat(stats.mean()).isNaN();
        assertThat(stats.stddev()).isNaN();
    }

    @Test
    void refusals() {
        MemorySegment block = MemorySegment.NULL;
        assertThatThrownBy(() -> new IntegerSum().add(block, ElementType.INT32, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("block of 0 bytes cannot hold 1 int32 elements of 4 bytes");
        assertThatThrownBy(() -> new IntegerSum().add(block, ElementType.FLOAT32, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("float32");
        assertThatThrownBy(() -> IntegerSum.fromState(new long[2])).hasMessageContaining("not 2");
        assertThatThrownBy(() -> IntegerStats.fromState(new long[0])).hasMessageContaining("not 0 longs");
    }

    @Test
    void wideIntegerCarries() {
        Random random = new Random(2);
        long[] odd = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0xFFFF_FFFFL, 1L << 32, -(1L << 32)};
        WideInteger wide = new WideInteger();
        BigInteger expected = BigInteger.ZERO;
        for (int i = 0; i < 20_000; i++) {
            long value = random.nextBoolean() ? odd[random.nextInt(odd.length)] : random.nextLong();
            int shift = random.nextInt(4) * 32;
            switch (shift) {
                case 0 -> wide.add(value);
                case 32 -> wide.addShifted32(value);
                case 64 -> wide.addShifted64(value);
                default -> wide.addShifted96(value);
            }
            expected = expected.add(BigInteger.valueOf(value).shiftLeft(shift));
            assertThat(wide.value()).isEqualTo(expected);
        }
    }

    private static long[] fit(ElementType type, int count, LongUnaryOperator element) {
        int unused = Long.SIZE - type.width() * 8;
        long[] values = new long[count];
        Arrays.setAll(values, i -> element.applyAsLong(i) << unused);
        Arrays.setAll(values, i -> type == ElementType.UINT8 ? values[i] >>> unused : values[i] >> unused);
        return values;
    }

    private static void check(ElementType type, long[] values, int offset) {
        BigInteger sum = BigInteger.ZERO;
        BigInteger squares = BigInteger.ZERO;
        for (long value : values) {
            BigInteger big = BigInteger.valueOf(value);
            sum = sum.add(big);
            squares = squares.add(big.multiply(big));
        }
        MemorySegment block = Segments.integers(type, values, offset);
        IntegerStats whole = new IntegerStats();
        whole.add(block, type, values.length);
        IntegerSum sumAlone = new IntegerSum();
        sumAlone.add(block, type, values.length);
        assertThat(sumAlone.value()).isEqualTo(sum);
        assertThat(whole.sum()).isEqualTo(sum);
        assertThat(whole.sumOfSquares()).isEqualTo(squares);
        assertThat(whole.count()).isEqualTo(values.length);
        if (values.length > 0) {
            assertThat(whole.min()).isEqualTo(Arrays.stream(values).min().getAsLong());
            assertThat(whole.max()).isEqualTo(Arrays.stream(values).max().getAsLong());
            BigDecimal n = BigDecimal.valueOf(values.length);
            assertThat(whole.mean())
                    .isEqualTo(new BigDecimal(sum).divide(n, DIGITS).doubleValue());
            BigDecimal numerator = n.multiply(new BigDecimal(squares)).subtract(new BigDecimal(sum.pow(2)));
            assertThat(whole.stddev())
                    .isEqualTo(numerator.sqrt(DIGITS).divide(n, DIGITS).doubleValue());
        }
        Random random = new Random(values.length);
        IntegerStats right = new IntegerStats();
        IntegerStats left = new IntegerStats();
        IntegerSum partOfSum = new IntegerSum();
        int cut;
        for (int from = 0; from < values.length; from = cut) {
            cut = Math.min(values.length, from + 1 + random.nextInt(9000));
            MemorySegment part = Segments.slice(block, type, from, cut);
            (random.nextBoolean() ? left : right).add(part, type, cut - from);
            partOfSum.add(part, type, cut - from);
        }
        right.merge(IntegerStats.fromState(left.toState()));
        assertThat(right.toState()).isEqualTo(whole.toState());
        assertThat(IntegerSum.fromState(partOfSum.toState()).value()).isEqualTo(sum);
    }
}
