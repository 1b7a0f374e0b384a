package io.github.forkless.common.dataset;

import io.github.forkless.common.column.Column;

/** Where in a mapped table its rows are: in batches, of which each has all values of a column in one place. Safe for use by several threads. */
interface TableRows {
    /** How many batches there are. */
    int batches();

    /** The first row of a batch; of the number of batches, the number of rows. */
    long firstRow(int batch);

    /** The batch that a row is in. */
    int batchOf(long row);

    /**
     * Some rows of a column.
     *
     * @param column which one, of a type that is read
     * @param from the first row, counted from the batch's first
     * @param to one past the last
     * @throws DatasetException if the file does not have them as it says
     */
    Column column(int column, int batch, long from, long to);
}
