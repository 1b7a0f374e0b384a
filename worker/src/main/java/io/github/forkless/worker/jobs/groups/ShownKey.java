package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.column.TableColumn;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/** A key that a long holds, as text: dates and times as ISO 8601 has them. */
final class ShownKey {

    static String of(TableColumn column, long value) {
        return switch (column.type()) {
            case BOOL -> value == 0 ? "false" : "true";
            case DATE32 -> LocalDate.ofEpochDay(value).toString();
            case DATE64 ->
                LocalDate.ofEpochDay(Math.floorDiv(value, TimeUnit.DAYS.toMillis(1)))
                        .toString();
            case TIME32, TIME64 ->
                LocalTime.ofNanoOfDay(unit(column).toNanos(value)).toString();
            case TIMESTAMP -> timestamp(column, value);
            default -> Long.toString(value);
        };
    }

    private static String timestamp(TableColumn column, long value) {
        long inSecond = unit(column).convert(1, TimeUnit.SECONDS);
        Instant instant = Instant.ofEpochSecond(
                Math.floorDiv(value, inSecond), unit(column).toNanos(Math.floorMod(value, inSecond)));
        boolean hasZone = column.label().contains(", ");
        return hasZone
                ? instant.toString()
                : instant.atOffset(ZoneOffset.UTC).toLocalDateTime().toString();
    }

    /** As in {@code timestamp[ms, UTC]}. */
    private static TimeUnit unit(TableColumn column) {
        String label = column.label();
        String unit =
                label.substring(label.indexOf('[') + 1, label.length() - 1).replaceFirst(",.*", "");
        return switch (unit) {
            case "s" -> TimeUnit.SECONDS;
            case "ms" -> TimeUnit.MILLISECONDS;
            case "us" -> TimeUnit.MICROSECONDS;
            case "ns" -> TimeUnit.NANOSECONDS;
            default -> throw new IllegalArgumentException("a unit that there is not: " + label);
        };
    }

    private ShownKey() {}
}
