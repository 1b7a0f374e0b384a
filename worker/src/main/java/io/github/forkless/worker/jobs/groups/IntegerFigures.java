package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.worker.jobs.numeric.IntegerStats;
import io.github.forkless.worker.jobs.numeric.WideInteger;
import java.util.Arrays;

/**
 * Sums or statistics of each group's integers, exact. They are laid out as the state of {@link IntegerStats}, here and as bytes;
 * of sums the last three longs are left out:
 *
 * <pre>
 *   of each group   | [0] count | [1] min | [2] max | [3-5] sum | [6-8] sum of squares |
 * </pre>
 */
final class IntegerFigures extends Figures {
    private static final int MIN = 1;
    private static final int MAX = 2;
    private static final int SUM = 3;
    private static final int SQUARES = 6;
    private static final int LONGS_OF_STATS = 9;

    private final boolean isSum;
    private final int longs;
    private long[] state = new long[0];

    private final long[] one = new long[LONGS_OF_STATS];
    private final long[] other = new long[LONGS_OF_STATS];

    /** @param isSum whether sums are all that is wanted */
    IntegerFigures(boolean isSum) {
        this.isSum = isSum;
        this.longs = isSum ? SQUARES : LONGS_OF_STATS;
    }

    @Override
    void ensure(int groups) {
        int known = state.length / longs;
        if (groups > known) {
            state = Arrays.copyOf(state, Math.multiplyExact(groups + (groups >> 1), longs));
            for (int at = known * longs; at < state.length; at += longs) {
                state[at + MIN] = Long.MAX_VALUE;
                state[at + MAX] = Long.MIN_VALUE;
            }
        }
    }

    @Override
    void add(int[] groups, long[] values, int rows) {
        if (isSum) {
            addToSums(groups, values, rows, state);
        } else {
            addToStats(groups, values, rows, state);
        }
    }

    private static void addToSums(int[] groups, long[] values, int rows, long[] state) {
        for (int row = 0; row < rows; row++) {
            int at = groups[row] * SQUARES;
            long value = values[row];
            state[at]++;
            WideInteger.add(state, at + SUM, value, value >> 63, value >> 63);
        }
    }

    private static void addToStats(int[] groups, long[] values, int rows, long[] state) {
        for (int row = 0; row < rows; row++) {
            int at = groups[row] * LONGS_OF_STATS;
            long value = values[row];
            state[at]++;
            state[at + MIN] = Math.min(state[at + MIN], value);
            state[at + MAX] = Math.max(state[at + MAX], value);
            WideInteger.add(state, at + SUM, value, value >> 63, value >> 63);
            WideInteger.add(state, at + SQUARES, value * value, Math.multiplyHigh(value, value), 0);
        }
    }

    @Override
    void write(int group, ByteWriter out) {
        write(state, group * longs, out);
    }

    private void write(long[] from, int at, ByteWriter out) {
        for (int i = 0; i < longs; i++) {
            out.putLong(from[at + i]);
        }
    }

    @Override
    public void skip(ByteReader in) {
        in.take(longs * Long.BYTES);
    }

    @Override
    public void merge(ByteReader left, ByteReader right, ByteWriter to) {
        read(left, one);
        read(right, other);
        one[0] += other[0];
        one[MIN] = Math.min(one[MIN], other[MIN]);
        one[MAX] = Math.max(one[MAX], other[MAX]);
        for (int at = SUM; at < longs; at += WideInteger.LONGS) {
            WideInteger.add(one, at, other[at], other[at + 1], other[at + 2]);
        }
        write(one, 0, to);
    }

    private void read(ByteReader in, long[] to) {
        for (int i = 0; i < longs; i++) {
            to[i] = in.getLong();
        }
    }

    @Override
    Found read(ByteReader in) {
        read(in, one);
        IntegerStats stats = IntegerStats.fromState(one);
        boolean isSpread = !isSum && stats.count() > 0;
        return new Found(
                stats.count(),
                0,
                stats.sum(),
                isSpread ? stats.min() : null,
                isSpread ? stats.max() : null,
                stats.mean(),
                isSum ? Double.NaN : stats.stddev());
    }
}
