package io.github.forkless.worker.jobs.groups;

import io.github.forkless.worker.jobs.numeric.IntegerStats;
import java.util.Arrays;

/**
 * Sums or statistics of each group's integers, exact. They are laid out as the state of {@link IntegerStats}:
 *
 * <pre>
 *   of each group   | [0] count | [1] min | [2] max | [3-5] sum | [6-8] sum of squares |
 * </pre>
 */
final class IntegerFigures extends Figures {
    private static final int LONGS = 9;
    private static final int MIN = 1;
    private static final int MAX = 2;
    private static final int SUM = 3;
    private static final int SQUARES = 6;

    private final boolean isSum;
    private long[] state = new long[0];

    /** @param isSum whether sums are all that is wanted */
    IntegerFigures(boolean isSum) {
        this.isSum = isSum;
    }

    @Override
    void ensure(int groups) {
        int known = state.length / LONGS;
        if (groups > known) {
            state = Arrays.copyOf(state, Math.multiplyExact(groups + (groups >> 1), LONGS));
            for (int at = known * LONGS; at < state.length; at += LONGS) {
                state[at + MIN] = Long.MAX_VALUE;
                state[at + MAX] = Long.MIN_VALUE;
            }
        }
    }

    @Override
    void add(int[] groups, long[] values, int rows) {
        for (int row = 0; row < rows; row++) {
            add(groups[row], values[row]);
        }
    }

    private void add(int group, long value) {
        int at = group * LONGS;
        state[at]++;
        addWide(at + SUM, value, value >> 63, value >> 63);
        if (isSum) {
            return;
        }
        state[at + MIN] = Math.min(state[at + MIN], value);
        state[at + MAX] = Math.max(state[at + MAX], value);
        addWide(at + SQUARES, value * value, Math.multiplyHigh(value, value), 0);
    }

    private void addWide(int at, long low, long middle, long high) {
        long lowSum = state[at] + low;
        long carry = Long.compareUnsigned(lowSum, low) < 0 ? 1 : 0;
        long middleSum = state[at + 1] + middle;
        long nextCarry = Long.compareUnsigned(middleSum, middle) < 0 ? 1 : 0;
        middleSum += carry;
        // Only an all-ones word wraps when 1 is added, so at most one of the two carries is set.
        nextCarry += carry == 1 && middleSum == 0 ? 1 : 0;
        state[at] = lowSum;
        state[at + 1] = middleSum;
        state[at + 2] += high + nextCarry;
    }

    @Override
    void merge(int group, Figures others, int theirs) {
        long[] from = ((IntegerFigures) others).state;
        int at = group * LONGS;
        int other = theirs * LONGS;
        state[at] += from[other];
        state[at + MIN] = Math.min(state[at + MIN], from[other + MIN]);
        state[at + MAX] = Math.max(state[at + MAX], from[other + MAX]);
        addWide(at + SUM, from[other + SUM], from[other + SUM + 1], from[other + SUM + 2]);
        addWide(at + SQUARES, from[other + SQUARES], from[other + SQUARES + 1], from[other + SQUARES + 2]);
    }

    @Override
    Record record(String key, int group) {
        IntegerStats stats = IntegerStats.fromState(Arrays.copyOfRange(state, group * LONGS, (group + 1) * LONGS));
        if (isSum) {
            return new GroupBy.SumOfIntegers(key, stats.count(), stats.sum());
        }
        boolean isEmpty = stats.count() == 0;
        return new GroupBy.OfIntegers(
                key,
                stats.count(),
                stats.sum(),
                isEmpty ? null : stats.min(),
                isEmpty ? null : stats.max(),
                stats.mean(),
                stats.stddev());
    }

    @Override
    PackedFigures packed(int groups) {
        return new PackedIntegers(isSum, Arrays.copyOf(state, groups * LONGS));
    }

    record PackedIntegers(boolean isSum, long[] state) implements PackedFigures {
        @Override
        public Figures unpacked(int groups) {
            if (state.length != groups * LONGS) {
                throw new IllegalArgumentException(state.length + " longs for the integers of " + groups + " groups");
            }
            var figures = new IntegerFigures(isSum);
            figures.state = state;
            return figures;
        }
    }
}
