package io.github.forkless.common.wire;

import io.github.forkless.common.text.Text;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A growing little-endian byte buffer: the writing half of every encoding in this project; {@link ByteReader} is the
 * other. Lengths and small counts are varints (LEB128). Not safe for use by several threads.
 */
public final class ByteWriter {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** What one message may hold: a Java array's limit, less the frame around it. */
    static final int MAX_BYTES = Integer.MAX_VALUE - 4096;

    private byte[] bytes;
    private int size;

    public ByteWriter() {
        this(256);
    }

    public ByteWriter(int capacity) {
        bytes = new byte[capacity];
    }

    public int size() {
        return size;
    }

    /** Forgets what was written; keeps the room. */
    public void clear() {
        size = 0;
    }

    /** Cuts back to the first {@code newSize} bytes. */
    public void truncate(int newSize) {
        size = newSize;
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

    /** Makes room for {@code count} more bytes and returns the offset at which they start. */
    public int claim(long count) {
        int offset = size;
        long needed = size + count;
        if (needed > bytes.length) {
            grow(needed);
        }
        size = (int) needed;
        return offset;
    }

    private void grow(long needed) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_BYTES, Math.max(requireFits(needed), 2L * bytes.length)));
    }

    /** @throws WireException when a message of so many bytes cannot be sent */
    static int requireFits(long bytes) {
        if (bytes > MAX_BYTES) {
            throw new WireException("a message of more than " + MAX_BYTES
                    + " bytes cannot be sent; return a smaller partial, or raise --tasks so that each holds less");
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
