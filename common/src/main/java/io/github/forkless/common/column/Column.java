package io.github.forkless.common.column;

import java.lang.foreign.MemorySegment;

/**
 * One column of some rows, read in place. Rows count from 0 and are 64 bits wide. What {@code at} returns for a row that is null
 * may be anything. Valid as long as the block that gave it. Safe for use by several threads.
 *
 * <p>A loop over {@code at} compiles to vector code. Where {@link #hasNulls()}, look at 64 rows at once with {@link
 * Validity#word}: {@link #isNull} of each row makes a loop several times slower.
 */
public abstract sealed class Column permits NumberColumn, BooleanColumn, DecimalColumn, TextColumn, BinaryColumn {
    private final long count;
    private final Validity validity;

    Column(long count, Validity validity) {
        this.count = count;
        this.validity = validity;
    }

    /** How many rows there are. */
    public final long count() {
        return count;
    }

    /** Whether any of these rows is null. */
    public final boolean hasNulls() {
        return validity.hasNulls();
    }

    /** @throws IndexOutOfBoundsException when {@code row} is not from 0 to {@code count() - 1} */
    public final boolean isNull(long row) {
        return validity.isNull(row);
    }

    /** Which rows are null. */
    public final Validity validity() {
        return validity;
    }

    /**
     * Copies the values of some rows, for whoever looks at them in a loop that has to be compiled soon: integers and times as they
     * are, truth values as 0 and 1, floating-point numbers as the bits of doubles.
     *
     * @throws UnsupportedOperationException for other columns
     * @throws IndexOutOfBoundsException when not all of these rows are there
     * @throws ArithmeticException when one is a uint64 that no long holds
     */
    public void copy(long from, int rows, long[] to) {
        throw new UnsupportedOperationException("a " + getClass().getSimpleName() + " has no numbers");
    }

    /** Of a type that is read, without rows. */
    public static Column empty(ColumnType type) {
        Validity none = Validity.all(0);
        return switch (type) {
            case INT8, UINT8, INT16, UINT16, INT32, DATE32, TIME32 -> IntColumn.of(type, MemorySegment.NULL, none, 0);
            case INT64, UINT32, UINT64, DATE64, TIME64, TIMESTAMP, DURATION ->
                LongColumn.of(type, MemorySegment.NULL, none, 0);
            case FLOAT16, FLOAT32, FLOAT64 -> DoubleColumn.of(type, MemorySegment.NULL, none, 0);
            case BOOL -> BooleanColumn.ofBits(MemorySegment.NULL, 0, none, 0);
            case DECIMAL -> new DecimalColumn(MemorySegment.NULL, 1, 0, none, 0);
            case TEXT -> new TextColumn(Slots.fixed(MemorySegment.NULL, 0), none, 0);
            case BINARY -> new BinaryColumn(Slots.fixed(MemorySegment.NULL, 0), none, 0);
            case UNSUPPORTED -> throw new IllegalArgumentException("a column that is not read");
        };
    }
}
