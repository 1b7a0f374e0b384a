package io.github.forkless.common.text;

import java.nio.ByteBuffer;

/**
 * Eight bytes of text at a time, little-endian in a long. What these return has the highest bit of every byte set that
 * was looked for, and no other (see Bit Twiddling Hacks, "haszero"): {@code numberOfTrailingZeros(found) >>> 3} is where the first one lies.
 */
public final class Swar {
    /** A 1 in every byte: {@code '\n' * EACH} has newlines. */
    public static final long EACH = 0x0101010101010101L;

    /** The highest bit of every byte. */
    public static final long HIGH = 0x80 * EACH;

    private static final long LOW = 0x7f * EACH;

    private Swar() {}

    /** Bytes that are 0. Exact, unlike {@link #firstZeros}: no borrow runs from one byte into the next. */
    public static long zeros(long bytes) {
        return ~((bytes & LOW) + LOW | bytes | LOW);
    }

    /** Like {@link #zeros}, cheaper; above the first 0 there may be bytes that are 1. */
    public static long firstZeros(long bytes) {
        return bytes - EACH & ~bytes & HIGH;
    }

    /** Bytes above {@code low} and below {@code high}, both from 0 to 128. */
    public static long between(long bytes, int low, int high) {
        long sevenBits = bytes & LOW;
        long aboveLow = sevenBits + (0x7f - low) * EACH;
        long belowHigh = (0x7f + high) * EACH - sevenBits;
        return ~bytes & aboveLow & belowHigh & HIGH;
    }

    /** The white space of the C locale: tab, newline, vertical tab, form feed, carriage return, space. */
    public static long whiteSpace(long bytes) {
        return zeros(bytes ^ ' ' * EACH) | between(bytes, '\t' - 1, '\r' + 1);
    }

    public static boolean isWhiteSpace(int b) {
        return b == ' ' || b >= '\t' && b <= '\r';
    }

    /** Where the first newline from {@code from} on is; the limit if there is none. */
    public static int newline(ByteBuffer text, int from) {
        int limit = text.limit();
        int at = from;
        for (; at <= limit - Long.BYTES; at += Long.BYTES) {
            long found = firstZeros(text.getLong(at) ^ '\n' * EACH);
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (at < limit && text.get(at) != '\n') {
            at++;
        }
        return at;
    }
}
