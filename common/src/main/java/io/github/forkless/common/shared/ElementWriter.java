package io.github.forkless.common.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * Writes elements to a file. By plain writes, which fail where a disk is full: a store into a mapping would end the process
 * there. Not safe for use by several threads.
 */
final class ElementWriter {
    private final FileChannel out;
    private final ByteBuffer buffer;
    /** Of what is written next. */
    private long position;

    /** That the file cannot be written to. Unchecked, as it passes through the program's own streams. */
    static final class Failure extends UncheckedIOException {
        private static final long serialVersionUID = 1L;

        private Failure(IOException cause) {
            super(cause);
        }
    }

    /**
     * @param position in the file, of the first element
     * @param room to gather elements in; 8 bytes or more
     */
    ElementWriter(FileChannel out, long position, MemorySegment room) {
        this.out = out;
        this.position = position;
        this.buffer = room.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    void put(byte value) {
        room(Byte.BYTES).put(value);
    }

    void put(short value) {
        room(Short.BYTES).putShort(value);
    }

    void put(char value) {
        room(Character.BYTES).putChar(value);
    }

    void put(int value) {
        room(Integer.BYTES).putInt(value);
    }

    void put(long value) {
        room(Long.BYTES).putLong(value);
    }

    void put(float value) {
        room(Float.BYTES).putFloat(value);
    }

    void put(double value) {
        room(Double.BYTES).putDouble(value);
    }

    /** @param elements of this machine's byte order, which is little-endian */
    void put(MemorySegment elements) {
        for (long at = 0; at < elements.byteSize(); ) {
            ByteBuffer room = room(1);
            int length = (int) Math.min(room.remaining(), elements.byteSize() - at);
            MemorySegment.copy(elements, at, MemorySegment.ofBuffer(room), 0, length);
            room.position(room.position() + length);
            at += length;
        }
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            flush();
        }
        return buffer;
    }

    /** Writes what is left, at the end too. */
    void flush() {
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                position += out.write(buffer, position);
            }
        } catch (IOException e) {
            throw new Failure(e);
        }
        buffer.clear();
    }

    /** Where in the file the next element goes. */
    long position() {
        return position + buffer.position();
    }
}
