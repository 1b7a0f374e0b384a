package io.github.forkless.worker.jobs.brc;

import io.github.forkless.worker.jobs.texts.NumberFigures;

/**
 * What is known of a name, in two numbers.
 *
 * <pre>
 *   packed     the count, and in {@link Values#BIAS_BITS} bits each below it the minimum and the maximum, plus {@link Values#BIAS}
 *   unsigned   the sum in tenths: twice of it, or of what it lacks to -1 and 1 more
 * </pre>
 */
final class StationFigures extends NumberFigures {

    private static final long MASK = (1 << Values.BIAS_BITS) - 1;

    static long packed(long count, int min, int max) {
        return (count << Values.BIAS_BITS | min + Values.BIAS) << Values.BIAS_BITS | max + Values.BIAS;
    }

    static long countOf(long packed) {
        return packed >>> 2 * Values.BIAS_BITS;
    }

    static int minOf(long packed) {
        return (int) (packed >>> Values.BIAS_BITS & MASK) - Values.BIAS;
    }

    static int maxOf(long packed) {
        return (int) (packed & MASK) - Values.BIAS;
    }

    static long unsigned(long sum) {
        return sum << 1 ^ sum >> Long.SIZE - 1;
    }

    static long sumOf(long unsigned) {
        return unsigned >>> 1 ^ -(unsigned & 1);
    }

    StationFigures() {
        super(2);
    }

    @Override
    protected void add(long[] sum, long[] more) {
        sum[0] = packed(
                countOf(sum[0]) + countOf(more[0]),
                Math.min(minOf(sum[0]), minOf(more[0])),
                Math.max(maxOf(sum[0]), maxOf(more[0])));
        sum[1] = unsigned(sumOf(sum[1]) + sumOf(more[1]));
    }

    @Override
    public char end() {
        return ';';
    }
}
