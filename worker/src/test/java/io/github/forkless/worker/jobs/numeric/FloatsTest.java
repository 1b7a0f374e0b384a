package io.github.forkless.worker.jobs.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.testing.Thorough;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link FloatSum} and {@link FloatStats} against BigDecimal. */
class FloatsTest {
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void randomElements(ElementType type) {
        Random random = new Random(1);
        for (int count : new int[] {0, 1, 2, 3, 5, 2047, 2049, 4097, 20_001}) {
            check(type, values(count, i -> random.nextDouble()), count % 8);
            check(type, values(count, i -> random.nextGaussian() * 1e6), count % 8);
        }
    }

    @Test
    void anyBitsWhatever() {
        Random random = new Random(2);
        check(ElementType.FLOAT64, finite(10_000, random), 3);
        check(ElementType.FLOAT64, values(10_000, i -> Double.longBitsToDouble(random.nextLong() >>> 12)), 3);
        check(ElementType.FLOAT32, values(10_000, i -> Float.intBitsToFloat(random.nextInt() & 0x807F_FFFF)), 1);
        check(ElementType.FLOAT32, values(10_000, i -> Float.intBitsToFloat(random.nextInt() & 0xBFFF_FFFF)), 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void fullBinsDoNotOverflow(ElementType type) {
        double largest = type == ElementType.FLOAT32 ? Float.MAX_VALUE : Math.nextDown(2.0);
        check(type, values(50_000, i -> largest), 0);
        check(type, values(50_000, i -> -largest), 0);
    }

    @Test
    void cancellation() {
        assertThat(sum(1e308, 1e308, 1e-308, -1e308, -1e308)).isEqualTo(1e-308);
        assertThat(sum(1e16, 1, -1e16)).isEqualTo(1);
        assertThat(sum(1, 0x1p-53)).isEqualTo(1);
        assertThat(sum(1, 0x1p-53, Double.MIN_VALUE)).isEqualTo(Math.nextUp(1.0));
        assertThat(sum(Double.MIN_VALUE, Double.MIN_VALUE)).isEqualTo(2 * Double.MIN_VALUE);
        assertThat(sum(Double.MAX_VALUE, Double.MAX_VALUE)).isInfinite();
        Random random = new Random(3);
        double[] half = finite(10_000, random);
        double[] both = Arrays.copyOf(half, 20_001);
        for (int i = 0; i < half.length; i++) {
            both[half.length + i] = -half[half.length - 1 - i];
        }
        both[20_000] = 1e-300;
        check(ElementType.FLOAT64, both, 0);
        assertThat(sum(both)).isEqualTo(1e-300);
    }

    @Test
    void zeros() {
        assertThat(sum()).isEqualTo(0.0);
        assertThat(Double.doubleToRawLongBits(sum(-0.0, -0.0))).isZero();
        assertThat(stats(-0.0, 0.0).min()).isEqualTo(-0.0);
    }

    @Test
    void whatIsNotFinite() {
        assertThat(sum(1, NAN)).isNaN();
        assertThat(sum(1, INF)).isEqualTo(INF);
        assertThat(sum(1, -INF)).isEqualTo(-INF);
        assertThat(sum(INF, -INF)).isNaN();
        FloatStats some = stats(NAN, 1, NAN, 3);
        assertThat(some.count()).isEqualTo(2);
        assertThat(some.nanCount()).isEqualTo(2);
        assertThat(new double[] {some.sum(), some.min(), some.max(), some.mean(), some.stddev()})
                .containsExactly(4, 1, 3, 2, 1);
        FloatStats infinite = stats(1, INF, NAN);
        assertThat(new double[] {infinite.sum(), infinite.min(), infinite.max(), infinite.mean()})
                .containsExactly(INF, 1, INF, INF);
        assertThat(infinite.stddev()).isNaN();
        FloatStats both = stats(INF, -INF);
        assertThat(new double[] {both.min(), both.max()}).containsExactly(-INF, INF);
        assertThat(both.mean()).isNaN();
        FloatStats none = stats(NAN, -NAN);
        assertThat(none.count()).isZero();
        assertThat(none.sum()).isZero();
        assertThat(new double[] {none.min(), none.max(), none.mean(), none.stddev()})
                .containsOnly(NAN);
        double[] sparse = values(30_000, i -> i % 7 == 0 ? NAN : i % 5);
        FloatSum sum = new FloatSum();
        sum.add(Segments.floats(ElementType.FLOAT32, sparse, 1), ElementType.FLOAT32, sparse.length);
        assertThat(sum.nanCount()).isEqualTo(4286);
        assertThat(sum.count()).isEqualTo(30_000);
        assertThat(sum.valueWithoutNans())
                .isEqualTo(Arrays.stream(sparse).filter(v -> !Double.isNaN(v)).sum());
    }

    @Test
    void theSpreadAroundALargeMean() {
        Random random = new Random(4);
        int count = Thorough.or(100_000, 20_000);
        close(values(count, i -> 1e9 + random.nextGaussian()), 1e-12);
        close(values(count, i -> 1e15 + i % 2), 1e-12);
        close(values(count, i -> 1e300 * random.nextGaussian()), 1e-12);
        close(values(count, i -> (i < count / 2 ? 1e-3 : 1e200) * random.nextGaussian()), 1e-12);
        close(values(count, i -> (i % 2 == 0 ? 1 : -1) * Double.MAX_VALUE), 1e-12);
        close(values(count, i -> i * 1e-100), 1e-12);
        assertThat(stats(values(count, i -> 0.1)).stddev()).isEqualTo(0.0);
    }

    @Test
    void refusals() {
        assertThatThrownBy(() -> new FloatSum().add(MemorySegment.NULL, ElementType.INT32, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("int32");
        assertThatThrownBy(() -> new FloatStats().add(MemorySegment.NULL, ElementType.FLOAT32, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot hold 1 float32");
        assertThatThrownBy(() -> FloatSum.fromState(new long[] {0, 0, 0, 0, 99}))
                .hasMessageContaining("99");
        assertThatThrownBy(() -> FloatStats.fromState(new long[2])).hasMessageContaining("not the state");
    }

    private static double[] values(int count, IntToDoubleFunction element) {
        double[] values = new double[count];
        Arrays.setAll(values, element);
        return values;
    }

    private static double[] finite(int count, Random random) {
        return random.longs()
                .mapToDouble(Double::longBitsToDouble)
                .filter(Double::isFinite)
                .limit(count)
                .toArray();
    }

    private static FloatStats stats(double... values) {
        FloatStats stats = new FloatStats();
        stats.add(Segments.floats(ElementType.FLOAT64, values, 0), ElementType.FLOAT64, values.length);
        return stats;
    }

    private static double sum(double... values) {
        FloatSum sum = new FloatSum();
        sum.add(Segments.floats(ElementType.FLOAT64, values, 0), ElementType.FLOAT64, values.length);
        return sum.value();
    }

    private static BigDecimal exactSum(double[] values) {
        BigDecimal sum = BigDecimal.ZERO;
        for (double value : values) {
            sum = sum.add(new BigDecimal(value));
        }
        return sum;
    }

    private static void close(double[] values, double relative) {
        MathContext digits = new MathContext(60);
        BigDecimal n = BigDecimal.valueOf(values.length);
        BigDecimal mean = exactSum(values).divide(n, digits);
        BigDecimal squares = BigDecimal.ZERO;
        for (double value : values) {
            squares = squares.add(new BigDecimal(value).subtract(mean, digits).pow(2, digits), digits);
        }
        double expected = squares.divide(n, digits).sqrt(digits).doubleValue();
        assertThat(stats(values).stddev()).isCloseTo(expected, within(expected * relative));
        FloatStats left = stats(Arrays.copyOf(values, values.length / 3));
        left.merge(FloatStats.fromState(stats(Arrays.copyOfRange(values, values.length / 3, values.length))
                .toState()));
        assertThat(left.stddev()).isCloseTo(expected, within(expected * relative));
        assertThat(left.mean()).isEqualTo(stats(values).mean());
    }

    private static void check(ElementType type, double[] given, int offset) {
        double[] values = type == ElementType.FLOAT32 ? values(given.length, i -> (float) given[i]) : given;
        MemorySegment block = Segments.floats(type, values, offset);
        FloatSum whole = new FloatSum();
        whole.add(block, type, values.length);
        BigDecimal exact = exactSum(values);
        assertThat(whole.value()).isEqualTo(exact.doubleValue());
        FloatStats stats = new FloatStats();
        stats.add(block, type, values.length);
        assertThat(stats.sum()).isEqualTo(whole.value());
        if (values.length > 0) {
            assertThat(stats.mean())
                    .isEqualTo(exact.divide(BigDecimal.valueOf(values.length), new MathContext(1200))
                            .doubleValue());
            assertThat(stats.min()).isEqualTo(Arrays.stream(values).min().getAsDouble());
            assertThat(stats.max()).isEqualTo(Arrays.stream(values).max().getAsDouble());
        }
        FloatStats again = new FloatStats();
        again.add(block, type, values.length);
        assertThat(FloatStats.fromState(again.toState()).toState()).isEqualTo(stats.toState());
        Random random = new Random(values.length);
        FloatSum left = new FloatSum();
        FloatSum right = new FloatSum();
        int cut;
        for (int from = 0; from < values.length; from = cut) {
            cut = Math.min(values.length, from + 1 + random.nextInt(3000));
            (random.nextBoolean() ? left : right).add(Segments.slice(block, type, from, cut), type, cut - from);
        }
        right.merge(FloatSum.fromState(left.toState()));
        assertThat(right.toState()).isEqualTo(whole.toState());
    }
}
