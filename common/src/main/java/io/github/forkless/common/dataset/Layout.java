package io.github.forkless.common.dataset;

/**
 * What a dataset is made of, and where in its file that lies. What depends on the kind of data, such as where it may be cut,
 * switches over the kinds; a file's {@link DatasetFormat} tells which it has.
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
