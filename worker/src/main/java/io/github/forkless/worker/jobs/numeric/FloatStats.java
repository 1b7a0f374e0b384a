package io.github.forkless.worker.jobs.numeric;

import io.github.forkless.common.dataset.ElementType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Count, sum, range, mean and standard deviation of floating-point numbers. NaN are counted apart and take no other
 * part. Sum, range and mean are exact (the sum and the mean rounded once); the standard deviation is not, but stable:
 * each run of 16 KiB takes the squared deviations from its own mean, and runs and slices are merged by the formula of
 * Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979. For one
 * cut into blocks and one order of merging it has the same bits on every machine.
 *
 * <p>Infinities: sum and mean are infinite, or NaN for both signs; the standard deviation is NaN, as in numpy.
 * Deviations of magnitudes above 2^450 are taken in units of 2^600, so that their squares do not overflow; those of
 * deviations below 1e-154 underflow.
 *
 * <pre>
 *   state   | [0] min | [1] max | [2] n | [3-4] mean | [5] M2 | [6] large | [7...] state of the sum |
 *
 *   Doubles are raw bits; n finite elements; the mean is the sum of two doubles; in units of 2^600 if large.
 * </pre>
 */
public final class FloatStats implements NumberStats {
    private static final int HEADER = 7;

    /** Sums of this many elements side by side: addition takes several cycles. Also a promise: it fixes the bits. */
    private static final int LANES = 8;

    private static final int LARGE_EXPONENT = 450;
    private static final double LARGE_UNIT = 0x1p600;

    private final FloatRun run = new FloatRun();
    private final FloatSum sum;

    /** The run that is being added, in units of 2^600 if it is large. */
    private final double[] values = new double[Blocks.RUN / Float.BYTES];

    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    /** Finite elements; their mean and the sum of their squared deviations from it. */
    private long finite;

    private double mean;

    /** What {@link #mean} is short of: at a mean of 1e9 its rounding errors would show in the 11th digit of stddev. */
    private double meanRest;

    private double squaredDeviations;
    private boolean large;

    public FloatStats() {
        this(new FloatSum());
    }

    private FloatStats(FloatSum sum) {
        this.sum = sum;
    }

    /**
     * Adds the first {@code count} elements of a block of native, little-endian memory, aligned or not.
     *
     * @throws IllegalArgumentException when {@code type} is not a floating-point type or the block is too short
     */
    @Override
    public void add(MemorySegment block, ElementType type, long count) {
        FloatSum.requireFloating(type);
        Blocks.forEachRun(block, type, count, new Blocks.RunConsumer() {
            @Override
            public void accept(ByteBuffer buffer, int from, int to) {
                run.read(buffer, type, from, to);
                sum.add(run);
                if (run.length > 0) {
                    range(run.bits, run.length);
                    deviations();
                }
            }
        });
    }

    /** In the order of doubles, which is that of their bits once those of negative ones are turned round. */
    private void range(long[] bits, int length) {
        long smallest = Long.MAX_VALUE;
        long largest = Long.MIN_VALUE;
        for (int i = 0; i < length; i++) {
            long ordered = turnNegative(bits[i]);
            smallest = Math.min(smallest, ordered);
            largest = Math.max(largest, ordered);
        }
        min = Math.min(min, Double.longBitsToDouble(turnNegative(smallest)));
        max = Math.max(max, Double.longBitsToDouble(turnNegative(largest)));
    }

    /** Flips all bits of a negative number but its sign; its own inverse. */
    private static long turnNegative(long bits) {
        return bits ^ bits >> 63 >>> 1;
    }

    private void deviations() {
        int length = run.length;
        boolean runIsLarge = run.maxExponent - FloatSum.BIAS > LARGE_EXPONENT;
        double unit = runIsLarge ? 1 / LARGE_UNIT : 1;
        for (int i = 0; i < length; i++) {
            values[i] = Double.longBitsToDouble(run.bits[i]) * unit;
        }
        double center = sumOfDeviations(values, length, 0) / length;
        double offset = sumOfDeviations(values, length, center);
        double squares = sumOfSquaredDeviations(values, length, center);
        // The center is off the true mean by a rounding error; its share in the squares is taken out again.
        mergeDeviations(length, center, offset / length, Math.max(0, squares - offset * offset / length), runIsLarge);
    }

    private static double sumOfDeviations(double[] values, int length, double center) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        double e = 0;
        double f = 0;
        double g = 0;
        double h = 0;
        int last = length - length % LANES;
        for (int i = 0; i < last; i += LANES) {
            a += values[i] - center;
            b += values[i + 1] - center;
            c += values[i + 2] - center;
            d += values[i + 3] - center;
            e += values[i + 4] - center;
            f += values[i + 5] - center;
            g += values[i + 6] - center;
            h += values[i + 7] - center;
        }
        for (int i = last; i < length; i++) {
            a += values[i] - center;
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }

