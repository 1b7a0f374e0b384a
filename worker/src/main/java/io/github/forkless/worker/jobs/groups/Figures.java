package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.worker.jobs.texts.TextFigures;

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
    }

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
    abstract Record record(String key, ByteReader in);

    @Override
    public char end() {
        return END;
    }
}
