package io.github.forkless.worker.jobs.numeric;

import io.github.forkless.common.dataset.ElementType;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The exact sum of floating-point numbers, rounded once, to the nearest double, ties to even. Neither the cut into
 * blocks nor the order of merging changes a bit of it, nothing overflows or cancels on the way, and it costs one
 * addition to a table per element.
 *
 * <p>The method is the large superaccumulator of Radford M. Neal, "Fast exact summation using small and large
 * superaccumulators", 2015 (arXiv:1505.05571): significands are added as integers to one bin per sign and exponent.
 * Here a run is short enough for no bin to overflow an unsigned long (four bins for 2^12 significands of 53 bits), so
 * that nothing is counted or checked per element. After each run the bins between its smallest and its largest
 * exponent go, positive less negative, to two signed longs per exponent, and those to one big fixed-point number
 * when the sum is asked for. A sum of nothing and a sum of negative zeros are 0.0.
 *
 * <p>NaN and infinities are counted and not added; {@link #value} takes them into account.
 *
 * <pre>
 *   state   | [0] count | [1] NaN | [2] +inf | [3] -inf | [4] k | [5...] limbs, least significant first |
 *
 *   sum of the finite elements = limbs (two's complement) * 2^(64 k - 1074)
 * </pre>
 */
public final class FloatSum implements NumberSum {
    /** What the bits of a double's exponent are larger by than the exponent. */
    static final int BIAS = 1023;

    static final int SIGNIFICAND_BITS = 52;
    private static final long SIGNIFICAND_MASK = (1L << SIGNIFICAND_BITS) - 1;
    private static final long LEADING_ONE = 1L << SIGNIFICAND_BITS;
    private static final int EXPONENTS = 2047;
    private static final int SIGN = 2048;
    private static final int BINS = 2 * SIGN;

    /** Bin sets used in turn, so that an element seldom waits for the store of the one before. */
    private static final int SETS = 4;

    /** Runs after which {@link #low} and {@link #high} are emptied: each run adds less than 2^34 to any of them. */
    private static final int MAX_RUNS = 1 << 28;

    private static final int STATE_HEADER = 5;

    private final FloatRun run = new FloatRun();
    private final long[] bins = new long[SETS * BINS];
    private final long[] low = new long[EXPONENTS];
    private final long[] high = new long[EXPONENTS];
    private int runs;

    /** What was emptied from {@link #low} and {@link #high}, in units of 2^-1074. */
    private BigInteger drained = BigInteger.ZERO;

    private long count;
    private long nans;
    private long positiveInfinities;
    private long negativeInfinities;

    /**
     * Adds the first {@code count} elements of a block of native, little-endian memory, aligned or not.
     *
     * @throws IllegalArgumentException when {@code type} is not a floating-point type or the block is too short
     */
    @Override
    public void add(MemorySegment block, ElementType type, long count) {
        requireFloating(type);
        Blocks.forEachRun(block, type, count, new Blocks.RunConsumer() {
            @Override
            public void accept(ByteBuffer buffer, int from, int to) {
                run.read(buffer, type, from, to);
                add(run);
            }
        });
    }

    static void requireFloating(ElementType type) {
        if (!type.isFloating()) {
            throw new IllegalArgumentException("a floating-point sum needs floats, not " + type.label());
        }
    }

    void add(FloatRun elements) {
        count += elements.length + elements.nans + elements.positiveInfinities + elements.negativeInfinities;
        nans += elements.nans;
        positiveInfinities += elements.positiveInfinities;
        negativeInfinities += elements.negativeInfinities;
        if (elements.length > 0) {
            addToBins(elements.bits, elements.length, bins);
            if (elements.minExponent == 0) {
                takeOutLeadingOnes(elements.bits, elements.length);
            }
            emptyBins(elements.minExponent, elements.maxExponent);
        }
    }

    private static void addToBins(long[] elements, int length, long[] bins) {
        int last = length - length % SETS;
        for (int i = 0; i < last; i += SETS) {
            long a = elements[i];
            long b = elements[i + 1];
            long c = elements[i + 2];
            long d = elements[i + 3];
            bins[bin(a)] += significand(a);
            bins[bin(b) + 1] += significand(b);
            bins[bin(c) + 2] += significand(c);
            bins[bin(d) + 3] += significand(d);
        }
        for (int i = last; i < length; i++) {
            long bits = elements[i];
            bins[bin(bits)] += significand(bits);
        }
    }

    /** The place of the first set's bin for a sign and exponent. */
    private static int bin(long bits) {
        return (int) (bits >>> SIGNIFICAND_BITS) * SETS;
    }

    /** The significand with its leading one, which zero and subnormals have not: see {@link #takeOutLeadingOnes}. */
    private static long significand(long bits) {
        return bits & SIGNIFICAND_MASK | LEADING_ONE;
    }

    /**
     * Takes the ones out again that zeros and subnormals were given. To ask each element for its exponent before giving
     * it one would make the addition three times slower for all.
     */
    private void takeOutLeadingOnes(long[] elements, int length) {
        long signs = 0;
        for (int i = 0; i < length; i++) {
            long bits = elements[i];
            long isSmall = (bits & Long.MAX_VALUE) - LEADING_ONE >> 63;
            signs += isSmall & (bits >> 63 | 1);
        }
        high[0] -= signs * (LEADING_ONE >>> 32);
    }

    private void emptyBins(int minExponent, int maxExponent) {
        for (int exponent = minExponent; exponent <= maxExponent; exponent++) {
            // The halves of each bin by themselves: the sum of two bins may exceed 64 bits.
            for (int positive = exponent * SETS; positive < (exponent + 1) * SETS; positive++) {
                int negative = positive + SIGN * SETS;
                low[exponent] += (bins[positive] & IntegerKernel.LOW_HALF) - (bins[negative] & IntegerKernel.LOW_HALF);
                high[exponent] += (bins[positive] >>> 32) - (bins[negative] >>> 32);
                bins[positive] = 0;
                bins[negative] = 0;
            }
        }
        if (++runs == MAX_RUNS) {
            drain();
        }
    }

    private void drain() {
        for (int exponent = 0; exponent < EXPONENTS; exponent++) {
            if (low[exponent] != 0 || high[exponent] != 0) {
                BigInteger sum =
                        BigInteger.valueOf(high[exponent]).shiftLeft(32).add(BigInteger.valueOf(low[exponent]));
                // Subnormals, exponent 0, have the unit of exponent 1.
                drained = drained.add(sum.shiftLeft(Math.max(exponent, 1) - 1));
                low[exponent] = 0;
                high[exponent] = 0;
            }
        }
        runs = 0;
    }

    /** Adds the elements of {@code other}, whose answers stay as they are. */
    @Override
    public void merge(NumberSum sameKind) {
        var other = (FloatSum) sameKind;
        drained = drained.add(other.finiteSum());
        count += other.count;
        nans += other.nans;
        positiveInfinities += other.positiveInfinities;
        negativeInfinities += other.negativeInfinities;
    }

    /** The sum of all elements: NaN if one of them is, or if there are infinities of both signs. */
    @Override
    public Double value() {
        return nans > 0 ? Double.NaN : valueWithoutNans();
    }

    /** The sum of all elements but NaNs: infinite if an element or the sum is, NaN for infinities of both signs. */
    public double valueWithoutNans() {
        double infinite = infiniteSum();
        return infinite == 0 ? Rounding.scaled(finiteSum(), Rounding.MIN_EXPONENT) : infinite;
    }

    /** The mean of all elements but NaNs, rounded once; NaN when there is none or for infinities of both signs. */
    public double meanWithoutNans() {
        long divisor = count - nans;
        if (divisor == 0) {
            return Double.NaN;
        }
        double infinite = infiniteSum();
        return infinite == 0
                ? Rounding.ratio(finiteSum(), BigInteger.valueOf(divisor), Rounding.MIN_EXPONENT)
                : infinite;
    }

    /** The sum of the infinities; 0 when there is none. */
    private double infiniteSum() {
        double positive = positiveInfinities > 0 ? Double.POSITIVE_INFINITY : 0;
        double negative = negativeInfinities > 0 ? Double.NEGATIVE_INFINITY : 0;
        return positive + negative;
    }

    /** In units of 2^-1074. */
    private BigInteger finiteSum() {
        drain();
        return drained;
    }

    /** All elements, NaN and infinities included. */
    public long count() {
        return count;
    }

    public long nanCount() {
        return nans;
    }

    public long positiveInfinityCount() {
        return positiveInfinities;
    }

    public long negativeInfinityCount() {
        return negativeInfinities;
    }

    /** At least five longs, at most 41, as drawn above; equal sums have equal states. */
    @Override
    public long[] toState() {
        BigInteger sum = finiteSum();
        int skipped = sum.signum() == 0 ? 0 : sum.getLowestSetBit() / Long.SIZE;
        BigInteger rest = sum.shiftRight(skipped * Long.SIZE);
        int limbs = sum.signum() == 0 ? 0 : rest.bitLength() / Long.SIZE + 1;
        long[] state = new long[STATE_HEADER + limbs];
        state[0] = count;
        state[1] = nans;
        state[2] = positiveInfinities;
        state[3] = negativeInfinities;
        state[4] = skipped;
        for (int i = 0; i < limbs; i++) {
            state[STATE_HEADER + i] = rest.shiftRight(i * Long.SIZE).longValue();
        }
        return state;
    }

    /**
     * The sum that {@link #toState} wrote.
     *
     * @throws IllegalArgumentException when the state cannot be one
     */
    public static FloatSum fromState(long[] state) {
        boolean possible = state.length >= STATE_HEADER && state.length <= STATE_HEADER + 36;
        for (int i = 0; possible && i < STATE_HEADER; i++) {
            possible = state[i] >= 0;
        }
        if (!possible || state[4] > BINS / Long.SIZE) {
            throw new IllegalArgumentException("not the state of a floating-point sum: " + Arrays.toString(state));
        }
        FloatSum sum = new FloatSum();
        sum.count = state[0];
        sum.nans = state[1];
        sum.positiveInfinities = state[2];
        sum.negativeInfinities = state[3];
        if (state.length > STATE_HEADER) {
            ByteBuffer bytes = ByteBuffer.allocate((state.length - STATE_HEADER) * Long.BYTES);
            for (int i = state.length - 1; i >= STATE_HEADER; i--) {
                bytes.putLong(state[i]);
            }
            sum.drained = new BigInteger(bytes.array()).shiftLeft((int) state[4] * Long.SIZE);
        }
        return sum;
    }
}
