package io.github.forkless.common.value;

import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Arrays of primitives: a varint count, then the elements, little-endian, copied in bulk. */
enum PrimitiveArray {
    BOOLEAN(boolean.class, ValueLayout.JAVA_BYTE),
    BYTE(byte.class, ValueLayout.JAVA_BYTE),
    SHORT(short.class, ValueLayout.JAVA_SHORT_UNALIGNED),
    CHAR(char.class, ValueLayout.JAVA_CHAR_UNALIGNED),
    INT(int.class, ValueLayout.JAVA_INT_UNALIGNED),
    LONG(long.class, ValueLayout.JAVA_LONG_UNALIGNED),
    FLOAT(float.class, ValueLayout.JAVA_FLOAT_UNALIGNED),
    DOUBLE(double.class, ValueLayout.JAVA_DOUBLE_UNALIGNED);

    private static final PrimitiveArray[] ALL = values();

    private final Class<?> element;
    private final ValueLayout layout;

    PrimitiveArray(Class<?> element, ValueLayout layout) {
        this.element = element;
        this.layout = layout.withOrder(ByteOrder.LITTLE_ENDIAN);
    }

    static PrimitiveArray of(Class<?> element) {
        for (PrimitiveArray kind : ALL) {
            if (kind.element == element) {
                return kind;
            }
        }
        throw new IllegalArgumentException(element + " is not a primitive type");
    }

    /** The kind that {@code tag} stands for, or null when it stands for something else. */
    static PrimitiveArray ofTag(int tag) {
        int index = tag - Tag.FIRST_PRIMITIVE_ARRAY;
        return index >= 0 && index < ALL.length ? ALL[index] : null;
    }

    void write(Object array, ByteWriter out) {
        int count = Array.getLength(array);
        out.putByte(Tag.FIRST_PRIMITIVE_ARRAY + ordinal());
        out.putVarint(count);
        if (array instanceof boolean[] flags) {
            for (boolean flag : flags) {
                out.putByte(flag ? 1 : 0);
            }
            return;
        }
        out.putElements(heapSegment(array), layout);
    }

    Object read(ByteReader in) {
        int count = in.getCount((int) layout.byteSize());
        if (this == BYTE) {
            int at = in.take(count);
            return Arrays.copyOfRange(in.array(), at, at + count); // which need not be zeroed first
        }
        Object array = Array.newInstance(element, count);
        if (array instanceof boolean[] flags) {
            for (int i = 0; i < count; i++) {
                flags[i] = in.getByte() != 0;
            }
            return array;
        }
        int at = in.take(count * (int) layout.byteSize());
        MemorySegment.copy(
                MemorySegment.ofArray(in.array()),
                layout,
                at,
                heapSegment(array),
                layout.withOrder(ByteOrder.nativeOrder()),
                0,
                count);
        return array;
    }

    void skip(ByteReader in) {
        int width = (int) layout.byteSize();
        in.take(in.getCount(width) * width);
    }

    private static MemorySegment heapSegment(Object array) {
        if (array instanceof byte[] a) { // no pattern switch: see ValueWriter
            return MemorySegment.ofArray(a);
        } else if (array instanceof short[] a) {
            return MemorySegment.ofArray(a);
        } else if (array instanceof char[] a) {
            return MemorySegment.ofArray(a);
        } else if (array instanceof int[] a) {
            return MemorySegment.ofArray(a);
        } else if (array instanceof long[] a) {
            return MemorySegment.ofArray(a);
        } else if (array instanceof float[] a) {
            return MemorySegment.ofArray(a);
        } else if (array instanceof double[] a) {
            return MemorySegment.ofArray(a);
        }
        throw new IllegalArgumentException(array.getClass() + " is not an array of primitives");
    }
}
