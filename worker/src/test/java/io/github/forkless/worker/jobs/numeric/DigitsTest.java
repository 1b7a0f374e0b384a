package io.github.forkless.worker.jobs.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DigitsTest {
    private final SplittableRandom random = new SplittableRandom(7);

    /** Each exponent range by itself, and all of them. */
    private double[][] samples() {
        return IntStream.of(1, 10, 64, 1000, 2040)
                .boxed()
                .flatMap(range -> IntStream.range(0, 40).mapToObj(_ -> {
                    int lowest = random.nextInt(-1074, 1023 - range / 2);
                    return random.doubles(1 + random.nextInt(50), -1, 1)
                            .map(x -> Math.scalb(x, Math.min(1023, lowest + random.nextInt(range))))
                            .toArray();
                }))
                .toArray(double[][]::new);
    }

    @Test
    void sumMeanAndDeviationAreRoundedOnce() {
        for (double[] sample : samples()) {
            var sum = new Digits();
            var squares = new Digits();
            BigDecimal exact = BigDecimal.ZERO;
            BigDecimal exactSquares = BigDecimal.ZERO;
            for (double x : sample) {
                sum.add(x);
                squares.addSquare(x);
                exact = exact.add(new BigDecimal(x));
                exactSquares = exactSquares.add(new BigDecimal(x).pow(2));
            }
            BigDecimal n = BigDecimal.valueOf(sample.length);
            assertThat(sum.rounded()).isEqualTo(exact.doubleValue());
            assertThat(sum.mean(sample.length))
                    .isEqualTo(exact.divide(n, new MathContext(1_000, RoundingMode.HALF_EVEN))
                            .doubleValue());
            // More digits than the difference loses: 2^-2148 has 647.
            BigDecimal variance = n.multiply(exactSquares).subtract(exact.pow(2));
            double deviation = variance.sqrt(new MathContext(100))
                    .divide(n, new MathContext(100))
                    .doubleValue();
            assertThat(sum.stddev(sample.length, squares))
                    .as(Arrays.toString(sample))
                    .isEqualTo(deviation);
        }
    }

    @Test
    void theSameSumHasTheSameBytesHoweverItIsPutTogether() {
        for (double[] sample : samples()) {
            var all = new Digits();
            var parts = new Digits[] {new Digits(), new Digits(), new Digits()};
            for (int i = 0; i < sample.length; i++) {
                all.add(sample[i]);
                parts[i % 3].add(sample[i]);
            }
            var merged = new Digits();
            merged.add(1e300);
            merged.clear();
            merged.add(parts[2]);
            merged.add(new ByteReader(bytes(parts[1])));
            merged.add(new ByteReader(bytes(parts[0])));
            assertThat(bytes(merged)).isEqualTo(bytes(all));
            assertThat(merged.rounded()).isEqualTo(all.rounded());
        }
    }

    @Test
    void whatCancelsIsZero() {
        var sum = new Digits();
        for (double x : new double[] {1e300, -Double.MIN_VALUE, 5, -1e300, Double.MIN_VALUE, -5}) {
            sum.add(x);
        }
        assertThat(bytes(sum)).isEqualTo(bytes(new Digits())).hasSize(2);
        assertThat(sum.rounded()).isZero();
        assertThat(sum.stddev(3, new Digits())).isZero();
    }

    @Test
    void theLargestNumbersHaveRoom() {
        var sum = new Digits();
        var squares = new Digits();
        for (int i = 0; i < 1_000; i++) {
            sum.add(-Double.MAX_VALUE);
            squares.addSquare(Double.MAX_VALUE);
        }
        assertThat(sum.rounded()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(sum.mean(1_000)).isEqualTo(-Double.MAX_VALUE);
        assertThat(sum.stddev(1_000, squares)).isZero();
    }

    private static byte[] bytes(Digits digits) {
        var out = new ByteWriter();
        digits.write(out);
        byte[] bytes = out.toByteArray();
        var in = new ByteReader(bytes);
        Digits.skip(in);
        in.expectEnd();
        return bytes;
    }
}
