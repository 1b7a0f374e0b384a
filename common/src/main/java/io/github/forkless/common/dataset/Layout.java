package io.github.forkless.common.dataset;

import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.TableColumn;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a dataset is made of, where in its file that lies, and where it may be cut. A file's {@link DatasetFormat} tells which it
 * has.
 */
public sealed interface Layout {
    /**
     * Numbers of one type, one after another. Those of several dimensions are in C order: the last index varies the fastest. Slices
     * and blocks of them are whole rows, which are what the first index counts, unless a row is longer than the largest slice.
     *
     * @param storedType what they are in the file
     * @param offset bytes from the start of the file to the first number; not necessarily aligned
     * @param count of the numbers
     * @param shape the size of each dimension, 1 or more of them
     * @param times what they count, as NumPy says it, {@code datetime64[ns]}; empty for plain numbers. Of times the smallest number is
     *     none (NaT), and jobs do not get it
     */
    record Numbers(ElementType storedType, long offset, long count, List<Long> shape, String times) implements Layout {
        /**
         * @throws IllegalArgumentException if a number is negative, the numbers end beyond 2<sup>63</sup> bytes, or the shape has
         *     another count
         */
        public Numbers {
            if (storedType.width() == 0) { // text may be read as bytes
                throw new IllegalArgumentException(storedType.label() + " is no numbers");
            }
            check(storedType, offset, count);
            shape = List.copyOf(shape);
            if (shape.isEmpty() || product(shape) != count) {
                throw new IllegalArgumentException(count + " elements of shape " + shape);
            }
            if (!times.isEmpty() && storedType != ElementType.INT64) {
                throw new IllegalArgumentException(times + " of " + storedType.label());
            }
        }

        /** Plain numbers. */
        public Numbers(ElementType storedType, long offset, long count, List<Long> shape) {
            this(storedType, offset, count, shape, "");
        }

        /** The same of one dimension. */
        public Numbers(ElementType storedType, long offset, long count) {
            this(storedType, offset, count, List.of(count), "");
        }

        @Override
        public String label() {
            return times.isEmpty() ? storedType.label() : times;
        }

        @Override
        public ElementType type() {
            return storedType.readAs();
        }

        @Override
        public List<Slice> cut(DatasetFile file, Slice slice, int parts) {
            long row = rowLength();
            long rows = Math.max(1, Slices.BLOCK_BYTES / storedType.width() / row);
            return Slices.multiples(slice, rows * row, row, parts);
        }

        @Override
        public long largestSliceBytes() {
            return 16 << 20;
        }

        @Override
        public List<Long> rowShape() {
            return shape.size() == 1 ? List.of() : shape.subList(1, shape.size());
        }

        @Override
        public long rowLength() {
            long length = product(rowShape());
            return length <= largestSliceBytes() / storedType.width() ? Math.max(1, length) : 1;
        }

