package io.github.forkless.common.text;

import java.util.function.IntPredicate;

/**
 * Text from elsewhere that is safe to show. To a terminal, some characters are orders: they move the cursor, forge or
 * hide what is on the screen, type for the user, or turn the direction of reading. Such characters are written as escapes,
 * {@code \}{@code u001b}; all others stay.
 */
public final class Printable {

    /** Whether a character is shown as it is. Not a tab and not a newline: what may stand in a text is for its caller. */
    public static boolean isPlain(int codePoint) {
        return !Character.isISOControl(codePoint)
                && !isLineEnd(codePoint)
                && !isBidiControl(codePoint)
                && !isHalf(codePoint);
    }

    /** Separators that are line ends to some terminals and to most editors. */
    private static boolean isLineEnd(int codePoint) {
        return codePoint == 0x2028 || codePoint == 0x2029;
    }

    /** What Unicode calls Bidi_Control: text between them is shown in another order than it is in. */
    private static boolean isBidiControl(int codePoint) {
        return codePoint == 0x061c
                || codePoint == 0x200e
                || codePoint == 0x200f
                || codePoint >= 0x202a && codePoint <= 0x202e
                || codePoint >= 0x2066 && codePoint <= 0x2069;
    }

    /** Half of a surrogate pair, which would be shown as a question mark. */
    private static boolean isHalf(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    /** How a character that is not plain is written. */
    public static String escape(int codePoint) {
        return "\\u" + Integer.toHexString(0x1_0000 | codePoint).substring(1);
    }

    /** {@code text} in one line, with escapes for all that is not plain. */
    public static String line(String text) {
        return escaped(text, Printable::isPlain);
    }

    /** {@code text} with its tabs and newlines, and escapes for all else that is not plain. */
    public static String text(String text) {
        return escaped(text, c -> c == '\t' || c == '\n' || isPlain(c));
    }

    private static String escaped(String text, IntPredicate stays) {
        if (text.codePoints().allMatch(stays)) {
            return text;
        }
        var shown = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (stays.test(c)) {
                shown.appendCodePoint(c);
            } else {
                shown.append(escape(c));
            }
        });
        return shown.toString();
    }

    private Printable() {}
}
