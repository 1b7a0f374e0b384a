package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.worker.jobs.texts.TextFigures;
import java.math.BigInteger;

/** What is known of each group, by its number: arrays, with no object for a group. As bytes it travels and is merged. */
abstract sealed class Figures implements TextFigures permits RowCounts, IntegerFigures, FloatFigures {

    /** Which figures. */
    enum Kind {
        ROWS,
        SUM_OF_INTEGERS,
        STATS_OF_INTEGERS,
        SUM_OF_FLOATS,
        STATS_OF_FLOATS;

        Figures ofNone() {
            return switch (this) {
                case ROWS -> new RowCounts();
                case SUM_OF_INTEGERS -> new IntegerFigures(true);
                case STATS_OF_INTEGERS -> new IntegerFigures(false);
                case SUM_OF_FLOATS -> new FloatFigures(true);
                case STATS_OF_FLOATS -> new FloatFigures(false);
            };
        }

        /** The answer for a group. */
        Record group(String key, Found found) {
            return switch (this) {
                case ROWS -> new GroupBy.Count(key, found.count());
                case SUM_OF_INTEGERS -> new GroupBy.SumOfIntegers(key, found.count(), (BigInteger) found.sum());
                case STATS_OF_INTEGERS ->
                    new GroupBy.OfIntegers(
                            key,
                            found.count(),
                            (BigInteger) found.sum(),
                            (Long) found.min(),
                            (Long) found.max(),
                            found.mean(),
                            found.stddev());
                case SUM_OF_FLOATS ->
                    new GroupBy.SumOfFloats(
                            key, found.count() + found.nan(), found.nan() > 0 ? Double.NaN : (Double) found.sum());
                case STATS_OF_FLOATS ->
                    new GroupBy.OfFloats(
                            key,
                            found.count(),
                            found.nan(),
                            (Double) found.sum(),
                            (Double) found.min(),
                            (Double) found.max(),
                            found.mean(),
                            found.stddev());
            };
        }

        /** The answer for a column. */
        Record column(long column, Found found) {
            return switch (this) {
                case ROWS -> throw new IllegalStateException("rows are counted by group, not by column");
                case SUM_OF_INTEGERS -> new ByColumn.SumOfIntegers(column, (BigInteger) found.sum(), found.mean());
                case STATS_OF_INTEGERS ->
                    new ByColumn.OfIntegers(
                            column,
                            found.count(),
                            (BigInteger) found.sum(),
                            (Long) found.min(),
                            (Long) found.max(),
                            found.mean(),
                            found.stddev());
                case SUM_OF_FLOATS ->
                    found.nan() > 0
                            ? new ByColumn.SumOfFloats(column, Double.NaN, Double.NaN)
                            : new ByColumn.SumOfFloats(column, (Double) found.sum(), found.mean());
                case STATS_OF_FLOATS ->
                    new ByColumn.OfFloats(
                            column,
                            found.count(),
                            found.nan(),
                            (Double) found.sum(),
                            (Double) found.min(),
                            (Double) found.max(),
                            found.mean(),
                            found.stddev());
            };
        }
    }

    /**
     * What was found out of a group's numbers. Of sums there are no min, max and stddev; of counted rows there is the count alone.
     *
     * @param count without NaNs
     * @param sum a {@link BigInteger}, or a {@link Double}, without NaNs
     * @param min a {@link Long}, null where there are no numbers, or a {@link Double}
     * @param max the same
     */
    record Found(long count, long nan, Number sum, Number min, Number max, double mean, double stddev) {}

    /** No byte of UTF-8. */
    static final char END = 0xff;

    /** Makes room for so many groups in all. */
    abstract void ensure(int groups);

    /**
     * Adds some rows.
     *
     * @param groups of each row
     * @param values as {@link io.github.forkless.common.column.Column#copy} has them, none of them null
     */
    abstract void add(int[] groups, long[] values, int rows);

    /** Writes what is known of a group. */
    abstract void write(int group, ByteWriter out);

    /** What was found out of a group, from what {@link #write} wrote. */
    abstract Found read(ByteReader in);

    @Override
    public char end() {
        return END;
    }
}
