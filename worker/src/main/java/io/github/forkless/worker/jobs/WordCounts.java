package io.github.forkless.worker.jobs;

import io.github.forkless.common.text.Swar;
import io.github.forkless.common.text.TextHash;
import io.github.forkless.common.value.Packable;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.worker.jobs.texts.HashOrder;
import io.github.forkless.worker.jobs.texts.NumberFigures;
import io.github.forkless.worker.jobs.texts.SortedTexts;
import io.github.forkless.worker.jobs.texts.TextRuns;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * How often each word occurs: a hash table with open addressing over arrays, with no object for a word. They travel, and are
 * merged, as {@link SortedTexts}.
 *
 * <pre>
 *   places    hash of a word -> number of an entry, from 1 on; 0 is a free place
 *   entries   three longs for each word:
 *               key    up to 15 bytes and a space: the first 8 bytes   longer: a hash, with a space in the lowest byte
 *               key2                               the next 8                  where in words, and how long in bytes
 *               count
 *   words     words longer than 15 bytes, little-endian and padded with zeros to whole longs
 * </pre>
 *
 * <p>The space behind a short word tells {@code "a"} from {@code "a\0"}; no word has one as its first byte, so no short
 * word has a long one's key.
 */
public final class WordCounts implements Packable {
    private static final int ENTRY = 3;
    private static final int COUNT = 2;
    private static final int LENGTH_BITS = 31;
    private static final long LENGTH_MASK = (1L << LENGTH_BITS) - 1;

    private static final int FIRST_PLACES = 1 << 12;
    private static final int FIRST_SHIFT = Long.SIZE - 12;

    private int[] places = new int[FIRST_PLACES];
    private int shift = FIRST_SHIFT;
    private long[] entries = new long[ENTRY * FIRST_PLACES / 4];
    private int size;
    private long[] words = new long[64];
    private int wordsUsed;

    /** What has come from others, and is not in the table. */
    private final TextRuns runs = new TextRuns(new WordFigures());

    /** Counts the words of a text that ends with a word's end. */
    void add(ByteBuffer text) {
        int limit = text.limit();
        int at = 0;
        // In words, as long as two of them can be read.
        while (at <= limit - 16) {
            long bytes = text.getLong(at);
            long spaces = Swar.whiteSpace(bytes);
            if (spaces != 0) {
                int length = Long.numberOfTrailingZeros(spaces) >>> 3;
                if (length > 0) {
                    long space = Long.lowestOneBit(spaces) >>> 2; // 0x20 where there is 0x80
                    count(bytes & (space >>> 5) - 1 | space, 0);
                }
                at += length + 1;
                continue;
            }
            long bytes2 = text.getLong(at + 8);
            long spaces2 = Swar.whiteSpace(bytes2);
            if (spaces2 != 0) {
                long space = Long.lowestOneBit(spaces2) >>> 2;
                count(bytes, bytes2 & (space >>> 5) - 1 | space);
                at += 9 + (Long.numberOfTrailingZeros(spaces2) >>> 3);
            } else {
                int end = wordEnd(text, at + 16);
                count(text, at, end - at);
                at = end + 1;
            }
        }
        while (at < limit) {
            int end = wordEnd(text, at);
            if (end > at) {
                count(text, at, end - at);
            }
            at = end + 1;
        }
    }

    private static int wordEnd(ByteBuffer text, int from) {
        int limit = text.limit();
        int at = from;
        for (; at <= limit - Long.BYTES; at += Long.BYTES) {
            long spaces = Swar.whiteSpace(text.getLong(at));
            if (spaces != 0) {
                return at + (Long.numberOfTrailingZeros(spaces) >>> 3);
            }
        }
        while (at < limit && !Swar.isWhiteSpace(text.get(at))) {
            at++;
        }
        return at;
    }

    /** A word that is its own key. */
    private void count(long key, long key2) {
        int mask = places.length - 1;
        for (int place = TextHash.place(key, key2, shift); ; place = place + 1 & mask) {
            int entry = places[place] - 1;
            if (entry < 0) {
                insert(place, key, key2);
                return;
            }
            int at = entry * ENTRY;
            if (entries[at] == key && entries[at + 1] == key2) {
                entries[at + COUNT]++;
                return;
            }
        }
    }

