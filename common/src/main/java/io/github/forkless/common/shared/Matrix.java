package io.github.forkless.common.shared;

import io.github.forkless.common.dataset.Block;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.function.Function;

/**
 * Shared rows of one length, read in place, such as {@code Matrix<Doubles>}; made by {@code Doubles.matrix} and its like.
 * Positions count from 0 and are 64 bits wide. Safe for use by several threads.
 *
 * @param <V> what a row is read as
 */
public final class Matrix<V> {
    private final Elements type;
    private final MemorySegment segment;
    private final long rows;
    private final long columns;

    private Matrix(Elements type, MemorySegment segment, long rows, long columns) {
        this.type = type;
        this.segment = segment;
        this.rows = rows;
        this.columns = columns;
    }

    /** As which bytes are seen as a matrix. */
    record Shape(Elements type, long rows, long columns) implements View {
        @Override
        public Object of(Block whole) {
            return new Matrix<>(type, whole.segment(), rows, columns);
        }
    }

    /** @param bytes the elements of a row */
    static <A, V> Shareable<Matrix<V>> of(Elements type, A[] rows, Function<A, MemorySegment> bytes) {
        A[] all = rows.clone();
        long columns = 0;
        for (int row = 0; row < all.length; row++) {
            if (all[row] == null) {
                throw new IllegalArgumentException("row " + row + " of the matrix is null");
            }
            long length = bytes.apply(all[row]).byteSize() / type.width();
            if (row == 0) {
                columns = length;
            } else if (length != columns) {
                throw new IllegalArgumentException(
                        "row " + row + " of the matrix has " + length + " columns, and row 0 has " + columns
                                + "; share rows of different lengths one after another, as one array");
            }
        }
        return of(type, all.length, columns, out -> {
            for (A row : all) {
                out.put(bytes.apply(row));
            }
        });
    }

    /** @throws IllegalArgumentException when there cannot be so many */
    static <V> Shareable<Matrix<V>> of(Elements type, long rows, long columns, Shareable.Run run) {
        if (rows < 0 || columns < 0 || Math.multiplyHigh(rows, columns) != 0 || rows * columns < 0) {
            throw new IllegalArgumentException("a matrix cannot have " + rows + " rows of " + columns + " columns");
        }
        return Shareable.of(new Shape(type, rows, columns), type, rows * columns, run);
    }

    /** How many rows there are. */
    public long rows() {
        return rows;
    }

    /** How many elements each row has. */
    public long columns() {
        return columns;
    }

    /**
     * One row; a view, not a copy.
     *
     * @throws IndexOutOfBoundsException when {@code row} is not from 0 to {@code rows() - 1}
     */
    public V row(long row) {
        return view(Objects.checkIndex(row, rows), row + 1);
    }

    /** All elements, row after row; a view, not a copy. */
    public V values() {
        return view(0, rows);
    }

    /**
     * The rows from {@code from} up to, not including, {@code to}; a view, not a copy.
     *
     * @throws IndexOutOfBoundsException when not all of them are there
     */
    public Matrix<V> part(long from, long to) {
        Objects.checkFromToIndex(from, to, rows);
        return new Matrix<>(type, slice(from, to), to - from, columns);
    }

    @SuppressWarnings("unchecked") // the type's class is V: see the factories
    private V view(long from, long to) {
        return (V) type.of(slice(from, to));
    }

    private MemorySegment slice(long from, long to) {
        long rowBytes = columns * type.width();
        return segment.asSlice(from * rowBytes, (to - from) * rowBytes);
    }
}
