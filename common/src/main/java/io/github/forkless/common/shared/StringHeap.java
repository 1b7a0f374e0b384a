package io.github.forkless.common.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Strings as they are in a heap of the JVM, half surrogates included: a byte for each character where that is enough, else two.
 *
 * <pre>
 *   +--------------------+-----------------------+
 *   | characters x 2 + w | characters            |   w is 1 where a character takes two bytes, little-endian
 *   +--------------------+-----------------------+
 *     varint               characters x (1 + w) bytes
 * </pre>
 */
final class StringHeap {
    /** The position of null. */
    static final long NULL = -1;

    private static final ValueLayout.OfChar CHAR = ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** A power of two. */
    private static final int REMEMBERED = 1 << 14;

    private static final int LONGEST_REMEMBERED = 128;

    private final ElementWriter out;
    private final long start;

    /** Some of the strings written before: one that comes again is not written again. */
    private final String[] strings = new String[REMEMBERED];

    /** Their hash codes: a string that is new is not compared with one that memory has to be read for. */
    private final int[] hashes = new int[REMEMBERED];

    private final long[] positions = new long[REMEMBERED];

    StringHeap(ElementWriter out) {
        this.out = out;
        this.start = out.position();
    }

    /** Returns where it is, counted from the heap's start. */
    long put(String string) {
        if (string == null) {
            return NULL;
        }
        if (string.length() > LONGEST_REMEMBERED) {
            return write(string);
        }
        int hash = string.hashCode();
        int place = (hash ^ hash >>> 16) & REMEMBERED - 1;
        if (hashes[place] != hash || !string.equals(strings[place])) {
            positions[place] = write(string);
            strings[place] = string;
            hashes[place] = hash;
        }
        return positions[place];
    }

    private long write(String string) {
        long position = out.position() - start;
        if (string.length() > LONGEST_REMEMBERED) {
            writeLong(string);
        } else {
            writeShort(string);
        }
        return position;
    }

    /** Copied as a whole, which the JVM does many times as fast as character by character. */
    private void writeLong(String string) {
        byte[] narrow = string.getBytes(StandardCharsets.ISO_8859_1);
        boolean isWide = !string.equals(new String(narrow, StandardCharsets.ISO_8859_1));
        writeHeader(string.length(), isWide);
        out.put(isWide ? MemorySegment.ofArray(string.toCharArray()) : MemorySegment.ofArray(narrow));
    }

    private void writeShort(String string) {
        int length = string.length();
        int all = 0;
        for (int i = 0; i < length; i++) {
            all |= string.charAt(i);
        }
        boolean isWide = all > 0xff;
        writeHeader(length, isWide);
        for (int i = 0; i < length; i++) {
            if (isWide) {
                out.put(string.charAt(i));
            } else {
                out.put((byte) string.charAt(i));
            }
        }
    }

    private void writeHeader(int length, boolean isWide) {
        long header = (long) length << 1 | (isWide ? 1 : 0);
        for (; header > 0x7f; header >>>= 7) {
            out.put((byte) (header | 0x80));
        }
        out.put((byte) header);
    }

    /** @param position what {@link #put} returned */
    static String read(MemorySegment heap, long position) {
        if (position == NULL) {
            return null;
        }
        long at = position;
        long header = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = heap.get(ValueLayout.JAVA_BYTE, at++);
            header |= (next & 0x7fL) << shift;
            if (next >= 0) {
                break;
            }
        }
        int length = Math.toIntExact(header >>> 1);
        if ((header & 1) == 0) {
            byte[] narrow = new byte[length];
            MemorySegment.copy(heap, ValueLayout.JAVA_BYTE, at, narrow, 0, length);
            return new String(narrow, StandardCharsets.ISO_8859_1);
        }
        char[] wide = new char[length];
        MemorySegment.copy(heap, CHAR, at, wide, 0, length);
        return new String(wide);
    }
}
