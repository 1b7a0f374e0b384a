package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.column.TableColumn;
import io.github.forkless.common.column.TimeText;
import java.util.concurrent.TimeUnit;

/** A key that a long holds, as text: dates and times as ISO 8601 has them. */
final class ShownKey {

    static String of(TableColumn column, long value) {
        return switch (column.type()) {
            case BOOL -> value == 0 ? "false" : "true";
            case DATE32 -> TimeText.date(value);
            case DATE64 -> TimeText.date(Math.floorDiv(value, TimeUnit.DAYS.toMillis(1)));
            case TIME32, TIME64 -> TimeText.time(column.label(), value);
            case TIMESTAMP -> TimeText.timestamp(column.label(), value);
            default -> Long.toString(value);
        };
    }

    private ShownKey() {}
}
