package io.github.forkless.common.shared;

import io.github.forkless.common.dataset.Block;
import java.io.IOException;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Shared records of one class, as columns. {@link #at} makes a record; a column is read without making any: {@code
 * trades.doubles("price")}. What is in a nested record has a column of its own, {@code "buyer.name"}, and so have the parts of
 * what {@code java.time} has: {@code "at.epochSecond"}, {@code "at.nano"}. Positions count from 0 and are 64 bits wide. Safe for
 * use by several threads.
 *
 * @param <R> the class of the records, whose components are primitives, their boxes, strings, enums, {@code Instant}, {@code
 *     Duration}, {@code LocalDate}, {@code LocalTime}, {@code LocalDateTime}, {@code UUID}, and records of these. All but
 *     primitives may be null
 */
public final class Table<R extends Record> {
    private final Source source;
    private final long from;
    private final long count;

    private Table(Source source, long from, long count) {
        this.source = source;
        this.from = from;
        this.count = count;
    }

    /** The record at an index. */
    @FunctionalInterface
    public interface Value<R extends Record> {
        R at(long index);
    }

    /**
     * A column in a file.
     *
     * @param values where they are; -1 for a record, whose parts have columns
     * @param presence where a bit for each says whether it is not null; -1 where that needs none
     */
    record Column(String name, ColumnType type, long values, long presence) implements Serializable {}

    /**
     * As which bytes are seen as a table.
     *
     * @param type null where there is no record, whose class would be known
     * @param heap where strings are
     */
    record Shape(RecordType type, long count, List<Column> columns, long heap) implements View {
        @Override
        public Object of(Block whole) {
            return new Table<>(new Source(this, whole.segment()), 0, count);
        }
    }

    /**
     * {@code count} records, to be made while they are shared: there may be more than a heap can hold.
     *
     * @throws IllegalArgumentException when a component cannot be a column, naming it
     */
    public static <R extends Record> Shareable<Table<R>> of(Class<R> type, long count, Value<R> value) {
        ColumnFile.requireCount(count);
        return of(type, LongStream.range(0, count).<Record>mapToObj(value::at).iterator(), count);
    }

    /**
     * The same records as those of a collection, in its order.
     *
     * @throws IllegalArgumentException when a component cannot be a column, naming it
     */
    public static <R extends Record> Shareable<Table<R>> of(Class<R> type, Collection<? extends R> values) {
        return of(type, values.iterator(), values.size());
    }

    /**
     * Records of which nobody knows how many there are, to be made while they are shared.
     *
     * @throws IllegalArgumentException when a component cannot be a column, naming it
     */
    public static <R extends Record> Shareable<Table<R>> of(Class<R> type, Stream<? extends R> values) {
        return of(type, values.sequential().iterator(), ColumnFile.UNKNOWN);
    }

    /**
     * The same for a list whose first record says the class. Of an empty one nobody knows the columns: see {@link #of(Class,
     * Collection)}.
     *
     * @throws IllegalArgumentException when a component cannot be a column, naming it
     */
    @SuppressWarnings("unchecked") // a record's class is final
    public static <R extends Record> Shareable<Table<R>> of(List<R> values) {
        if (values.isEmpty()) {
            return Shareable.of(0, true, (_, _) -> new Shape(null, 0, List.of(), 0));
        }
        R first = values.getFirst();
        if (first == null) {
            throw missing(0);
        }
        return of((Class<R>) first.getClass(), values);
    }

    private static <R extends Record> Shareable<Table<R>> of(
            Class<R> type, Iterator<? extends Record> values, long count) {
        RecordShape.Group shape = RecordShape.of(type);
        return Shareable.of(
                Math.max(count, 0) * TableWriter.bytes(shape),
                false,
                (out, scratch) -> write(shape, values, count, out, scratch));
    }

    private static View write(
            RecordShape.Group shape,
            Iterator<? extends Record> values,
            long count,
            FileChannel out,
            Shareable.Scratch scratch)
            throws IOException {
        try (var file = new ColumnFile(out, scratch, count, TableWriter.columns(shape))) {
            var writer = new TableWriter(shape, file, count);
            var rows = new ColumnFile.Rows(count);
            for (long row = 0; values.hasNext(); row++) {
                rows.next();
                Record value = values.next();
                if (value == null) {
                    throw missing(row);
                }
                if (value.getClass() != shape.type()) {
                    throw new IllegalArgumentException(
                            "record " + row + " is a " + value.getClass().getName() + ", and the table is of "
                                    + shape.type().getName() + "; share those of one class at a time");
                }
                writer.put(value);
            }
            List<Column> columns = writer.finish();
            return new Shape(new RecordType(shape.type()), rows.end(), columns, file.heapOffset());
        }
    }

    private static IllegalArgumentException missing(long row) {
        return new IllegalArgumentException("record " + row + " is null; a table has none without a record");
    }

    /** What all parts of a table have in common. */
    static final class Source {
        private final Shape shape;
        private final MemorySegment whole;
        private volatile TableReader reader;

        private Source(Shape shape, MemorySegment whole) {
            this.shape = shape;
            this.whole = whole;
        }

        private TableReader reader() {
            TableReader known = reader;
            if (known == null) {
                known = new TableReader(RecordShape.of(shape.type.find()), this);
                reader = known;
            }
            return known;
        }

