package io.github.forkless.common.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/** Shared floats, read in place. Positions count from 0 and are 64 bits wide. Safe for use by several threads. */
public final class Floats {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment segment;
    private final long count;

    Floats(MemorySegment segment) {
        this.segment = segment;
        this.count = segment.byteSize() / Float.BYTES;
    }

    /** The float at an index. */
    @FunctionalInterface
    public interface Value {
        float at(long index);
    }

    /** The float in a row and a column of a matrix. */
    @FunctionalInterface
    public interface Cell {
        float at(long row, long column);
    }

    /** {@code count} floats, to be made where they are shared: there may be more than a heap or an array can hold. */
    public static Shareable<Floats> of(long count, Value value) {
        return Shareable.of(Elements.FLOATS, count, out -> {
            for (long i = 0; i < count; i++) {
                out.put(value.at(i));
            }
        });
    }

    /** The same floats as those of an array, which is not copied before they are shared. */
    public static Shareable<Floats> of(float... values) {
        return Shareable.of(Elements.FLOATS, values.length, out -> out.put(MemorySegment.ofArray(values)));
    }

    /** A matrix to be made where it is shared, row after row: it may be larger than a heap. */
    public static Shareable<Matrix<Floats>> matrix(long rows, long columns, Cell cell) {
        return Matrix.of(Elements.FLOATS, rows, columns, out -> {
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
    public static Shareable<Matrix<Floats>> matrix(float[]... rows) {
        return Matrix.of(Elements.FLOATS, rows, MemorySegment::ofArray);
    }

    /** How many there are. */
    public long count() {
        return count;
    }

    /** @throws IndexOutOfBoundsException when {@code index} is not from 0 to {@code count() - 1} */
    public float at(long index) {
        return segment.getAtIndex(FLOAT, Objects.checkIndex(index, count));
    }

    /**
     * Those from {@code from} up to, not including, {@code to}; a view, not a copy.
     *
     * @throws IndexOutOfBoundsException when not all of them are there
     */
    public Floats part(long from, long to) {
        Objects.checkFromToIndex(from, to, count);
        return new Floats(segment.asSlice(from * Float.BYTES, (to - from) * Float.BYTES));
    }

    /** Exactly these, little-endian, read-only. */
    public MemorySegment segment() {
        return segment;
    }

    /** A copy. */
    public float[] toArray() {
        return segment.toArray(FLOAT);
    }
}
