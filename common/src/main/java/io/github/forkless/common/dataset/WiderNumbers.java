package io.github.forkless.common.dataset;

import io.github.forkless.common.column.LongColumn;
import io.github.forkless.common.text.Text;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Makes blocks of {@linkplain ElementType#readAs the next wider type} of numbers that Java has no type for, in memory that stays in
 * the core's cache. For one thread; a block is valid until the next one.
 */
final class WiderNumbers {
    private static final ValueLayout.OfShort INT16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong INT64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT32 =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final long first;
    private final String which;

    /** Made when the first block comes, and larger when a larger one does. */
    private MemorySegment copy = MemorySegment.NULL;

    /**
     * @param file as errors name it
     * @param first where in the dataset the file's first number is: errors count in the file
     * @param which how errors say which number it is, with a {@code %d}
     */
    WiderNumbers(Path file, long first, String which) {
        this.file = file;
        this.first = first;
        this.which = which;
    }

    /** @throws DatasetException if there is a {@code uint64} that an {@code int64} does not hold */
    Block of(Block stored) {
        ElementType type = stored.type().readAs();
        long bytes = stored.count() * type.width();
        if (copy.byteSize() < bytes) {
            copy = Arena.ofAuto().allocate(bytes, Long.BYTES);
        }
        switch (stored.type()) {
            case UINT16 -> widenShorts(stored.segment(), stored.count(), copy);
            case UINT32 -> widenInts(stored.segment(), stored.count(), copy);
            case UINT64 -> copyLongs(stored);
            case FLOAT16 -> widenFloats(stored.segment(), stored.count(), copy);
            default -> throw new IllegalArgumentException(stored.type().label() + " is read as it is");
        }
        return new Block(
                type,
                stored.start(),
                stored.count(),
                copy.asSlice(0, bytes).asReadOnly(),
                null,
                null,
                stored.rowShape());
    }

    // A loop each, over one type: that compiles to vector code.

    private static void widenShorts(MemorySegment from, long count, MemorySegment to) {
        for (long i = 0; i < count; i++) {
            to.setAtIndex(INT32, i, from.getAtIndex(INT16, i) & 0xffff);
        }
    }

    private static void widenInts(MemorySegment from, long count, MemorySegment to) {
        for (long i = 0; i < count; i++) {
            to.setAtIndex(INT64, i, from.getAtIndex(INT32, i) & 0xffff_ffffL);
        }
    }

    private static void widenFloats(MemorySegment from, long count, MemorySegment to) {
        for (long i = 0; i < count; i++) {
            to.setAtIndex(FLOAT32, i, Float.float16ToFloat(from.getAtIndex(INT16, i)));
        }
    }

    private void copyLongs(Block stored) {
        MemorySegment from = stored.segment();
        long all = 0;
        for (long i = 0; i < stored.count(); i++) {
            all |= from.getAtIndex(INT64, i);
        }
        if (all < 0) {
            throw tooLarge(stored);
        }
        MemorySegment.copy(from, 0, copy, 0, from.byteSize());
    }

    private DatasetException tooLarge(Block stored) {
        long at = 0;
        while (stored.segment().getAtIndex(INT64, at) >= 0) {
            at++;
        }
        return tooLarge(stored.start() + at, stored.segment().getAtIndex(INT64, at));
    }

    /** @param element counted in the dataset */
    DatasetException tooLarge(long element, long bits) {
        return new DatasetException(file, Text.format(which, element - first) + " is " + LongColumn.tooLarge(bits));
    }
}
