package io.github.forkless.common.value;

import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.UUID;

/**
 * Values of the JDK that are made of a few numbers, and perhaps a name: of {@code java.time}, UUIDs, paths. Behind their tag
 * stand their kind, the numbers, and the name. Apart from the other values, so that these classes are loaded only where such a
 * value is met.
 */
final class JdkValue {
    /** By their kind, from 0. The wire depends on this order. */
    private static final List<Kind> KINDS = List.of(
            new Kind(Instant.class, 2, false),
            new Kind(Duration.class, 2, false),
            new Kind(LocalDate.class, 1, false),
            new Kind(LocalTime.class, 1, false),
            new Kind(LocalDateTime.class, 2, false),
            new Kind(OffsetTime.class, 2, false),
            new Kind(OffsetDateTime.class, 3, false),
            new Kind(ZonedDateTime.class, 3, true),
            new Kind(Period.class, 3, false),
            new Kind(Year.class, 1, false),
            new Kind(YearMonth.class, 2, false),
            new Kind(MonthDay.class, 2, false),
            new Kind(ZoneId.class, 0, true),
            new Kind(UUID.class, 2, false),
            new Kind(Path.class, 0, true));

    private record Kind(Class<?> type, int numbers, boolean hasName) {}

    /** The class, or the enum of {@code java.time}, that is called {@code name}; null if there is none among these. */
    static Class<?> type(String name) {
        for (Class<?> constants : List.of(DayOfWeek.class, Month.class)) {
            if (constants.getName().equals(name)) {
                return constants;
            }
        }
        for (Kind kind : KINDS) {
            if (kind.type.getName().equals(name)) {
                return kind.type;
            }
        }
        return null;
    }

    /** Which kind a value is of; negative if it is none of them. */
    static int kind(Object value) {
        for (int i = 0; i < KINDS.size(); i++) {
            if (KINDS.get(i).type.isInstance(value)) {
                return value instanceof Path path && path.getFileSystem() != FileSystems.getDefault() ? -1 : i;
            }
        }
        return -1;
    }

    /** Whether something of this declared type may be one. */
    static boolean mayBe(Class<?> declared) {
        return KINDS.stream().anyMatch(kind -> kind.type.isAssignableFrom(declared));
    }

    static void write(int kind, Object value, ByteWriter out) {
        out.putByte(Tag.JDK_VALUE);
        out.putByte(kind);
        for (long number : numbers(value)) {
            out.putLong(number);
        }
        if (KINDS.get(kind).hasName) {
            out.putString(value instanceof ZonedDateTime time ? time.getZone().getId() : value.toString());
        }
    }

    private static long[] numbers(Object value) {
        return switch (value) {
            case Instant it -> new long[] {it.getEpochSecond(), it.getNano()};
            case Duration it -> new long[] {it.getSeconds(), it.getNano()};
            case LocalDate it -> new long[] {it.toEpochDay()};
            case LocalTime it -> new long[] {it.toNanoOfDay()};
            case LocalDateTime it -> numbers(it);
            case OffsetTime it ->
                new long[] {it.toLocalTime().toNanoOfDay(), it.getOffset().getTotalSeconds()};
            case OffsetDateTime it -> numbers(it.toLocalDateTime(), it.getOffset());
            case ZonedDateTime it -> numbers(it.toLocalDateTime(), it.getOffset());
            case Period it -> new long[] {it.getYears(), it.getMonths(), it.getDays()};
            case Year it -> new long[] {it.getValue()};
            case YearMonth it -> new long[] {it.getYear(), it.getMonthValue()};
            case MonthDay it -> new long[] {it.getMonthValue(), it.getDayOfMonth()};
            case UUID it -> new long[] {it.getMostSignificantBits(), it.getLeastSignificantBits()};
            default -> new long[0];
        };
    }

    private static long[] numbers(LocalDateTime time) {
        return new long[] {time.toLocalDate().toEpochDay(), time.toLocalTime().toNanoOfDay()};
    }

    private static long[] numbers(LocalDateTime time, ZoneOffset offset) {
        return new long[] {time.toLocalDate().toEpochDay(), time.toLocalTime().toNanoOfDay(), offset.getTotalSeconds()};
    }

    static Object read(ByteReader in) {
        Kind kind = readKind(in);
        long[] numbers = new long[kind.numbers];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = in.getLong();
        }
        String name = kind.hasName ? in.getString() : "";
        try {
            return make(kind.type, numbers, name);
        } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
            throw in.broken("has a " + kind.type.getSimpleName() + " that cannot be (" + e.getMessage() + ")");
        }
    }

    private static Object make(Class<?> type, long[] n, String name) {
        return switch (type.getSimpleName()) {
            case "Instant" -> Instant.ofEpochSecond(n[0], n[1]);
            case "Duration" -> Duration.ofSeconds(n[0], n[1]);
            case "LocalDate" -> LocalDate.ofEpochDay(n[0]);
            case "LocalTime" -> LocalTime.ofNanoOfDay(n[0]);
            case "LocalDateTime" -> time(n);
            case "OffsetTime" -> OffsetTime.of(LocalTime.ofNanoOfDay(n[0]), offset(n[1]));
            case "OffsetDateTime" -> OffsetDateTime.of(time(n), offset(n[2]));
            case "ZonedDateTime" -> ZonedDateTime.ofInstant(time(n), offset(n[2]), ZoneId.of(name));
            case "Period" -> Period.of(Math.toIntExact(n[0]), Math.toIntExact(n[1]), Math.toIntExact(n[2]));
            case "Year" -> Year.of(Math.toIntExact(n[0]));
            case "YearMonth" -> YearMonth.of(Math.toIntExact(n[0]), Math.toIntExact(n[1]));
            case "MonthDay" -> MonthDay.of(Math.toIntExact(n[0]), Math.toIntExact(n[1]));
            case "ZoneId" -> ZoneId.of(name);
            case "UUID" -> new UUID(n[0], n[1]);
            case "Path" -> Path.of(name);
            default -> throw new AssertionError(type);
        };
    }

    private static LocalDateTime time(long[] n) {
        return LocalDateTime.of(LocalDate.ofEpochDay(n[0]), LocalTime.ofNanoOfDay(n[1]));
    }

    private static ZoneOffset offset(long seconds) {
        return ZoneOffset.ofTotalSeconds(Math.toIntExact(seconds));
    }

    /** Reads past one without making it. */
    static void skip(ByteReader in) {
        Kind kind = readKind(in);
        in.take(kind.numbers * Long.BYTES);
        if (kind.hasName) {
            in.take(in.getCount(1));
        }
    }

    private static Kind readKind(ByteReader in) {
        int number = in.getByte();
        if (number < 0 || number >= KINDS.size()) {
            throw in.broken("has no value of the JDK of kind " + number);
        }
        return KINDS.get(number);
    }

    private JdkValue() {}
}
