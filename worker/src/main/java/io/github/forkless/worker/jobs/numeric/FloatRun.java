package io.github.forkless.worker.jobs.numeric;

import io.github.forkless.common.dataset.ElementType;
import java.nio.ByteBuffer;

/**
 * A run of {@link Blocks} as the bits of doubles, a float converted exactly, with what is not finite counted and taken
 * out.
 *
 * <p>The copy is of 2048 or 4096 elements and stays within the caches, and lets one set of loops serve both types. It
 * is of bits because C2 vectorizes the range of longs and not that of doubles.
 */
final class FloatRun {
    private static final int CAPACITY = Blocks.RUN / Float.BYTES;
    private static final long INFINITY = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);

    /** The finite elements, {@link #length} of them, in order. */
    final long[] bits = new long[CAPACITY];

    private final float[] floats = new float[CAPACITY];

    int length;
    int nans;
    int positiveInfinities;
    int negativeInfinities;

    /** The smallest and the largest exponent, biased as in the bits of a double: 0 to 2046. */
    int minExponent;

    int maxExponent;

    void read(ByteBuffer buffer, ElementType type, int from, int to) {
        length = (to - from) / type.width();
        nans = 0;
        positiveInfinities = 0;
        negativeInfinities = 0;
        ByteBuffer run = buffer.slice(from, to - from).order(buffer.order());
        if (type == ElementType.FLOAT64) {
            run.asLongBuffer().get(0, bits, 0, length);
        } else {
            run.asFloatBuffer().get(0, floats, 0, length);
            widen(floats, bits, length);
        }
        findExponents(bits, length);
        if (maxExponent > Double.MAX_EXPONENT + FloatSum.BIAS) {
            takeOutNonFinite();
            findExponents(bits, length);
        }
    }

    private static void widen(float[] floats, long[] bits, int length) {
        for (int i = 0; i < length; i++) {
            bits[i] = Double.doubleToRawLongBits(floats[i]);
        }
    }

    private void findExponents(long[] bits, int length) {
        minExponent = (int) (smallestMagnitude(bits, length) >>> FloatSum.SIGNIFICAND_BITS);
        maxExponent = (int) (largestMagnitude(bits, length) >>> FloatSum.SIGNIFICAND_BITS);
    }

    private static long largestMagnitude(long[] bits, int length) {
        long largest = 0;
        for (int i = 0; i < length; i++) {
            largest = Math.max(largest, bits[i] & Long.MAX_VALUE);
        }
        return largest;
    }

    // As a maximum, and in a loop of its own: the two of them in one loop, or a minimum, are not vectorized.
    private static long smallestMagnitude(long[] bits, int length) {
        long largest = 0;
        for (int i = 0; i < length; i++) {
            largest = Math.max(largest, ~bits[i] & Long.MAX_VALUE);
        }
        return largest ^ Long.MAX_VALUE;
    }

    private void takeOutNonFinite() {
        int kept = 0;
        for (int i = 0; i < length; i++) {
            long element = bits[i];
            long magnitude = element & Long.MAX_VALUE;
            if (magnitude < INFINITY) {
                bits[kept++] = element;
            } else if (magnitude > INFINITY) {
                nans++;
            } else if (element > 0) {
                positiveInfinities++;
            } else {
                negativeInfinities++;
            }
        }
        length = kept;
    }
}
