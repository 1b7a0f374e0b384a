package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;
import java.util.Arrays;

/** How many rows each group has, or how many values that are not null: a varint. */
final class RowCounts extends Figures {
    private long[] counts = new long[0];

    @Override
    void ensure(int groups) {
        if (groups > counts.length) {
            counts = Arrays.copyOf(counts, groups + (groups >> 1));
        }
    }

    @Override
    void add(int[] groups, long[] values, int rows) {
        add(groups, rows, counts);
    }

    private static void add(int[] groups, int rows, long[] counts) {
        for (int row = 0; row < rows; row++) {
            counts[groups[row]]++;
        }
    }

    @Override
    void write(int group, ByteWriter out) {
        out.putVarint(counts[group]);
    }

    @Override
    public void skip(ByteReader in) {
        in.getVarint();
    }

    @Override
    public void merge(ByteReader one, ByteReader other, ByteWriter to) {
        to.putVarint(one.getVarint() + other.getVarint());
    }

    @Override
    Found read(ByteReader in) {
        return new Found(in.getVarint(), 0, null, null, null, Double.NaN, Double.NaN);
    }
}
