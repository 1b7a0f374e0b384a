package io.github.forkless.common.dataset;

import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.text.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the header of a NumPy {@code .npy} file says, checked against the file's length: the elements fill the file, or its part of
 * an archive, from the layout's offset to its end.
 *
 * <pre>
 *  0         6       7       8            8 + L          8 + L + N
 *  +---------+-------+-------+------------+--------------+-----------
 *  | \x93    | major | minor | N: header  | header: a    | elements
 *  | "NUMPY" | 1 2 3 | 0     | length, LE | Python dict  |
 *  +---------+-------+-------+------------+--------------+-----------
 *                             L = 2 in v1, 4 in v2 and v3; the header is Latin-1 in v1 and v2, UTF-8 in v3
 *
 *  {'descr': '&lt;f8', 'fortran_order': False, 'shape': (1000, 3), }
 * </pre>
 */
final class NpyHeader {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int VERSION_END = 8;

    /** NumPy itself reads no more than 10,000 bytes unless told to; this bounds what a broken length can cost. */
    private static final int MAX_HEADER = 1 << 20;

    /** How much of a file's own words an error repeats. */
    private static final int MAX_QUOTE = 80;

    private static final Set<String> KEYS = Set.of("descr", "fortran_order", "shape");

    /**
     * Reads the header.
     *
     * @param file as errors name it
     * @param start where in the file it begins
     * @param end where it ends
     * @throws DatasetException if the header is broken, says what is not supported, or does not fit the size
     */
    static Layout read(Path file, FileChannel channel, long start, long end) throws IOException {
        return new Reader(file, channel, start, end - start).read();
    }

    private record Reader(Path file, FileChannel channel, long begin, long size) {

        private Layout read() throws IOException {
            byte[] start = bytes(0, VERSION_END, Text.format("its first %d bytes", VERSION_END))
                    .array();
            if (!Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
                Optional<ForeignFormat> foreign = begin > 0 ? Optional.empty() : ForeignFormat.of(channel, false);
                throw broken(
                        foreign.isPresent()
                                ? Text.format(
                                        "%s, not a .npy file; %s",
                                        foreign.get().label(), foreign.get().adviceFor(file))
                                : "it does not begin with the .npy magic \\x93NUMPY; write it with numpy.save");
            }
            int major = start[6] & 0xff;
            int minor = start[7] & 0xff;
            if (major < 1 || major > 3 || minor != 0) {
                throw broken(Text.format("its .npy version is %d.%d; 1.0, 2.0 and 3.0 are supported", major, minor));
            }
            int lengthBytes = major == 1 ? 2 : 4;
            ByteBuffer field = bytes(VERSION_END, lengthBytes, "the length of its header");
            long length = major == 1 ? field.getShort() & 0xffffL : field.getInt() & 0xffff_ffffL;
            if (length > MAX_HEADER) {
                throw broken(
                        Text.format("its header says to be %d bytes long; at most %d are read", length, MAX_HEADER));
            }
            long headerStart = VERSION_END + lengthBytes;
            ByteBuffer header = bytes(headerStart, (int) length, Text.format("its header of %d bytes", length));
            Map<String, PythonLiteral> entries =
                    entries(decode(header, major < 3 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8));

            PythonLiteral descr = entries.get("descr");
            Shape shape = shape(entries.get("shape"));
            boolean isFortran = isFortran(entries.get("fortran_order")) && shape.ordersDiffer();
            long offset = headerStart + length;
            return switch (descr) {
                case PythonLiteral.Text(String code) -> layout(code, shape, isFortran, offset);
                case PythonLiteral.Array fields -> rows(fields, shape, isFortran, offset);
                case PythonLiteral.Int _,
                        PythonLiteral.Bool _,
                        PythonLiteral.None _,
                        PythonLiteral.Tuple _,
                        PythonLiteral.Dict _ -> throw broken("its dtype cannot be understood: " + quote(descr));
            };
        }

        /** Of a structured dtype: its elements are the rows, of one dimension, whatever their shape. */
        private Layout rows(PythonLiteral.Array dtype, Shape shape, boolean isFortran, long offset) {
            if (isFortran) {
                throw unsupported(
                        "a structured dtype in Fortran order, shape " + shape.words,
                        "save it again with numpy.ascontiguousarray(array)");
            }
            NpyColumns.Row row;
            try {
                row = NpyColumns.row(dtype);
            } catch (ParseException e) {
                throw broken("a structured dtype, " + quote(dtype) + ", and " + e.getMessage());
            }
            long rows = checkLength("rows of " + row.bytes() + " bytes", row.bytes(), shape, offset);
            return row.table(begin + offset, rows);
        }

