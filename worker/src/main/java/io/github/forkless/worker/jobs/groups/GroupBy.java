package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.LongColumn;
import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.MalformedDataException;
import io.github.forkless.common.job.Parameter;
import io.github.forkless.common.job.Summary;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * Statistics of one column of a table for each value of another. They are those of the jobs {@code stats} and {@code sum}, and
 * exact, the standard deviation too, until they are rounded, once;
 * rows whose number is null are left out, as in SQL, and rows whose key is null are a group of their own, the last one. Groups are
 * in the order of their keys: numbers and times by size, texts by their bytes.
 *
 * <p>Every distinct key is kept: in each worker with 50 to 300 bytes, and what its text has.
 *
 * @param by texts, integers, truth values, dates or times
 * @param column integers or floating-point numbers; null to count rows
 */
@Summary("statistics of one column for each value of another")
public record GroupBy(
        @Parameter("the column whose values make the groups; #0 is the first")
        String by,

        @Parameter("the column of numbers; without it, rows are counted")
        String column,

        @Parameter(value = "what is found out of each group's numbers", defaultValue = "stats")
        Statistic of)
        implements Job<Groups, List<Record>> {
    private static final ValueLayout.OfLong INT64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** What there is of each group, from little to much. */
    public enum Statistic {
        count,
        sum,
        stats
    }

    /**
     * How many rows or numbers a group has.
     *
     * @param key as text; null for the rows without one
     */
    public record Count(String key, long count) {}

    /** The sum of a group's integers. */
    public record SumOfIntegers(String key, long count, BigInteger sum) {}

    /** The sum of a group's floats; NaN if one of them is. */
    public record SumOfFloats(String key, long count, double sum) {}

    /** Statistics of a group's integers, as {@code stats} has them. */
    public record OfIntegers(String key, long count, BigInteger sum, Long min, Long max, double mean, double stddev) {}

    /** Statistics of a group's floats, as {@code stats} has them. */
    public record OfFloats(
            String key, long count, long nan, double sum, double min, double max, double mean, double stddev) {}

    public GroupBy {
        if (by == null) {
            throw new IllegalArgumentException("by: it must name the column whose values make the groups");
        }
    }

    @Override
    public boolean accepts(Layout layout) {
        return layout instanceof Layout.Table;
    }

    @Override
    public Optional<String> refusal(Layout layout) {
        try {
            start(layout);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public Groups start() {
        throw new IllegalStateException("groups need to know of which table: start(layout)");
    }

    @Override
    public Groups start(Layout layout) {
        return Groups.of((Layout.Table) layout, by, column, of);
    }

    @Override
    public Groups accept(Groups groups, Block block) {
        Column keys = block.column(by);
        Column numbers = column == null ? null : block.column(column);
        try {
            groups.add(keys, numbers);
        } catch (ArithmeticException e) {
            requireLongs(block, by, keys);
            if (numbers != null) {
                requireLongs(block, column, numbers);
            }
            throw e;
        }
        return groups;
    }

    private static void requireLongs(Block block, String name, Column column) {
        if (column instanceof LongColumn longs && longs.firstTooLarge() >= 0) {
            long row = longs.firstTooLarge();
            throw new MalformedDataException("row " + (block.start() + row) + " of the column '" + name + "' is "
                    + LongColumn.tooLarge(longs.segment().get(INT64, row * Long.BYTES)));
        }
    }

    @Override
    public Groups merge(Groups left, Groups right) {
        left.merge(right);
        return left;
    }

    @Override
    public List<Record> finish(Groups groups) {
        return groups.records();
    }
}
