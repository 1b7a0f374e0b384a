package io.github.forkless.worker.jobs;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.NextPass;
import io.github.forkless.common.job.Parameter;
import io.github.forkless.common.job.Summary;
import io.github.forkless.common.value.Packable;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;

/**
 * How many elements fall into each of some bins of equal width, as {@code numpy.histogram} counts them: an element
 * belongs to a bin if it is not less than the bin's lower edge, and less than its upper one; the last bin has its upper
 * edge too. A range of no width is widened by one half to both sides.
 *
 * <p>Without {@code low} or {@code high}, the smallest and the largest finite element take their place. They are known
 * only after a first pass over the data, so that takes two: the first one's result is a {@link NextPass}. A dataset
 * without such an element has the range from 0 to 1.
 *
 * <p>The edges are {@code numpy.linspace}'s, to the last bit: doubles, and for {@code float32} numbers of that type. Those
 * are computed in it from bounds that were found, and computed in doubles from bounds that are given, and rounded.
 *
 * <p>Unlike NumPy, this takes any data and any range: elements outside of the range, infinities among them, are counted
 * below or above it, and NaN apart; in a range with fewer numbers than bins some edges are equal, and the bins between
 * them empty. Integers are compared with the edges exactly, and not rounded to doubles first.
 */
@Summary("how many elements fall into each of some bins of equal width")
public record Histogram(
        @Parameter(value = "how many bins", defaultValue = "10")
        int bins,

        @Parameter("the first bin's lower edge; the smallest element if not given")
        BigDecimal low,

        @Parameter("the last bin's upper edge; the largest element if not given")
        BigDecimal high,

        @Parameter(
                value = "set by the first pass: low and high are elements, and edges of float32 are computed as"
                        + " float32",
                defaultValue = "false")
        boolean found)
        implements Job<Histogram.Tally, Object> {
    private static final int MOST_BINS = 10_000_000;
    private static final int UNKNOWN = -1;

    public Histogram {
        if (bins < 1 || bins > MOST_BINS) {
            throw new IllegalArgumentException("bins=" + bins + "; it must be from 1 to " + MOST_BINS);
        }
        if (low != null && high != null && low.compareTo(high) > 0) {
            throw new IllegalArgumentException("low=" + low + " is more than high=" + high);
        }
        if (isInfinite(low) || isInfinite(high)) {
            throw new IllegalArgumentException("low and high must be finite as doubles");
        }
    }

    public Histogram(int bins, BigDecimal low, BigDecimal high) {
        this(bins, low, high, false);
    }

    private static boolean isInfinite(BigDecimal bound) {
        return bound != null && Double.isInfinite(bound.doubleValue());
    }

    /**
     * The result.
     *
     * @param edges of the bins, one more than there are bins
     * @param counts of the elements in each bin
     * @param below how many elements are less than the first edge
     * @param above how many are more than the last
     * @param nan how many are not a number
     */
    public record Bins(double[] edges, long[] counts, long below, long above, long nan) {}

    /** A pass's partial: of the first of two, the range; of the last, the counts. */
    public sealed interface Tally {}

    /**
     * The smallest and the largest finite element; {@code null} while there is none.
     *
     * @param min the smallest, exactly
     * @param max the largest, exactly
     */
    record Range(BigDecimal min, BigDecimal max) implements Tally {

        Range join(Range other) {
            if (min == null || other.min == null) {
                return min == null ? other : this;
            }
            return new Range(min.min(other.min), max.max(other.max));
        }
    }

    /** Counts by bin, and what sorts elements into bins; that is made in the process that needs it. */
    static final class Counts implements Tally, Packable {
        /** Of each bin, and behind those: how many below, above, and NaN. */
        private final long[] counts;
        /** Of the elements; null where nothing has told it. */
        private ElementType type;

        private BinFinder finder;

        Counts(long[] counts) {
            this.counts = counts;
        }

        @Override
        public Packed packed() {
            return new PackedCounts(counts, type == null ? UNKNOWN : type.ordinal());
        }
    }

    /** How {@link Counts} travel: without the edges, which are as many and can be computed again. */
    record PackedCounts(long[] counts, int type) implements Packable.Packed {
        @Override
        public Counts unpacked() {
            var unpacked = new Counts(counts);
            unpacked.type = type == UNKNOWN ? null : ElementType.values()[type];
            return unpacked;
        }
    }

    @Override
    public boolean accepts(Layout layout) {
        return layout.type().isNumber();
    }

    @Override
    public boolean readsRows() {
        return false;
    }

    @Override
    public Tally start() {
        return low == null || high == null ? new Range(null, null) : new Counts(new long[bins + BinFinder.OUTSIDE]);
    }

    @Override
    public Tally start(Layout layout) {
        Tally tally = start();
        if (tally instanceof Counts counts) {
            prepare(counts, layout.type());
        }
        return tally;
    }

    private void prepare(Counts counts, ElementType type) {
        counts.type = type;
        counts.finder = BinFinder.of(type, low, high, bins, found);
    }

    @Override
    public Tally accept(Tally tally, Block block) {
        return switch (tally) {
            case Range range -> range.join(range(block));
            case Counts counts -> {
                if (counts.finder == null) {
                    prepare(counts, block.type());
                }
                counts.finder.count(block, counts.counts);
                yield counts;
            }
        };
    }

    private static Range range(Block block) {
        long count = block.count();
        if (count == 0) {
            return new Range(null, null);
        }
        if (block.type().isFloating()) {
            double min = Double.POSITIVE_INFINITY;
            double max = Double.NEGATIVE_INFINITY;
            for (long i = 0; i < count; i++) {
                double x = block.numberAt(i);
                if (Double.isFinite(x)) {
                    min = Math.min(min, x);
                    max = Math.max(max, x);
                }
            }
            return min > max ? new Range(null, null) : new Range(new BigDecimal(min), new BigDecimal(max));
        }
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        for (long i = 0; i < count; i++) {
            long x = block.integerAt(i);
            min = Math.min(min, x);
            max = Math.max(max, x);
        }
        return new Range(BigDecimal.valueOf(min), BigDecimal.valueOf(max));
    }

    @Override
    public Tally merge(Tally left, Tally right) {
        if (left instanceof Range one && right instanceof Range other) {
            return one.join(other);
        }
        Counts counts = (Counts) left;
        Counts others = (Counts) right;
        for (int i = 0; i < counts.counts.length; i++) {
            counts.counts[i] += others.counts[i];
        }
        counts.type = counts.type == null ? others.type : counts.type;
        return counts;
    }

    @Override
    public Object finish(Tally tally) {
        return switch (tally) {
            case Range range -> new NextPass(wholeRange(range));
            case Counts counts -> {
                ElementType type = counts.type == null ? ElementType.FLOAT64 : counts.type;
                double[] edges = BinFinder.of(type, low, high, bins, found).edges();
                long[] all = counts.counts;
                yield new Bins(edges, Arrays.copyOf(all, bins), all[bins], all[bins + 1], all[bins + 2]);
            }
        };
    }

    private Map<String, String> wholeRange(Range found) {
        boolean isEmpty = found.min == null;
        BigDecimal from = low != null ? low : isEmpty ? BigDecimal.ZERO : found.min;
        BigDecimal to = high != null ? high : isEmpty ? BigDecimal.ONE : found.max;
        if (from.compareTo(to) > 0) { // the one that is given lies beyond every element
            if (low != null) {
                to = from.add(BigDecimal.ONE);
            } else {
                from = to.subtract(BigDecimal.ONE);
            }
        }
        boolean areElements = low == null && high == null && !isEmpty;
        return Map.of("low", from.toString(), "high", to.toString(), "found", Boolean.toString(areElements));
    }
}