        private Layout layout(String code, Shape shape, boolean isFortran, long offset) {
            if (isText(code)) {
                return texts(code, shape, isFortran, offset);
            }
            ElementType type = type(code);
            if (isFortran) {
                requireColumns("in Fortran order", shape);
            }
            long count = checkLength(type.label() + " elements", type.width(), shape, offset);
            if (isFortran) {
                return matrix(NpyType.of(code).orElseThrow(), shape, true, offset);
            }
            // One element without dimensions is an array of it.
            List<Long> sizes = shape.sizes.isEmpty() ? List.of(count) : shape.sizes;
            return new Layout.Numbers(type, begin + offset, count, sizes, isTimes(code) ? NpyTimes.label(code) : "");
        }

        private static boolean isText(String code) {
            String kind = code.isEmpty() ? "" : code.substring(1);
            return (kind.startsWith("S") || kind.startsWith("U"))
                    && NpyType.of(code)
                            .filter(type -> type.type() == ColumnType.TEXT)
                            .isPresent();
        }

        /** Of texts of one width: a column, or one for each index of the second dimension. */
        private Layout texts(String code, Shape shape, boolean isFortran, long offset) {
            NpyType type = NpyType.of(code).orElseThrow();
            if (type.width() == 0) {
                throw unsupported("dtype '" + code + "', texts of no bytes", "convert it with .astype('|S1')");
            }
            if (shape.sizes.size() > 1) {
                requireColumns("an array of texts", shape);
            }
            checkLength("texts of " + type.width() + " bytes", type.width(), shape, offset);
            return matrix(type, shape, isFortran, offset);
        }

        private Layout matrix(NpyType type, Shape shape, boolean isFortran, long offset) {
            long rows = shape.sizes.isEmpty() ? 1 : shape.sizes.get(0);
            long columns = shape.sizes.size() < 2 ? 1 : shape.sizes.get(1);
            return NpyColumns.matrix(type, isFortran, begin + offset, rows, columns);
        }

