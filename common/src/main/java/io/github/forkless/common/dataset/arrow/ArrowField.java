package io.github.forkless.common.dataset.arrow;

import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.TableColumn;

/**
 * What a column is, and what of a record batch is its.
 *
 * @param stored what its buffers have: its values, or their numbers in a dictionary
 * @param form how its buffers have that
 * @param width bytes of a value; of decimals and bytes of one length
 * @param scale of decimals
 * @param node which of the batch's nodes is its
 * @param buffer which of the batch's buffers is its first, if no column before it had any of those that views lead to
 * @param views columns before it that have such buffers
 * @param dictionary which one, where it has one
 * @param values what is in that; null where it has none
 */
record ArrowField(
        TableColumn column,
        ColumnType stored,
        Form form,
        int width,
        int scale,
        int node,
        int buffer,
        int views,
        long dictionary,
        ArrowField values) {

    /** Buffers, behind the one that says which rows are null. */
    enum Form {
        /** Values of one width. */
        FIXED,
        /** A bit for each. */
        BITS,
        /** Where each begins, in 4 bytes; their bytes. */
        OFFSETS32,
        /** Where each begins, in 8 bytes; their bytes. */
        OFFSETS64,
        /** 16 bytes for each; any number of buffers with their bytes. */
        VIEWS,
        /** Whatever: it is not read. */
        OTHER
    }
}
