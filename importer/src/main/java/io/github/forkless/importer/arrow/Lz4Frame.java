package io.github.forkless.importer.arrow;

import io.github.forkless.common.dataset.arrow.ArrowException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.StreamingXXHash32;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * Unpacks LZ4 frames. In those of Arrow a block copies from the 64 KiB before it, and lz4-java unpacks a block by itself. So these bytes
 * are put into the block, before those that it begins with.
 *
 * <pre>
 *   04 22 4D 18
 *   flags                  1    version 01, blocks are independent, have checksums, length, checksum, 0, dictionary
 *   size of a block        1    bits 4 to 6: 64 KiB, 256 KiB, 1 MiB or 4 MiB
 *   length                 8    of what is in the frame, if the flags say so
 *   checksum               1    of the flags to here
 *   of each block:
 *      length              4    the highest bit is set if the block is not compressed; 0 ends the frame
 *      block
 *      checksum            4    if the flags say so
 *   checksum               4    of what is in the frame, if the flags say so
 * </pre>
 *
 * <p>Not safe for use by several threads.
 */
final class Lz4Frame implements Unpacker {
    private static final int MAGIC = 0x184D2204;
    private static final int INDEPENDENT = 1 << 5;
    private static final int BLOCK_CHECKSUMS = 1 << 4;
    private static final int LENGTH = 1 << 3;
    private static final int CHECKSUM = 1 << 2;
    private static final int RESERVED = 1 << 1;
    private static final int DICTIONARY = 1;

    private static final int WINDOW_BYTES = 64 << 10;
    private static final int MUCH_BYTES = 1 << 20;
    /** As many literals, or more, have bytes of their own for how many they are. */
    private static final int LONG = 15;

    /** A window, and what says how long it and the literals of the largest block are. */
    private static final int MOST_BEFORE = WINDOW_BYTES + (128 << 10);

    private static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LENGTH64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final XXHashFactory hashes = XXHashFactory.safeInstance();
    private final LZ4SafeDecompressor decompressor =
            LZ4Factory.fastestInstance().safeDecompressor();
    /** A block, and room before it. */
    private byte[] packed = {};
    /** What is unpacked. When there is much, all but the window is given up. */
    private byte[] bytes = {};

    @Override
    public void unpack(MemorySegment frame, long length, Sink out) throws ArrowException, IOException {
        try {
            read(frame, length, out);
        } catch (IndexOutOfBoundsException e) {
            throw broken("it was cut off");
        }
    }

    private static ArrowException broken(String why) {
        return new ArrowException("its compressed values (lz4) are damaged: " + why + "; write it again");
    }

    private void read(MemorySegment frame, long length, Sink out) throws ArrowException, IOException {
        if (frame.get(INT32, 0) != MAGIC) {
            throw broken("a frame begins otherwise");
        }
        int flags = frame.get(ValueLayout.JAVA_BYTE, 4) & 0xff;
        int size = frame.get(ValueLayout.JAVA_BYTE, 5) & 0xff;
        if (flags >>> 6 != 1 || (flags & (RESERVED | DICTIONARY)) != 0 || size >>> 4 < 4 || size >>> 4 > 7) {
            throw broken("a frame has flags " + flags + " and " + size);
        }
        int most = 1 << 8 + 2 * (size >>> 4);
        if (packed.length < MOST_BEFORE + most) {
            packed = new byte[MOST_BEFORE + most];
            bytes = new byte[MUCH_BYTES + most];
        }
        long at = 6;
        if ((flags & LENGTH) != 0) {
            if (frame.get(LENGTH64, at) != length) {
                throw broken(frame.get(LENGTH64, at) + " bytes where " + length + " must be");
            }
            at += 8;
        }
        byte[] header = frame.asSlice(4, at - 4).toArray(ValueLayout.JAVA_BYTE);
        XXHash32 hash = hashes.hash32();
        if ((byte) (hash.hash(header, 0, header.length, 0) >>> 8) != frame.get(ValueLayout.JAVA_BYTE, at++)) {
            throw broken("a frame's header has another checksum");
        }
        StreamingXXHash32 whole = (flags & CHECKSUM) == 0 ? null : hashes.newStreamingHash32(0);
        long left = length;
        int end = 0; // of what is in bytes
        for (int word = frame.get(INT32, at); word != 0; word = frame.get(INT32, at)) {
            int count = word & Integer.MAX_VALUE;
            if (count > most) {
                throw broken("a block of " + count + " bytes where " + most + " are the most");
            }
            MemorySegment.copy(frame, at + 4, MemorySegment.ofArray(packed), MOST_BEFORE, count);
            at += 4 + count;
            if ((flags & BLOCK_CHECKSUMS) != 0) {
                requireHash(hash.hash(packed, MOST_BEFORE, count, 0), frame.get(INT32, at));
                at += 4;
            }
            if (end > MUCH_BYTES) {
                System.arraycopy(bytes, end - WINDOW_BYTES, bytes, 0, WINDOW_BYTES);
                end = WINDOW_BYTES;
            }
            int begin = end;
            if (word < 0) {
                System.arraycopy(packed, MOST_BEFORE, bytes, begin, count);
                end += count;
            } else {
                end = block(count, begin, most, (flags & INDEPENDENT) == 0 ? Math.min(begin, WINDOW_BYTES) : 0);
            }
            left -= end - begin;
            if (left < 0) {
                throw broken("more than the " + length + " bytes that must be");
            }
            if (whole != null) {
                whole.update(bytes, begin, end - begin);
            }
            out.write(ByteBuffer.wrap(bytes, begin, end - begin), at);
        }
        if (whole != null) {
            requireHash(whole.getValue(), frame.get(INT32, at + 4));
        }
        if (left != 0) {
            throw broken(left + " of " + length + " bytes are missing");
        }
    }

    private static void requireHash(int actual, int expected) throws ArrowException {
        if (actual != expected) {
            throw broken("a checksum of " + Integer.toHexString(actual) + ", not " + Integer.toHexString(expected));
        }
    }

    /** Unpacks the block at {@link #MOST_BEFORE}; returns where its bytes end. */
    private int block(int count, int begin, int most, int window) throws ArrowException {
        int at = window == 0 ? MOST_BEFORE : withWindow(count, begin, window);
        try {
            return begin
                    - window
                    + decompressor.decompress(
                            packed, at, MOST_BEFORE + count - at, bytes, begin - window, window + most);
        } catch (LZ4Exception e) {
            throw broken("a block leads to where nothing is");
        }
    }

    /** Has the block begin with what is before it; returns where it begins then. */
    private int withWindow(int count, int begin, int window) throws ArrowException {
        int token = packed[MOST_BEFORE] & 0xff;
        int at = MOST_BEFORE + 1;
        int literals = token >>> 4;
        if (literals == LONG) {
            int more;
            do {
                more = packed[at++] & 0xff;
                literals += more;
            } while (more == 255);
        }
        if (literals > count) {
            throw broken("a block leads to where nothing is");
        }
        at -= window;
        System.arraycopy(bytes, begin - window, packed, at, window);
        literals += window;
        if (literals >= LONG) {
            packed[--at] = (byte) ((literals - LONG) % 255);
            for (int i = (literals - LONG) / 255; i > 0; i--) {
                packed[--at] = (byte) 255;
            }
        }
        packed[--at] = (byte) (Math.min(literals, LONG) << 4 | token & 15);
        return at;
    }

    @Override
    public void close() {}
}
