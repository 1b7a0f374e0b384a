package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.DoubleColumn;
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

    private static final int CHUNKS = 8;
    private static final int CHUNK_BITS = 32;
    private static final long CHUNK_MASK = (1L << CHUNK_BITS) - 1;
    /** A significand takes up to three chunks. */
    private static final int WINDOW = (CHUNKS - 2) * CHUNK_BITS;

    /** So many numbers no chunk overflows on. */
    private static final int MOST_ROWS = 1 << 30;

    // Of each group, in spread.
    private static final int SPREAD = 8;
    private static final int MIN = 0;
    private static final int MAX = 1;
    private static final int CENTER = 2;
    private static final int SUM = 3;
    private static final int SQUARES = 4;
    private static final int MEAN = 5;
    private static final int MEAN_REST = 6;
    private static final int DEVIATIONS = 7;
    private static final int RUN = 256;

    private final boolean isSum;

    /** The exponent, as in a double's bits, whose numbers' last bit is that of the lowest chunk; 0 if none is known. */
    private int lowest;
    /** So many exponents from there on have room. */
    private int exponents;

    private long[] counts = new long[0];
    private long[] chunks = new long[0];
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
        int known = counts.length;
        if (groups <= known) {
            return;
        }
        int room = groups + (groups >> 1);
        counts = Arrays.copyOf(counts, room);
        chunks = Arrays.copyOf(chunks, Math.multiplyExact(room, CHUNKS));
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
    void add(int[] groups, int rows, Column column) {
        var values = (DoubleColumn) column;
        if (rowsInChunks > MOST_ROWS - rows) {
            carry();
        }
        rowsInChunks += rows;
        if (values.hasNulls()) {
            forEachValue(values, row -> add(groups[row], values.at(row)));
        } else {
            for (int row = 0; row < rows; row++) {
                add(groups[row], values.at(row));
            }
        }
    }

    private void add(int group, double value) {
        long bits = Double.doubleToRawLongBits(value);
        int above = ((int) (bits >>> SIGNIFICAND_BITS) & EXPONENTS) - lowest;
        if (Integer.compareUnsigned(above, exponents) >= 0) {
            addOther(group, value);
            return;
        }
        long sign = bits >> 63;
        long significand = ((bits & LEADING_ONE - 1 | LEADING_ONE) ^ sign) - sign;
        int at = group * CHUNKS + (above >>> 5);
        int shift = above & CHUNK_BITS - 1;
        chunks[at] += significand << shift & CHUNK_MASK;
        chunks[at + 1] += significand >> CHUNK_BITS - shift & CHUNK_MASK;
        chunks[at + 2] += significand >> CHUNK_BITS >> CHUNK_BITS - shift;
        count(group, value);
    }

    private void count(int group, double value) {
        counts[group]++;
        if (!isSum) {
            deviate(group, value);
        }
    }

    private void deviate(int group, double value) {
        int at = group * SPREAD;
        spread[at + MIN] = Math.min(spread[at + MIN], value);
        spread[at + MAX] = Math.max(spread[at + MAX], value);
        if (counts[group] == 1) {
            spread[at + CENTER] = value;
        }
        double deviation = value - spread[at + CENTER];
        spread[at + SUM] += deviation;
        spread[at + SQUARES] += deviation * deviation;
        if (++pending[group] == RUN) {
            settle(group);
        }
    }

    private void addOther(int group, double value) {
        int exponent = (int) (Double.doubleToRawLongBits(value) >>> SIGNIFICAND_BITS) & EXPONENTS;
        if (value == 0) {
            count(group, value);
        } else if (lowest == 0 && exponent > 0 && exponent <= LARGEST_EXPONENT) {
            // In steps, so that numbers of like size in other slices have the same window.
            lowest = 1 + (Math.max(0, exponent - 1 - WINDOW / 3) & -64);
            exponents = Math.min(WINDOW, LARGEST_EXPONENT + 1 - lowest);
            add(group, value);
        } else {
            rare(group).add(value);
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
        read(group, counts[group] - numbers, ofGroup);
        ofOther.set(numbers, spread[at + CENTER], sum / numbers, Math.max(0, squares));
        ofGroup.merge(ofOther);
        write(group, ofGroup);
        spread[at + CENTER] = ofGroup.mean();
        spread[at + SUM] = 0;
        spread[at + SQUARES] = 0;
        pending[group] = 0;
    }

    private void read(int group, long count, Deviations deviations) {
        int at = group * SPREAD;
        deviations.set(count, spread[at + MEAN], spread[at + MEAN_REST], spread[at + DEVIATIONS]);
    }

    private void write(int group, Deviations deviations) {
        int at = group * SPREAD;
        spread[at + MEAN] = deviations.mean();
        spread[at + MEAN_REST] = deviations.meanRest();
        spread[at + DEVIATIONS] = deviations.squaredDeviations();
    }

    /** Leaves in each chunk but the highest its 32 bits. */
    private void carry() {
        for (int at = 0; at < chunks.length; at += CHUNKS) {
            for (int chunk = at; chunk < at + CHUNKS - 1; chunk++) {
                chunks[chunk + 1] += chunks[chunk] >> CHUNK_BITS;
                chunks[chunk] &= CHUNK_MASK;
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
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            chunks[group * CHUNKS + chunk] += others.chunks[theirs * CHUNKS + chunk];
        }
        if (!isSum) {
            mergeSpread(group, others, theirs);
        }
        counts[group] += others.counts[theirs];
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
        read(group, counts[group], ofGroup);
        others.settle(theirs);
        others.read(theirs, others.counts[theirs], ofOther);
        ofGroup.merge(ofOther);
        write(group, ofGroup);
    }

    /** All that is known of a group. */
    private FloatStats stats(int group) {
        BigInteger sum = BigInteger.ZERO;
        for (int chunk = CHUNKS - 1; chunk >= 0; chunk--) {
            sum = sum.shiftLeft(CHUNK_BITS).add(BigInteger.valueOf(chunks[group * CHUNKS + chunk]));
        }
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        if (isSum) {
            ofGroup.set(counts[group], 0, 0, 0);
        } else {
            settle(group);
            min = spread[group * SPREAD + MIN];
            max = spread[group * SPREAD + MAX];
            read(group, counts[group], ofGroup);
        }
        var stats = new FloatStats();
        stats.add(counts[group], sum.shiftLeft(Math.max(0, lowest - 1)), min, max, ofGroup);
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
                Arrays.copyOf(counts, groups),
                Arrays.copyOf(chunks, groups * CHUNKS),
                isSum ? null : Arrays.copyOf(spread, groups * SPREAD),
                rareStates);
    }

    /** @param state of {@link FloatStats} */
    record RareState(int group, long[] state) {}

    /** @param spread null for sums */
    record PackedFloats(int lowest, int exponents, long[] counts, long[] chunks, double[] spread, List<RareState> rare)
            implements PackedFigures {
        @Override
        public Figures unpacked(int groups) {
            if (counts.length != groups
                    || chunks.length != groups * CHUNKS
                    || spread != null && spread.length != groups * SPREAD) {
                throw new IllegalArgumentException(counts.length + " counts of " + groups + " groups");
            }
            var figures = new FloatFigures(spread == null);
            figures.lowest = lowest;
            figures.exponents = exponents;
            figures.counts = counts;
            figures.chunks = chunks;
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
