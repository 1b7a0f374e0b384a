package io.github.forkless.importer.arrow;

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
    private final ColumnType type;
    private final String zone;
    private final boolean isNano;
    private final ArrowTexts dictionary;
    private final int width;

    private byte[] values = new byte[1 << 10];
    private int valueBytes;
    private byte[] text = new byte[0];
    private int textBytes;
    private byte[] present = new byte[1 << 7];
    private int rows;
    private int nulls;

    private ArrowOutput(String name, ColumnType type, String zone, boolean isNano, ArrowTexts dictionary) {
        this.name = name;
        this.type = type;
        this.zone = zone;
        this.isNano = isNano;
        this.dictionary = dictionary;
        this.width = switch (type) {
            case BOOL -> 0;
            case INT8 -> 1;
            case INT16 -> 2;
            case INT32, FLOAT32, DATE32, TEXT -> 4;
            case INT64, FLOAT64, TIMESTAMP -> 8;
            default -> throw new IllegalArgumentException(type + " is not written");
        };
        clear();
    }

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    /** @param type signed integers, float32, float64, bool, days or texts */
    public static ArrowOutput of(String name, ColumnType type) {
        if (type == ColumnType.TIMESTAMP) {
            throw new IllegalArgumentException("timestamps have a unit");
        }
        return new ArrowOutput(name, type, "", false, null);
    }

    /**
     * Of times since 1970.
     *
     * @param isNano whether in nanoseconds, or else in microseconds
     * @param zone empty if nobody knows it
     */
    public static ArrowOutput timestamps(String name, boolean isNano, String zone) {
        return new ArrowOutput(name, ColumnType.TIMESTAMP, zone, isNano, null);
    }

    /** Of few texts, each of which is written once. They are kept in memory. */
    public static ArrowOutput dictionary(String name) {
        return new ArrowOutput(name, ColumnType.TEXT, "", false, new ArrowTexts());
    }

    /** For a column of bool, integers, days or times. */
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
            case INT32, DATE32 -> {
                requireFits(value == (int) value, value);
                INT32.set(room(4), valueBytes, (int) value);
            }
            case INT64, TIMESTAMP -> INT64.set(room(8), valueBytes, value);
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

    /** For a column of texts: bytes of UTF-8, which is not checked. */
    public void put(byte[] utf8, int from, int to) {
        if (type != ColumnType.TEXT) {
            throw wrong("a text");
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

    /** There is no value for this row. */
    public void putNull() {
        nulls++;
        advance();
        switch (width) {
            case 0 -> setBit(0);
            case 4 -> INT32.set(room(4), valueBytes, isPlainText() ? textBytes : 0);
            default -> Arrays.fill(room(width), valueBytes, valueBytes + width, (byte) 0);
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

    private boolean isPlainText() {
        return type == ColumnType.TEXT && dictionary == null;
    }

    /** Makes it ready for the next batch. */
    void clear() {
        Arrays.fill(present, 0, Math.min(present.length, (rows >>> 3) + 1), (byte) 0);
        Arrays.fill(values, 0, type == ColumnType.BOOL ? valueBytes : 0, (byte) 0);
        rows = 0;
        nulls = 0;
        valueBytes = 0;
        textBytes = 0;
        if (isPlainText()) { // the first text begins at 0
            INT32.set(room(4), 0, 0);
            valueBytes = 4;
        }
    }

    String name() {
        return name;
    }

    ColumnType type() {
        return type;
    }

    String zone() {
        return zone;
    }

    boolean isNano() {
        return isNano;
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

    int textBytes() {
        return textBytes;
    }

    /** Which rows are there, as bits; the values, or where texts end; and texts. */
    ArrowWriter.Span[] buffers() {
        var bits = new ArrowWriter.Span(present, nulls == 0 ? 0 : Math.ceilDiv(rows, 8));
        var fixed = new ArrowWriter.Span(values, valueBytes);
        return isPlainText()
                ? new ArrowWriter.Span[] {bits, fixed, new ArrowWriter.Span(text, textBytes)}
                : new ArrowWriter.Span[] {bits, fixed};
    }
}
