package io.github.forkless.common.text;

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
        return (int) ((key ^ Long.rotateLeft(key2, 25)) * MIX >>> shift);
    }

    private TextHash() {}
}
