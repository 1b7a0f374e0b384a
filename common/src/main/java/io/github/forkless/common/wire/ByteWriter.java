package io.github.forkless.common.wire;

import io.github.forkless.common.text.Text;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;

/**
 * A growing little-endian byte buffer: the writing half of every encoding in this project; {@link ByteReader} is the
 * other. Lengths and small counts are varints (LEB128). Not safe for use by several threads.
 */
public sealed class ByteWriter permits ByteCounter {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** What a writer may hold: a Java array's limit, less the rest of the message that it is sent in. */
    static final int MAX_BYTES = Integer.MAX_VALUE - 8192;

    /** Beyond this, growing is worth a look at how much will be written. */
    private static final int LARGE_BYTES = 16 << 20;

    /** So much room is kept when what was written is forgotten. */
    private static final int KEPT_BYTES = 8 << 20;

    private static final int SMALLEST_BYTES = 256;

    private byte[] bytes;
    private int size;
    private Forecast forecast;

    /** Tells how large what is being written will become. */
    public interface Forecast {

        /** How many bytes the writer will hold, about. Asked once, and only where it is much. */
        long size();
    }

    public ByteWriter() {
        this(SMALLEST_BYTES);
    }

    public ByteWriter(int capacity) {
        bytes = new byte[capacity];
    }

    public int size() {
        return size;
    }

    /** Forgets what was written, and keeps the room unless it is large. */
    public void clear() {
        size = 0;
        forecast = null;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[SMALLEST_BYTES];
        }
    }

    /** Cuts back to the first {@code newSize} bytes. */
    public void truncate(int newSize) {
        size = newSize;
    }

    /**
     * Has {@code forecast} asked before this grows large: what is too large is then refused before it is written, and what is
     * not is written into room that need not grow again.
     */
    public void expect(Forecast forecast) {
        this.forecast = forecast;
    }

    /** The buffer itself, valid up to {@link #size()} until the next write. */
    public byte[] array() {
        return bytes;
    }

    /** Writes everything with one call, so that what fits a pipe's atomic size arrives whole. */
    void writeTo(OutputStream stream) throws IOException {
        stream.write(bytes, 0, size);
    }

    /** What was written, where it is: valid until the next write. */
    public ByteSpan span() {
        return new ByteSpan(bytes, 0, size);
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /**
     * Makes room for {@code count} more bytes and returns the offset at which they start.
     *
     * @throws WireException when that is more than one message can hold
     */
    public int claim(long count) {
        if (count > bytes.length - size) {
            makeRoom(count);
        }
        int offset = size;
        size += (int) count;
        return offset;
    }

    /** Makes room for more bytes than there is room for. */
    void makeRoom(long count) {
        long needed = size + count;
        if (needed > LARGE_BYTES && forecast != null) {
            Forecast asked = forecast;
            forecast = null;
            needed = Math.max(needed, asked.size());
        }
        int fitting = requireFits(needed, MAX_BYTES);
        bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_BYTES, Math.max(fitting, 2L * bytes.length)));
    }

    /** @throws WireException when {@code bytes} are more than {@code most} */
    static int requireFits(long bytes, int most) {
        if (bytes > most) {
            throw new WireException(String.format(
                    Locale.ROOT,
                    "a message would need %,d bytes or more, and can have %,d; return a smaller partial, or cut"
                            + " the data into more tasks",
                    bytes,
                    most));
        }
        return (int) bytes;
    }

    public void putByte(int value) {
        int at = claim(1);
        bytes[at] = (byte) value;
    }

    public void putShort(int value) {
        int at = claim(2);
        SHORT.set(bytes, at, (short) value);
    }

    public void putInt(int value) {
        int at = claim(4);
        INT.set(bytes, at, value);
    }

    public void putLong(long value) {
        int at = claim(8);
        LONG.set(bytes, at, value);
    }

    /** Overwrites four bytes written earlier. */
    public void setInt(int offset, int value) {
        INT.set(bytes, offset, value);
    }

    /** An unsigned LEB128 varint; {@code value} must not be negative. */
    public void putVarint(long value) {
        long rest = value;
        while (rest > 0x7f) {
            putByte((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        putByte((int) rest);
    }

    public void putRaw(byte[] source, int offset, int length) {
        int at = claim(length);
        System.arraycopy(source, offset, bytes, at, length);
    }

    /** Elements of an array in memory, little-endian; {@code layout} is theirs as they are written. */
    public void putElements(MemorySegment elements, ValueLayout layout) {
        int at = claim(elements.byteSize());
        MemorySegment.copy(
                elements,
                layout.withOrder(ByteOrder.nativeOrder()),
                0,
                MemorySegment.ofArray(bytes),
                layout,
                at,
                elements.byteSize() / layout.byteSize());
    }

    public void putRaw(ByteSpan source) {
        putRaw(source.array(), source.from(), source.length());
    }

    /** A varint length, then the bytes. */
    public void putBytes(byte[] value) {
        putVarint(value.length);
        putRaw(value, 0, value.length);
    }

    /** A varint length, then the string as {@link Text} encodes it. */
    public void putString(String value) {
        putBytes(Text.encode(value));
    }
}
