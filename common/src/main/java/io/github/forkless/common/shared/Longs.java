package io.github.forkless.common.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.stream.LongStream;

/** Shared longs, read in place. Positions count from 0 and are 64 bits wide. Safe for use by several threads. */
public final class Longs {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment segment;
    private final long count;

    Longs(MemorySegment segment) {
        this.segment = segment;
        this.count = segment.byteSize() / Long.BYTES;
    }

    /** The long at an index. */
    @FunctionalInterface
    public interface Value {
        long at(long index);
    }

    /** The long in a row and a column of a matrix. */
    @FunctionalInterface
    public interface Cell {
        long at(long row, long column);
    }

    /** {@code count} longs, to be made where they are shared: there may be more than a heap or an array can hold. */
    public static Shareable<Longs> of(long count, Value value) {
        return Shareable.of(Elements.LONGS, count, out -> {
            for (long i = 0; i < count; i++) {
                out.put(value.at(i));
            }
        });
    }

    /** Longs of which nobody knows how many there are, to be made where they are shared. */
    public static Shareable<Longs> of(LongStream values) {
        return Shareable.ofUnknown(Elements.LONGS, out -> values.sequential().forEach(out::put));
    }

    /** The same longs as those of an array, which is not copied before they are shared. */
    public static Shareable<Longs> of(long... values) {
        return Shareable.of(Elements.LONGS, values.length, out -> out.put(MemorySegment.ofArray(values)));
    }

    /** A matrix to be made where it is shared, row after row: it may be larger than a heap. */
    public static Shareable<Matrix<Longs>> matrix(long rows, long columns, Cell cell) {
        return Matrix.of(Elements.LONGS, rows, columns, out -> {
            for (long row = 0; row < rows; row++) {
                for (long column = 0; column < columns; column++) {
                    out.put(cell.at(row, column));
                }
            }
        });
    }

    /**
     * The same rows as those of an array, which are not copied before they are shared.
     *
     * @throws IllegalArgumentException when one is null, or not as long as the others
     */
    public static Shareable<Matrix<Longs>> matrix(long[]... rows) {
        return Matrix.of(Elements.LONGS, rows, MemorySegment::ofArray);
    }

    /** How many there are. */
    public long count() {
        return count;
    }

    /** @throws IndexOutOfBoundsException when {@code index} is not from 0 to {@code count() - 1} */
    public long at(long index) {
        return segment.getAtIndex(LONG, Objects.checkIndex(index, count));
    }

    /**
     * Those from {@code from} up to, not including, {@code to}; a view, not a copy.
     *
     * @throws IndexOutOfBoundsException when not all of them are there
     */
    public Longs part(long from, long to) {
        Objects.checkFromToIndex(from, to, count);
        return new Longs(segment.asSlice(from * Long.BYTES, (to - from) * Long.BYTES));
    }

    /** Exactly these, little-endian, read-only. */
    public MemorySegment segment() {
        return segment;
    }

    /** A copy. */
    public long[] toArray() {
        return segment.toArray(LONG);
    }
}
