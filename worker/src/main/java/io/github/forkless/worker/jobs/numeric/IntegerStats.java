package io.github.forkless.worker.jobs.numeric;

import io.github.forkless.common.dataset.ElementType;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * Count, sum, range, mean and standard deviation of integers. Everything is kept as exact integers; mean and standard
 * deviation are rounded once, at the end, to the nearest double. The answers do not depend on how the data is cut or
 * in which order the parts are merged.
 *
 * <pre>
 *   state   | [0] count | [1] min | [2] max | [3-5] sum | [6-8] sum of squares |
 * </pre>
 */
public final class IntegerStats implements NumberStats {
    private static final int STATE_LONGS = 3 + 2 * WideInteger.LONGS;

    final WideInteger sum;
    final WideInteger squares;
    private long count;
    private long min = Long.MAX_VALUE;
    private long max = Long.MIN_VALUE;

    public IntegerStats() {
        this(new WideInteger(), new WideInteger());
    }

    private IntegerStats(WideInteger sum, WideInteger squares) {
        this.sum = sum;
        this.squares = squares;
    }

    /**
     * Adds the first {@code count} elements of a block of native, little-endian memory, aligned or not.
     *
     * @throws IllegalArgumentException when {@code type} is not an integer type or the block is too short
     */
    @Override
    public void add(MemorySegment block, ElementType type, long count) {
        IntegerKernel kernel = IntegerKernel.of(type);
        Blocks.forEachRun(block, type, count, new Blocks.RunConsumer() {
            @Override
            public void accept(ByteBuffer buffer, int from, int to) {
                kernel.stats(buffer, from, to, IntegerStats.this);
            }
        });
        this.count += count;
    }

    /** Adds the elements of {@code other}, which stays as it is. */
    @Override
    public void merge(NumberStats sameKind) {
        var other = (IntegerStats) sameKind;
        sum.add(other.sum);
        squares.add(other.squares);
        count += other.count;
        widen(other.min, other.max);
    }

    void widen(long low, long high) {
        min = Math.min(min, low);
        max = Math.max(max, high);
    }

    public long count() {
        return count;
    }

    public BigInteger sum() {
        return sum.value();
    }

    public BigInteger sumOfSquares() {
        return squares.value();
    }

    /** The smallest element; {@link Long#MAX_VALUE} when there is none. */
    public long min() {
        return min;
    }

    /** The largest element; {@link Long#MIN_VALUE} when there is none. */
    public long max() {
        return max;
    }

    /** The double nearest to sum / count; NaN when there is no element. */
    public double mean() {
        return count == 0 ? Double.NaN : Rounding.ratio(sum(), BigInteger.valueOf(count), 0);
    }

    /** The double nearest to the population's standard deviation; NaN when there is no element. */
    public double stddev() {
        if (count == 0) {
            return Double.NaN;
        }
        BigInteger n = BigInteger.valueOf(count);
        // sqrt(squares / n - (sum / n)^2) over one denominator, so that nothing is rounded before the root.
        BigInteger numerator = n.multiply(sumOfSquares()).subtract(sum().pow(2));
        return Rounding.rootRatio(numerator, n, 0);
    }

    /** Nine longs, as drawn above. */
    @Override
    public long[] toState() {
        long[] state = new long[STATE_LONGS];
        state[0] = count;
        state[1] = min;
        state[2] = max;
        sum.write(state, 3);
        squares.write(state, 3 + WideInteger.LONGS);
        return state;
    }

    /**
     * The statistics that {@link #toState} wrote.
     *
     * @throws IllegalArgumentException when the state has not the right length or a negative count
     */
    public static IntegerStats fromState(long[] state) {
        if (state.length != STATE_LONGS || state[0] < 0) {
            throw new IllegalArgumentException("state of integer statistics has " + STATE_LONGS
                    + " longs and begins with a count, not " + state.length + " longs"
                    + (state.length == 0 ? "" : " that begin with " + state[0]));
        }
        IntegerStats stats =
                new IntegerStats(WideInteger.read(state, 3), WideInteger.read(state, 3 + WideInteger.LONGS));
        stats.count = state[0];
        stats.min = state[1];
        stats.max = state[2];
        return stats;
    }
}
