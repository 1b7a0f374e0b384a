package io.github.forkless.common.dataset;

import io.github.forkless.common.column.LongColumn;
import io.github.forkless.common.text.Text;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Makes blocks of {@linkplain ElementType#readAs the next wider type} of numbers that Java has no type for, in memory that stays in
 * the core's cache. For one thread; a block is valid until the next one.
 */
final class WiderNumbers {
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
        if (stored.type() == ElementType.UINT64) {
            requireLongs(stored);
            return block(type, stored, stored.segment());
        }
        long bytes = stored.count() * type.width();
        if (copy.byteSize() < bytes) {
            copy = Arena.ofAuto().allocate(bytes, Long.BYTES);
        }
        switch (stored.type()) {
            case UINT16 -> widenShorts(stored.segment(), stored.count(), copy);
            case UINT32 -> widenInts(stored.segment(), stored.count(), copy);
            case FLOAT16 -> widenFloats(stored.segment(), stored.count(), copy);
            default -> throw new IllegalArgumentException(stored.type().label() + " is read as it is");
        }
        return block(type, stored, copy.asSlice(0, bytes).asReadOnly());
    }

    private static Block block(ElementType type, Block stored, MemorySegment elements) {
        return new Block(type, stored.start(), stored.count(), elements, null, null, stored.rowShape());
    }

    // A loop each, over one type: that compiles to vector code.

    private static void widenShorts(MemorySegment from, long count, MemorySegment to) {
        for (long i = 0; i < count; i++) {
            to.setAtIndex(Block.INT32, i, from.getAtIndex(Block.INT16, i) & 0xffff);
        }
    }

    private static void widenInts(MemorySegment from, long count, MemorySegment to) {
        for (long i = 0; i < count; i++) {
            to.setAtIndex(Block.INT64, i, from.getAtIndex(Block.INT32, i) & 0xffff_ffffL);
        }
    }

    private static void widenFloats(MemorySegment from, long count, MemorySegment to) {
        for (long i = 0; i < count; i++) {
            to.setAtIndex(Block.FLOAT32, i, Float.float16ToFloat(from.getAtIndex(Block.INT16, i)));
        }
    }

    /** Their bits are those of an int64, in place. */
    private void requireLongs(Block stored) {
        MemorySegment from = stored.segment();
        long all = 0;
        for (long i = 0; i < stored.count(); i++) {
            all |= from.getAtIndex(Block.INT64, i);
        }
        if (all < 0) {
            throw tooLarge(stored);
        }
    }

    private DatasetException tooLarge(Block stored) {
        long at = 0;
        while (stored.segment().getAtIndex(Block.INT64, at) >= 0) {
            at++;
        }
        return tooLarge(stored.start() + at, stored.segment().getAtIndex(Block.INT64, at));
    }

    /** @param element counted in the dataset */
    DatasetException tooLarge(long element, long bits) {
        return new DatasetException(file, Text.format(which, element - first) + " is " + LongColumn.tooLarge(bits));
    }
}
