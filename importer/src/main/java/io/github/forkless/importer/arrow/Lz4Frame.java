package io.github.forkless.importer.arrow;

import io.github.forkless.common.dataset.arrow.ArrowException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import net.jpountz.xxhash.StreamingXXHash32;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * Unpacks LZ4 frames. Those of Arrow have blocks that copy from the 64 KiB before them, which lz4-java refuses:
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
    /** Bytes are copied by eight: so many more than are meant. */
    private static final int SLACK = 16;

    private static final int SHORTEST_MATCH = 4;
    private static final int LONG = 64;

    private static final VarHandle INT64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LENGTH64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final XXHashFactory hashes = XXHashFactory.safeInstance();
    /** A block. */
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
        if (packed.length < most + SLACK) {
            packed = new byte[most + SLACK];
            bytes = new byte[MUCH_BYTES + most + SLACK];
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
            MemorySegment.copy(frame, at + 4, MemorySegment.ofArray(packed), 0, count);
            at += 4 + count;
            if ((flags & BLOCK_CHECKSUMS) != 0) {
                requireHash(hash.hash(packed, 0, count, 0), frame.get(INT32, at));
                at += 4;
            }
            if (end > MUCH_BYTES) {
                System.arraycopy(bytes, end - WINDOW_BYTES, bytes, 0, WINDOW_BYTES);
                end = WINDOW_BYTES;
            }
            int begin = end;
            if (word < 0) {
                System.arraycopy(packed, 0, bytes, begin, count);
                end += count;
            } else {
                end = block(count, begin, begin + most, (flags & INDEPENDENT) == 0 ? 0 : begin);
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

    /** Unpacks a block; returns where its bytes end. A match may begin at {@code first}, and nothing may end behind {@code last}. */
    private int block(int count, int begin, int last, int first) throws ArrowException {
        byte[] in = packed;
        byte[] out = bytes;
        Arrays.fill(in, count, count + SLACK, (byte) 0); // a number that goes on behind the end ends there
        int from = 0;
        int to = begin;
        while (from < count) {
            int token = in[from++] & 0xff;
            int literals = token >>> 4;
            if (literals == 15) {
                int more;
                do {
                    more = in[from++] & 0xff;
                    literals += more;
                } while (more == 255);
            }
            if (literals > count - from || literals > last - to) {
                throw broken("a block leads to where nothing is");
            }
            if (literals < LONG) {
                for (int i = 0; i < literals; i += 8) {
                    INT64.set(out, to + i, (long) INT64.get(in, from + i));
                }
            } else {
                System.arraycopy(in, from, out, to, literals);
            }
            from += literals;
            to += literals;
            if (from == count) { // the last one has no match
                return to;
            }
            int distance = in[from] & 0xff | (in[from + 1] & 0xff) << 8;
            from += 2;
            int length = token & 15;
            if (length == 15) {
                int more;
                do {
                    more = in[from++] & 0xff;
                    length += more;
                } while (more == 255);
            }
            length += SHORTEST_MATCH;
            int match = to - distance;
            if (from > count || distance == 0 || match < first || length > last - to) {
                throw broken("a block leads to where nothing is");
            }
            copy(out, match, to, length, distance);
            to += length;
        }
        throw broken("a block ends too early");
    }

    /** What is copied may overlap with where it goes, and is then repeated. */
    private static void copy(byte[] all, int match, int to, int length, int distance) {
        if (distance >= length && length >= LONG) {
            System.arraycopy(all, match, all, to, length);
        } else if (distance >= 8) {
            for (int i = 0; i < length; i += 8) {
                INT64.set(all, to + i, (long) INT64.get(all, match + i));
            }
        } else if (distance == 1) {
            Arrays.fill(all, to, to + length, all[match]);
        } else {
            for (int i = 0; i < length; i++) {
                all[to + i] = all[match + i];
            }
        }
    }

    @Override
    public void close() {}
}
