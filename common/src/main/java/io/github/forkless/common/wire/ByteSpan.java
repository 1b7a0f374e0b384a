package io.github.forkless.common.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * Bytes in an array that belongs to somebody else, who says how long they stay what they are; {@link #copy} keeps them.
 *
 * @param array where they are
 * @param from the first one's offset
 * @param length how many they are
 */
public record ByteSpan(byte[] array, int from, int length) implements Content {
    /** What a pipe holds. */
    static final int PIECE_BYTES = 64 << 10;

    static final ByteSpan NOTHING = of(new byte[0]);

    public ByteSpan {
        Objects.checkFromIndexSize(from, length, array.length);
    }

    /** All of {@code array}. */
    public static ByteSpan of(byte[] array) {
        return new ByteSpan(array, 0, array.length);
    }

    /** The same bytes in an array of their own. */
    public byte[] copy() {
        return Arrays.copyOfRange(array, from, from + length);
    }

    /** The same bytes as an array: the one that they are in, if nothing else is, or else one of their own. */
    @Override
    public byte[] toArray() {
        return length == array.length ? array : copy();
    }

    /** Writes them in pieces that the JDK need not make a buffer of megabytes for. */
    void writeTo(OutputStream stream) throws IOException {
        for (int at = 0; at < length; at += PIECE_BYTES) {
            stream.write(array, from + at, Math.min(PIECE_BYTES, length - at));
        }
    }

    /** Reads them from the first on. */
    public ByteReader reader() {
        return new ByteReader(array, from, length);
    }
}
