package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.column.Column;
import java.util.Arrays;
import java.util.Comparator;

/** Keys that a long holds: integers, truth values, dates, times. */
final class LongKeys extends Keys {
    private long[] values = new long[64];
    private final long[] run = new long[Groups.RUN];

    static LongKeys of(long[] values, int ofNull) {
        var keys = new LongKeys();
        for (int number = 0; number < values.length; number++) {
            int found = number == ofNull ? keys.numberOfNull() : keys.find(values[number]);
            if (found != number) {
                throw new IllegalArgumentException("the key " + values[number] + " is there twice");
            }
        }
        return keys;
    }

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
        for (int place = place(value); ; place = nextPlace(place)) {
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
    int find(Keys others, int number) {
        return number == others.ofNull() ? numberOfNull() : find(((LongKeys) others).values[number]);
    }

    long value(int number) {
        return values[number];
    }

    @Override
    long hash(int number) {
        return values[number];
    }

    @Override
    Integer[] sorted() {
        Integer[] numbers = numbers();
        Arrays.sort(
                numbers,
                Comparator.comparing((Integer number) -> number == ofNull())
                        .thenComparingLong(number -> values[number]));
        return numbers;
    }

    @Override
    PackedKeys packed() {
        return new PackedKeys(Arrays.copyOf(values, size()), null, ofNull());
    }
}
