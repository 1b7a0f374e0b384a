package io.github.forkless.worker.jobs;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.ElementType;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Sorts elements into bins. Where an element belongs is guessed by one multiplication and put right by comparing it with
 * the edges, so that rounding decides nothing.
 */
abstract sealed class BinFinder {
    /** Counts of what is in no bin. */
    static final int OUTSIDE = 3;

    final double[] edges;
    final int bins;
    private final double low;
    private final double scale;

    private BinFinder(double[] edges) {
        this.edges = edges;
        bins = edges.length - 1;
        low = edges[0];
        scale = bins / (edges[bins] - low);
    }

    /** @param found whether the bounds are elements */
    static BinFinder of(ElementType type, BigDecimal low, BigDecimal high, int bins, boolean found) {
        return switch (type) {
            case FLOAT32 ->
                new Floats(
                        found
                                ? singleEdges(low.floatValue(), high.floatValue(), bins)
                                : rounded(doubleEdges(low, high, bins)));
            case FLOAT64 -> new Floats(doubleEdges(low, high, bins));
            default -> integers(low, high, bins);
        };
    }

    private static Integers integers(BigDecimal low, BigDecimal high, int bins) {
        BigDecimal half = low.doubleValue() == high.doubleValue() ? new BigDecimal("0.5") : BigDecimal.ZERO;
        return new Integers(doubleEdges(low, high, bins), low.subtract(half), high.add(half));
    }

    private static double[] doubleEdges(BigDecimal low, BigDecimal high, int bins) {
        double from = low.doubleValue();
        double to = high.doubleValue();
        return from == to ? edges(from - 0.5, to + 0.5, bins) : edges(from, to, bins);
    }

    /** What numpy.linspace makes of numbers that are doubles. */
    private static double[] edges(double low, double high, int bins) {
        double[] edges = new double[bins + 1];
        double step = (high - low) / bins;
        for (int i = 0; i < bins; i++) {
            edges[i] = Double.isInfinite(step)
                    ? low * (1 - (double) i / bins) + high * ((double) i / bins)
                    : i * step + low;
        }
        edges[bins] = high;
        return edges;
    }

    /** What it makes of numbers that are floats: every step of the computation is rounded to such. */
    private static double[] singleEdges(float low, float high, int bins) {
        float from = low == high ? low - 0.5f : low;
        float to = low == high ? high + 0.5f : high;
        float step = (to - from) / bins;
        if (Float.isInfinite(step)) {
            return rounded(edges(from, to, bins));
        }
        double[] edges = new double[bins + 1];
        for (int i = 0; i < bins; i++) {
            edges[i] = i * step + from;
        }
        edges[bins] = to;
        return edges;
    }

    private static double[] rounded(double[] edges) {
        for (int i = 0; i < edges.length; i++) {
            edges[i] = Math.clamp((float) edges[i], -Float.MAX_VALUE, Float.MAX_VALUE);
        }
        return edges;
    }

    double[] edges() {
        return edges;
    }

    /**
     * Counts the elements of a block.
     *
     * @param counts one for each bin, and {@link #OUTSIDE} behind those: of elements below, above, and NaN
     */
    abstract void count(Block block, long[] counts);

    /** The bin, more or less. */
    final int guess(double x) {
        return Math.clamp((int) ((x - low) * scale), 0, bins - 1);
    }

    private static final class Floats extends BinFinder {
        Floats(double[] edges) {
            super(edges);
        }

        @Override
        void count(Block block, long[] counts) {
            double first = edges[0];
            double last = edges[bins];
            for (long i = 0; i < block.count(); i++) {
                double x = block.numberAt(i);
                if (x >= first && x <= last) {
                    counts[bin(x)]++;
                } else {
                    counts[bins + (x < first ? 0 : x > last ? 1 : 2)]++;
                }
            }
        }

        private int bin(double x) {
            int bin = guess(x);
            while (bin > 0 && x < edges[bin]) {
                bin--;
            }
            while (bin < bins - 1 && x >= edges[bin + 1]) {
                bin++;
            }
            return bin;
        }
    }

    /** Integers, with edges that are integers too: what is not less than an edge is not less than the next integer. */
    private static final class Integers extends BinFinder {
        private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
        private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

        private final long[] starts;
        private final long last;
        private final boolean areAllBelow;
        private final boolean areAllAbove;

        Integers(double[] edges, BigDecimal low, BigDecimal high) {
            super(edges);
            areAllBelow = low.compareTo(MOST) > 0;
            areAllAbove = high.compareTo(LEAST) < 0;
            last = floor(high);
            starts = new long[bins];
            starts[0] = ceiling(low);
            for (int i = 1; i < bins; i++) {
                starts[i] = Math.max(starts[0], (long) Math.ceil(edges[i])); // of what a long cannot hold, the nearest
            }
        }

        /** The largest integer that is not more, within the range of a long. */
        private static long floor(BigDecimal value) {
            if (value.compareTo(LEAST) <= 0 || value.compareTo(MOST) >= 0) {
                return value.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
            }
            if (value.precision() <= value.scale()) { // between -1 and 1; its exponent may be enormous
                return value.signum() < 0 ? -1 : 0;
            }
            return value.setScale(0, RoundingMode.FLOOR).longValueExact();
        }

        /** The smallest integer that is not less, within the range of a long. */
        private static long ceiling(BigDecimal value) {
            long floor = floor(value);
            boolean isBetween = floor < Long.MAX_VALUE && value.compareTo(BigDecimal.valueOf(floor)) > 0;
            return isBetween ? floor + 1 : floor;
        }

        @Override
        void count(Block block, long[] counts) {
            long first = starts[0];
            for (long i = 0; i < block.count(); i++) {
                long x = block.integerAt(i);
                if (x < first || areAllBelow) {
                    counts[bins]++;
                } else if (x > last || areAllAbove) {
                    counts[bins + 1]++;
                } else {
                    counts[bin(x)]++;
                }
            }
        }

        private int bin(long x) {
            int bin = guess(x);
            while (bin > 0 && x < starts[bin]) {
                bin--;
            }
            while (bin < bins - 1 && x >= starts[bin + 1]) {
                bin++;
            }
            return bin;
        }
    }
}
