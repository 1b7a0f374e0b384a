package io.github.forkless.importer;

import dev.hardwood.metadata.LogicalType;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.Validity;
import dev.hardwood.schema.ColumnSchema;
import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.dataset.arrow.ArrowOutput;
import io.github.forkless.common.dataset.arrow.ArrowType;
import io.github.forkless.common.dataset.arrow.ArrowType.Unit;
import io.github.forkless.common.text.Text;
import java.util.Optional;

/** A flat column of a Parquet file, and what it becomes. */
final class ParquetColumn {
    private static final int MOST_PRECISE = 76;
    private static final long NANOS_PER_DAY = 86_400_000_000_000L;
    private static final int JULIAN_DAY_OF_1970 = 2_440_588;

    private final ColumnSchema column;
    private final ArrowType type;
    private final byte[] swapped;
    private boolean isDictionary;
    private ArrowOutput output;

    /** A value that its column's type has not. */
    static final class MisfitException extends Exception {
        private static final long serialVersionUID = 1L;

        private MisfitException(int row, String problem) {
            super(problem);
            this.row = row;
        }

        /** Of the batch. */
        final int row;
    }

    private ParquetColumn(ColumnSchema column, ArrowType type, boolean isDictionary) {
        this.column = column;
        this.type = type;
        this.swapped = new byte[type.width()];
        this.isDictionary = isDictionary && type.type() == ColumnType.TEXT;
        begin();
    }

    /**
     * Empty for what is of no type that a table can have.
     *
     * @param isDictionary whether the file has a text of it only once
     */
    static Optional<ParquetColumn> of(ColumnSchema column, boolean isDictionary) {
        return type(column).map(type -> new ParquetColumn(column, type, isDictionary));
    }

    private static Optional<ArrowType> type(ColumnSchema column) {
        LogicalType logical = column.logicalType();
        int length = column.typeLength() == null ? 0 : column.typeLength();
        if (logical instanceof LogicalType.NullType) {
            return Optional.empty();
        }
        if (logical instanceof LogicalType.DecimalType decimal) {
            return decimal.precision() < 1 || decimal.precision() > MOST_PRECISE
                    ? Optional.empty()
                    : Optional.of(ArrowType.decimal(decimal.precision(), decimal.scale()));
        }
        return Optional.ofNullable(
                switch (column.type()) {
                    case BOOLEAN -> ArrowType.of(ColumnType.BOOL);
                    case FLOAT -> ArrowType.of(ColumnType.FLOAT32);
                    case DOUBLE -> ArrowType.of(ColumnType.FLOAT64);
                    case INT32 ->
                        switch (logical) {
                            case LogicalType.IntType it -> integer(it.bitWidth(), it.isSigned());
                            case LogicalType.DateType _ -> ArrowType.of(ColumnType.DATE32);
                            case LogicalType.TimeType it -> ArrowType.time(unit(it.unit()));
                            case null, default -> ArrowType.of(ColumnType.INT32);
                        };
                    case INT64 ->
                        switch (logical) {
                            case LogicalType.IntType it -> integer(it.bitWidth(), it.isSigned());
                            case LogicalType.TimeType it -> ArrowType.time(unit(it.unit()));
                            case LogicalType.TimestampType it ->
                                ArrowType.timestamp(unit(it.unit()), it.isAdjustedToUTC() ? "UTC" : "");
                            case null, default -> ArrowType.of(ColumnType.INT64);
                        };
                    case INT96 -> ArrowType.timestamp(Unit.NANOSECOND, "");
                    case BYTE_ARRAY ->
                        switch (logical) {
                            case LogicalType.StringType _, LogicalType.EnumType _, LogicalType.JsonType _ ->
                                ArrowType.of(ColumnType.TEXT);
                            case null, default -> ArrowType.of(ColumnType.BINARY);
                        };
                    case FIXED_LEN_BYTE_ARRAY ->
                        logical instanceof LogicalType.Float16Type
                                ? ArrowType.of(ColumnType.FLOAT16)
                                : ArrowType.fixedBinary(length);
                });
    }

    private static ArrowType integer(int bits, boolean isSigned) {
        return ArrowType.of(
                switch (bits) {
                    case 8 -> isSigned ? ColumnType.INT8 : ColumnType.UINT8;
                    case 16 -> isSigned ? ColumnType.INT16 : ColumnType.UINT16;
                    case 32 -> isSigned ? ColumnType.INT32 : ColumnType.UINT32;
                    default -> isSigned ? ColumnType.INT64 : ColumnType.UINT64;
                });
    }

    private static Unit unit(LogicalType.TimeUnit unit) {
        return switch (unit) {
            case MILLIS -> Unit.MILLISECOND;
            case MICROS -> Unit.MICROSECOND;
            case NANOS -> Unit.NANOSECOND;
        };
    }

    String name() {
        return column.fieldPath().topLevelName();
    }

    int index() {
        return column.columnIndex();
    }

    /** As a program would name it. */
    String label() {
        return isDictionary ? "dictionary" : type.type() == ColumnType.TEXT ? "text" : type.label();
    }

    ArrowOutput output() {
        return output;
    }

    /** Makes it ready for the first row. */
    void begin() {
        output = isDictionary ? ArrowOutput.dictionary(name()) : ArrowOutput.of(name(), type);
    }

    /** There were more texts than a dictionary is good for. */
    void giveUpDictionary() {
        isDictionary = false;
    }

