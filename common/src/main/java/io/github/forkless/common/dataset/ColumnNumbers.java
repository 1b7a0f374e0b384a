package io.github.forkless.common.dataset;

import io.github.forkless.common.column.BooleanColumn;
import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.DoubleColumn;
import io.github.forkless.common.column.IntColumn;
import io.github.forkless.common.column.LongColumn;
import io.github.forkless.common.column.NumberColumn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * Makes blocks of numbers of a column. Where no row is null and the numbers are of a type that jobs get they are read in place.
 * Else those that are there are copied, to memory that stays in the core's cache. For one thread; a block is valid until the next
 * one.
 */
final class ColumnNumbers {
    private final ColumnType inTable;
    private final ElementType storedType;
    private final ElementType type;
    private final boolean isInPlace;
    private final WiderNumbers wider;
    private final long mostRows;
    /** Made when it is needed. */
    private MemorySegment copy;

    /** The same, of numbers that are apart in the file. */
    private MemorySegment packed;

    /**
     * @param file as errors name it
     * @param first which row of the dataset is its first
     */
    ColumnNumbers(Path file, long first, Layout.Column column, long mostRows) {
        this.inTable = column.table().columns().get(column.index()).type();
        this.storedType = Layout.Column.elementType(inTable);
        this.type = column.type();
        this.isInPlace = storedType == type && inTable != ColumnType.BOOL;
        this.wider = new WiderNumbers(file, first, "row %d of the column");
        this.mostRows = mostRows;
    }

    /**
     * @param start the dataset's row that the column begins with
     * @throws DatasetException if there is a {@code uint64} that an {@code int64} does not hold
     */
    Block block(Column inFile, long start) {
        Column column = inFile instanceof NumberColumn numbers && numbers.isStrided() ? packed(numbers) : inFile;
        if (!column.hasNulls() && (isInPlace || storedType != type)) {
            Block stored = new Block(storedType, start, column.count(), values(column));
            return isInPlace ? stored : wider.of(stored);
        }
        if (copy == null) {
            copy = Arena.ofAuto().allocate(mostRows * type.width(), Long.BYTES);
        }
        long count = 0;
        for (long word = 0; word < column.validity().words(); word++) {
            long there = column.validity().word(word);
            if (there == -1 && isInPlace) {
                MemorySegment.copy(
                        values(column),
                        word * Long.SIZE * type.width(),
                        copy,
                        count * type.width(),
                        (long) Long.SIZE * type.width());
                count += Long.SIZE;
                continue;
            }
            for (; there != 0; there &= there - 1) {
                put(column, word * Long.SIZE + Long.numberOfTrailingZeros(there), count++, start);
            }
        }
        return new Block(
                type, start, count, copy.asSlice(0, count * type.width()).asReadOnly());
    }

    /** The same numbers behind one another. */
    private NumberColumn packed(NumberColumn numbers) {
        if (packed == null) {
            packed = Arena.ofAuto().allocate(mostRows * storedType.width(), Long.BYTES);
        }
        numbers.pack(packed);
        MemorySegment values =
                packed.asSlice(0, numbers.count() * storedType.width()).asReadOnly();
        return switch (numbers) {
            case IntColumn _ -> IntColumn.of(inTable, values, numbers.validity(), numbers.count());
            case LongColumn _ -> LongColumn.of(inTable, values, numbers.validity(), numbers.count());
            case DoubleColumn _ -> DoubleColumn.of(inTable, values, numbers.validity(), numbers.count());
        };
    }

    private static MemorySegment values(Column column) {
        if (column instanceof NumberColumn numbers) {
            return numbers.segment();
        }
        throw new IllegalStateException(column + " has no values in one place");
    }

    private void put(Column column, long row, long index, long start) {
        switch (column) {
            case IntColumn ints -> putInt(ints.at(row), index);
            case LongColumn longs -> {
                if (storedType == ElementType.UINT64 && longs.segment().getAtIndex(Block.INT64, row) < 0) {
                    throw wider.tooLarge(start + row, longs.segment().getAtIndex(Block.INT64, row));
                }
                copy.setAtIndex(Block.INT64, index, longs.at(row));
            }
            case BooleanColumn booleans -> copy.set(ValueLayout.JAVA_BYTE, index, (byte) (booleans.at(row) ? 1 : 0));
            case DoubleColumn doubles -> {
                if (type == ElementType.FLOAT64) { // its bits: a NaN stays the same
                    copy.setAtIndex(Block.INT64, index, doubles.segment().getAtIndex(Block.INT64, row));
                } else {
                    copy.setAtIndex(Block.FLOAT32, index, (float) doubles.at(row));
                }
            }
            default -> throw new IllegalStateException(column + " has no numbers");
        }
    }

    private void putInt(int value, long index) {
        switch (type) {
            case INT8, UINT8 -> copy.set(ValueLayout.JAVA_BYTE, index, (byte) value);
            case INT16 -> copy.setAtIndex(Block.INT16, index, (short) value);
            default -> copy.setAtIndex(Block.INT32, index, value);
        }
    }
}
