package io.github.forkless.common.dataset.arrow;

import io.github.forkless.common.column.ColumnType;
import java.util.Locale;

/**
 * What an {@link ArrowOutput} has, as far as it is written.
 *
 * @param width bytes of a value in the column; 0 for bits. Of texts and binaries, what says where they end
 * @param unit of times; null for others
 * @param zone of times; empty if nobody knows it
 * @param precision of decimals: how many digits
 * @param scale of decimals: how many of them are behind the point
 */
public record ArrowType(ColumnType type, int width, Unit unit, String zone, int precision, int scale) {

    /** What jobs do not read, but other programs do. */
    static final ArrowType LIST = new ArrowType(ColumnType.UNSUPPORTED, 4, null, "", 0, 0);

    /** As the format numbers them. */
    public enum Unit {
        SECOND("s"),
        MILLISECOND("ms"),
        MICROSECOND("us"),
        NANOSECOND("ns");

        private final String label;

        Unit(String label) {
            this.label = label;
        }
    }

    /** @param type integers, floating-point numbers, bool, days, texts or binaries */
    public static ArrowType of(ColumnType type) {
        int width = switch (type) {
            case BOOL -> 0;
            case INT8, UINT8 -> 1;
            case INT16, UINT16, FLOAT16 -> 2;
            case INT32, UINT32, FLOAT32, DATE32, TEXT, BINARY -> 4;
            case INT64, UINT64, FLOAT64 -> 8;
            default -> throw new IllegalArgumentException(type + " needs more to be said");
        };
        return new ArrowType(type, width, null, "", 0, 0);
    }

    /** Of times since 1970; in UTC, if they have a zone. */
    public static ArrowType timestamp(Unit unit, String zone) {
        return new ArrowType(ColumnType.TIMESTAMP, 8, unit, zone, 0, 0);
    }

    /** Of times since midnight. */
    public static ArrowType time(Unit unit) {
        return unit.compareTo(Unit.MICROSECOND) < 0
                ? new ArrowType(ColumnType.TIME32, 4, unit, "", 0, 0)
                : new ArrowType(ColumnType.TIME64, 8, unit, "", 0, 0);
    }

    /** @param precision up to 76 */
    public static ArrowType decimal(int precision, int scale) {
        return new ArrowType(ColumnType.DECIMAL, precision > 38 ? 32 : 16, null, "", precision, scale);
    }

    /** Of so many bytes each. */
    public static ArrowType fixedBinary(int width) {
        return new ArrowType(ColumnType.BINARY, width, null, "", 0, -1);
    }

    /** Whether its values have no length of their own: what the column has is where they end. */
    boolean isVariable() {
        return type == ColumnType.TEXT || type == ColumnType.BINARY && !isFixedBinary();
    }

    boolean isFixedBinary() {
        return type == ColumnType.BINARY && scale < 0;
    }

    /** As a program would name it. */
    public String label() {
        return switch (type) {
            case DECIMAL -> "decimal" + 8 * width + "(" + precision + ", " + scale + ")";
            case TIMESTAMP -> "timestamp[" + unit.label + (zone.isEmpty() ? "" : ", " + zone) + "]";
            case TIME32, TIME64 -> name() + "[" + unit.label + "]";
            case BINARY -> isFixedBinary() ? "fixed_size_binary[" + width + "]" : "binary";
            default -> name();
        };
    }

    private String name() {
        return type.name().toLowerCase(Locale.ROOT);
    }
}