    /** Puts rows of a batch into the table. */
    void put(ColumnReader reader, int from, int to) throws MisfitException {
        Validity validity = reader.getLeafValidity();
        if (!validity.hasNulls()) {
            putAll(reader, from, to);
            return;
        }
        for (int at = from; at < to; ) {
            int end = at;
            while (end < to && validity.isNotNull(end)) {
                end++;
            }
            putAll(reader, at, end);
            for (at = end; at < to && validity.isNull(at); at++) {
                output.putNull();
            }
        }
    }

    /** Those that are there. */
    private void putAll(ColumnReader reader, int from, int to) throws MisfitException {
        if (from == to) {
            return;
        }
        switch (column.type()) {
            case BOOLEAN -> {
                boolean[] values = reader.getBooleans();
                for (int i = from; i < to; i++) {
                    output.put(values[i] ? 1 : 0);
                }
            }
            case INT32 -> putInts(reader.getInts(), from, to);
            case INT64 -> {
                if (type.type() == ColumnType.DECIMAL) {
                    long[] values = reader.getLongs();
                    for (int i = from; i < to; i++) {
                        putDecimal(values[i]);
                    }
                } else if (type.width() == Long.BYTES) {
                    output.put(reader.getLongs(), from, to);
                } else {
                    putNarrow(reader.getLongs(), from, to);
                }
            }
            case FLOAT -> output.put(reader.getFloats(), from, to);
            case DOUBLE -> output.put(reader.getDoubles(), from, to);
            case INT96, BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY ->
                putBytes(reader.getBinaryValues(), reader.getBinaryOffsets(), from, to);
        }
    }

    private void putInts(int[] values, int from, int to) throws MisfitException {
        if (type.type() == ColumnType.DECIMAL) {
            for (int i = from; i < to; i++) {
                putDecimal(values[i]);
            }
        } else if (type.width() == Integer.BYTES) {
            output.put(values, from, to);
        } else {
            boolean isUnsignedLong = type.type() == ColumnType.UINT64;
            for (int i = from; i < to; i++) {
                put(isUnsignedLong ? Integer.toUnsignedLong(values[i]) : values[i], i);
            }
        }
    }

    private void putNarrow(long[] values, int from, int to) throws MisfitException {
        for (int i = from; i < to; i++) {
            put(values[i], i);
        }
    }

    private void put(long value, int row) throws MisfitException {
        boolean fits = switch (type.type()) {
            case INT8 -> value == (byte) value;
            case INT16 -> value == (short) value;
            case INT32, TIME32 -> value == (int) value;
            case UINT8 -> value == (value & 0xff);
            case UINT16 -> value == (value & 0xffff);
            case UINT32 -> value == (value & 0xffff_ffffL);
            default -> true;
        };
        if (!fits) {
            throw new MisfitException(row, value + " is no " + type.label());
        }
        output.put(value);
    }

    private void putDecimal(long value) {
        for (int i = 0; i < swapped.length; i++) {
            swapped[i] = (byte) (i < Long.BYTES ? value >> 8 * i : value >> 63);
        }
        output.put(swapped, 0, swapped.length);
    }

    private void putBytes(byte[] bytes, int[] ends, int from, int to) throws MisfitException {
        boolean isText = type.type() == ColumnType.TEXT;
        boolean isAscii = isText && isAscii(bytes, ends[from], ends[to]);
        for (int i = from; i < to; i++) {
            int begin = ends[i];
            int end = ends[i + 1];
            if (type.type() == ColumnType.TIMESTAMP) {
                output.put(nanos(bytes, begin, i));
            } else if (type.type() == ColumnType.DECIMAL) {
                swap(bytes, begin, end, i);
                output.put(swapped, 0, swapped.length);
            } else if (isText && !isAscii && !CsvValue.isUtf8(bytes, begin, end)) {
                throw new MisfitException(i, "it is called a text, and is not UTF-8");
            } else {
                output.put(bytes, begin, end);
            }
        }
    }

    private static boolean isAscii(byte[] bytes, int from, int to) {
        int all = 0;
        for (int i = from; i < to; i++) {
            all |= bytes[i];
        }
        return all >= 0;
    }

    /** The oldest way to write a time: nanoseconds of a day, and the day. */
    private static long nanos(byte[] bytes, int begin, int row) throws MisfitException {
        long inDay = 0;
        long day = 0;
        for (int i = 7; i >= 0; i--) {
            inDay = inDay << 8 | bytes[begin + i] & 0xff;
        }
        for (int i = 11; i >= 8; i--) {
            day = day << 8 | bytes[begin + i] & 0xff;
        }
        try {
            return Math.addExact(Math.multiplyExact((int) day - (long) JULIAN_DAY_OF_1970, NANOS_PER_DAY), inDay);
        } catch (ArithmeticException e) {
            throw new MisfitException(
                    row, Text.format("Julian day %d is too far away for nanoseconds; write it as timestamp[us]", day));
        }
    }

    /** Of the highest byte first, to as many as a decimal has, of the lowest first. */
    private void swap(byte[] bytes, int begin, int end, int row) throws MisfitException {
        byte sign = (byte) (begin < end ? bytes[begin] >> 7 : 0);
        for (int i = 0; i < swapped.length; i++) {
            swapped[i] = end - 1 - i >= begin ? bytes[end - 1 - i] : sign;
        }
        for (int at = begin; at < end - swapped.length; at++) {
            if (bytes[at] != sign) {
                throw new MisfitException(row, "it is no " + type.label());
            }
        }
    }
}
