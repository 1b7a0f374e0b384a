package io.github.forkless.worker.jobs;

import io.github.forkless.common.text.Swar;
import io.github.forkless.common.text.TextHash;
import io.github.forkless.common.value.Packable;
import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * How often each word occurs: a hash table with open addressing over arrays, with no object for a word.
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

    private int[] places = new int[1 << 12];
    private int shift = Long.SIZE - 12;
    private long[] entries = new long[ENTRY << 10];
    private int size;
    private long[] words = new long[64];
    private int wordsUsed;

    /** How many different words there are. */
    int size() {
        return size;
    }

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
                    count(bytes & (space >>> 5) - 1 | space, 0, 1);
                }
                at += length + 1;
                continue;
            }
            long bytes2 = text.getLong(at + 8);
            long spaces2 = Swar.whiteSpace(bytes2);
            if (spaces2 != 0) {
                long space = Long.lowestOneBit(spaces2) >>> 2;
                count(bytes, bytes2 & (space >>> 5) - 1 | space, 1);
                at += 9 + (Long.numberOfTrailingZeros(spaces2) >>> 3);
            } else {
                int end = wordEnd(text, at + 16);
                count(text, at, end - at, 1);
                at = end + 1;
            }
        }
        while (at < limit) {
            int end = wordEnd(text, at);
            if (end > at) {
                count(text, at, end - at, 1);
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
    private void count(long key, long key2, long times) {
        int mask = places.length - 1;
        for (int place = TextHash.place(key, key2, shift); ; place = place + 1 & mask) {
            int entry = places[place] - 1;
            if (entry < 0) {
                insert(place, key, key2, times);
                return;
            }
            int at = entry * ENTRY;
            if (entries[at] == key && entries[at + 1] == key2) {
                entries[at + COUNT] += times;
                return;
            }
        }
    }

    private void count(ByteBuffer text, int from, int length, long times) {
        if (length <= TextHash.LONGEST_SHORT) {
            long key = word(text, from, Math.min(length, 8));
            long key2 = length < 8 ? 0 : word(text, from + 8, length - 8) | (long) ' ' << (length << 3);
            count(length < 8 ? key | (long) ' ' << (length << 3) : key, key2, times);
            return;
        }
        long hash = length;
        for (int i = 0; i < length; i += Long.BYTES) {
            hash = TextHash.mix(hash, word(text, from + i, Math.min(length - i, 8)));
        }
        long key = TextHash.longKey(hash, ' ');
        int mask = places.length - 1;
        for (int place = TextHash.place(key, length, shift); ; place = place + 1 & mask) {
            int entry = places[place] - 1;
            if (entry < 0) {
                insert(place, key, store(text, from, length), times);
                return;
            }
            int at = entry * ENTRY;
            if (entries[at] == key && same(entries[at + 1], text, from, length)) {
                entries[at + COUNT] += times;
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

    private void insert(int place, long key, long key2, long times) {
        int at = size * ENTRY;
        if (at == entries.length) {
            entries = Arrays.copyOf(entries, Math.multiplyExact(size + (size >> 1), ENTRY));
        }
        entries[at] = key;
        entries[at + 1] = key2;
        entries[at + COUNT] = times;
        places[place] = ++size;
        if (size > places.length >> 1) {
            rehash();
        }
    }

    private void rehash() {
        int bits = places.length < 1 << 20 ? 2 : 1;
        int[] larger = new int[Math.multiplyExact(places.length, 1 << bits)];
        shift -= bits;
        int mask = larger.length - 1;
        for (int entry = 0; entry < size; entry++) {
            int at = entry * ENTRY;
            long key2 = isLong(entries[at]) ? entries[at + 1] & LENGTH_MASK : entries[at + 1];
            int place = TextHash.place(entries[at], key2, shift);
            while (larger[place] != 0) {
                place = place + 1 & mask;
            }
            larger[place] = entry + 1;
        }
        places = larger;
    }

    void add(WordCounts others) {
        for (int entry = 0; entry < others.size; entry++) {
            int at = entry * ENTRY;
            if (isLong(others.entries[at])) {
                byte[] word = others.bytes(entry);
                count(ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN), 0, word.length, others.entries[at + COUNT]);
            } else {
                count(others.entries[at], others.entries[at + 1], others.entries[at + COUNT]);
            }
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

    /** Eight bytes of a word, the first of them lowest; zeros where it has fewer. */
    private long eightBytes(int entry, int length, int from) {
        long key = entries[entry * ENTRY];
        long key2 = entries[entry * ENTRY + 1];
        if (from >= length) {
            return 0;
        }
        if (isLong(key)) {
            return words[(int) (key2 >>> LENGTH_BITS) + (from >>> 3)];
        }
        long bytes = from == 0 ? key : key2;
        return length - from >= Long.BYTES ? bytes : bytes & (1L << (length - from << 3)) - 1; // without the space
    }

    private byte[] bytes(int entry) {
        return bytes(entry, Integer.MAX_VALUE);
    }

    /** No more than the first {@code most} bytes of a word. */
    private byte[] bytes(int entry, int most) {
        byte[] word = new byte[Math.min(length(entry), most)];
        copy(entry, word, 0, word.length);
        return word;
    }

    /** Copies the first {@code count} bytes of a word to {@code to}, from {@code at} on. */
    private void copy(int entry, byte[] to, int at, int count) {
        int length = length(entry);
        var out = ByteBuffer.wrap(to).order(ByteOrder.LITTLE_ENDIAN);
        int whole = count & -Long.BYTES;
        for (int i = 0; i < whole; i += Long.BYTES) {
            out.putLong(at + i, eightBytes(entry, length, i));
        }
        long rest = eightBytes(entry, length, whole);
        for (int i = whole; i < count; i++) {
            out.put(at + i, (byte) (rest >>> (i << 3)));
        }
    }

    /** The {@code n} most frequent words; equally frequent ones in the order of their bytes. */
    List<Top.Word> mostFrequent(int n) {
        // The word that would leave the list first is the queue's head.
        Comparator<Integer> listed = this::compare;
        var best = new PriorityQueue<Integer>(listed.reversed());
        for (int entry = 0; entry < size && n > 0; entry++) {
            if (best.size() < n) {
                best.add(entry);
            } else if (compare(entry, best.element()) < 0) {
                best.remove();
                best.add(entry);
            }
        }
        var list = new ArrayList<Top.Word>(best.size());
        while (!best.isEmpty()) {
            int entry = best.remove();
            String word = Shown.of("word", bytes(entry, Shown.MOST_BYTES + 1), length(entry));
            list.add(new Top.Word(word, entries[entry * ENTRY + COUNT]));
        }
        return list.reversed();
    }

    private int compare(int one, int other) {
        int byCount = Long.compare(entries[other * ENTRY + COUNT], entries[one * ENTRY + COUNT]);
        return byCount != 0 ? byCount : compareBytes(one, other);
    }

    /** In place: the words may have hundreds of megabytes. */
    private int compareBytes(int one, int other) {
        int length = length(one);
        int otherLength = length(other);
        for (int from = 0; from < Math.min(length, otherLength); from += Long.BYTES) {
            long bytes = eightBytes(one, length, from);
            long otherBytes = eightBytes(other, otherLength, from);
            if (bytes != otherBytes) {
                return Long.compareUnsigned(Long.reverseBytes(bytes), Long.reverseBytes(otherBytes));
            }
        }
        return Integer.compare(length, otherLength);
    }

    @Override
    public Packed packed() {
        long bytes = 0;
        for (int entry = 0; entry < size; entry++) {
            int length = length(entry);
            bytes += varintBytes(length) + length + varintBytes(entries[entry * ENTRY + COUNT]);
        }
        var out = new ByteWriter(0);
        out.claim(bytes); // all the room at once, and no more: words may have hundreds of megabytes
        out.truncate(0);
        for (int entry = 0; entry < size; entry++) {
            int length = length(entry);
            out.putVarint(length);
            int at = out.claim(length);
            copy(entry, out.array(), at, length);
            out.putVarint(entries[entry * ENTRY + COUNT]);
        }
        return new PackedWords(out.array());
    }

    private static int varintBytes(long value) {
        return Math.ceilDiv(Long.SIZE - Long.numberOfLeadingZeros(value | 1), 7);
    }

    /**
     * How {@link WordCounts} travel.
     *
     * @param words for each word a varint of its length, its bytes, and a varint of its count
     */
    record PackedWords(byte[] words) implements Packed {
        @Override
        public WordCounts unpacked() {
            var counts = new WordCounts();
            var text = ByteBuffer.wrap(words).order(ByteOrder.LITTLE_ENDIAN);
            var in = new ByteReader(words);
            while (in.hasRemaining()) {
                int length = in.getCount(1);
                int at = in.take(length);
                counts.count(text, at, length, in.getVarint());
            }
            return counts;
        }
    }
}
