package io.github.forkless.worker.jobs.brc;

import io.github.forkless.common.text.TextHash;
import io.github.forkless.common.wire.ByteWriter;

/**
 * One name and its measurements, in tenths.
 *
 * <p>Its key is that of {@link TextHash}; the second long of a long name's is its length. Such a name is kept as little-endian
 * words: its bytes, the semicolon that ends it, and zeros.
 */
final class Station {
    final long key;
    final long key2;
    /** Null for a name that is its own key. */
    final long[] words;

    final int length;

    long sum;
    long count;
    int min = Integer.MAX_VALUE;
    int max = Integer.MIN_VALUE;

    Station(long key, long key2, long[] words, int length) {
        this.key = key;
        this.key2 = key2;
        this.words = words;
        this.length = length;
    }

    void add(int tenths) {
        sum += tenths;
        count++;
        if (tenths < min) {
            min = tenths;
        }
        if (tenths > max) {
            max = tenths;
        }
    }

    /** As {@link io.github.forkless.worker.jobs.texts.SortedTexts} has them. */
    void write(ByteWriter out) {
        out.putVarint(length);
        int at = out.claim(length);
        copyName(out.array(), at);
        out.putVarint(StationFigures.packed(count, min, max));
        out.putVarint(StationFigures.unsigned(sum));
    }

    private void copyName(byte[] to, int at) {
        for (int i = 0; i < length; i++) {
            to[at + i] = nameByte(i);
        }
    }

    private byte nameByte(int i) {
        long word = length > TextHash.LONGEST_SHORT ? words[i >>> 3] : i < Long.BYTES ? key : key2;
        return (byte) (word >>> (i << 3));
    }

    boolean hasNewline() {
        for (int i = 0; i < length; i++) {
            if (nameByte(i) == '\n') {
                return true;
            }
        }
        return false;
    }

    /** How many words hold a name of {@code length} bytes and its semicolon. */
    static int wordCount(int length) {
        return length / Long.BYTES + 1;
    }

    byte[] name() {
        byte[] bytes = new byte[length];
        copyName(bytes, 0);
        return bytes;
    }
}
