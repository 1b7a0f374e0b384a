package io.github.forkless.common.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** Shared bytes, read in place. Positions count from 0 and are 64 bits wide. Safe for use by several threads. */
public final class Bytes {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private final MemorySegment segment;
    private final long count;

    Bytes(MemorySegment segment) {
        this.segment = segment;
        this.count = segment.byteSize() / Byte.BYTES;
    }

    /** The byte at an index. */
    @FunctionalInterface
    public interface Value {
        byte at(long index);
    }

    /** {@code count} bytes, to be made where they are shared: there may be more than a heap or an array can hold. */
    public static Shareable<Bytes> of(long count, Value value) {
        return Shareable.of(Elements.BYTES, count, out -> {
            for (long i = 0; i < count; i++) {
                out.put(value.at(i));
            }
        });
    }

    /** The same bytes as those of an array, which is not copied before they are shared. */
    public static Shareable<Bytes> of(byte... values) {
        return Shareable.of(Elements.BYTES, values.length, out -> out.put(MemorySegment.ofArray(values)));
    }

    /** All bytes of a segment, which is not copied before they are shared. */
    public static Shareable<Bytes> of(MemorySegment bytes) {
        return Shareable.of(Elements.BYTES, bytes.byteSize(), out -> out.put(bytes));
    }

    /**
     * The same rows as those of an array, which are not copied before they are shared.
     *
     * @throws IllegalArgumentException when one is null, or not as long as the others
     */
    public static Shareable<Matrix<Bytes>> matrix(byte[]... rows) {
        return Matrix.of(Elements.BYTES, rows, MemorySegment::ofArray);
    }

    /** How many there are. */
    public long count() {
        return count;
    }

    /** @throws IndexOutOfBoundsException when {@code index} is not from 0 to {@code count() - 1} */
    public byte at(long index) {
        return segment.getAtIndex(BYTE, Objects.checkIndex(index, count));
    }

    /**
     * Those from {@code from} up to, not including, {@code to}; a view, not a copy.
     *
     * @throws IndexOutOfBoundsException when not all of them are there
     */
    public Bytes part(long from, long to) {
        Objects.checkFromToIndex(from, to, count);
        return new Bytes(segment.asSlice(from * Byte.BYTES, (to - from) * Byte.BYTES));
    }

    /** Exactly these, little-endian, read-only. */
    public MemorySegment segment() {
        return segment;
    }

    /** A copy. */
    public byte[] toArray() {
        return segment.toArray(BYTE);
    }
}