    private static double sumOfSquaredDeviations(double[] values, int length, double center) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        double e = 0;
        double f = 0;
        double g = 0;
        double h = 0;
        int last = length - length % LANES;
        for (int i = 0; i < last; i += LANES) {
            a += square(values[i] - center);
            b += square(values[i + 1] - center);
            c += square(values[i + 2] - center);
            d += square(values[i + 3] - center);
            e += square(values[i + 4] - center);
            f += square(values[i + 5] - center);
            g += square(values[i + 6] - center);
            h += square(values[i + 7] - center);
        }
        for (int i = last; i < length; i++) {
            a += square(values[i] - center);
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }

    private static double square(double value) {
        return value * value;
    }

    /** Appends the elements of {@code other}, which stays as it is: the order matters to the last bits of stddev. */
    @Override
    public void merge(NumberStats sameKind) {
        var other = (FloatStats) sameKind;
        sum.merge(other.sum);
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
        mergeDeviations(other.finite, other.mean, other.meanRest, other.squaredDeviations, other.large);
    }

    private void mergeDeviations(
            long otherFinite, double otherMean, double otherRest, double otherSquares, boolean otherLarge) {
        if (otherFinite == 0) {
            return;
        }
        if (finite == 0) {
            finite = otherFinite;
            mean = otherMean;
            meanRest = otherRest;
            squaredDeviations = otherSquares;
            large = otherLarge;
            return;
        }
        double rightMean = otherMean;
        double rightRest = otherRest;
        double rightSquares = otherSquares;
        if (large && !otherLarge) {
            rightMean /= LARGE_UNIT;
            rightRest /= LARGE_UNIT;
            rightSquares = rightSquares / LARGE_UNIT / LARGE_UNIT;
        } else if (otherLarge && !large) {
            mean /= LARGE_UNIT;
            meanRest /= LARGE_UNIT;
            squaredDeviations = squaredDeviations / LARGE_UNIT / LARGE_UNIT;
            large = true;
        }
        long total = finite + otherFinite;
        double share = (double) otherFinite / total;
        double difference = (rightMean - mean) + (rightRest - meanRest);
        double step = difference * share;
        double sum = mean + step;
        // Knuth's two-sum: what the addition rounded off.
        double added = sum - mean;
        meanRest += (mean - (sum - added)) + (step - added);
        mean = sum;
        squaredDeviations += rightSquares + difference * difference * share * finite;
        finite = total;
    }

    /** All elements but NaNs; {@link #nanCount} has those. */
    public long count() {
        return sum.count() - sum.nanCount();
    }

    public long nanCount() {
        return sum.nanCount();
    }

    /** The sum of all elements but NaNs, rounded once; 0.0 when there is none. */
    public double sum() {
        return sum.valueWithoutNans();
    }

    /** The smallest element, infinities included; NaN when there is none but NaNs. */
    public double min() {
        return count() == 0 ? Double.NaN : sum.negativeInfinityCount() > 0 ? Double.NEGATIVE_INFINITY : min;
    }

    /** The largest element, infinities included; NaN when there is none but NaNs. */
    public double max() {
        return count() == 0 ? Double.NaN : sum.positiveInfinityCount() > 0 ? Double.POSITIVE_INFINITY : max;
    }

    /** The mean of all elements but NaNs, rounded once; NaN when there is none, or for infinities of both signs. */
    public double mean() {
        return sum.meanWithoutNans();
    }

    /** The population's standard deviation, NaNs left out; NaN when nothing is left or an element is infinite. */
    public double stddev() {
        if (finite == 0 || finite < count()) {
            return Double.NaN;
        }
        double root = Math.sqrt(squaredDeviations / finite);
        return large ? root * LARGE_UNIT : root;
    }

    /** Twelve longs or more, as drawn above. */
    @Override
    public long[] toState() {
        long[] sumState = sum.toState();
        long[] state = Arrays.copyOf(
                new long[] {
                    Double.doubleToRawLongBits(min),
                    Double.doubleToRawLongBits(max),
                    finite,
                    Double.doubleToRawLongBits(mean),
                    Double.doubleToRawLongBits(meanRest),
                    Double.doubleToRawLongBits(squaredDeviations),
                    large ? 1 : 0
                },
                HEADER + sumState.length);
        System.arraycopy(sumState, 0, state, HEADER, sumState.length);
        return state;
    }

    /**
     * The statistics that {@link #toState} wrote.
     *
     * @throws IllegalArgumentException when the state cannot be one
     */
    public static FloatStats fromState(long[] state) {
        if (state.length < HEADER || state[2] < 0) {
            throw new IllegalArgumentException("not the state of floating-point statistics: " + Arrays.toString(state));
        }
        FloatStats stats = new FloatStats(FloatSum.fromState(Arrays.copyOfRange(state, HEADER, state.length)));
        stats.min = Double.longBitsToDouble(state[0]);
        stats.max = Double.longBitsToDouble(state[1]);
        stats.finite = state[2];
        stats.mean = Double.longBitsToDouble(state[3]);
        stats.meanRest = Double.longBitsToDouble(state[4]);
        stats.squaredDeviations = Double.longBitsToDouble(state[5]);
        stats.large = state[6] != 0;
        return stats;
    }
}