        /** @throws IllegalStateException when there is no such column, and so the class is another */
        Column column(String name, ColumnType type) {
            for (Column column : shape.columns) {
                if (column.name.equals(name) && column.type == type) {
                    return column;
                }
            }
            throw new IllegalStateException("the class " + shape.type.name() + " has '" + name + "' as " + type.label()
                    + " here, and had not when its records were shared, as " + columns()
                    + "; run both with the same class");
        }

        Column column(String name) {
            for (Column column : shape.columns) {
                if (column.name.equals(name)) {
                    return column;
                }
            }
            throw new IllegalArgumentException("there is no column '" + name + "' in " + columns());
        }

        /** All values of a column. */
        Object values(Column column) {
            return values(column, 0, shape.count);
        }

        Object values(Column column, long from, long count) {
            long at = column.values + from * column.type.width();
            return column.type == ColumnType.STRING
                    ? Strings.of(whole, at, count, shape.heap)
                    : column.type.elements().of(whole, at, count);
        }

        MemorySegment presence(Column column) {
            return shape.count == 0
                    ? MemorySegment.NULL
                    : whole.asSlice(column.presence, Math.ceilDiv(shape.count, Byte.SIZE));
        }

        private String columns() {
            if (shape.type == null) {
                return "a table of an empty list, whose class nobody knows: use Table.of(Trade.class, list)";
            }
            return "the table of " + shape.type.name() + ", which has "
                    + shape.columns.stream()
                            .map(column -> column.name + " (" + column.type.label() + ")")
                            .collect(Collectors.joining(", "));
        }
    }

    /** How many records there are. */
    public long count() {
        return count;
    }

    /**
     * Makes the record at an index.
     *
     * @throws IndexOutOfBoundsException when {@code index} is not from 0 to {@code count() - 1}
     * @throws IllegalStateException when this process does not have its class, or another of that name
     */
    @SuppressWarnings("unchecked") // what was written
    public R at(long index) {
        return (R) source.reader().read(from + Objects.checkIndex(index, count));
    }

    /**
     * Those from {@code from} up to, not including, {@code to}; a view, not a copy.
     *
     * @throws IndexOutOfBoundsException when not all of them are there
     */
    public Table<R> part(long from, long to) {
        Objects.checkFromToIndex(from, to, count);
        return new Table<>(source, this.from + from, to - from);
    }

    /**
     * Whether what a column has at an index is null.
     *
     * @throws IllegalArgumentException when there is no such column, naming those that there are
     * @throws IndexOutOfBoundsException when {@code index} is not from 0 to {@code count() - 1}
     */
    public boolean isNull(String column, long index) {
        Column found = source.column(column);
        long row = from + Objects.checkIndex(index, count);
        return switch (found.type) {
            case STRING ->
                ((Longs) ColumnType.STRING.elements().of(source.whole, found.values, source.shape.count)).at(row) < 0;
            case ENUM -> ((Shorts) source.values(found)).at(row) < 0;
            default -> found.presence >= 0 && !TableReader.isThere(source.presence(found), row);
        };
    }

    /**
     * A column of bytes, or of booleans: 1 is true. Where a box is null, it has 0.
     *
     * @throws IllegalArgumentException when there is no such column, naming those that there are
     */
    public Bytes bytes(String column) {
        return (Bytes) values(column, "bytes", ColumnType.BYTE, ColumnType.BOOLEAN);
    }

    /**
     * A column of shorts, or of enum constants as their ordinals: -1 is null. Where a box is null, it has 0.
     *
     * @throws IllegalArgumentException when there is no such column, naming those that there are
     */
    public Shorts shorts(String column) {
        return (Shorts) values(column, "shorts", ColumnType.SHORT, ColumnType.ENUM);
    }

    /**
     * A column of characters. Where a box is null, it has 0: see {@link #isNull}.
     *
     * @throws IllegalArgumentException when there is no such column, naming those that there are
     */
    public Chars chars(String column) {
        return (Chars) values(column, "chars", ColumnType.CHAR);
    }

    /**
     * A column of ints. Where a box is null, it has 0: see {@link #isNull}.
     *
     * @throws IllegalArgumentException when there is no such column, naming those that there are
     */
    public Ints ints(String column) {
        return (Ints) values(column, "ints", ColumnType.INT);
    }

    /**
     * A column of longs. Where a box is null, it has 0: see {@link #isNull}.
     *
     * @throws IllegalArgumentException when there is no such column, naming those that there are
     */
    public Longs longs(String column) {
        return (Longs) values(column, "longs", ColumnType.LONG);
    }

    /**
     * A column of floats. Where a box is null, it has 0: see {@link #isNull}.
     *
     * @throws IllegalArgumentException when there is no such column, naming those that there are
     */
    public Floats floats(String column) {
        return (Floats) values(column, "floats", ColumnType.FLOAT);
    }

    /**
     * A column of doubles. Where a box is null, it has 0: see {@link #isNull}.
     *
     * @throws IllegalArgumentException when there is no such column, naming those that there are
     */
    public Doubles doubles(String column) {
        return (Doubles) values(column, "doubles", ColumnType.DOUBLE);
    }

    /**
     * A column of strings.
     *
     * @throws IllegalArgumentException when there is no such column, naming those that there are
     */
    public Strings strings(String column) {
        return (Strings) values(column, "strings", ColumnType.STRING);
    }

    private Object values(String name, String accessor, ColumnType... types) {
        Column column = source.column(name);
        if (!List.of(types).contains(column.type)) {
            throw new IllegalArgumentException("the column '" + name + "' is " + column.type.label() + "; " + accessor
                    + " reads " + types[0].label() + ": use " + column.type.accessor());
        }
        return source.values(column, from, count);
    }
}
