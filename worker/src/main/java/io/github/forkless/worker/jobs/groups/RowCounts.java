package io.github.forkless.worker.jobs.groups;

import java.util.Arrays;

/** How many rows each group has, or how many values that are not null. */
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
    void merge(int group, Figures others, int theirs) {
        counts[group] += ((RowCounts) others).counts[theirs];
    }

    @Override
    Record record(String key, int group) {
        return new GroupBy.Count(key, counts[group]);
    }

    @Override
    PackedFigures packed(int groups) {
        return new PackedCounts(Arrays.copyOf(counts, groups));
    }

    record PackedCounts(long[] counts) implements PackedFigures {
        @Override
        public Figures unpacked(int groups) {
            if (counts.length != groups) {
                throw new IllegalArgumentException(counts.length + " counts of " + groups + " groups");
            }
            var figures = new RowCounts();
            figures.counts = counts;
            return figures;
        }
    }
}
