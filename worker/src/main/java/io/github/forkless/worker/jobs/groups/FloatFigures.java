package io.github.forkless.worker.jobs.groups;

import io.github.forkless.worker.jobs.numeric.Deviations;
import io.github.forkless.worker.jobs.numeric.FloatStats;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sums or statistics of each group's floating-point numbers. Sums are exact until they are rounded, once, at the end.
 *
 * <p>A sum is a fixed-point number of 256 bits, in eight longs of 32 bits each and what has been carried to them: the small
 * superaccumulator of Radford M. Neal, "Fast exact summation using small and large superaccumulators", 2015
 * (arXiv:1505.05571), of which these eight are a window. It is put where the first number is, and has room for what is up to
 * 2^64 times as large or as small. Whatever else there is, NaN and infinities too, goes into an object of its group: slower,
 * and as exact.
 *
 * <p>Deviations are taken, for up to 256 numbers of a group at a time, from the mean of those before, and merged as {@link
 * Deviations} are.
 */
final class FloatFigures extends Figures {
    private static final int SIGNIFICAND_BITS = 52;
    private static final long LEADING_ONE = 1L << SIGNIFICAND_BITS;
    private static final int EXPONENTS = 0x7ff;
    private static final int LARGEST_EXPONENT = Double.MAX_EXPONENT + Deviations.LARGE_EXPONENT;

    // Of each group, in state: how many numbers, and the chunks of their sum.
    private static final int CHUNK = 1;
    private static final int CHUNKS = 8;
    private static final int STATE = CHUNK + CHUNKS;
    private static final int CHUNK_BITS = 32;
    private static final long CHUNK_MASK = (1L << CHUNK_BITS) - 1;
    /** A significand takes up to three chunks. */
    private static final int WINDOW = (CHUNKS - 2) * CHUNK_BITS;

    private static final int STEP = CHUNK_BITS;

    /** So many numbers no chunk overflows on. */
    private static final int MOST_ROWS = 1 << 30;

    // Of each group, in spread.
    private static final int SPREAD = 8;
    private static final int MIN = 0;
    private static final int MAX = 1;
    /** Of what is settled, and what the deviations of others are taken from; before there is any, the first number. */
    private static final int MEAN = 2;

    private static final int MEAN_REST = 3;
    private static final int DEVIATIONS = 4;
    /** How many numbers are settled. */
    private static final int SETTLED = 5;
    /** Deviations of those that are not, and their squares. */
    private static final int SUM = 6;

    private static final int SQUARES = 7;
    private static final int RUN = 256;

    private final boolean isSum;

    /** The exponent, as in a double's bits, whose numbers' last bit is that of the lowest chunk; 0 if none is known. */
    private int lowest;
    /** So many exponents from there on have room. */
    private int exponents;

    private long[] state = new long[0];
    private int rowsInChunks;

    /** Null if sums are all that is wanted. */
    private double[] spread;
    /** How many numbers of a group have not been merged into its deviations; null for sums. */
    private short[] pending;

    /** Numbers that the window has no room for. */
    private FloatStats[] rare = new FloatStats[0];

    private final Deviations ofGroup = new Deviations();
    private final Deviations ofOther = new Deviations();

    /** @param isSum whether sums are all that is wanted */
    FloatFigures(boolean isSum) {
        this.isSum = isSum;
        if (!isSum) {
            spread = new double[0];
            pending = new short[0];
        }
    }

    @Override
    void ensure(int groups) {
        int known = rare.length;
        if (groups <= known) {
            return;
        }
        int room = groups + (groups >> 1);
        state = Arrays.copyOf(state, Math.multiplyExact(room, STATE));
        rare = Arrays.copyOf(rare, room);
        if (!isSum) {
            spread = Arrays.copyOf(spread, room * SPREAD);
            pending = Arrays.copyOf(pending, room);
            for (int at = known * SPREAD; at < spread.length; at += SPREAD) {
                spread[at + MIN] = Double.POSITIVE_INFINITY;
                spread[at + MAX] = Double.NEGATIVE_INFINITY;
            }
        }
    }

