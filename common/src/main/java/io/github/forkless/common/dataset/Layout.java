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
            if (type == ElementType.RECORDS) { // text may be read as bytes
                throw new IllegalArgumentException("records are no numbers");
            }
            check(type, offset, count);
        }

        @Override
        public List<Slice> cut(DatasetFile file, Slice slice, int parts) {
            return Slices.multiples(slice, Slices.BLOCK_BYTES / type.width(), parts);
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
        public String unit() {
            return "bytes";
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

    /**
     * Records of bytes. Slices and blocks are whole records, and are counted in them.
     *
     * @param offset bytes from the start of the file to the first record
     * @param count of records
     * @param bytes of all of them
     * @param width bytes of each; 0 where each has its own length, and a header and an index say where it is
     */
    record Records(long offset, long count, long bytes, int width) implements Layout {
        /** @throws IllegalArgumentException if a number is negative, or the bytes are not those of so many records */
        public Records {
            if (offset < 0
                    || count < 0
                    || bytes < 0
                    || width < 0
                    || bytes > Long.MAX_VALUE - offset
                    || (width > 0
                            ? bytes % width != 0 || bytes / width != count
                            : count > bytes / RecordHeader.SHORTEST)) {
                throw new IllegalArgumentException(io.github.forkless.common.text.Text.format(
                        "%d records of %d bytes in %d bytes at %d", count, width, bytes, offset));
            }
        }

        @Override
        public ElementType type() {
            return ElementType.RECORDS;
        }

        @Override
        public String label() {
            return width == 0 ? "records" : "record:" + width;
        }

        @Override
        public String unit() {
            return "records";
        }

        @Override
        public List<Slice> cut(DatasetFile file, Slice slice, int parts) {
            return Slices.multiples(slice, width == 0 ? RecordIndex.STRIDE : perBlock(), parts);
        }

        @Override
        public long largestSliceBytes() {
            return 16 << 20;
        }

        @Override
        public long bytes(long elements) {
            return count == 0 ? 0 : (long) ((double) bytes / count * elements);
        }

        @Override
        public int recordWidth() {
            return width;
        }
    }

    /** The layout of numbers or text of {@code type}. */
    static Layout of(ElementType type, long offset, long count) {
        return type.isText() ? new Text(offset, count) : new Numbers(type, offset, count);
    }

    /**
     * The layout that another process has told of.
     *
     * @param bytes of all elements
     * @param recordWidth that of {@link #recordWidth}
     * @throws IllegalArgumentException if there is no such layout
     */
    static Layout of(ElementType type, long offset, long count, long bytes, int recordWidth) {
        if (type == ElementType.RECORDS) {
            return new Records(offset, count, bytes, recordWidth);
        }
        return of(type, offset, count);
    }

    /** What the elements are. */
    ElementType type();

    /** Bytes from the start of the file to the first element. */
    long offset();

    /** Elements; bytes for text. */
    long count();

    /** The name people type: {@code int32}, {@code text}, {@code record:24}. */
    default String label() {
        return type().label();
    }

    /** What is counted, in words. */
    default String unit() {
        return "elements";
    }

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
        return bytes(count());
    }

    /** Bytes of so many elements; of records of different lengths, on the average. */
    default long bytes(long elements) {
        return elements * type().width();
    }

    /** Elements of a block of {@link Slices#BLOCK_BYTES}, 1 or more; of records of different lengths, on the average. */
    default long perBlock() {
        return Math.max(1, Slices.BLOCK_BYTES / Math.max(1, bytes(1)));
    }

    /** Bytes of each record; 0 where they differ, and for other data. */
    default int recordWidth() {
        return 0;
    }

    private static void check(ElementType type, long offset, long count) {
        if (offset < 0 || count < 0 || count > (Long.MAX_VALUE - offset) / type.width()) {
            throw new IllegalArgumentException(
                    io.github.forkless.common.text.Text.format("%d elements of %s at %d", count, type.label(), offset));
        }
    }
}
