package io.github.forkless.common.wire;

import io.github.forkless.common.text.Text;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * Reads what {@link ByteWriter} wrote. Never trusts a length: each is compared with what is left before anything is
 * allocated, and every fault is a {@link WireException} with the offset. Not safe for use by several threads.
 */
public final class ByteReader {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int limit;
    private int position;

    public ByteReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    public ByteReader(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        this.bytes = bytes;
        this.position = offset;
        this.limit = offset + length;
    }

    public int position() {
        return position;
    }

    /** Goes on where {@link #position} was. */
    public void moveTo(int at) {
        position = at;
    }

    public int remaining() {
        return limit - position;
    }

    public boolean hasRemaining() {
        return position < limit;
    }

    /** Moves past {@code count} bytes and returns the offset at which they start. */
    public int take(int count) {
        if (count < 0 || count > limit - position) {
            throw broken("needs " + count + " bytes, but " + (limit - position) + " are left");
        }
        int at = position;
        position += count;
        return at;
    }

    /** The array that {@link #take} returns offsets into. */
    public byte[] array() {
        return bytes;
    }

    public int getByte() {
        return bytes[take(1)];
    }

    public int getUnsignedByte() {
        return bytes[take(1)] & 0xff;
    }

    public short getShort() {
        return (short) SHORT.get(bytes, take(2));
    }

    public int getInt() {
        return (int) INT.get(bytes, take(4));
    }

    public long getLong() {
        return (long) LONG.get(bytes, take(8));
    }

    public long getVarint() {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int next = getByte();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw broken("has a varint of more than 63 bits");
    }

    /** A count of things that take at least {@code minimumBytes} each: checked against what is left. */
    public int getCount(int minimumBytes) {
        long count = getVarint();
        if (count > remaining() / minimumBytes) {
            throw broken("claims " + count + " items of at least " + minimumBytes + " bytes, but " + remaining()
                    + " bytes are left");
        }
        return (int) count;
    }

    public byte[] getBytes() {
        int length = getCount(1);
        int at = take(length);
        return Arrays.copyOfRange(bytes, at, at + length);
    }

    /** All that is left, where it is. */
    public ByteSpan getRest() {
        int count = remaining();
        return new ByteSpan(bytes, take(count), count);
    }

    public String getString() {
        int length = getCount(1);
        String text = Text.decode(bytes, take(length), length);
        if (text == null) {
            position -= length; // where it is shown from
            throw broken("has a string of " + length + " bytes that are not UTF-8");
        }
        return text;
    }

    /** Fails unless everything was read. */
    public void expectEnd() {
        if (hasRemaining()) {
            throw broken("has " + remaining() + " bytes too many");
        }
    }

    /** An error at this point, with the bytes around it. */
    public WireException broken(String fault) {
        return new WireException("the encoding " + fault + " at byte " + position + ": "
                + WireException.dump(bytes, Math.min(position, limit), Math.max(0, limit - position)));
    }
}
