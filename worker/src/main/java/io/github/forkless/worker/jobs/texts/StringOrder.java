package io.github.forkless.worker.jobs.texts;

import java.util.Arrays;

/**
 * Sorts texts as Java sorts strings, or by their bytes, in place and without an object for each: quicksort by seven bytes at a time, see J. L.
 * Bentley and R. Sedgewick, "Fast Algorithms for Sorting and Searching Strings", 1997.
 */
public final class StringOrder {
    private static final int BYTES_AT_ONCE = Long.BYTES - 1;
    private static final int FEW = 16;

    private final SortedTexts.Cursor text;
    private final boolean isOfStrings;
    /** Where each text is. */
    private final int[] starts;
    /** Of each text seven bytes, the first of them highest, and in the lowest byte how many of these it has. */
    private final long[] keys;

    private StringOrder(SortedTexts.Cursor text, boolean isOfStrings, int count) {
        this.text = text;
        this.isOfStrings = isOfStrings;
        this.starts = new int[count];
        this.keys = new long[count];
    }

    /**
     * Where each text is, in the order of strings.
     *
     * @param texts which are UTF-8, from the first on
     */
    public static int[] of(SortedTexts.Cursor texts) {
        return of(texts, true);
    }

    /**
     * Where each text is, in the order of their bytes, unsigned.
     *
     * @param texts from the first on
     */
    public static int[] ofBytes(SortedTexts.Cursor texts) {
        return of(texts, false);
    }

    private static int[] of(SortedTexts.Cursor texts, boolean isOfStrings) {
        int count = 0;
        while (texts.next()) {
            count++;
        }
        var order = new StringOrder(texts, isOfStrings, count);
        texts.moveToStart();
        for (int i = 0; i < count; i++) {
            texts.next();
            order.starts[i] = texts.start();
            order.keys[i] = order.key(0);
        }
        order.sort(0, count, 0);
        return order.starts;
    }

    /** Of where the text is now. */
    private long key(int depth) {
        int count = Math.clamp(text.length() - depth, 0, BYTES_AT_ONCE);
        byte[] bytes = text.array();
        int from = text.from() + depth;
        long key = 0;
        for (int i = 0; i < count; i++) {
            key |= (long) inOrder(bytes[from + i] & 0xff, isOfStrings) << (Long.SIZE - 8 - (i << 3));
        }
        return key | count;
    }

    /** In UTF-16 characters beyond U+FFFF, which begin with F0 to F4, are before those from U+E000 on, with EE or EF. */
    private static int inOrder(int b, boolean isOfStrings) {
        return !isOfStrings || b < 0xee ? b : b < 0xf0 ? b + 5 : b - 2;
    }

    private long keyOf(int start, int depth) {
        text.moveTo(start);
        return key(depth);
    }

    private void sort(int from, int to, int depth) {
        int first = from;
        int end = to;
        int at = depth;
        while (end - first > FEW) {
            long pivot = pivot(first, end);
            int less = first;
            int greater = end;
            for (int i = first; i < greater; ) {
                int order = Long.compareUnsigned(keys[i], pivot);
                if (order < 0) {
                    swap(less++, i++);
                } else if (order > 0) {
                    swap(i, --greater);
                } else {
                    i++;
                }
            }
            sort(first, less, at);
            sort(greater, end, at);
            if ((pivot & 0xff) < BYTES_AT_ONCE) {
                return; // there is only one that ends so
            }
            at += BYTES_AT_ONCE;
            first = less;
            end = greater;
            for (int i = first; i < end; i++) {
                keys[i] = keyOf(starts[i], at);
            }
        }
        sortFew(first, end, at);
    }

    private long pivot(int first, int end) {
        long[] some = {keys[first], keys[first + (end - first) / 2], keys[end - 1]};
        for (int i = 0; i < some.length; i++) {
            some[i] ^= Long.MIN_VALUE; // for signed numbers to be in the order of unsigned ones
        }
        Arrays.sort(some);
        return some[1] ^ Long.MIN_VALUE;
    }

    private void swap(int one, int other) {
        int start = starts[one];
        starts[one] = starts[other];
        starts[other] = start;
        long key = keys[one];
        keys[one] = keys[other];
        keys[other] = key;
    }

    private void sortFew(int first, int end, int depth) {
        for (int i = first + 1; i < end; i++) {
            for (int at = i; at > first && isBefore(at, at - 1, depth); at--) {
                swap(at, at - 1);
            }
        }
    }

    private boolean isBefore(int one, int other, int depth) {
        long key = keys[one];
        long otherKey = keys[other];
        for (int at = depth + BYTES_AT_ONCE; key == otherKey && (key & 0xff) == BYTES_AT_ONCE; at += BYTES_AT_ONCE) {
            key = keyOf(starts[one], at);
            otherKey = keyOf(starts[other], at);
        }
        return Long.compareUnsigned(key, otherKey) < 0;
    }
}
