package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.column.Column;
import java.util.Arrays;

/**
 * Numbers the distinct values of a column, from 0, in the order in which they come: a hash table with open addressing over
 * arrays, with no object for a value. Null is a value, too.
 */
abstract sealed class Keys permits LongKeys, TextKeys {
    private static final int NONE = -1;
    private static final int FIRST_PLACES = 1 << 8;
    /** 2^64 divided by the golden ratio: Knuth, The Art of Computer Programming, volume 3, 6.4. */
    private static final long MIX = 0x9E3779B97F4A7C15L;

    /** Hash of a value to its number plus 1; 0 is a free place. */
    private int[] places = new int[FIRST_PLACES];

    private int shift = Long.SIZE - Integer.numberOfTrailingZeros(FIRST_PLACES);
    private int size;
    private int ofNull = NONE;

    /** How many there are. */
    final int size() {
        return size;
    }

    /** The number of null; -1 if it has none. */
    final int ofNull() {
        return ofNull;
    }

    /** Writes the number of the value of each of some rows, {@link Groups#RUN} at most. */
    abstract void find(Column column, long from, int rows, int[] numbers);

    /** The number of a value that others have numbered. */
    abstract int find(Keys others, int number);

    /** All numbers, in the order of their values, null last. */
    abstract Integer[] sorted();

    abstract PackedKeys packed();

    final int numberOfNull() {
        if (ofNull == NONE) {
            ofNull = add();
            addNull();
        }
        return ofNull;
    }

    /** Takes a number that is not in the table. */
    abstract void addNull();

    private int add() {
        if (size == Integer.MAX_VALUE / 16) { // their figures would not fit an array
            throw new IllegalStateException(
                    "there are more than " + size + " groups; group by a column with fewer values");
        }
        return size++;
    }

    final int place(long hash) {
        return (int) (hash * MIX >>> shift);
    }

    final int nextPlace(int place) {
        return place + 1 & places.length - 1;
    }

    /** The number that is at a place; -1 if it is free. */
    final int at(int place) {
        return places[place] - 1;
    }

    /** Takes the next number for the value that was looked for up to this free place. */
    final int insert(int place) {
        int number = add();
        places[place] = size;
        return number;
    }

    /** To be called when the value is stored. */
    final void grow() {
        if (size <= places.length >> 1) {
            return;
        }
        shift--;
        places = new int[Math.multiplyExact(places.length, 2)];
        for (int number = 0; number < size; number++) {
            if (number == ofNull) {
                continue;
            }
            int place = place(hash(number));
            while (places[place] != 0) {
                place = nextPlace(place);
            }
            places[place] = number + 1;
        }
    }

    /** Of a value that is not null. */
    abstract long hash(int number);

    final Integer[] numbers() {
        Integer[] numbers = new Integer[size];
        Arrays.setAll(numbers, number -> number);
        return numbers;
    }

    /**
     * What keys travel as.
     *
     * @param longs values of {@link LongKeys}; of {@link TextKeys} where each text ends
     * @param texts null for {@link LongKeys}
     */
    record PackedKeys(long[] longs, byte[] texts, int ofNull) {

        Keys unpacked() {
            if (ofNull < NONE || ofNull >= longs.length) {
                throw new IllegalArgumentException("the key " + ofNull + " of " + longs.length + " cannot be null");
            }
            return texts == null ? LongKeys.of(longs, ofNull) : TextKeys.of(longs, texts, ofNull);
        }
    }
}