    private void count(ByteBuffer text, int from, int length) {
        if (length <= TextHash.LONGEST_SHORT) {
            long key = word(text, from, Math.min(length, 8));
            long key2 = length < 8 ? 0 : word(text, from + 8, length - 8) | (long) ' ' << (length << 3);
            count(length < 8 ? key | (long) ' ' << (length << 3) : key, key2);
            return;
        }
        long hash = 0;
        int whole = length & -Long.BYTES;
        for (int i = 0; i < whole; i += Long.BYTES) {
            hash = TextHash.mix(hash, text.getLong(from + i));
        }
        hash = TextHash.mix(hash, word(text, from + whole, length - whole) | (long) ' ' << (length - whole << 3));
        long key = TextHash.longKey(hash, ' ');
        int mask = places.length - 1;
        for (int place = TextHash.place(key, length, shift); ; place = place + 1 & mask) {
            int entry = places[place] - 1;
            if (entry < 0) {
                insert(place, key, store(text, from, length));
                return;
            }
            int at = entry * ENTRY;
            if (entries[at] == key && same(entries[at + 1], text, from, length)) {
                entries[at + COUNT]++;
                return;
            }
        }
    }

    /** Up to 8 bytes, the first of them lowest. */
    private static long word(ByteBuffer text, int from, int length) {
        if (from <= text.limit() - Long.BYTES) {
            long bytes = text.getLong(from);
            return length >= 8 ? bytes : bytes & (1L << (length << 3)) - 1;
        }
        long bytes = 0;
        for (int i = 0; i < length; i++) {
            bytes |= (text.get(from + i) & 0xffL) << (i << 3);
        }
        return bytes;
    }

    private static boolean isLong(long key) {
        return (key & 0xff) == ' ';
    }

    private boolean same(long stored, ByteBuffer text, int from, int length) {
        if ((stored & LENGTH_MASK) != length) {
            return false;
        }
        int at = (int) (stored >>> LENGTH_BITS);
        for (int i = 0; i < length; i += Long.BYTES) {
            if (words[at++] != word(text, from + i, Math.min(length - i, 8))) {
                return false;
            }
        }
        return true;
    }

    private long store(ByteBuffer text, int from, int length) {
        int needed = Math.addExact(wordsUsed, (length + 7) / 8);
        if (needed > words.length) {
            words = Arrays.copyOf(words, Math.max(needed, (int) Math.min(Integer.MAX_VALUE - 8, words.length * 2L)));
        }
        long stored = (long) wordsUsed << LENGTH_BITS | length;
        for (int i = 0; i < length; i += Long.BYTES) {
            words[wordsUsed++] = word(text, from + i, Math.min(length - i, 8));
        }
        return stored;
    }

    private void insert(int place, long key, long key2) {
        int at = size * ENTRY;
        if (at == entries.length) {
            entries = Arrays.copyOf(entries, Math.multiplyExact(size + (size >> 1), ENTRY));
        }
        entries[at] = key;
        entries[at + 1] = key2;
        entries[at + COUNT] = 1;
        places[place] = ++size;
        if (size > places.length >> 1) {
            rehash();
        }
    }

    private long hash(int entry) {
        int at = entry * ENTRY;
        long key2 = isLong(entries[at]) ? entries[at + 1] & LENGTH_MASK : entries[at + 1];
        return TextHash.hash(entries[at], key2);
    }

    private void rehash() {
        int bits = places.length < 1 << 20 ? 2 : 1;
        int[] larger = new int[Math.multiplyExact(places.length, 1 << bits)];
        shift -= bits;
        int mask = larger.length - 1;
        for (int entry = 0; entry < size; entry++) {
            int place = (int) (hash(entry) >>> shift);
            while (larger[place] != 0) {
                place = place + 1 & mask;
            }
            larger[place] = entry + 1;
        }
        places = larger;
    }

    void add(WordCounts others) {
        runs.add(others.sorted());
    }

    /** All, out of the table too. */
    private SortedTexts sorted() {
        if (size > 0) {
            runs.add(sortedTable());
            places = new int[FIRST_PLACES];
            shift = FIRST_SHIFT;
            entries = new long[ENTRY * FIRST_PLACES / 4];
            size = 0;
            words = new long[64];
            wordsUsed = 0;
        }
        return runs.merged();
    }