    @Override
    void add(int[] groups, long[] values, int rows) {
        if (rowsInChunks > MOST_ROWS - rows) {
            carry();
        }
        rowsInChunks += rows;
        int row = 0;
        while (row < rows) {
            int end = addUsual(groups, values, row, rows, state, lowest, exponents);
            if (!isSum) {
                deviate(groups, values, row, end);
            }
            row = end;
            if (row < rows && !choosesWindow(values[row])) {
                rare(groups[row]).add(Double.longBitsToDouble(values[row]));
                row++;
            }
        }
    }

    /** Adds numbers up to the first one that the window has no room for, whose row it returns. */
    private static int addUsual(
            int[] groups, long[] values, int from, int rows, long[] state, int lowest, int exponents) {
        for (int row = from; row < rows; row++) {
            long bits = values[row];
            int at = groups[row] * STATE;
            int above = ((int) (bits >>> SIGNIFICAND_BITS) & EXPONENTS) - lowest;
            if (Integer.compareUnsigned(above, exponents) < 0) {
                long sign = bits >> 63;
                long significand = ((bits & LEADING_ONE - 1 | LEADING_ONE) ^ sign) - sign;
                int shift = above & CHUNK_BITS - 1;
                int chunk = at + CHUNK + (above >>> 5);
                state[chunk] += significand << shift & CHUNK_MASK;
                state[chunk + 1] += significand >> CHUNK_BITS - shift & CHUNK_MASK;
                state[chunk + 2] += significand >> CHUNK_BITS >> CHUNK_BITS - shift;
            } else if (bits << 1 != 0) {
                return row;
            }
            state[at]++;
        }
        return rows;
    }

    /** Puts the window where a number is, if there is none. */
    private boolean choosesWindow(long bits) {
        int exponent = (int) (bits >>> SIGNIFICAND_BITS) & EXPONENTS;
        if (lowest != 0 || exponent == 0 || exponent > LARGEST_EXPONENT) {
            return false;
        }
        // In steps, so that numbers of like size in other slices have the same window.
        lowest = 1 + (Math.max(0, exponent - 1 - (WINDOW - STEP) / 2) & -STEP);
        exponents = Math.min(WINDOW, LARGEST_EXPONENT + 1 - lowest);
        return true;
    }

    private void deviate(int[] groups, long[] values, int from, int to) {
        for (int row = from; row < to; row++) {
            deviate(groups[row], Double.longBitsToDouble(values[row]));
        }
    }

    private void deviate(int group, double value) {
        int at = group * SPREAD;
        spread[at + MIN] = Math.min(spread[at + MIN], value);
        spread[at + MAX] = Math.max(spread[at + MAX], value);
        if (spread[at + SETTLED] + pending[group] == 0) {
            spread[at + MEAN] = value;
        }
        double deviation = value - spread[at + MEAN];
        spread[at + SUM] += deviation;
        spread[at + SQUARES] += deviation * deviation;
        if (++pending[group] == RUN) {
            settle(group);
        }
    }

    private FloatStats rare(int group) {
        if (rare[group] == null) {
            rare[group] = new FloatStats();
        }
        return rare[group];
    }

    /** Merges what is pending of a group into its deviations. */
    private void settle(int group) {
        int numbers = pending[group];
        if (numbers == 0) {
            return;
        }
        int at = group * SPREAD;
        double sum = spread[at + SUM];
        double squares = spread[at + SQUARES] - sum * sum / numbers;
        read(group, ofGroup);
        ofOther.set(numbers, spread[at + MEAN], sum / numbers, Math.max(0, squares));
        ofGroup.merge(ofOther);
        write(group, ofGroup);
        spread[at + SUM] = 0;
        spread[at + SQUARES] = 0;
        pending[group] = 0;
    }

    private void read(int group, Deviations deviations) {
        int at = group * SPREAD;
        deviations.set((long) spread[at + SETTLED], spread[at + MEAN], spread[at + MEAN_REST], spread[at + DEVIATIONS]);
    }

    private void write(int group, Deviations deviations) {
        int at = group * SPREAD;
        spread[at + SETTLED] = deviations.count();
        spread[at + MEAN] = deviations.mean();
        spread[at + MEAN_REST] = deviations.meanRest();
        spread[at + DEVIATIONS] = deviations.squaredDeviations();
    }

    /** Leaves in each chunk but the highest its 32 bits. */
    private void carry() {
        for (int at = 0; at < state.length; at += STATE) {
            for (int chunk = at + CHUNK; chunk < at + STATE - 1; chunk++) {
                state[chunk + 1] += state[chunk] >> CHUNK_BITS;
                state[chunk] &= CHUNK_MASK;
            }
        }
        rowsInChunks = 0;
    }

