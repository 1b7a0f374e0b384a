package io.github.forkless.common.dataset.arrow;

import io.github.forkless.common.column.ColumnType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The texts of a dictionary, each once, numbered in the order in which they came. */
final class ArrowTexts {
    private static final VarHandle INT64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MIXER = 0x9E3779B97F4A7C15L;

    private byte[] bytes = new byte[1 << 12];
    private int[] ends = new int[1 << 6];
    private int count;
    /** One more than the number of the text, by its hash; 0 is free. A power of two, at most half full. */
    private int[] slots = new int[1 << 7];

    int count() {
        return count;
    }

    int code(byte[] utf8, int from, int to) {
        int slot = hash(utf8, from, to) & slots.length - 1;
        while (slots[slot] != 0) {
            int code = slots[slot] - 1;
            if (Arrays.equals(bytes, begin(code), ends[code], utf8, from, to)) {
                return code;
            }
            slot = slot + 1 & slots.length - 1;
        }
        add(utf8, from, to);
        slots[slot] = count;
        if (2 * count > slots.length) {
            rehash();
        }
        return count - 1;
    }

    private int begin(int code) {
        return code == 0 ? 0 : ends[code - 1];
    }

    private void add(byte[] utf8, int from, int to) {
        int end = Math.addExact(begin(count), to - from);
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(2L * end, Integer.MAX_VALUE - 8));
        }
        System.arraycopy(utf8, from, bytes, begin(count), to - from);
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
        }
        ends[count++] = end;
    }

    private void rehash() {
        slots = new int[2 * slots.length];
        for (int code = 0; code < count; code++) {
            int slot = hash(bytes, begin(code), ends[code]) & slots.length - 1;
            while (slots[slot] != 0) {
                slot = slot + 1 & slots.length - 1;
            }
            slots[slot] = code + 1;
        }
    }

    private static int hash(byte[] utf8, int from, int to) {
        long hash = to - from;
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            hash = mix(hash, (long) INT64.get(utf8, at));
        }
        long rest = 0;
        for (; at < to; at++) {
            rest = rest << 8 | utf8[at] & 0xff;
        }
        return (int) (mix(hash, rest) * MIXER >>> 32);
    }

    private static long mix(long hash, long word) {
        long product = (hash ^ word) * MIXER;
        return product ^ product >>> 32;
    }

    /** The texts as a column. */
    ArrowOutput column(String name) {
        ArrowOutput column = ArrowOutput.of(name, ArrowType.of(ColumnType.TEXT));
        for (int code = 0; code < count; code++) {
            column.put(bytes, begin(code), ends[code]);
        }
        return column;
    }
}
