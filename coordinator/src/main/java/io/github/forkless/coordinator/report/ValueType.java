package io.github.forkless.coordinator.report;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * Which type holds some values, each of them as it is: no digit is lost, and nothing is rounded. Values are looked at one after
 * another.
 */
final class ValueType {
    /** Digits of a decimal of 128 bits. */
    static final int MOST_DIGITS = 38;

    /** Beyond it, not every integer is a double. */
    private static final long EXACT = 1L << 53;

    /** In the order in which one of integers, or of floating-point numbers, holds another's values. */
    enum Kind {
        BOOL,
        INT8,
        INT16,
        INT32,
        INT64,
        /** Integers of any size. */
        INTEGER,
        FLOAT32,
        FLOAT64,
        DECIMAL,
        DATE,
        /** A time of no zone. */
        TIME,
        INSTANT,
        LIST,
        TEXT
    }

    private static final EnumSet<Kind> INTEGERS = EnumSet.range(Kind.INT8, Kind.INTEGER);
    private static final EnumSet<Kind> FLOATS = EnumSet.of(Kind.FLOAT32, Kind.FLOAT64);

    private final EnumSet<Kind> seen = EnumSet.noneOf(Kind.class);
    private boolean areStrings = true;
    private boolean areDoubles = true;
    private boolean areUnsigned = true;
    private int bits;
    private int digits;
    private int scale;
    /** Of the items of lists; null before the first one. */
    private ValueType items;

    /** A value without what may be around it; null if there is none. */
    static Object plain(Object value) {
        if (value instanceof Optional<?> optional) {
            return plain(optional.orElse(null));
        }
        return value == NoAnswer.FAILED ? null : value;
    }

    /** The items of a list or an array; null if it is none. */
    static List<?> itemsOf(Object value) {
        if (value instanceof Collection<?> collection) {
            return collection instanceof List<?> list ? list : new ArrayList<>(collection);
        }
        return value != null && value.getClass().isArray() ? TableAnswer.items(value) : null;
    }

    /** @param value may be null, which any type holds */
    void see(Object value) {
        Object plain = plain(value);
        if (plain == null) {
            return;
        }
        List<?> list = itemsOf(plain);
        if (list != null) {
            seen.add(Kind.LIST);
            items = items == null ? new ValueType() : items;
            items.seeItems(plain, list);
            return;
        }
        Kind kind = kind(plain);
        seen.add(kind);
        if (INTEGERS.contains(kind)) {
            seeInteger(kind == Kind.INTEGER ? null : ((Number) plain).longValue(), plain);
        } else if (kind == Kind.DECIMAL) {
            seeDecimal((BigDecimal) plain);
        } else if (kind == Kind.TEXT) {
            areStrings &= plain instanceof String;
        }
    }

    /** @param list the items of {@code array} */
    void seeItems(Object array, List<?> list) {
        if (isOfNumbers(array)
                && (list.isEmpty() || !isOfIntegers(array.getClass().getComponentType()))) {
            see(Array.get(Array.newInstance(array.getClass().getComponentType(), 1), 0)); // as all of them are
            return;
        }
        for (Object item : list) {
            see(item);
        }
    }

    /** Whether all that it can have are numbers or truth values. */
    static boolean isOfNumbers(Object value) {
        Class<?> items = value.getClass().getComponentType();
        return items != null && items.isPrimitive() && items != char.class;
    }

    private static boolean isOfIntegers(Class<?> primitive) {
        return primitive == long.class || primitive == int.class || primitive == short.class || primitive == byte.class;
    }

    /** Whether nothing but nulls was seen. */
    boolean isEmpty() {
        return seen.isEmpty();
    }

    private static Kind kind(Object value) {
        if (value instanceof Long) { // no pattern switch: see Message.write
            return Kind.INT64;
        } else if (value instanceof Double) {
            return Kind.FLOAT64;
        } else if (value instanceof BigInteger integer) {
            return integer.bitLength() < Long.SIZE ? Kind.INT64 : Kind.INTEGER;
        } else if (value instanceof Integer) {
            return Kind.INT32;
        } else if (value instanceof Boolean) {
            return Kind.BOOL;
        } else if (value instanceof Float) {
            return Kind.FLOAT32;
        } else if (value instanceof BigDecimal) {
            return Kind.DECIMAL;
        } else if (value instanceof Short) {
            return Kind.INT16;
        } else if (value instanceof Byte) {
            return Kind.INT8;
        } else if (value instanceof LocalDate date) {
            return date.toEpochDay() == (int) date.toEpochDay() ? Kind.DATE : Kind.TEXT;
        } else if (value instanceof LocalDateTime time) {
            return isNanos(time.getYear()) ? Kind.TIME : Kind.TEXT;
        } else if (value instanceof Instant instant) {
            return isNanos(1970 + (int) (instant.getEpochSecond() / 31_556_952)) ? Kind.INSTANT : Kind.TEXT;
        }
        return Kind.TEXT;
    }

    /** Whether the nanoseconds since 1970 fit into 64 bits, in every second of the year. */
    private static boolean isNanos(int year) {
        return year > 1678 && year < 2261;
    }

    private void seeInteger(Long small, Object value) {
        if (small != null) {
            areDoubles &= small >= -EXACT && small <= EXACT;
            areUnsigned &= small >= 0;
            digits = Math.max(digits, 19);
            return;
        }
        BigInteger integer = (BigInteger) value;
        areDoubles = false;
        areUnsigned &= integer.signum() >= 0;
        bits = Math.max(bits, integer.bitLength());
        digits = Math.max(digits, new BigDecimal(integer).precision());
    }

    private void seeDecimal(BigDecimal decimal) {
        scale = Math.max(scale, decimal.scale());
        digits = Math.max(digits, decimal.precision() - decimal.scale());
    }

    /** Where there are only nulls, or values of types that have none in common, it is {@code TEXT}. */
    Kind kind() {
        if (seen.isEmpty()) {
            return Kind.TEXT;
        }
        Kind widest = null;
        for (Kind kind : seen) {
            widest = kind;
        }
        if (widest == Kind.LIST) {
            return seen.size() == 1 && items.areScalars() ? widest : Kind.TEXT;
        } else if (widest == Kind.DECIMAL) {
            return areIntegersBut(EnumSet.of(Kind.DECIMAL)) && digits + scale <= MOST_DIGITS ? widest : Kind.TEXT;
        } else if (seen.size() == 1 || areIntegersBut(EnumSet.noneOf(Kind.class)) || FLOATS.containsAll(seen)) {
            return widest;
        }
        return areIntegersBut(FLOATS) && areDoubles ? Kind.FLOAT64 : Kind.TEXT;
    }

    private boolean areIntegersBut(EnumSet<Kind> others) {
        var rest = EnumSet.copyOf(seen);
        rest.removeAll(others);
        return INTEGERS.containsAll(rest);
    }

    private boolean areScalars() {
        Kind kind = kind();
        return kind != Kind.LIST && (kind != Kind.TEXT || seen.isEmpty() || seen.size() == 1 && areStrings);
    }

    /** Whether integers of any size have no more than 64 bits, and no sign. */
    boolean areUnsignedLongs() {
        return areUnsigned && bits <= Long.SIZE;
    }

    /** Whether integers of any size have no more digits than a decimal. */
    boolean areDecimals() {
        return digits <= MOST_DIGITS;
    }

    /** Of decimals. */
    int scale() {
        return scale;
    }

    /** Of the items of lists. */
    ValueType items() {
        return items;
    }
}