    private SortedTexts sortedTable() {
        long bytes = 0;
        for (int entry = 0; entry < size; entry++) {
            int length = length(entry);
            bytes += varintBytes(length) + length + varintBytes(entries[entry * ENTRY + COUNT]);
        }
        var out = new ByteWriter(0);
        out.claim(bytes); // all the room at once, and no more: words may have hundreds of megabytes
        out.truncate(0);
        for (int place : HashOrder.of(new Places(), size, shift)) {
            int entry = places[place] - 1;
            int length = length(entry);
            out.putVarint(length);
            int at = out.claim(length);
            copy(entry, out.array(), at);
            out.putVarint(entries[entry * ENTRY + COUNT]);
        }
        return SortedTexts.of(out);
    }

    private static int varintBytes(long value) {
        return Math.ceilDiv(Long.SIZE - Long.numberOfLeadingZeros(value | 1), 7);
    }

    private final class Places implements HashOrder.Table {
        @Override
        public boolean isFree(int place) {
            return places[place] == 0;
        }

        @Override
        public long hash(int place) {
            return WordCounts.this.hash(places[place] - 1);
        }

        @Override
        public byte[] text(int place) {
            byte[] word = new byte[length(places[place] - 1)];
            copy(places[place] - 1, word, 0);
            return word;
        }
    }

    private int length(int entry) {
        long key = entries[entry * ENTRY];
        long key2 = entries[entry * ENTRY + 1];
        if (isLong(key)) {
            return (int) (key2 & LENGTH_MASK);
        }
        // The space behind it is the highest byte that is not zero.
        return key2 == 0
                ? Long.BYTES - 1 - (Long.numberOfLeadingZeros(key) >>> 3)
                : 2 * Long.BYTES - 1 - (Long.numberOfLeadingZeros(key2) >>> 3);
    }

    /** Copies a word to {@code to}, from {@code at} on. */
    private void copy(int entry, byte[] to, int at) {
        long key = entries[entry * ENTRY];
        long key2 = entries[entry * ENTRY + 1];
        int length = length(entry);
        int stored = (int) (key2 >>> LENGTH_BITS);
        for (int i = 0; i < length; i += Long.BYTES) {
            long bytes = isLong(key) ? words[stored + (i >>> 3)] : i == 0 ? key : key2;
            for (int end = Math.min(length, i + Long.BYTES), b = i; b < end; b++, bytes >>>= 8) {
                to[at + b] = (byte) bytes;
            }
        }
    }

    /** The {@code n} most frequent words; equally frequent ones in the order of their bytes. */
    List<Top.Word> mostFrequent(int n) {
        // The word that would leave the list first is the queue's head.
        Comparator<Frequent> listed = Frequent::compareTo;
        var best = new PriorityQueue<Frequent>(listed.reversed());
        SortedTexts.Cursor word = sorted().read(new WordFigures());
        while (n > 0 && word.next()) {
            var next = new Frequent(
                    word.array(), word.from(), word.length(), word.figures().getVarint());
            if (best.size() < n) {
                best.add(next);
            } else if (next.compareTo(best.element()) < 0) {
                best.remove();
                best.add(next);
            }
        }
        var list = new ArrayList<Top.Word>(best.size());
        while (!best.isEmpty()) {
            list.add(best.remove().shown());
        }
        return list.reversed();
    }

    /** A word where it is, as it may have hundreds of megabytes. */
    private record Frequent(byte[] array, int from, int length, long count) implements Comparable<Frequent> {
        @Override
        public int compareTo(Frequent other) {
            return count != other.count
                    ? Long.compare(other.count, count)
                    : Arrays.compareUnsigned(
                            array, from, from + length, other.array, other.from, other.from + other.length);
        }

        Top.Word shown() {
            byte[] beginning = Arrays.copyOfRange(array, from, from + Math.min(length, Shown.MOST_BYTES + 1));
            return new Top.Word(Shown.of("word", beginning, length), count);
        }
    }

    @Override
    public Packed packed() {
        return new PackedWords(sorted().toArray());
    }

    private static final class WordFigures extends NumberFigures {
        WordFigures() {
            super(1);
        }

        @Override
        protected void add(long[] sum, long[] more) {
            sum[0] += more[0];
        }

        @Override
        public char end() {
            return ' ';
        }
    }

    /**
     * How {@link WordCounts} travel.
     *
     * @param words as {@link SortedTexts} has them, each with its count
     */
    record PackedWords(byte[] words) implements Packed {
        @Override
        public WordCounts unpacked() {
            var counts = new WordCounts();
            counts.runs.add(SortedTexts.of(words));
            return counts;
        }
    }
}
