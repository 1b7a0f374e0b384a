package io.github.forkless.importer;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads values from bytes of text. The JDK's own ways are several times slower. What is strict also refuses what would be another
 * text when it is written again: {@code 007}, and whole numbers that a double has not.
 */
final class CsvValue {
    private static final double[] POWERS = new double[23];
    /** Doubles have all whole numbers up to this. */
    private static final long MOST_EXACT = 1L << 53;

    private static final int MOST_DIGITS = 18;

    private static final int[] DAYS_OF_MONTHS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private long integer;
    private double number;
    private long seconds;
    private int nanos;
    private boolean isZoned;

    private int at;

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    /** What was read last. */
    long integer() {
        return integer;
    }

    double number() {
        return number;
    }

    /** Of a time since 1970, in UTC if it {@link #isZoned}. */
    long seconds() {
        return seconds;
    }

    int nanos() {
        return nanos;
    }

    boolean isZoned() {
        return isZoned;
    }

    boolean readInteger(byte[] text, int from, int to, boolean isStrict) {
        int i = from;
        boolean isNegative = i < to && text[i] == '-';
        if (isNegative || i < to && text[i] == '+' && !isStrict) {
            i++;
        }
        if (i == to || isStrict && text[i] == '0' && (i + 1 < to || isNegative)) {
            return false;
        }
        long value = 0; // negative: there is one more of those
        for (; i < to; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9 || value < Long.MIN_VALUE / 10 || value * 10 < Long.MIN_VALUE + digit) {
                return false;
            }
            value = value * 10 - digit;
        }
        integer = isNegative ? value : -value;
        return isNegative || value != Long.MIN_VALUE;
    }

    boolean readNumber(byte[] text, int from, int to, boolean isStrict) {
        int i = from;
        boolean isNegative = i < to && text[i] == '-';
        if (isNegative || i < to && text[i] == '+') {
            i++;
        }
        int first = i;
        long mantissa = 0;
        int digits = 0;
        int exponent = 0;
        boolean isWhole = true;
        for (; i < to && text[i] >= '0' && text[i] <= '9'; i++) {
            mantissa = digits < MOST_DIGITS ? mantissa * 10 + (text[i] - '0') : mantissa;
            digits += digits > 0 || text[i] != '0' ? 1 : 0;
        }
        int whole = i - first;
        int fraction = 0;
        if (i < to && text[i] == '.') {
            isWhole = false;
            for (i++; i < to && text[i] >= '0' && text[i] <= '9'; i++) {
                mantissa = digits < MOST_DIGITS ? mantissa * 10 + (text[i] - '0') : mantissa;
                digits += digits > 0 || text[i] != '0' ? 1 : 0;
                fraction++;
            }
        }
        if (whole + fraction == 0) {
            return readSpecial(text, first, to, isNegative);
        }
        if (i < to && (text[i] == 'e' || text[i] == 'E')) {
            isWhole = false;
            i++;
            boolean isDown = i < to && text[i] == '-';
            i += isDown || i < to && text[i] == '+' ? 1 : 0;
            int start = i;
            for (; i < to && text[i] >= '0' && text[i] <= '9'; i++) {
                exponent = Math.min(exponent * 10 + (text[i] - '0'), 100_000);
            }
            if (i == start) {
                return false;
            }
            exponent = isDown ? -exponent : exponent;
        }
        if (i < to
                || isStrict && whole > 1 && text[first] == '0'
                || isStrict && isWhole && (digits > MOST_DIGITS || mantissa > MOST_EXACT)) {
            return false;
        }
        exponent -= fraction;
        if (digits <= MOST_DIGITS && mantissa <= MOST_EXACT && exponent > -POWERS.length && exponent < POWERS.length) {
            // Both are exact, and so the one rounding is right.
            double value = exponent < 0 ? mantissa / POWERS[-exponent] : mantissa * POWERS[exponent];
            number = isNegative ? -value : value;
        } else {
            number = Double.parseDouble(new String(text, from, to - from, StandardCharsets.ISO_8859_1));
        }
        return true;
    }

    private boolean readSpecial(byte[] text, int from, int to, boolean isNegative) {
        if (to - from != 3 && to - from != 8) {
            return false;
        }
        switch (new String(text, from, to - from, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT)) {
            case "nan" -> number = Double.NaN;
            case "inf", "infinity" -> number = isNegative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            default -> {
                return false;
            }
        }
        return true;
    }

    boolean readBoolean(byte[] text, int from, int to) {
        integer = is("true", text, from, to) ? 1 : 0;
        return integer == 1 || is("false", text, from, to);
    }

    private static boolean is(String word, byte[] text, int from, int to) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if ((text[i] | ' ') != word.charAt(i - from)) {
                return false;
            }
        }
        return true;
    }

    /** {@code 2026-11-30}. */
    boolean readDate(byte[] text, int from, int to) {
        return to - from == 10 && readDay(text, from);
    }

    /** {@code 2026-11-30 06:50}, or with a T, seconds, up to nine digits of a fraction, Z or {@code +01:00}. */
    boolean readTime(byte[] text, int from, int to) {
        if (to - from < 16 || !readDay(text, from) || text[from + 10] != ' ' && text[from + 10] != 'T') {
            return false;
        }
        int hour = two(text, from + 11, to, 23);
        int minute = text[from + 13] == ':' ? two(text, from + 14, to, 59) : -1;
        int second = 0;
        at = from + 16;
        nanos = 0;
        if (at < to && text[at] == ':') {
            second = two(text, at + 1, to, 59);
            at += 3;
            if (second >= 0 && at < to && text[at] == '.') {
                int digits = 0;
                for (at++; at < to && text[at] >= '0' && text[at] <= '9'; at++) {
                    nanos = nanos * 10 + (text[at] - '0');
                    if (++digits > 9) {
                        return false;
                    }
                }
                nanos *= (int) POWERS[9 - digits];
            }
        }
        if (hour < 0 || minute < 0 || second < 0) {
            return false;
        }
        seconds = integer * 86_400 + hour * 3600 + minute * 60 + second;
        return readZone(text, to);
    }

    private boolean readZone(byte[] text, int to) {
        isZoned = at < to;
        if (!isZoned || at + 1 == to && text[at] == 'Z') {
            return true;
        }
        int sign = text[at] == '+' ? 1 : text[at] == '-' ? -1 : 0;
        int hours = two(text, at + 1, to, 18);
        int colon = at + 3 < to && text[at + 3] == ':' ? 1 : 0;
        int minutes = at + 3 == to ? 0 : two(text, at + 3 + colon, to, 59);
        int length = at + 3 == to ? 3 : 5 + colon;
        seconds -= sign * (hours * 3600L + minutes * 60L);
        return sign != 0 && hours >= 0 && minutes >= 0 && at + length == to;
    }

    /** Two digits; negative if they are not there, or are more. */
    private static int two(byte[] text, int at, int to, int most) {
        if (at + 2 > to || text[at] < '0' || text[at] > '9' || text[at + 1] < '0' || text[at + 1] > '9') {
            return -1;
        }
        int value = (text[at] - '0') * 10 + text[at + 1] - '0';
        return value <= most ? value : -1;
    }

    private boolean readDay(byte[] text, int from) {
        int high = two(text, from, from + 2, 99);
        int low = two(text, from + 2, from + 4, 99);
        int month = two(text, from + 5, from + 7, 12);
        int day = two(text, from + 8, from + 10, 31);
        if (high < 0 || low < 0 || month < 1 || day < 1 || text[from + 4] != '-' || text[from + 7] != '-') {
            return false;
        }
        int year = high * 100 + low;
        boolean isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        if (day > DAYS_OF_MONTHS[month - 1] + (isLeap && month == 2 ? 1 : 0)) {
            return false;
        }
        int shifted = month > 2 ? year : year - 1; // years that begin in March
        int era = Math.floorDiv(shifted, 400);
        int inEra = shifted - era * 400;
        int inYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        integer = era * 146_097L + inEra * 365L + inEra / 4 - inEra / 100 + inYear - 719_468;
        return true;
    }

    static boolean isUtf8(byte[] text, int from, int to) {
        int bits = 0;
        for (int i = from; i < to; i++) {
            bits |= text[i];
        }
        if (bits >= 0) {
            return true;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text, from, to - from));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
