package io.github.forkless.worker.jobs.groups;

/** What is known of each group, by its number: arrays, with no object for a group. */
abstract sealed class Figures permits RowCounts, IntegerFigures, FloatFigures {

    /** Makes room for so many groups in all. */
    abstract void ensure(int groups);

    /**
     * Adds some rows.
     *
     * @param groups of each row
     * @param values as {@link io.github.forkless.common.column.Column#copy} has them, none of them null
     */
    abstract void add(int[] groups, long[] values, int rows);

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
}
