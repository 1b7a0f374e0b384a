package io.github.forkless.coordinator.generate;

import io.github.forkless.common.text.Text;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts and sizes as people write them: K, M and G are powers of 1024, in {@code 128M} elements as in bytes. */
public final class Sizes {
    private static final Pattern COUNT = Pattern.compile("([0-9]+)([KMGkmg]?)");
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Sizes() {}

    /**
     * What {@code text} stands for: digits, then perhaps one of K, M, G in either case. {@code 128M} is 134,217,728.
     *
     * @throws IllegalArgumentException in one line that names the text, if it is anything else or exceeds 64 bits
     */
    public static long parseCount(String text) {
        Matcher count = COUNT.matcher(text);
        if (!count.matches()) {
            throw new IllegalArgumentException(Text.format(
                    "'%s' is not a size: it must be a whole number, 0 or more, perhaps followed by K, M or G", text));
        }
        int shift = switch (count.group(2)) {
            case "K", "k" -> 10;
            case "M", "m" -> 20;
            case "G", "g" -> 30;
            default -> 0;
        };
        try {
            return Math.multiplyExact(Long.parseLong(count.group(1)), 1L << shift);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    Text.format("'%s' is too large: the largest size is %d", text, Long.MAX_VALUE), e);
        }
    }

    /** {@code bytes}, 0 or more, for people: {@code 1 byte}, {@code 512 MiB}, or about, {@code 1.5 GiB}. */
    public static String format(long bytes) {
        if (bytes < 1024) {
            return bytes == 1 ? "1 byte" : bytes + " bytes";
        }
        int unit = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
        double amount = bytes / (double) (1L << (10 * unit));
        if (amount >= 1023.95) {
            amount = 1;
            unit++;
        }
        String digits = String.format(Locale.ROOT, "%.1f", amount);
        return (digits.endsWith(".0") ? digits.substring(0, digits.length() - 2) : digits) + " " + UNITS[unit - 1];
    }
}