        @Override
        public String details() {
            return times.isEmpty() ? shape.size() == 1 ? "" : words(shape) : words(shape) + " " + times;
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
            return Slices.multiples(slice, width == 0 ? RecordIndex.STRIDE : perBlock(), 1, parts);
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

    /**
     * Rows of columns, in batches. Slices and blocks are whole rows; a block has rows of one batch.
     *
     * @param columns of all rows, those that cannot be read too
     * @param count of rows
     * @param bytes of all values
     * @param offset bytes from the start of the file to the first value; 0 where the file says where its columns are
     * @param places of each column; none where the file says that
     */
    record Table(List<TableColumn> columns, long count, long bytes, long offset, List<ColumnPlace> places)
            implements Layout {
        /** In an error there are no more. */
        private static final int SHOWN_COLUMNS = 40;

        /** @throws IllegalArgumentException if a number is negative, or some columns have a place and others have not */
        public Table {
            if (count < 0 || bytes < 0 || offset < 0) {
                throw new IllegalArgumentException(
                        io.github.forkless.common.text.Text.format("%d rows in %d bytes at %d", count, bytes, offset));
            }
            columns = List.copyOf(columns);
            places = List.copyOf(places);
            if (!places.isEmpty() && places.size() != columns.size()) {
                throw new IllegalArgumentException(io.github.forkless.common.text.Text.format(
                        "%d places of %d columns", places.size(), columns.size()));
            }
        }

        /** Of a file that says itself where its columns are. */
        public Table(List<TableColumn> columns, long count, long bytes) {
            this(columns, count, bytes, 0, List.of());
        }

        /**
         * Which column this is.
         *
         * @param name that of one column, or {@code #0} for the first, {@code #1} for the next, and so on
         * @throws IllegalArgumentException when there is none, or several are, naming those that there are
         */
        public int indexOf(String name) {
            int found = -1;
            for (int i = 0; i < columns.size(); i++) {
                if (columns.get(i).name().equals(name)) {
                    if (found >= 0) {
                        throw new IllegalArgumentException("the columns #" + found + " and #" + i + " are both named '"
                                + name + "'; use #" + found + " or #" + i);
                    }
                    found = i;
                }
            }
            if (found < 0 && name.matches("#[0-9]{1,9}")) {
                found = Integer.parseInt(name.substring(1));
            }
            if (found < 0 || found >= columns.size()) {
                throw new IllegalArgumentException("there is no column '" + name + "'; there are " + names());
            }
            return found;
        }

        /** What to do about a column that is not read, behind what it is; empty where nothing is known. */
        String remedy(int index) {
            return places.isEmpty()
                    ? ""
                    : "; " + NpyType.remedy(columns.get(index).label());
        }

        /** Its columns and what they are, for messages: {@code price (float64), region (utf8)}. */
        public String names() {
            return columns.isEmpty()
                    ? "none"
                    : columns.stream()
                                    .limit(SHOWN_COLUMNS)
                                    .map(column -> column.name() + " (" + column.label() + ")")
                                    .collect(Collectors.joining(", "))
                            + (columns.size() > SHOWN_COLUMNS
                                    ? ", and " + (columns.size() - SHOWN_COLUMNS) + " more"
                                    : "");
        }

        @Override
        public ElementType type() {
            return ElementType.TABLE;
        }

        @Override
        public String unit() {
            return "rows";
        }

        @Override
        public List<Slice> cut(DatasetFile file, Slice slice, int parts) {
            return TableIndex.cut(file, slice, parts);
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
        public long perBlock() {
            return TableIndex.blockRows(this, Slices.BLOCK_BYTES);
        }

        @Override
        public String details() {
            return TableDetails.of(this, TableDetails.ALL_COLUMNS);
        }
    }

    /**
     * One column of a table, as numbers: those that are not null. Blocks are of the column's {@link #type}.
     *
     * @param index of the column
     */
    record Column(Table table, int index) implements Layout {
        /** @throws IllegalArgumentException if its values are no numbers that an {@link ElementType} stands for */
        public Column {
            TableColumn column = table.columns().get(index);
            if (elementType(column.type()) == null) {
                throw new IllegalArgumentException("the column '" + column.name() + "' is " + column.label()
                        + ", and not numbers that a job over one column reads"
                        + (column.type() == ColumnType.UNSUPPORTED
                                ? table.remedy(index)
                                : "; a job over the table can: block."
                                        + column.type().accessor() + "(...)"));
            }
        }

        /** What numbers its values are, truth values 0 or 1; null where they are none. */
        static ElementType elementType(ColumnType type) {
            return switch (type) {
                case INT8 -> ElementType.INT8;
                case UINT8, BOOL -> ElementType.UINT8;
                case INT16 -> ElementType.INT16;
                case UINT16 -> ElementType.UINT16;
                case INT32, DATE32, TIME32 -> ElementType.INT32;
                case UINT32 -> ElementType.UINT32;
                case INT64, DATE64, TIME64, TIMESTAMP, DURATION -> ElementType.INT64;
                case UINT64 -> ElementType.UINT64;
                case FLOAT16 -> ElementType.FLOAT16;
                case FLOAT32 -> ElementType.FLOAT32;
                case FLOAT64 -> ElementType.FLOAT64;
                case DECIMAL, TEXT, BINARY, UNSUPPORTED -> null;
            };
        }

        @Override
        public ElementType type() {
            return elementType(table.columns().get(index).type()).readAs();
        }

        @Override
        public long offset() {
            return table.offset();
        }

        @Override
        public long count() {
            return table.count();
        }

        @Override
        public String label() {
            return type().label() + " column " + table.columns().get(index).name();
        }

        @Override
        public String unit() {
            return "rows";
        }

        @Override
        public List<Slice> cut(DatasetFile file, Slice slice, int parts) {
            return TableIndex.cut(file, slice, parts);
        }

        @Override
        public long largestSliceBytes() {
            return 16 << 20;
        }

        @Override
        public String details() {
            return TableDetails.of(table, index);
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
     * @param details that of {@link #details}
     * @throws IllegalArgumentException if there is no such layout
     */
    static Layout of(ElementType type, long offset, long count, long bytes, int recordWidth, String details) {
        if (details.startsWith("(")) {
            int end = details.indexOf(')') + 1;
            String times = end == details.length() ? "" : details.substring(end + 1);
            return new Numbers(type, offset, count, sizes(details.substring(0, end)), times);
        }
        if (!details.isEmpty()) {
            return TableDetails.layout(details, count, offset);
        }
        if (type == ElementType.RECORDS) {
            return new Records(offset, count, bytes, recordWidth);
        }
        return of(type, offset, count);
    }

    /** What the elements of the blocks are that jobs get. */
    ElementType type();

    /** What the elements are in the file: {@link #type}, or what {@linkplain ElementType#readAs is read as} that. */
    default ElementType storedType() {
        return type();
    }

    /** Bytes from the start of the file to the first element. */
    long offset();

    /** Elements; bytes for text. */
    long count();

    /** The name people type: {@code int32}, {@code text}, {@code record:24}. */
    default String label() {
        return storedType().label();
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
        return elements * storedType().width();
    }

    /** Elements of a block of {@link Slices#BLOCK_BYTES}, 1 or more; of records of different lengths, on the average. */
    default long perBlock() {
        return Math.max(1, Slices.BLOCK_BYTES / Math.max(1, bytes(1)));
    }

    /** Bytes of each record; 0 where they differ, and for other data. */
    default int recordWidth() {
        return 0;
    }

    /** The sizes of the dimensions of a row, for numbers of several dimensions; empty for other data. */
    default List<Long> rowShape() {
        return List.of();
    }

    /** So many elements are kept together in slices, and in the blocks of a job that does not say which it wants: 1 or more. */
    default long rowLength() {
        return 1;
    }

    /** What else there is to tell: of a table its columns, of numbers of several dimensions their shape, of times their unit; empty for other data. */
    default String details() {
        return "";
    }

    /** Sizes as Python writes them: {@code (1000, 3)}. */
    static String words(List<Long> sizes) {
        return sizes.toString().replace('[', '(').replace(']', ')');
    }

    /** @throws IllegalArgumentException if it is none of {@link #words} */
    private static List<Long> sizes(String words) {
        if (words.length() < 2 || !words.endsWith(")")) {
            throw new IllegalArgumentException("a shape of " + words);
        }
        return Arrays.stream(words.substring(1, words.length() - 1).split(", "))
                .map(Long::valueOf)
                .toList();
    }

    /** How many elements an array of these sizes has, or the largest number if it is beyond that; 1 if there are none. */
    static long product(List<Long> sizes) {
        long product = 1;
        for (int i = 0; i < sizes.size(); i++) {
            long size = sizes.get(i);
            if (size < 0) {
                throw new IllegalArgumentException("a dimension of " + size);
            }
            product = size > 0 && product > Long.MAX_VALUE / size ? Long.MAX_VALUE : product * size;
        }
        return product;
    }

    private static void check(ElementType type, long offset, long count) {
        if (offset < 0 || count < 0 || count > (Long.MAX_VALUE - offset) / type.width()) {
            throw new IllegalArgumentException(
                    io.github.forkless.common.text.Text.format("%d elements of %s at %d", count, type.label(), offset));
        }
    }
}
