package io.github.forkless.worker.jobs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A line or a word of the data in an answer: whole, unless it is very long. */
final class Shown {
    /** What is longer is cut, and followed by a note of how long it is. */
    static final int MOST_BYTES = 64 << 10;

    /**
     * Decoded as UTF-8, with U+FFFD in place of bytes that are not.
     *
     * @param what the line or the word, to be named where it is cut
     */
    static String of(String what, ByteBuffer text, int from, int length) {
        if (length <= MOST_BYTES) {
            return LineSearch.decode(text, from, length);
        }
        int end = MOST_BYTES;
        while (end > MOST_BYTES - 3 && (text.get(from + end) & 0xc0) == 0x80) { // no character is cut
            end--;
        }
        return LineSearch.decode(text, from, end) + "... (cut: the " + what + " has " + length + " bytes)";
    }

    /** @param start all of it, or of what is too long to be shown whole at least a byte more than is shown */
    static String of(String what, byte[] start, int length) {
        return length <= MOST_BYTES
                ? new String(start, StandardCharsets.UTF_8)
                : of(what, ByteBuffer.wrap(start), 0, length);
    }

    private Shown() {}
}
