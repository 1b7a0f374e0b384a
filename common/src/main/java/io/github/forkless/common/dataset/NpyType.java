package io.github.forkless.common.dataset;

import io.github.forkless.common.column.ColumnType;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the values of a column of a NumPy array are.
 *
 * @param type what is read of them
 * @param label as people call it: {@code float64}, {@code datetime64[ns]}
 * @param width bytes of each
 */
record NpyType(ColumnType type, String label, int width) {
    private static final String BIG_ENDIAN = "big-endian ";
    private static final String COMPLEX = "complex";
    private static final String UTF32 = "U";
    private static final String ARRAY = "array ";

    /** Texts; and what is not read, but has a width: complex numbers, floats of more than 8 bytes, bytes of any kind. */
    private static final Pattern OTHER = Pattern.compile("([<>|=])([cfSUV])([0-9]{1,10})");

    private static final int CHARACTER_BYTES = 4;

    /** What a dtype's code stands for; empty if how wide it is is not known. */
    static Optional<NpyType> of(String code) {
        ElementType number = NpyHeader.number(code);
        if (number != null) {
            return Optional.of(ofNumber(code, number));
        }
        if (code.startsWith(">") && NpyHeader.number("<" + code.substring(1)) != null) {
            NpyType other = of("<" + code.substring(1)).orElseThrow();
            return Optional.of(unread(BIG_ENDIAN + other.label, other.width));
        }
        Matcher matcher = OTHER.matcher(code);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long size = Long.parseLong(matcher.group(3));
        long width = matcher.group(2).equals("U") ? size * CHARACTER_BYTES : size;
        if (width > Integer.MAX_VALUE) {
            return Optional.empty();
        }
        if (matcher.group(2).equals("U") && "|=".contains(matcher.group(1))) {
            return Optional.empty();
        }
        String order = matcher.group(1).equals(">") ? BIG_ENDIAN : "";
        return Optional.of(
                switch (matcher.group(2)) {
                    case "c" -> unread(order + COMPLEX + size * Byte.SIZE, (int) width);
                    case "f" -> unread(order + "float" + size * Byte.SIZE, (int) width);
                    case "S" -> new NpyType(ColumnType.TEXT, "S" + size, (int) width); // a byte has no order
                    case "U" ->
                        order.isEmpty()
                                ? new NpyType(ColumnType.TEXT, UTF32 + size, (int) width)
                                : unread(order + UTF32 + size, (int) width);
                    default -> unread(matcher.group(2) + size, (int) width);
                });
    }

    /** Of texts: whether they are in UTF-32, and not in bytes. */
    static boolean isUtf32(String label) {
        return label.startsWith(UTF32);
    }

    private static NpyType ofNumber(String code, ElementType number) {
        if (code.endsWith("b1")) {
            return new NpyType(ColumnType.BOOL, "bool", 1);
        }
        if (NpyHeader.isTimes(code)) {
            return new NpyType(
                    code.charAt(1) == 'M' ? ColumnType.TIMESTAMP : ColumnType.DURATION,
                    NpyTimes.label(code),
                    number.width());
        }
        return new NpyType(ColumnType.valueOf(number.name()), number.label(), number.width());
    }

    private static NpyType unread(String label, int width) {
        return new NpyType(ColumnType.UNSUPPORTED, label, width);
    }

    /**
     * Of what is an array in each row.
     *
     * @param shape in words
     * @param of what its elements are
     */
    static NpyType array(String shape, String of, int width) {
        return unread(ARRAY + shape + " of " + of, width);
    }

    /** What to do with a column that is not read. */
    static String remedy(String label) {
        if (label.startsWith(BIG_ENDIAN)) {
            return "convert the array with .astype(array.dtype.newbyteorder('<'))";
        }
        if (label.startsWith(COMPLEX)) {
            return "save its .real and .imag";
        }
        return label.startsWith(ARRAY)
                ? "save that field as an array of its own"
                : "convert that field to another type with .astype";
    }
}
