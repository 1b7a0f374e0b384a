package io.github.forkless.worker.jobs.numeric;

import io.github.forkless.common.dataset.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Native little-endian blocks for tests, as misaligned as asked for. */
final class Segments {
    private Segments() {}

    /** The low bytes of {@code values}, beginning {@code offset} bytes after an address divisible by 64. */
    static MemorySegment integers(ElementType type, long[] values, int offset) {
        MemorySegment segment = allocate(type, values.length, offset);
        ByteBuffer buffer = segment.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            switch (type.width()) {
                case 1 -> buffer.put((byte) value);
                case 2 -> buffer.putShort((short) value);
                case 4 -> buffer.putInt((int) value);
                default -> buffer.putLong(value);
            }
        }
        return segment;
    }

    static MemorySegment floats(ElementType type, double[] values, int offset) {
        MemorySegment segment = allocate(type, values.length, offset);
        ByteBuffer buffer = segment.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            if (type == ElementType.FLOAT32) {
                buffer.putFloat((float) value);
            } else {
                buffer.putDouble(value);
            }
        }
        return segment;
    }

    private static MemorySegment allocate(ElementType type, int count, int offset) {
        long bytes = (long) count * type.width();
        return Arena.ofAuto().allocate(bytes + offset, 64).asSlice(offset, bytes);
    }

    static MemorySegment slice(MemorySegment segment, ElementType type, int from, int to) {
        return segment.asSlice((long) from * type.width(), (long) (to - from) * type.width());
    }
}
