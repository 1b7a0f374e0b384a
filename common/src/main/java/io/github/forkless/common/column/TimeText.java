package io.github.forkless.common.column;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;

/** Dates and times as ISO 8601 has them. A number that is none that a calendar has, or whose unit is not known, stays a number. */
public final class TimeText {
    private static final BigInteger NANOS = BigInteger.valueOf(1_000_000_000);

    /** How many of a unit there are in a second, as a power of ten. */
    private static final Map<String, Integer> DIGITS =
            Map.of("s", 0, "ms", 3, "us", 6, "ns", 9, "ps", 12, "fs", 15, "as", 18);

    /** How many seconds a unit has. */
    private static final Map<String, Long> SECONDS = Map.of("m", 60L, "h", 3_600L);

    private static final int MONTHS = 12;
    private static final int EPOCH_YEAR = 1970;
    private static final int NANO_DIGITS = 9;

    /** A day, counted since 1970. */
    public static String date(long day) {
        try {
            return LocalDate.ofEpochDay(day).toString();
        } catch (DateTimeException e) {
            return Long.toString(day);
        }
    }

    /**
     * Since midnight.
     *
     * @param label with the unit: {@code time32[ms]}
     */
    public static String time(String label, long value) {
        try {
            BigInteger nanos =
                    BigInteger.valueOf(value).multiply(BigInteger.TEN.pow(NANO_DIGITS - digits(unit(label))));
            return LocalTime.ofNanoOfDay(nanos.longValueExact()).toString();
        } catch (DateTimeException | ArithmeticException e) {
            return Long.toString(value);
        }
    }

    /**
     * Since 1970.
     *
     * @param label with the unit, and maybe a zone: {@code timestamp[ms, UTC]}, {@code datetime64[25s]}
     */
    public static String timestamp(String label, long value) {
        String unit = unit(label);
        try {
            int digitsEnd = 0;
            while (digitsEnd < unit.length() && Character.isDigit(unit.charAt(digitsEnd))) {
                digitsEnd++;
            }
            long each = digitsEnd == 0 ? 1 : Long.parseLong(unit.substring(0, digitsEnd));
            return timestamp(unit.substring(digitsEnd), Math.multiplyExact(value, each), label.contains(", "));
        } catch (DateTimeException | ArithmeticException e) {
            return Long.toString(value);
        }
    }

    private static String timestamp(String unit, long value, boolean hasZone) {
        return switch (unit) {
            case "Y" -> Long.toString(Math.addExact(EPOCH_YEAR, value));
            case "M" -> {
                int year = Math.toIntExact(EPOCH_YEAR + Math.floorDiv(value, MONTHS));
                yield YearMonth.of(year, 1 + Math.floorMod(value, MONTHS)).toString();
            }
            case "W" -> date(Math.multiplyExact(value, 7L));
            case "D" -> LocalDate.ofEpochDay(value).toString();
            case "h", "m" -> instant(Math.multiplyExact(value, SECONDS.get(unit)), 0, hasZone);
            case "s", "ms", "us", "ns", "ps", "fs", "as" -> {
                BigInteger[] parts = floor(BigInteger.valueOf(value), BigInteger.TEN.pow(digits(unit)));
                BigInteger inSecond = parts[1].multiply(BigInteger.TEN.pow(18 - digits(unit)));
                BigInteger[] nanos = inSecond.divideAndRemainder(NANOS);
                long seconds = parts[0].longValueExact();
                if (nanos[1].signum() == 0) {
                    yield instant(seconds, nanos[0].longValueExact(), hasZone);
                }
                String fraction =
                        inSecond.add(BigInteger.TEN.pow(18)).toString().substring(1);
                yield LocalDateTime.ofEpochSecond(seconds, 1, ZoneOffset.UTC)
                                .toString()
                                .replaceFirst("[.].*", "") + "." + fraction.replaceFirst("0+$", "");
            }
            default -> Long.toString(value);
        };
    }

    private static BigInteger[] floor(BigInteger value, BigInteger by) {
        BigInteger[] parts = value.divideAndRemainder(by);
        if (parts[1].signum() < 0) {
            parts[0] = parts[0].subtract(BigInteger.ONE);
            parts[1] = parts[1].add(by);
        }
        return parts;
    }

    private static String instant(long seconds, long nanos, boolean hasZone) {
        return hasZone
                ? Instant.ofEpochSecond(seconds, nanos).toString()
                : LocalDateTime.ofEpochSecond(seconds, (int) nanos, ZoneOffset.UTC)
                        .toString();
    }

    private static int digits(String unit) {
        Integer digits = DIGITS.get(unit);
        if (digits == null) {
            throw new ArithmeticException("a unit that there is not: " + unit);
        }
        return digits;
    }

    /** As in {@code timestamp[ms, UTC]}; empty where there is none. */
    private static String unit(String label) {
        int begin = label.indexOf('[') + 1;
        return begin == 0 ? "" : label.substring(begin, label.length() - 1).replaceFirst(",.*", "");
    }

    private TimeText() {}
}