        private ByteBuffer bytes(long position, int length, String what) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(length, Math.max(0, size - position)));
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, begin + position + buffer.position()) < 0) {
                    break;
                }
            }
            if (buffer.position() < length) {
                throw broken(Text.format(
                        "truncated: %s should end at byte %d, but the file ends at byte %d; write it again",
                        what, position + length, position + buffer.position()));
            }
            return buffer.flip().order(ByteOrder.LITTLE_ENDIAN);
        }

        private String decode(ByteBuffer header, Charset charset) {
            try {
                return charset.newDecoder().decode(header).toString();
            } catch (CharacterCodingException e) {
                throw broken("its header is not " + charset + "; write it again with numpy.save");
            }
        }

        private Map<String, PythonLiteral> entries(String header) {
            PythonLiteral literal;
            try {
                literal = PythonLiteral.parse(header);
            } catch (ParseException e) {
                throw broken(Text.format(
                        "its header cannot be understood: %s, at character %d of %s",
                        e.getMessage(), e.getErrorOffset(), quote(header)));
            }
            if (!(literal instanceof PythonLiteral.Dict(Map<String, PythonLiteral> entries))
                    || !entries.keySet().equals(KEYS)) {
                throw broken(
                        "its header should be a dict with descr, fortran_order and shape, but is " + quote(literal));
            }
            return entries;
        }

        private ElementType type(String code) {
            ElementType type = number(code);
            if (type != null) {
                return type;
            }
            String kind = code.isEmpty() ? "" : code.substring(1);
            if (code.startsWith(">") && (isTimes(code) || isText("<" + kind) || number("<" + kind) != null)) {
                throw unsupported("big-endian, dtype " + quote("'" + code + "'"), convert(quote(kind)));
            }
            throw unsupported(
                    "dtype " + quote("'" + code + "'"),
                    isTimes(code)
                            ? "read its times as the integers that they are, with .view('<i8')"
                            : kind.startsWith("c")
                                    ? "save its .real and .imag"
                                    : "supported are |b1 |i1 |u1 <i2 <u2 <i4 <u4 <i8 <u8 <f2 <f4 <f8 <M8[] <m8[] |S <U;"
                                            + " convert it with .astype");
        }

        private static String convert(String kind) {
            return Text.format("convert it with .astype('<%s')", kind);
        }

        private Shape shape(PythonLiteral shape) {
            if (shape instanceof PythonLiteral.Tuple(List<PythonLiteral> items)
                    && items.stream().allMatch(item -> item instanceof PythonLiteral.Int(long n) && n >= 0)) {
                return new Shape(
                        quote(shape),
                        items.stream()
                                .map(item -> ((PythonLiteral.Int) item).value())
                                .toList());
            }
            throw broken("its shape is not a tuple of sizes: " + quote(shape));
        }

        private boolean isFortran(PythonLiteral fortranOrder) {
            if (!(fortranOrder instanceof PythonLiteral.Bool(boolean isFortran))) {
                throw broken("its fortran_order should be True or False, but is " + quote(fortranOrder));
            }
            return isFortran;
        }

        /** @param what it is that only a matrix may be */
        private void requireColumns(String what, Shape shape) {
            String remedy = "save it again with numpy.ascontiguousarray(array)";
            if (shape.sizes.size() != 2) {
                throw unsupported(
                        what + ", and not of two dimensions but of the shape " + shape.words,
                        what.startsWith("in") ? remedy : "save it again with numpy.reshape(array, (len(array), -1))");
            }
            long columns = shape.sizes.get(1);
            if (columns > NpyColumns.MOST) {
                throw unsupported(
                        Text.format("%s, with %d columns, more than %d", what, columns, NpyColumns.MOST),
                        what.startsWith("in") ? remedy : "save fewer of them");
            }
            if (columns == 0) {
                throw unsupported(what + ", without a column, shape " + shape.words, "save it with one");
            }
        }

        /**
         * Returns the count of elements, if they are what is behind the header.
         *
         * @param what they are, for errors
         */
        private long checkLength(String what, long width, Shape shape, long offset) {
            long count;
            long end;
            try {
                count = shape.count();
                end = Math.addExact(offset, Math.multiplyExact(count, width));
            } catch (ArithmeticException e) {
                throw broken("its shape has more elements than any file: " + shape.words);
            }
            if (end > size) {
                throw broken(Text.format(
                                "truncated: a header of %d bytes and %d %s need %d bytes, but the file has %d; ",
                                offset, count, what, end, size)
                        + "write it again");
            }
            if (end < size) {
                throw broken(Text.format(
                        "%s its %d %s, which end at byte %d; save one array per file",
                        size - end == 1 ? "1 byte follows" : size - end + " bytes follow", count, what, end));
            }
            return count;
        }

        private DatasetException broken(String problem) {
            return new DatasetException(file, problem);
        }

        private DatasetException unsupported(String what, String remedy) {
            return broken(what + ", which is not supported; " + remedy);
        }
    }

    /**
     * What numbers a dtype's code stands for: a byte order, a kind and a width in bytes, {@code <f8}; null if for none that are
     * read.
     */
    static ElementType number(String code) {
        String kind = code.isEmpty() ? "" : code.substring(1);
        if ("<>|=".indexOf(code.isEmpty() ? '?' : code.charAt(0))
                >= 0) { // one byte has no order, whatever a writer put there
            switch (kind) {
                case "i1":
                    return ElementType.INT8;
                case "u1", "b1": // false is 0 and true is 1, as in tables
                    return ElementType.UINT8;
                default:
                    break;
            }
        }
        return switch (code) {
            case "<i2" -> ElementType.INT16;
            case "<u2" -> ElementType.UINT16;
            case "<i4" -> ElementType.INT32;
            case "<u4" -> ElementType.UINT32;
            case "<i8" -> ElementType.INT64;
            case "<u8" -> ElementType.UINT64;
            case "<f2" -> ElementType.FLOAT16;
            case "<f4" -> ElementType.FLOAT32;
            case "<f8" -> ElementType.FLOAT64;
            default -> isTimes(code) && !NpyTimes.label(code).isEmpty() ? ElementType.INT64 : null;
        };
    }

    /** Whether a dtype counts units of time, of whatever order and unit: {@code <M8[ns]}. */
    static boolean isTimes(String code) {
        return code.startsWith("M8", 1) || code.startsWith("m8", 1);
    }

    static String quote(Object words) {
        return Text.shortened(words.toString().strip(), MAX_QUOTE);
    }

    private NpyHeader() {}

    /** @param words the shape as the header writes it, for errors */
    private record Shape(String words, List<Long> sizes) {

        /** @throws ArithmeticException if it is more than 64 bits hold */
        private long count() {
            // Zero first, because the other sizes of an empty array may multiply to anything.
            return sizes.contains(0L) ? 0 : sizes.stream().reduce(1L, Math::multiplyExact);
        }

        /** With one long dimension, or none, or no elements at all, C order and Fortran order are the same. */
        private boolean ordersDiffer() {
            return !sizes.contains(0L) && sizes.stream().filter(n -> n > 1).count() > 1;
        }
    }
}
