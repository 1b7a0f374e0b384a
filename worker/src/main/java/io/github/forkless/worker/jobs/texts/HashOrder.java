package io.github.forkless.worker.jobs.texts;

/**
 * Sorts the texts of a hash table with open addressing. They are nearly in order there: each is at its place, or as far behind
 * it as there are others, so that inserting each among those before it takes little.
 */
public final class HashOrder {
    private final Table table;
    private final long[] hashes;
    private final int[] places;
    private int size;

    /** A table of 2^(64 - {@code shift}) places, some of them free. */
    public interface Table {
        boolean isFree(int place);

        /** Of the text at a place: {@link io.github.forkless.common.text.TextHash#hash}. */
        long hash(int place);

        byte[] text(int place);
    }

    private HashOrder(Table table, int count) {
        this.table = table;
        this.hashes = new long[count];
        this.places = new int[count];
    }

    /** The places that are not free, in the order of hashes that {@link SortedTexts} has. */
    public static int[] of(Table table, int count, int shift) {
        var order = new HashOrder(table, count);
        int all = 1 << Long.SIZE - shift;
        for (int place = 0; place < all; place++) {
            if (!table.isFree(place) && !order.isFromTheEnd(place, shift)) {
                order.insert(place);
            }
        }
        for (int place = 0; order.size < count; place++) {
            if (order.isFromTheEnd(place, shift)) {
                order.insert(place);
            }
        }
        return order.places;
    }

    /** Whether a text had to go to the table's start because there was no room at its end. */
    private boolean isFromTheEnd(int place, int shift) {
        return table.hash(place) >>> shift > place;
    }

    private void insert(int place) {
        long hash = table.hash(place);
        int at = size++;
        while (at > 0 && isBefore(hash, place, at - 1)) {
            hashes[at] = hashes[at - 1];
            places[at] = places[at - 1];
            at--;
        }
        hashes[at] = hash;
        places[at] = place;
    }

    private boolean isBefore(long hash, int place, int at) {
        if (hash != hashes[at]) {
            return Long.compareUnsigned(hash, hashes[at]) < 0;
        }
        byte[] text = table.text(place);
        byte[] other = table.text(places[at]);
        return SortedTexts.compareTies(text, 0, text.length, other, 0, other.length) < 0;
    }
}