    @Override
    void merge(int group, Figures figures, int theirs) {
        var others = (FloatFigures) figures; // settled and carried, as they have travelled
        if (lowest == 0) {
            lowest = others.lowest;
            exponents = others.exponents;
        }
        if (others.lowest != lowest && others.lowest != 0) {
            rare(group).merge(others.stats(theirs));
            return;
        }
        if (rowsInChunks == MOST_ROWS) {
            carry();
        }
        rowsInChunks++;
        for (int i = 0; i < STATE; i++) {
            state[group * STATE + i] += others.state[theirs * STATE + i];
        }
        if (!isSum) {
            mergeSpread(group, others, theirs);
        }
        if (others.rare[theirs] != null) {
            rare(group).merge(others.rare[theirs]);
        }
    }

    private void mergeSpread(int group, FloatFigures others, int theirs) {
        int at = group * SPREAD;
        int other = theirs * SPREAD;
        settle(group);
        spread[at + MIN] = Math.min(spread[at + MIN], others.spread[other + MIN]);
        spread[at + MAX] = Math.max(spread[at + MAX], others.spread[other + MAX]);
        read(group, ofGroup);
        others.settle(theirs);
        others.read(theirs, ofOther);
        ofGroup.merge(ofOther);
        write(group, ofGroup);
    }

    /** All that is known of a group. */
    private FloatStats stats(int group) {
        BigInteger sum = BigInteger.ZERO;
        for (int chunk = CHUNKS - 1; chunk >= 0; chunk--) {
            sum = sum.shiftLeft(CHUNK_BITS).add(BigInteger.valueOf(state[group * STATE + CHUNK + chunk]));
        }
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        if (isSum) {
            ofGroup.set(state[group * STATE], 0, 0, 0);
        } else {
            settle(group);
            min = spread[group * SPREAD + MIN];
            max = spread[group * SPREAD + MAX];
            read(group, ofGroup);
        }
        var stats = new FloatStats();
        stats.add(state[group * STATE], sum.shiftLeft(Math.max(0, lowest - 1)), min, max, ofGroup);
        if (rare[group] != null) {
            stats.merge(rare[group]);
        }
        return stats;
    }

    @Override
    Record record(String key, int group) {
        FloatStats stats = stats(group);
        if (isSum) {
            return new GroupBy.SumOfFloats(
                    key, stats.count() + stats.nanCount(), stats.nanCount() > 0 ? Double.NaN : stats.sum());
        }
        return new GroupBy.OfFloats(
                key,
                stats.count(),
                stats.nanCount(),
                stats.sum(),
                stats.min(),
                stats.max(),
                stats.mean(),
                stats.stddev());
    }

    @Override
    PackedFigures packed(int groups) {
        carry();
        for (int group = 0; group < groups && !isSum; group++) {
            settle(group);
        }
        var rareStates = new ArrayList<RareState>();
        for (int group = 0; group < groups; group++) {
            if (rare[group] != null) {
                rareStates.add(new RareState(group, rare[group].toState()));
            }
        }
        return new PackedFloats(
                lowest,
                exponents,
                Arrays.copyOf(state, groups * STATE),
                isSum ? null : Arrays.copyOf(spread, groups * SPREAD),
                rareStates);
    }

    /** @param state of {@link FloatStats} */
    record RareState(int group, long[] state) {}

    /** @param spread null for sums */
    record PackedFloats(int lowest, int exponents, long[] state, double[] spread, List<RareState> rare)
            implements PackedFigures {
        @Override
        public Figures unpacked(int groups) {
            if (state.length != groups * STATE || spread != null && spread.length != groups * SPREAD) {
                throw new IllegalArgumentException(state.length + " longs for the floats of " + groups + " groups");
            }
            var figures = new FloatFigures(spread == null);
            figures.lowest = lowest;
            figures.exponents = exponents;
            figures.state = state;
            figures.rare = new FloatStats[groups];
            if (spread != null) {
                figures.spread = spread;
                figures.pending = new short[groups];
            }
            for (RareState each : rare) {
                figures.rare[each.group] = FloatStats.fromState(each.state);
            }
            return figures;
        }
    }
}
