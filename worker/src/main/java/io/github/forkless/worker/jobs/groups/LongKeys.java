package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.column.Column;
import io.github.forkless.common.text.TextHash;
import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;
import java.util.Arrays;

/** Keys that a long holds: integers, truth values, dates, times. */
final class LongKeys extends Keys {
    private final long[] run = new long[GroupTable.RUN];
    private long[] values = new long[64];

    @Override
    void find(Column column, long from, int rows, int[] numbers) {
        column.copy(from, rows, run);
        if (column.hasNulls()) {
            for (int row = 0; row < rows; row++) {
                numbers[row] = column.isNull(from + row) ? numberOfNull() : find(run[row]);
            }
        } else {
            for (int row = 0; row < rows; row++) {
                numbers[row] = find(run[row]);
            }
        }
    }

    private int find(long value) {
        for (int place = place(hashOf(value)); ; place = nextPlace(place)) {
            int number = at(place);
            if (number < 0) {
                return insert(place, value);
            }
            if (values[number] == value) {
                return number;
            }
        }
    }

    private int insert(int place, long value) {
        int number = insert(place);
        store(number, value);
        grow();
        return number;
    }

    private void store(int number, long value) {
        if (number == values.length) {
            values = Arrays.copyOf(values, number + (number >> 1));
        }
        values[number] = value;
    }

    @Override
    void addNull() {
        store(ofNull(), 0);
    }

    @Override
    long hashOf(int number) {
        return hashOf(values[number]);
    }

    private static long hashOf(long value) {
        return TextHash.hash(word(value), Figures.END);
    }

    /** The bytes of its text, as a little-endian long: the highest first, and negative numbers before others. */
    private static long word(long value) {
        return Long.reverseBytes(value ^ Long.MIN_VALUE);
    }

    @Override
    void write(int number, ByteWriter out) {
        out.putVarint(Long.BYTES);
        out.putLong(word(values[number]));
    }

    static long value(byte[] bytes, int from, int length) {
        return Long.reverseBytes(new ByteReader(bytes, from, length).getLong()) ^ Long.MIN_VALUE;
    }

    @Override
    public byte[] text(int place) {
        var out = new ByteWriter(Long.BYTES);
        out.putLong(word(values[at(place)]));
        return out.toByteArray();
    }
}
