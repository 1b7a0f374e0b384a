package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.column.Column;

/** What is known of each group, by its number: arrays, with no object for a group. */
abstract sealed class Figures permits RowCounts, IntegerFigures, FloatFigures {

    /** Makes room for so many groups in all. */
    abstract void ensure(int groups);

    /**
     * Adds some rows.
     *
     * @param groups of each row
     * @param values null if there are none to look at
     */
    abstract void add(int[] groups, int rows, Column values);

    /** Appends what others have of one of their groups. */
    abstract void merge(int group, Figures others, int theirs);

    /** What was found out of a group. */
    abstract Record record(String key, int group);

    /** What they travel as. */
    abstract PackedFigures packed(int groups);

    /** A record. */
    interface PackedFigures {
        Figures unpacked(int groups);
    }

    /** Calls {@link Rows#add} for each row whose value is not null. */
    static void forEachValue(Column values, Rows rows) {
        for (long word = 0; word < values.validity().words(); word++) {
            for (long left = values.validity().word(word); left != 0; left &= left - 1) {
                rows.add((int) (word << 6) + Long.numberOfTrailingZeros(left));
            }
        }
    }

    /** A class for each use, so that its call is compiled into the loop. */
    interface Rows {
        void add(int row);
    }
}
