package io.github.forkless.common.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Where a text is looked for in a hash table. Two longs are its key. Of up to 15 bytes these are its bytes, little-endian,
 * with the byte that ends it and zeros behind; so no table has to compare such a text. Of more bytes they are a hash, and
 * what the table makes of it.
 */
public final class TextHash {
    /** The longest text that is its own key: with the byte that ends it, it fits two words. */
    public static final int LONGEST_SHORT = 15;

    /** 2^64 divided by the golden ratio: Knuth, The Art of Computer Programming, volume 3, 6.4. */
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The hash of a text that goes on with {@code word}, after that of what was before it. */
    public static long mix(long hash, long word) {
        return Long.rotateLeft((hash ^ word) * MIX, 29);
    }

    /**
     * The key of a long text, from the hash of its words.
     *
     * @param end the byte that ends texts. None starts with it, so that this is no short text's key.
     */
    public static long longKey(long hash, char end) {
        return hash << 8 | end;
    }

    /** Where a text with this key is looked for first, in a table of 2^(64 - shift) places. */
    public static int place(long key, long key2, int shift) {
        return (int) (hash(key, key2) >>> shift);
    }

    /** Unsigned, and so in the order of places in a table of any size. */
    public static long hash(long key, long key2) {
        return (key ^ Long.rotateLeft(key2, 25)) * MIX;
    }

    /**
     * The {@link #hash} of a text that lies in {@code bytes}, where the second long of a long text's key is its length.
     *
     * @param end the byte that ends texts, which need not be there
     */
    public static long hash(byte[] bytes, int from, int length, char end) {
        if (length < Long.BYTES) {
            return hash(lastWord(bytes, from, length, end), 0);
        }
        if (length <= LONGEST_SHORT) {
            return hash((long) LONG.get(bytes, from), lastWord(bytes, from + Long.BYTES, length - Long.BYTES, end));
        }
        long hash = 0;
        int whole = length & -Long.BYTES;
        for (int i = 0; i < whole; i += Long.BYTES) {
            hash = mix(hash, (long) LONG.get(bytes, from + i));
        }
        return hash(longKey(mix(hash, lastWord(bytes, from + whole, length - whole, end)), end), length);
    }

    /** Fewer than 8 bytes, and what ends them. */
    private static long lastWord(byte[] bytes, int from, int length, char end) {
        long word = (long) end << (length << 3);
        if (from <= bytes.length - Long.BYTES) {
            return word | (long) LONG.get(bytes, from) & (1L << (length << 3)) - 1;
        }
        for (int i = 0; i < length; i++) {
            word |= (bytes[from + i] & 0xffL) << (i << 3);
        }
        return word;
    }

    private TextHash() {}
}
