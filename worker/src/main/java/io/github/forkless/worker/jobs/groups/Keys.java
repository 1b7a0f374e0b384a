package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.TableColumn;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.worker.jobs.texts.HashOrder;

/**
 * Numbers the distinct values of a column, from 0, in the order in which they come: a hash table with open addressing over
 * arrays, with no object for a value. Null is a value, too, which is not in the table. All others are texts: those of {@link
 * LongKeys} have eight bytes, whose order is that of the numbers.
 */
abstract sealed class Keys implements HashOrder.Table permits LongKeys, TextKeys {
    private static final int NONE = -1;
    private static final int FIRST_PLACES = 1 << 8;

    /** Hash of a value to its number plus 1; 0 is a free place. */
    private int[] places = new int[FIRST_PLACES];

    private int shift = Long.SIZE - Integer.numberOfTrailingZeros(FIRST_PLACES);
    private int size;
    private int ofNull = NONE;

    /** None yet, of a column whose {@link io.github.forkless.common.column.ColumnType#accessor} this is. */
    static Keys of(TableColumn column) {
        return isText(column) ? new TextKeys() : new LongKeys();
    }

    /** A key as it is shown. */
    static String shown(TableColumn column, byte[] bytes, int from, int length) {
        return isText(column)
                ? TextKeys.shown(bytes, from, length)
                : ShownKey.of(column, LongKeys.value(bytes, from, length));
    }

    private static boolean isText(TableColumn column) {
        return column.type().accessor().equals("texts");
    }

    /** How many there are. */
    final int size() {
        return size;
    }

    /** The number of null; -1 if it has none. */
    final int ofNull() {
        return ofNull;
    }

    /** Writes the number of the value of each of some rows, {@link GroupTable#RUN} at most. */
    abstract void find(Column column, long from, int rows, int[] numbers);

    /** Writes a value that is not null as {@link io.github.forkless.worker.jobs.texts.SortedTexts} has it. */
    abstract void write(int number, ByteWriter out);

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
        if (size == Integer.MAX_VALUE / 32) { // their figures would not fit an array
            throw new IllegalStateException(
                    "there are more than " + size + " groups; group by a column with fewer values");
        }
        return size++;
    }

    final int place(long hash) {
        return (int) (hash >>> shift);
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
            int place = place(hashOf(number));
            while (places[place] != 0) {
                place = nextPlace(place);
            }
            places[place] = number + 1;
        }
    }

    /** Of a value that is not null, as {@link io.github.forkless.common.text.TextHash} has it. */
    abstract long hashOf(int number);

    /** The places of all that are not null, in the order of {@link io.github.forkless.worker.jobs.texts.SortedTexts}. */
    final int[] sortedPlaces() {
        return HashOrder.of(this, ofNull == NONE ? size : size - 1, shift);
    }

    @Override
    public final boolean isFree(int place) {
        return places[place] == 0;
    }

    @Override
    public final long hash(int place) {
        return hashOf(at(place));
    }
}
