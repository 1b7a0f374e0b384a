package io.github.forkless.common.dataset;

import java.util.List;

/**
 * What a dataset is made of, where in its file that lies, and where it may be cut. A file's {@link DatasetFormat} tells which it
 * has.
 */
public sealed interface Layout {
    /**
     * Numbers of one type, one after another.
     *
     * @param offset bytes from the start of the file to the first number; not necessarily aligned
     * @param count of the numbers
     */
    record Numbers(ElementType type, long offset, long count) implements Layout {
        /** @throws IllegalArgumentException if a number is negative, or the numbers end beyond 2<sup>63</sup> bytes */
        public Numbers {
            check(type, offset, count);
        }

        @Override
        public List<Slice> cut(DatasetFile file, Slice slice, int parts) {
            return Slices.elements(type, slice, parts);
        }

        @Override
        public long largestSliceBytes() {
            return 16 << 20;
        }
    }

    /**
     * Lines, each of which ends before a newline; the last one may have none. Slices and blocks are whole lines.
     *
     * @param offset bytes from the start of the file to the first line
     * @param count of bytes
     */
    record Text(long offset, long count) implements Layout {
        /** @throws IllegalArgumentException if a number is negative, or the text ends beyond 2<sup>63</sup> bytes */
        public Text {
            check(ElementType.TEXT, offset, count);
        }

        @Override
        public ElementType type() {
            return ElementType.TEXT;
        }

        @Override
        public List<Slice> cut(DatasetFile file, Slice slice, int parts) {
            return Slices.lines(file, slice, parts);
        }

        @Override
        public long largestSliceBytes() {
            return 32 << 20;
        }
    }

    /** The layout of elements of {@code type}. */
    static Layout of(ElementType type, long offset, long count) {
        return type.isText() ? new Text(offset, count) : new Numbers(type, offset, count);
    }

    /** What the elements are. */
    ElementType type();

    /** Bytes from the start of the file to the first element. */
    long offset();

    /** Elements; bytes for text. */
    long count();

    /**
     * Cuts a slice into parts, where this kind of data may be cut: see {@link Slices#split}.
     *
     * @param parts how many at most, from 1 to the slice's length
     */
    List<Slice> cut(DatasetFile file, Slice slice, int parts);

    /** Bytes of the largest slice that a dataset is cut into by default. */
    long largestSliceBytes();

    /** Bytes of all elements, without a header. */
    default long bytes() {
        return count() * type().width();
    }

    private static void check(ElementType type, long offset, long count) {
        if (offset < 0 || count < 0 || count > (Long.MAX_VALUE - offset) / type.width()) {
            throw new IllegalArgumentException(
                    io.github.forkless.common.text.Text.format("%d elements of %s at %d", count, type.label(), offset));
        }
    }
}
