package io.github.forkless.worker.jobs;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Summary;
import io.github.forkless.worker.jobs.numeric.FloatStats;
import io.github.forkless.worker.jobs.numeric.IntegerStats;
import io.github.forkless.worker.jobs.numeric.NumberStats;
import java.math.BigInteger;

/**
 * Count, sum, range, mean and standard deviation, in one pass. Of integers all are exact or correctly rounded; of floats
 * sum and mean are, and NaNs are counted apart and left out of everything else. A partial that
 * was started without a type and has seen nothing is null.
 */
@Summary("count, sum, min, max, mean and standard deviation (of the population)")
public record Stats() implements Job<NumberStats, Record> {

    /** Of integers; {@code min} and {@code max} are null and the last two NaN when there are none. */
    public record OfIntegers(long count, BigInteger sum, Long min, Long max, double mean, double stddev) {}

    /** Of floats; {@code count} is without the NaNs, and min, max, mean and stddev are NaN when it is 0. */
    public record OfFloats(long count, long nan, double sum, double min, double max, double mean, double stddev) {}

    @Override
    public boolean accepts(Layout layout) {
        return layout.type().isNumber();
    }

    @Override
    public boolean readsRows() {
        return false;
    }

    @Override
    public NumberStats start() {
        return null;
    }

    @Override
    public NumberStats start(Layout layout) {
        return NumberStats.of(layout.type());
    }

    @Override
    public NumberStats accept(NumberStats before, Block block) {
        NumberStats stats = before == null ? NumberStats.of(block.type()) : before;
        stats.add(block.segment(), block.type(), block.count());
        return stats;
    }

    @Override
    public NumberStats merge(NumberStats left, NumberStats right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        left.merge(right);
        return left;
    }

    @Override
    public Record finish(NumberStats stats) {
        if (stats == null) {
            return finish(NumberStats.of(ElementType.INT64));
        } else if (stats instanceof IntegerStats s) { // no pattern switch: see Message.write
            return new OfIntegers(
                    s.count(),
                    s.sum(),
                    s.count() == 0 ? null : s.min(),
                    s.count() == 0 ? null : s.max(),
                    s.mean(),
                    s.stddev());
        }
        var s = (FloatStats) stats;
        return new OfFloats(s.count(), s.nanCount(), s.sum(), s.min(), s.max(), s.mean(), s.stddev());
    }
}
