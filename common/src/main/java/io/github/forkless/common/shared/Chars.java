package io.github.forkless.common.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/** Shared characters, read in place. Positions count from 0 and are 64 bits wide. Safe for use by several threads. */
public final class Chars {
    private static final ValueLayout.OfChar CHAR = ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment segment;
    private final long count;

    Chars(MemorySegment segment) {
        this.segment = segment;
        this.count = segment.byteSize() / Character.BYTES;
    }

    /** The character at an index. */
    @FunctionalInterface
    public interface Value {
        char at(long index);
    }

    /** {@code count} characters, to be made where they are shared: there may be more than a heap or an array can hold. */
    public static Shareable<Chars> of(long count, Value value) {
        return Shareable.of(Elements.CHARS, count, out -> {
            for (long i = 0; i < count; i++) {
                out.put(value.at(i));
            }
        });
    }

    /** The same characters as those of an array, which is not copied before they are shared. */
    public static Shareable<Chars> of(char... values) {
        return Shareable.of(Elements.CHARS, values.length, out -> out.put(MemorySegment.ofArray(values)));
    }

    /**
     * The same rows as those of an array, which are not copied before they are shared.
     *
     * @throws IllegalArgumentException when one is null, or not as long as the others
     */
    public static Shareable<Matrix<Chars>> matrix(char[]... rows) {
        return Matrix.of(Elements.CHARS, rows, MemorySegment::ofArray);
    }

    /** How many there are. */
    public long count() {
        return count;
    }

    /** @throws IndexOutOfBoundsException when {@code index} is not from 0 to {@code count() - 1} */
    public char at(long index) {
        return segment.getAtIndex(CHAR, Objects.checkIndex(index, count));
    }

    /**
     * Those from {@code from} up to, not including, {@code to}; a view, not a copy.
     *
     * @throws IndexOutOfBoundsException when not all of them are there
     */
    public Chars part(long from, long to) {
        Objects.checkFromToIndex(from, to, count);
        return new Chars(segment.asSlice(from * Character.BYTES, (to - from) * Character.BYTES));
    }

    /** Exactly these, little-endian, read-only. */
    public MemorySegment segment() {
        return segment;
    }

    /** A copy. */
    public char[] toArray() {
        return segment.toArray(CHAR);
    }
}
