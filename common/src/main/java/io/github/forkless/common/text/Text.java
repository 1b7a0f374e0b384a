package io.github.forkless.common.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Strings as bytes: UTF-8, and for half of a surrogate pair that stands alone the three bytes that UTF-8's scheme has for
 * it. Java's own encoder puts a question mark there, so that two strings which differ would arrive as one.
 */
public final class Text {
    private static final char REPLACEMENT = '\ufffd';

    /**
     * Like {@link String#format(String, Object...)}, and the same for everyone: where the locale is that of an Arab or a
     * Persian, that method writes other digits, and a comma for a point in half of the world.
     */
    public static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    /** The bytes that {@link #decode} makes the same string of, whatever is in it. */
    public static byte[] encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return hasQuestionMark(bytes) && hasLoneSurrogate(text) ? encodeWithSurrogates(text) : bytes;
    }

    /**
     * The string that {@link #encode} made these bytes of.
     *
     * @return null when it has not made them
     */
    public static String decode(byte[] bytes, int from, int length) {
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        // It was there before, or replaces half of a surrogate pair or bytes that are no text.
        String decoded = decodeWithSurrogates(bytes, from, length);
        byte[] again = encode(decoded);
        return Arrays.equals(bytes, from, from + length, again, 0, again.length) ? decoded : null;
    }

    /**
     * The first {@code most} characters of a text that is longer, and three dots. No character is cut.
     *
     * @param most UTF-16 units, 1 or more
     */
    public static String shortened(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        boolean cutsPair =
                Character.isHighSurrogate(text.charAt(most - 1)) && Character.isLowSurrogate(text.charAt(most));
        return text.substring(0, cutsPair ? most - 1 : most) + "...";
    }

    /** A message that may quote anything, as one line: cut as {@link #shortened} does, with dots for control characters. */
    public static String oneLine(String message, int most) {
        return shortened(message, most).replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]", ".");
    }

    /** The same with lone surrogates as escapes, {@code \\ud800}, as JSON and Java have them: what is left is UTF-8. */
    public static String escaped(String text) {
        if (!hasLoneSurrogate(text)) {
            return text;
        }
        var escaped = new StringBuilder(text.length() + 5);
        int from = 0;
        for (int at = loneSurrogate(text, 0); at < text.length(); at = loneSurrogate(text, from)) {
            escaped.append(text, from, at).append(Text.format("\\u%04x", (int) text.charAt(at)));
            from = at + 1;
        }
        return escaped.append(text, from, text.length()).toString();
    }

    private static boolean hasQuestionMark(byte[] bytes) {
        for (byte b : bytes) {
            if (b == '?') {
                return true;
            }
        }
        return false;
    }

    private static boolean hasLoneSurrogate(String text) {
        return loneSurrogate(text, 0) < text.length();
    }

    /** Where the next one is from {@code start} on; the text's length if there is none. */
    private static int loneSurrogate(String text, int start) {
        int length = text.length();
        int i = start;
        while (i < length) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                i++;
            } else if (i + 1 < length && Character.isSurrogatePair(c, text.charAt(i + 1))) {
                i += 2;
            } else {
                return i;
            }
        }
        return length;
    }

    private static byte[] encodeWithSurrogates(String text) {
        var bytes = new ByteArrayOutputStream(text.length() + text.length() / 2);
        int from = 0;
        while (from < text.length()) {
            int lone = loneSurrogate(text, from);
            bytes.writeBytes(text.substring(from, lone).getBytes(StandardCharsets.UTF_8));
            if (lone < text.length()) {
                char c = text.charAt(lone);
                bytes.write(0xe0 | c >> 12);
                bytes.write(0x80 | c >> 6 & 0x3f);
                bytes.write(0x80 | c & 0x3f);
            }
            from = lone + 1;
        }
        return bytes.toByteArray();
    }

    private static String decodeWithSurrogates(byte[] bytes, int start, int length) {
        var text = new StringBuilder(length);
        int end = start + length;
        int from = start;
        for (int i = start; i + 2 < end; i++) {
            if ((bytes[i] & 0xff) == 0xed && (bytes[i + 1] & 0xe0) == 0xa0 && (bytes[i + 2] & 0xc0) == 0x80) {
                text.append(new String(bytes, from, i - from, StandardCharsets.UTF_8));
                text.append((char) (0xd000 | (bytes[i + 1] & 0x3f) << 6 | bytes[i + 2] & 0x3f));
                i += 2;
                from = i + 1;
            }
        }
        return text.append(new String(bytes, from, end - from, StandardCharsets.UTF_8))
                .toString();
    }

    private Text() {}
}
