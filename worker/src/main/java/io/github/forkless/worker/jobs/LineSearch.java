package io.github.forkless.worker.jobs;

import io.github.forkless.common.text.Swar;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the next line that matches. Not safe for use by several threads. */
abstract sealed class LineSearch {
    /** What means something to a regular expression; what no line has; what stands for bytes that are not UTF-8. */
    private static final String SPECIAL = "\\^$.|?*+()[]{}\n\uFFFD";

    /** @throws java.util.regex.PatternSyntaxException when {@code pattern} is not a regular expression */
    static LineSearch of(String pattern) {
        return isPlain(pattern) ? new Bytes(pattern.getBytes(StandardCharsets.UTF_8)) : new Regex(pattern);
    }

    /**
     * The first match that starts at {@code from} or later: a position within the first line that matches, or -1.
     *
     * @param text whole lines, less than 2 GiB - 8 bytes of them
     * @param from where a line starts, before the limit
     */
    abstract int find(ByteBuffer text, int from);

    static String decode(ByteBuffer text, int from, int length) {
        byte[] bytes = new byte[length];
        text.get(from, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Whether the pattern stands for itself, and for the same bytes wherever they are found. */
    private static boolean isPlain(String pattern) {
        for (int i = 0; i < pattern.length(); i++) {
            int c = pattern.codePointAt(i);
            if (SPECIAL.indexOf(c) >= 0 || c <= Character.MAX_VALUE && Character.isSurrogate((char) c)) {
                return false;
            }
            i += Character.charCount(c) - 1;
        }
        return true;
    }

    private static final class Regex extends LineSearch {
        private final Matcher matcher;

        Regex(String pattern) {
            matcher = Pattern.compile(pattern, Pattern.UNIX_LINES).matcher("");
        }

        @Override
        int find(ByteBuffer text, int from) {
            int limit = text.limit();
            int at = from;
            while (at < limit) {
                int end = Swar.newline(text, at);
                if (matcher.reset(decode(text, at, end - at)).find()) {
                    return at;
                }
                at = end + 1;
            }
            return -1;
        }
    }

    /**
     * Bytes that stand for themselves. The two rarest of them are looked for, each where it would lie: a run of text
     * with one loop that compiles to vector code and tells only whether there might be a match, and where there might,
     * eight positions at a time.
     */
    private static final class Bytes extends LineSearch {
        /** Positions that are looked at with one vector loop, a multiple of 8. */
        private static final int RUN = 2048;

        /** Where matches are frequent, the next is near: so many positions are looked at one word at a time first. */
        private static final int NEAR = 128;

        /** What texts consist of, most frequent first; what is missing is rare. */
        private static final String FREQUENT =
                " etaoinsrhldcumfpgwybv,.k-0123\"'\n4567_89/:=xjqzESATICNRLDMOPBFHGUWVYKJX()QZ<>";

        private final byte[] needle;
        private final int first;
        private final int second;
        private final long firstByte;
        private final long secondByte;

        Bytes(byte[] needle) {
            this.needle = needle;
            int rarest = 0;
            for (int i = 1; i < needle.length; i++) {
                rarest = frequency(needle[i]) < frequency(needle[rarest]) ? i : rarest;
            }
            int next = rarest == 0 ? needle.length - 1 : 0;
            for (int i = 0; i < needle.length; i++) {
                next = i != rarest && frequency(needle[i]) < frequency(needle[next]) ? i : next;
            }
            first = rarest;
            second = Math.max(next, 0);
            firstByte = needle.length == 0 ? 0 : (needle[first] & 0xff) * Swar.EACH;
            secondByte = needle.length == 0 ? 0 : (needle[second] & 0xff) * Swar.EACH;
        }

        private static int frequency(byte b) {
            int place = FREQUENT.indexOf(b & 0xff);
            return place < 0 ? 0 : FREQUENT.length() - place;
        }

        @Override
        int find(ByteBuffer text, int from) {
            if (needle.length == 0) {
                return from;
            }
            // Up to here, words can be read at any place of a match.
            int words = text.limit() - needle.length - Long.BYTES;
            int at = from;
            for (int near = Math.min(at + NEAR, words); at < near; at += Long.BYTES) {
                int found = findInWord(text, at);
                if (found >= 0) {
                    return found;
                }
            }
            while (at <= words - RUN) {
                if (mayMatch(text, at)) {
                    for (int end = at + RUN; at < end; at += Long.BYTES) {
                        int found = findInWord(text, at);
                        if (found >= 0) {
                            return found;
                        }
                    }
                } else {
                    at += RUN;
                }
            }
            for (; at < words; at += Long.BYTES) {
                int found = findInWord(text, at);
                if (found >= 0) {
                    return found;
                }
            }
            for (; at <= text.limit() - needle.length; at++) {
                if (isMatch(text, at)) {
                    return at;
                }
            }
            return -1;
        }

        /** Whether one of {@link #RUN} positions may be a match's; if not, none is. */
        private boolean mayMatch(ByteBuffer text, int from) {
            int first = this.first;
            int second = this.second;
            long firstByte = this.firstByte;
            long secondByte = this.secondByte;
            long candidates = 0;
            int to = from + RUN;
            for (int i = from; i < to; i += Long.BYTES) {
                long one = text.getLong(i + first) ^ firstByte;
                long other = text.getLong(i + second) ^ secondByte;
                candidates |= one - Swar.EACH & ~one & other - Swar.EACH & ~other;
            }
            return (candidates & Swar.HIGH) != 0;
        }

        private int findInWord(ByteBuffer text, int from) {
            long candidates = Swar.firstZeros(text.getLong(from + first) ^ firstByte)
                    & Swar.firstZeros(text.getLong(from + second) ^ secondByte);
            while (candidates != 0) {
                int at = from + (Long.numberOfTrailingZeros(candidates) >>> 3);
                if (isMatch(text, at)) {
                    return at;
                }
                candidates &= candidates - 1;
            }
            return -1;
        }

        private boolean isMatch(ByteBuffer text, int at) {
            for (int i = 0; i < needle.length; i++) {
                if (text.get(at + i) != needle[i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
