package io.github.forkless.common.dataset.arrow;

import io.github.forkless.common.column.ColumnType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A column of a file that an {@link ArrowWriter} writes: takes a value, or that there is none, for each row. What fits no value
 * of its type is an {@link IllegalArgumentException}. Not safe for use by several threads.
 */
public final class ArrowOutput {
    private static final VarHandle INT16 = view(short[].class);
    private static final VarHandle INT32 = view(int[].class);
    private static final VarHandle INT64 = view(long[].class);

    private final String name;
    private final ArrowType of;
    private final ColumnType type;
    private final ArrowTexts dictionary;
    /** Of lists, a column of all their items; null for others. */
    private final ArrowOutput items;

    private final int width;
    /** Where its bytes are behind one another, and what is in the column is where they end. */
    private final boolean isVariable;

    private byte[] values = new byte[1 << 10];
    private int valueBytes;
    private byte[] text = new byte[0];
    private int textBytes;
    private byte[] present = new byte[1 << 7];
    private int rows;
    private int nulls;

    private ArrowOutput(String name, ArrowType of, ArrowTexts dictionary, ArrowOutput items) {
        this.name = name;
        this.of = of;
        this.type = of.type();
        this.dictionary = dictionary;
        this.items = items;
        this.width = of.width();
        this.isVariable = items != null || of.isVariable() && dictionary == null;
        clear();
    }

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    public static ArrowOutput of(String name, ArrowType type) {
        return new ArrowOutput(name, type, null, null);
    }

    /** Of few texts, each of which is written once. They are kept in memory. */
    public static ArrowOutput dictionary(String name) {
        return new ArrowOutput(name, ArrowType.of(ColumnType.TEXT), new ArrowTexts(), null);
    }

    /**
     * Of lists. Those who put the items of a row's list into {@code items} say that it ends with {@link #endList}.
     *
     * @param items no column of lists or of few texts
     */
    public static ArrowOutput list(String name, ArrowOutput items) {
        return new ArrowOutput(name, ArrowType.LIST, null, items);
    }

    /** For a column of bool, integers, days or times. Of {@code UINT64} it is the 64 bits. */
    public void put(long value) {
        present();
        switch (type) {
            case BOOL -> {
                requireFits(value == 0 || value == 1, value);
                setBit(value);
            }
            case INT8 -> {
                requireFits(value == (byte) value, value);
                room(1)[valueBytes] = (byte) value;
            }
            case INT16 -> {
                requireFits(value == (short) value, value);
                INT16.set(room(2), valueBytes, (short) value);
            }
            case INT32, DATE32, TIME32 -> {
                requireFits(value == (int) value, value);
                INT32.set(room(4), valueBytes, (int) value);
            }
            case UINT8 -> {
                requireFits(value == (value & 0xff), value);
                room(1)[valueBytes] = (byte) value;
            }
            case UINT16 -> {
                requireFits(value == (value & 0xffff), value);
                INT16.set(room(2), valueBytes, (short) value);
            }
            case UINT32 -> {
                requireFits(value == (value & 0xffff_ffffL), value);
                INT32.set(room(4), valueBytes, (int) value);
            }
            case INT64, UINT64, TIME64, TIMESTAMP -> INT64.set(room(8), valueBytes, value);
            default -> throw wrong("an integer");
        }
        valueBytes += width;
    }

    /** For a column of float32 or float64. */
    public void put(double value) {
        present();
        switch (type) {
            case FLOAT32 -> INT32.set(room(4), valueBytes, Float.floatToRawIntBits((float) value));
            case FLOAT64 -> INT64.set(room(8), valueBytes, Double.doubleToRawLongBits(value));
            default -> throw wrong("a floating-point number");
        }
        valueBytes += width;
    }

    /**
     * For a column of texts, in UTF-8, which is not checked; of binaries; and of what is as wide as the bytes that are given:
     * {@code FLOAT16}, and decimals, the lowest byte first.
     */
    public void put(byte[] utf8, int from, int to) {
        if (items != null) {
            throw wrong(to - from + " bytes");
        }
        if (!isVariable && dictionary == null) {
            if (type != ColumnType.DECIMAL && type != ColumnType.BINARY && type != ColumnType.FLOAT16
                    || to - from != width) {
                throw wrong(to - from + " bytes");
            }
            present();
            System.arraycopy(utf8, from, room(width), valueBytes, width);
            valueBytes += width;
            return;
        }
        present();
        if (dictionary != null) {
            INT32.set(room(4), valueBytes, dictionary.code(utf8, from, to));
        } else {
            if (textBytes + (to - from) > text.length) {
                text = Arrays.copyOf(text, grown(textBytes + (long) (to - from)));
            }
            System.arraycopy(utf8, from, text, textBytes, to - from);
            textBytes += to - from;
            INT32.set(room(4), valueBytes, textBytes);
        }
        valueBytes += width;
    }

    /** For a column of lists: what has come into the column of items since the last list is in this one. */
    public void endList() {
        if (items == null) {
            throw wrong("a list");
        }
        present();
        INT32.set(room(4), valueBytes, items.rows);
        valueBytes += width;
    }

    /** Several at once, all of which there are. For a column of 64 bits. */
    public void put(long[] all, int from, int to) {
        requireWidth(8);
        byte[] room = room(Math.multiplyExact(8, to - from));
        for (int i = from; i < to; i++) {
            INT64.set(room, valueBytes + 8 * (i - from), all[i]);
        }
        valueBytes += 8 * (to - from);
        present(to - from);
    }

