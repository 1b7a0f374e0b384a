package io.github.forkless.common.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/** Shared shorts, read in place. Positions count from 0 and are 64 bits wide. Safe for use by several threads. */
public final class Shorts {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment segment;
    private final long count;

    Shorts(MemorySegment segment) {
        this.segment = segment;
        this.count = segment.byteSize() / Short.BYTES;
    }

    /** The short at an index. */
    @FunctionalInterface
    public interface Value {
        short at(long index);
    }

    /** {@code count} shorts, to be made where they are shared: there may be more than a heap or an array can hold. */
    public static Shareable<Shorts> of(long count, Value value) {
        return Shareable.of(Elements.SHORTS, count, out -> {
            for (long i = 0; i < count; i++) {
                out.put(value.at(i));
            }
        });
    }

    /** The same shorts as those of an array, which is not copied before they are shared. */
    public static Shareable<Shorts> of(short... values) {
        return Shareable.of(Elements.SHORTS, values.length, out -> out.put(MemorySegment.ofArray(values)));
    }

    /**
     * The same rows as those of an array, which are not copied before they are shared.
     *
     * @throws IllegalArgumentException when one is null, or not as long as the others
     */
    public static Shareable<Matrix<Shorts>> matrix(short[]... rows) {
        return Matrix.of(Elements.SHORTS, rows, MemorySegment::ofArray);
    }

    /** How many there are. */
    public long count() {
        return count;
    }

    /** @throws IndexOutOfBoundsException when {@code index} is not from 0 to {@code count() - 1} */
    public short at(long index) {
        return segment.getAtIndex(SHORT, Objects.checkIndex(index, count));
    }

    /**
     * Those from {@code from} up to, not including, {@code to}; a view, not a copy.
     *
     * @throws IndexOutOfBoundsException when not all of them are there
     */
    public Shorts part(long from, long to) {
        Objects.checkFromToIndex(from, to, count);
        return new Shorts(segment.asSlice(from * Short.BYTES, (to - from) * Short.BYTES));
    }

    /** Exactly these, little-endian, read-only. */
    public MemorySegment segment() {
        return segment;
    }

    /** A copy. */
    public short[] toArray() {
        return segment.toArray(SHORT);
    }
}
