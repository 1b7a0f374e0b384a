package io.github.forkless.worker.jobs.numeric;

import java.math.BigInteger;

/** The double nearest to an exact number, ties to even, subnormals and overflow included; rounded once. */
final class Rounding {
    /** A double is this many bits, and then some zeros. */
    private static final int PRECISION = 53;

    /** The smallest double is 2 to this power; every finite double is a multiple of it. */
    static final int MIN_EXPONENT = -1074;

    /** Quotient bits asked for: more than the precision and one bit to round by; what is below becomes sticky. */
    private static final int WORKING_BITS = 66;

    private Rounding() {}

    /** {@code numerator / denominator * 2^exponent}; the denominator is positive. */
    static double ratio(BigInteger numerator, BigInteger denominator, int exponent) {
        BigInteger magnitude = numerator.abs();
        int shift = Math.max(0, WORKING_BITS - magnitude.bitLength() + denominator.bitLength());
        BigInteger[] quotient = magnitude.shiftLeft(shift).divideAndRemainder(denominator);
        double rounded = round(quotient[0], exponent - shift, quotient[1].signum() != 0);
        return numerator.signum() < 0 ? -rounded : rounded;
    }

    /** {@code sqrt(numerator) / denominator * 2^exponent}; the numerator is not negative, the denominator is positive. */
    static double rootRatio(BigInteger numerator, BigInteger denominator, int exponent) {
        BigInteger square = denominator.multiply(denominator);
        int half = Math.max(0, WORKING_BITS + 1 - (numerator.bitLength() - square.bitLength()) / 2);
        BigInteger[] quotient = numerator.shiftLeft(2 * half).divideAndRemainder(square);
        BigInteger[] root = quotient[0].sqrtAndRemainder();
        return round(root[0], exponent - half, root[1].signum() != 0 || quotient[1].signum() != 0);
    }

    /** {@code value * 2^exponent}. */
    static double scaled(BigInteger value, int exponent) {
        double rounded = round(value.abs(), exponent, false);
        return value.signum() < 0 ? -rounded : rounded;
    }

    /** {@code (magnitude + rest) * 2^exponent}, where {@code 0 < rest < 1} if {@code more}, else rest is 0. */
    private static double round(BigInteger magnitude, int exponent, boolean more) {
        int dropped = Math.max(magnitude.bitLength() - PRECISION, MIN_EXPONENT - exponent);
        if (dropped <= 0) {
            return Math.scalb((double) magnitude.longValue(), exponent);
        }
        BigInteger kept = magnitude.shiftRight(dropped);
        boolean half = magnitude.testBit(dropped - 1);
        boolean below = more || magnitude.getLowestSetBit() < dropped - 1 && magnitude.signum() != 0;
        long significand = kept.longValue() + (half && (below || kept.testBit(0)) ? 1 : 0);
        return Math.scalb((double) significand, exponent + dropped);
    }
}