    /** The same for a column of 32 bits. */
    public void put(int[] all, int from, int to) {
        requireWidth(4);
        byte[] room = room(Math.multiplyExact(4, to - from));
        for (int i = from; i < to; i++) {
            INT32.set(room, valueBytes + 4 * (i - from), all[i]);
        }
        valueBytes += 4 * (to - from);
        present(to - from);
    }

    /** The same for {@code FLOAT64}. */
    public void put(double[] all, int from, int to) {
        requireWidth(8);
        byte[] room = room(Math.multiplyExact(8, to - from));
        for (int i = from; i < to; i++) {
            INT64.set(room, valueBytes + 8 * (i - from), Double.doubleToRawLongBits(all[i]));
        }
        valueBytes += 8 * (to - from);
        present(to - from);
    }

    /** The same for {@code FLOAT32}. */
    public void put(float[] all, int from, int to) {
        requireWidth(4);
        byte[] room = room(Math.multiplyExact(4, to - from));
        for (int i = from; i < to; i++) {
            INT32.set(room, valueBytes + 4 * (i - from), Float.floatToRawIntBits(all[i]));
        }
        valueBytes += 4 * (to - from);
        present(to - from);
    }

    private void requireWidth(int bytes) {
        if (width != bytes || of.isVariable() || items != null) {
            throw wrong("an array of values of " + bytes + " bytes");
        }
    }

    /** There is no value for this row. */
    public void putNull() {
        nulls++;
        advance();
        if (type == ColumnType.BOOL) {
            setBit(0);
        } else if (isVariable) {
            INT32.set(room(4), valueBytes, items == null ? textBytes : items.rows);
        } else {
            Arrays.fill(room(width), valueBytes, valueBytes + width, (byte) 0);
        }
        valueBytes += width;
    }

    /** How many texts its dictionary has by now; 0 without one. */
    public int texts() {
        return dictionary == null ? 0 : dictionary.count();
    }

    private void present() {
        advance();
        present[rows - 1 >>> 3] |= (byte) (1 << (rows - 1 & 7));
    }

    /** The same for several rows. */
    private void present(int count) {
        int end = rows + count;
        if (Math.ceilDiv(end, 8) > present.length) {
            present = Arrays.copyOf(present, grown(Math.ceilDiv(end, 8)));
        }
        while (rows < end && (rows & 7) != 0) {
            present[rows >>> 3] |= (byte) (1 << (rows & 7));
            rows++;
        }
        Arrays.fill(present, rows >>> 3, Math.max(rows >>> 3, end >>> 3), (byte) 0xff);
        for (rows = Math.max(rows, end & -8); rows < end; rows++) {
            present[rows >>> 3] |= (byte) (1 << (rows & 7));
        }
    }

    private void advance() {
        if (rows >>> 3 >= present.length) {
            present = Arrays.copyOf(present, grown(present.length + 1L));
        }
        rows++;
    }

    private void setBit(long value) {
        int at = rows - 1 >>> 3;
        if (at >= values.length) {
            values = Arrays.copyOf(values, grown(at + 1L));
        }
        values[at] |= (byte) (value << (rows - 1 & 7));
        valueBytes = at + 1;
    }

    private byte[] room(int bytes) {
        if (valueBytes + bytes > values.length) {
            values = Arrays.copyOf(values, grown(valueBytes + (long) bytes));
        }
        return values;
    }

    private static int grown(long bytes) {
        return (int) Math.min(Math.max(2 * bytes, 1 << 10), Integer.MAX_VALUE - 8);
    }

    private void requireFits(boolean fits, long value) {
        if (!fits) {
            throw new IllegalArgumentException(value + " is no " + type + " for column " + name);
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(what + " is no " + type + " for column " + name);
    }

    /** Makes it ready for the next batch. */
    void clear() {
        Arrays.fill(present, 0, Math.min(present.length, (rows >>> 3) + 1), (byte) 0);
        Arrays.fill(values, 0, type == ColumnType.BOOL ? valueBytes : 0, (byte) 0);
        rows = 0;
        nulls = 0;
        valueBytes = 0;
        textBytes = 0;
        if (isVariable) { // the first text or list begins at 0
            INT32.set(room(4), 0, 0);
            valueBytes = 4;
        }
        if (items != null) {
            items.clear();
        }
    }

    String name() {
        return name;
    }

    ArrowType type() {
        return of;
    }

    ArrowTexts dictionary() {
        return dictionary;
    }

    int width() {
        return width;
    }

    int rows() {
        return rows;
    }

    int nulls() {
        return nulls;
    }

    /** Of texts, or of the items of lists. */
    long textBytes() {
        return items == null ? textBytes : (long) items.valueBytes + items.textBytes;
    }

    /** Of lists, what their items are in; null for others. */
    ArrowOutput items() {
        return items;
    }

    /** Which rows are there, as bits; the values, or where texts or lists end; and texts. */
    ArrowWriter.Span[] buffers() {
        var bits = new ArrowWriter.Span(present, nulls == 0 ? 0 : Math.ceilDiv(rows, 8));
        var fixed = new ArrowWriter.Span(values, valueBytes);
        return isVariable && items == null
                ? new ArrowWriter.Span[] {bits, fixed, new ArrowWriter.Span(text, textBytes)}
                : new ArrowWriter.Span[] {bits, fixed};
    }
}
