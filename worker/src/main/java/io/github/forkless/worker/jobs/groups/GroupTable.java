package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.Validity;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.worker.jobs.texts.SortedTexts;

/** The groups of some rows, while rows come. */
final class GroupTable {
    /**
     * Rows that are copied, and looked at by one small loop after another: few, so that these stay within the first-level cache
     * and a call soon enters compiled code. A multiple of 64.
     */
    static final int RUN = 2048;

    private static final byte[] NO_TEXT = {};

    private final Keys keys;
    private final Figures figures;
    /** The group of each row of a run. */
    private final int[] ofRows = new int[RUN];
    /** The number in each row of a run. */
    private final long[] values = new long[RUN];

    /** @param figures of no group yet */
    GroupTable(Keys keys, Figures figures) {
        this.keys = keys;
        this.figures = figures;
    }

    /**
     * Adds rows.
     *
     * @param key of each
     * @param column the number of each; null to count rows
     */
    void add(Column key, Column column) {
        for (long from = 0; from < key.count(); from += RUN) {
            int rows = (int) Math.min(RUN, key.count() - from);
            keys.find(key, from, rows, ofRows);
            figures.ensure(keys.size());
            if (column != null && !(figures instanceof RowCounts)) {
                column.copy(from, rows, values);
            }
            if (column != null && column.hasNulls()) {
                rows = takeOutNulls(column.validity(), from, rows);
            }
            figures.add(ofRows, values, rows);
        }
    }

    /** Returns how many are left. */
    private int takeOutNulls(Validity validity, long from, int rows) {
        int kept = 0;
        for (int row = 0; row < rows; row += Long.SIZE) {
            for (long left = validity.word(from + row >>> 6); left != 0; left &= left - 1) {
                int next = row + Long.numberOfTrailingZeros(left);
                ofRows[kept] = ofRows[next];
                values[kept++] = values[next];
            }
        }
        return kept;
    }

    /** All groups but that of null. */
    SortedTexts sorted() {
        var out = new ByteWriter();
        for (int place : keys.sortedPlaces()) {
            int group = keys.at(place);
            keys.write(group, out);
            figures.write(group, out);
        }
        return SortedTexts.of(out);
    }

    /** The group of null, under a text without bytes; nothing if there is none. */
    SortedTexts ofNull() {
        var out = new ByteWriter();
        if (keys.ofNull() >= 0) {
            SortedTexts.write(out, NO_TEXT, 0, 0);
            figures.write(keys.ofNull(), out);
        }
        return SortedTexts.of(out);
    }
}
