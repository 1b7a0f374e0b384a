package io.github.forkless.common.dataset;

import io.github.forkless.common.column.TableColumn;
import io.github.forkless.common.text.Text;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The columns of NumPy arrays that are tables. */
final class NpyColumns {
    /** Columns of a matrix: each is told to every worker. */
    static final int MOST = 1 << 16;

    /** Characters of the names of all columns: within others, many may share a long one. */
    private static final int LONGEST_NAMES = 1 << 22;

    private static final int FIELD = 2;
    private static final int FIELD_WITH_SHAPE = 3;

    private final List<TableColumn> columns = new ArrayList<>();
    private final List<Long> starts = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();
    private long names;

    private NpyColumns() {}

    /**
     * Columns of one type, which are named by their index: behind one another in Fortran order, else a value of each in every row.
     *
     * @param columns {@link #MOST} at most
     */
    static Layout.Table matrix(NpyType type, boolean isFortran, long offset, long rows, long columns) {
        List<TableColumn> named = new ArrayList<>();
        List<ColumnPlace> places = new ArrayList<>();
        long step = isFortran ? type.width() : columns * type.width();
        for (int i = 0; i < columns; i++) {
            named.add(new TableColumn(Integer.toString(i), type.type(), type.label()));
            places.add(new ColumnPlace(i * (isFortran ? rows : 1) * type.width(), step, type.width()));
        }
        return new Layout.Table(named, rows, rows * columns * type.width(), offset, places);
    }

    /**
     * The fields of a row, and how many bytes it has.
     *
     * @param bytes from a row to the next
     */
    record Row(List<TableColumn> columns, List<Long> starts, List<Integer> widths, int bytes) {
        /** So many of them behind one another. */
        Layout.Table table(long offset, long rows) {
            List<ColumnPlace> places = new ArrayList<>();
            for (int i = 0; i < starts.size(); i++) {
                places.add(new ColumnPlace(starts.get(i), bytes, widths.get(i)));
            }
            return new Layout.Table(columns, rows, rows * bytes, offset, places);
        }
    }

    /**
     * What a structured dtype says: {@code [('price', '<f8'), (('title', 'qty'), '<i4'), ('', '|V4'), ('at', [...], (2,))]}.
     *
     * @throws ParseException if it is none, or its fields cannot be told apart; the message has a way out
     */
    static Row row(PythonLiteral.Array dtype) throws ParseException {
        var all = new NpyColumns();
        long bytes = all.add(dtype, "", 0);
        if (all.columns.isEmpty() || bytes == 0) {
            throw new ParseException("its rows have no values", 0);
        }
        return new Row(all.columns, all.starts, all.widths, (int) bytes);
    }

    /** Returns how many bytes they have. */
    private long add(PythonLiteral.Array fields, String prefix, long start) throws ParseException {
        long at = start;
        for (PythonLiteral field : fields.items()) {
            if (!(field instanceof PythonLiteral.Tuple(List<PythonLiteral> parts))
                    || parts.size() < FIELD
                    || parts.size() > FIELD_WITH_SHAPE) {
                throw notUnderstood(field);
            }
            String name = name(parts.getFirst(), field);
            at += name.isEmpty() && parts.size() == FIELD && isVoid(parts.get(1))
                    ? type(((PythonLiteral.Text) parts.get(1)).value(), name).width() // bytes between fields
                    : add(field, prefix + name, parts, at);
            if (at > Integer.MAX_VALUE) {
                throw new ParseException("its rows have more than 2 GiB", 0);
            }
        }
        return at - start;
    }

    private static boolean isVoid(PythonLiteral dtype) {
        return dtype instanceof PythonLiteral.Text(String code) && code.startsWith("|V");
    }

    private long add(PythonLiteral field, String name, List<PythonLiteral> parts, long at) throws ParseException {
        if (parts.size() == FIELD_WITH_SHAPE) {
            return addArray(field, name, parts, at);
        }
        return switch (parts.get(1)) {
            case PythonLiteral.Array fields -> add(fields, name + ".", at);
            case PythonLiteral.Text(String code) -> {
                NpyType type = type(code, name);
                add(name, type, at);
                yield type.width();
            }
            default -> throw notUnderstood(field);
        };
    }

    private long addArray(PythonLiteral field, String name, List<PythonLiteral> parts, long at) throws ParseException {
        List<Long> sizes = new ArrayList<>();
        List<PythonLiteral> shape =
                parts.get(2) instanceof PythonLiteral.Tuple(List<PythonLiteral> items) ? items : List.of(parts.get(2));
        for (PythonLiteral size : shape) {
            if (!(size instanceof PythonLiteral.Int(long n)) || n < 0) {
                throw notUnderstood(field);
            }
            sizes.add(n);
        }
        var element = new NpyColumns();
        long width = element.add(field, name, parts.subList(0, 2), 0);
        long count = sizes.contains(0L) ? 0 : Layout.product(sizes);
        if (width > 0 && count > Integer.MAX_VALUE / width) {
            throw new ParseException("its rows have more than 2 GiB", 0);
        }
        String of = parts.get(1) instanceof PythonLiteral.Array
                ? "structures"
                : type(((PythonLiteral.Text) parts.get(1)).value(), name).label();
        add(name, NpyType.array(parts.get(2).toString(), of, (int) (width * count)), at);
        return width * count;
    }

    private void add(String name, NpyType type, long at) throws ParseException {
        names += name.length();
        if (names > LONGEST_NAMES) {
            throw new ParseException("the names of its fields are too long", 0);
        }
        columns.add(new TableColumn(name, type.type(), type.label()));
        starts.add(at);
        widths.add(type.width());
    }

    private static NpyType type(String code, String name) throws ParseException {
        Optional<NpyType> type = NpyType.of(code);
        if (type.isEmpty()) {
            throw new ParseException(
                    Text.format(
                            "its field %s has the dtype %s, which is not supported; save the other fields: array[['a',"
                                    + " 'b']]",
                            NpyHeader.quote("'" + name + "'"), NpyHeader.quote("'" + code + "'")),
                    0);
        }
        return type.get();
    }

    /** With a title, it is the second of two. */
    private static String name(PythonLiteral name, PythonLiteral field) throws ParseException {
        if (name instanceof PythonLiteral.Text(String text)) {
            return text;
        }
        if (name instanceof PythonLiteral.Tuple(List<PythonLiteral> both)
                && both.size() == 2
                && both.get(1) instanceof PythonLiteral.Text(String text)) {
            return text;
        }
        throw notUnderstood(field);
    }

    private static ParseException notUnderstood(PythonLiteral field) {
        return new ParseException("its dtype cannot be understood: " + NpyHeader.quote(field), 0);
    }
}
