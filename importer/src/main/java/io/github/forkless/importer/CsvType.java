package io.github.forkless.importer;

import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.dataset.arrow.ArrowOutput;
import io.github.forkless.common.dataset.arrow.ArrowType;
import io.github.forkless.common.dataset.arrow.ArrowType.Unit;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a column of a CSV file can become. Those that a column is found to be stand first, in the order in which they are tried. */
enum CsvType {
    INT64(ColumnType.INT64),
    FLOAT64(ColumnType.FLOAT64),
    BOOL(ColumnType.BOOL),
    DATE(ColumnType.DATE32),
    /** Microseconds. */
    TIMESTAMP(ColumnType.TIMESTAMP),
    TIMESTAMP_NS(ColumnType.TIMESTAMP),
    TEXT(ColumnType.TEXT),
    /** Texts of which there are few: each is in the file once. */
    DICTIONARY(ColumnType.TEXT),
    INT8(ColumnType.INT8),
    INT16(ColumnType.INT16),
    INT32(ColumnType.INT32),
    FLOAT32(ColumnType.FLOAT32);

    private final ColumnType column;

    CsvType(ColumnType column) {
        this.column = column;
    }

    /** As it is typed. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All, separated by blanks. */
    static String labels() {
        return Arrays.stream(values()).map(CsvType::label).collect(Collectors.joining(" "));
    }

    boolean isText() {
        return column == ColumnType.TEXT;
    }

    ArrowOutput output(String name, boolean isZoned) {
        return switch (this) {
            case TIMESTAMP, TIMESTAMP_NS -> {
                Unit unit = this == TIMESTAMP ? Unit.MICROSECOND : Unit.NANOSECOND;
                yield ArrowOutput.of(name, ArrowType.timestamp(unit, isZoned ? "UTC" : ""));
            }
            case DICTIONARY -> ArrowOutput.dictionary(name);
            default -> ArrowOutput.of(name, ArrowType.of(column));
        };
    }
}
