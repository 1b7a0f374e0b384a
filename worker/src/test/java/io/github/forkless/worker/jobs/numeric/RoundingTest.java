package io.github.forkless.worker.jobs.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.testing.Thorough;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundingTest {
    private static final BigDecimal UNIT = new BigDecimal(Double.MIN_VALUE);

    @Test
    void everyDoubleIsItself() {
        Random random = new Random(3);
        for (int i = 0; i < Thorough.or(8_000, 2_000); i++) {
            double value = Double.longBitsToDouble(random.nextLong() >>> random.nextInt(40));
            if (Double.isFinite(value)) {
                BigInteger units = new BigDecimal(value).divide(UNIT).toBigIntegerExact();
                assertThat(Rounding.scaled(units, Rounding.MIN_EXPONENT)).isEqualTo(value + 0.0);
                assertThat(Rounding.ratio(units, BigInteger.ONE, Rounding.MIN_EXPONENT))
                        .isEqualTo(value + 0.0);
            }
        }
    }

    @Test
    void scaledIsNearestAndTiesGoToEven() {
        Random random = new Random(4);
        for (int i = 0; i < 5_000; i++) {
            BigInteger units = new BigInteger(1 + random.nextInt(2100), random);
            assertThat(Rounding.scaled(units.negate(), Rounding.MIN_EXPONENT))
                    .isEqualTo(new BigDecimal(units).multiply(UNIT).negate().doubleValue());
        }
        BigInteger tie = BigInteger.ONE.shiftLeft(53).add(BigInteger.ONE);
        assertThat(Rounding.scaled(tie, 0)).isEqualTo(0x1p53);
        assertThat(Rounding.scaled(tie.add(BigInteger.TWO), 0)).isEqualTo(0x1p53 + 4);
        assertThat(Rounding.scaled(tie.shiftLeft(200).add(BigInteger.ONE), -200))
                .isEqualTo(0x1p53 + 2);
        assertThat(Rounding.scaled(BigInteger.ONE, 1024)).isInfinite();
        assertThat(Rounding.scaled(BigInteger.ONE.shiftLeft(1024).subtract(BigInteger.ONE), 0))
                .isInfinite();
        assertThat(Rounding.scaled(BigInteger.ZERO, -2000)).isZero();
    }

    @Test
    void ratiosDownToSubnormals() {
        Random random = new Random(5);
        for (int i = 0; i < 5_000; i++) {
            BigInteger numerator = new BigInteger(1 + random.nextInt(200), random);
            BigInteger denominator = BigInteger.valueOf(1 + random.nextInt(1_000_000));
            BigDecimal exact = new BigDecimal(numerator)
                    .divide(new BigDecimal(denominator), new MathContext(400))
                    .multiply(UNIT);
            assertThat(Rounding.ratio(numerator, denominator, Rounding.MIN_EXPONENT))
                    .isEqualTo(exact.doubleValue());
        }
    }

    @Test
    void roots() {
        Random random = new Random(6);
        MathContext digits = new MathContext(120);
        for (int i = 0; i < 2_000; i++) {
            BigInteger numerator = new BigInteger(random.nextInt(250), random);
            BigInteger denominator = BigInteger.valueOf(1 + (random.nextLong() >>> 1 + random.nextInt(60)));
            assertThat(Rounding.rootRatio(numerator, denominator, 0))
                    .isEqualTo(new BigDecimal(numerator)
                            .sqrt(digits)
                            .divide(new BigDecimal(denominator), digits)
                            .doubleValue());
        }
    }
}
