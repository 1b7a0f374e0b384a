package io.github.forkless.coordinator.report;

import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.dataset.arrow.ArrowOutput;
import io.github.forkless.common.dataset.arrow.ArrowType;
import io.github.forkless.common.dataset.arrow.ArrowWriter;
import io.github.forkless.coordinator.report.ValueType.Kind;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An answer as an Arrow file: the rows and columns of a {@link TableAnswer}, where a column has the type of its values. Those that no
 * type holds all of as they are, are texts. Parameters that are numbers, as they were typed, are numbers.
 */
final class ArrowAnswer {
    private static final int NANOS = 1_000_000_000;
    private static final int DECIMAL_BYTES = 16;

    private final TableAnswer table;
    private final List<Column> columns = new ArrayList<>();

    /** @param items null, but for lists */
    private record Column(Kind kind, int scale, ArrowOutput output, Column items) {

        /** @param name of its own, or of the lists that its values are the items of */
        static Column of(String name, ValueType values) {
            Kind kind = kind(values);
            ArrowType type = switch (kind) {
                case BOOL -> ArrowType.of(ColumnType.BOOL);
                case INT8 -> ArrowType.of(ColumnType.INT8);
                case INT16 -> ArrowType.of(ColumnType.INT16);
                case INT32 -> ArrowType.of(ColumnType.INT32);
                case INT64 -> ArrowType.of(ColumnType.INT64);
                case FLOAT32 -> ArrowType.of(ColumnType.FLOAT32);
                case FLOAT64 -> ArrowType.of(ColumnType.FLOAT64);
                case DATE -> ArrowType.of(ColumnType.DATE32);
                case TIME -> ArrowType.timestamp(ArrowType.Unit.NANOSECOND, "");
                case INSTANT -> ArrowType.timestamp(ArrowType.Unit.NANOSECOND, "UTC");
                case DECIMAL -> ArrowType.decimal(ValueType.MOST_DIGITS, values.scale());
                case LIST -> null;
                default -> ArrowType.of(ColumnType.TEXT);
            };
            if (kind == Kind.LIST) {
                Column items = of("item", values.items());
                return new Column(kind, 0, ArrowOutput.list(name, items.output), items);
            }
            return new Column(kind, values.scale(), ArrowOutput.of(name, type), null);
        }

        private static Kind kind(ValueType values) {
            if (values.kind() != Kind.INTEGER) {
                return values.kind();
            }
            return values.areDecimals() ? Kind.DECIMAL : Kind.TEXT;
        }

        void put(Object cell) {
            Object value = ValueType.plain(cell);
            if (value == null) {
                output.putNull();
                return;
            }
            switch (kind) {
                case BOOL -> output.put((boolean) value ? 1 : 0);
                case INT8, INT16, INT32, INT64 -> output.put(((Number) value).longValue());
                case FLOAT32, FLOAT64 -> output.put(((Number) value).doubleValue());
                case DATE -> output.put(((LocalDate) value).toEpochDay());
                case TIME -> output.put(nanos(((LocalDateTime) value).toInstant(ZoneOffset.UTC)));
                case INSTANT -> output.put(nanos((Instant) value));
                case DECIMAL -> put(decimal(value).setScale(scale).unscaledValue());
                case LIST -> {
                    for (Object item : ValueType.itemsOf(value)) {
                        items.put(item);
                    }
                    output.endList();
                }
                default -> {
                    byte[] utf8 = Json.inline(value).getBytes(StandardCharsets.UTF_8);
                    output.put(utf8, 0, utf8.length);
                }
            }
        }

        private void put(BigInteger unscaled) {
            byte[] bytes = new byte[DECIMAL_BYTES];
            Arrays.fill(bytes, (byte) (unscaled.signum() >> 1));
            byte[] highestFirst = unscaled.toByteArray();
            for (int i = 0; i < highestFirst.length; i++) {
                bytes[i] = highestFirst[highestFirst.length - 1 - i];
            }
            output.put(bytes, 0, bytes.length);
        }

        private static BigDecimal decimal(Object value) {
            return value instanceof BigDecimal decimal ? decimal : new BigDecimal(value.toString());
        }

        private static long nanos(Instant time) {
            return Math.addExact(Math.multiplyExact(time.getEpochSecond(), NANOS), time.getNano());
        }
    }

    private ArrowAnswer(TableAnswer table) {
        this.table = table;
        List<String> names = table.names();
        List<ValueType> types = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            types.add(new ValueType());
        }
        for (int row = 0; row < table.count(); row++) {
            List<Object> cells = table.cells(row);
            for (int i = 0; i < cells.size(); i++) {
                types.get(i).see(i < table.parameters() ? typed((String) cells.get(i)) : cells.get(i));
            }
        }
        for (int i = 0; i < names.size(); i++) {
            columns.add(Column.of(names.get(i), types.get(i)));
        }
    }

    static void write(WritableByteChannel out, TableAnswer table) throws IOException {
        new ArrowAnswer(table).write(out);
    }

    private void write(WritableByteChannel out) throws IOException {
        var writer = new ArrowWriter(out, columns.stream().map(Column::output).toList());
        for (int row = 0; row < table.count(); row++) {
            List<Object> cells = table.cells(row);
            for (int i = 0; i < cells.size(); i++) {
                Column column = columns.get(i);
                boolean isNumber = i < table.parameters() && column.kind != Kind.TEXT;
                column.put(isNumber ? typed((String) cells.get(i)) : cells.get(i));
            }
            writer.endRow();
        }
        writer.finish();
    }

    /** A text as the number that it is the usual one for; itself if it is none, or null. */
    private static Object typed(String text) {
        if (text == null || !text.matches("-?(0|[1-9][0-9]{0,37})([.][0-9]{1,38})?([eE][-+]?[0-9]{1,3})?")) {
            return text;
        }
        var exact = new BigDecimal(text);
        if (text.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E') && !text.equals("-0")) {
            return exact.unscaledValue();
        }
        double number = Double.parseDouble(text);
        return Double.isFinite(number) && exact.compareTo(new BigDecimal(Double.toString(number))) == 0 ? number : text;
    }
}
