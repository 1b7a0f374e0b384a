package io.github.forkless.common.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.stream.IntStream;

/** Shared ints, read in place. Positions count from 0 and are 64 bits wide. Safe for use by several threads. */
public final class Ints {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment segment;
    private final long count;

    Ints(MemorySegment segment) {
        this.segment = segment;
        this.count = segment.byteSize() / Integer.BYTES;
    }

    /** The int at an index. */
    @FunctionalInterface
    public interface Value {
        int at(long index);
    }

    /** The int in a row and a column of a matrix. */
    @FunctionalInterface
    public interface Cell {
        int at(long row, long column);
    }

    /** {@code count} ints, to be made where they are shared: there may be more than a heap or an array can hold. */
    public static Shareable<Ints> of(long count, Value value) {
        return Shareable.of(Elements.INTS, count, out -> {
            for (long i = 0; i < count; i++) {
                out.put(value.at(i));
            }
        });
    }

    /** Ints of which nobody knows how many there are, to be made where they are shared. */
    public static Shareable<Ints> of(IntStream values) {
        return Shareable.ofUnknown(Elements.INTS, out -> values.sequential().forEach(out::put));
    }

    /** The same ints as those of an array, which is not copied before they are shared. */
    public static Shareable<Ints> of(int... values) {
        return Shareable.of(Elements.INTS, values.length, out -> out.put(MemorySegment.ofArray(values)));
    }

    /** A matrix to be made where it is shared, row after row: it may be larger than a heap. */
    public static Shareable<Matrix<Ints>> matrix(long rows, long columns, Cell cell) {
        return Matrix.of(Elements.INTS, rows, columns, out -> {
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
    public static Shareable<Matrix<Ints>> matrix(int[]... rows) {
        return Matrix.of(Elements.INTS, rows, MemorySegment::ofArray);
    }

    /** How many there are. */
    public long count() {
        return count;
    }

    /** @throws IndexOutOfBoundsException when {@code index} is not from 0 to {@code count() - 1} */
    public int at(long index) {
        return segment.getAtIndex(INT, Objects.checkIndex(index, count));
    }

    /**
     * Those from {@code from} up to, not including, {@code to}; a view, not a copy.
     *
     * @throws IndexOutOfBoundsException when not all of them are there
     */
    public Ints part(long from, long to) {
        Objects.checkFromToIndex(from, to, count);
        return new Ints(segment.asSlice(from * Integer.BYTES, (to - from) * Integer.BYTES));
    }

    /** Exactly these, little-endian, read-only. */
    public MemorySegment segment() {
        return segment;
    }

    /** A copy. */
    public int[] toArray() {
        return segment.toArray(INT);
    }
}
