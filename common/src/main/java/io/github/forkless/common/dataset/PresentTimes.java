package io.github.forkless.common.dataset;

import io.github.forkless.common.text.Text;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Leaves out of blocks of NumPy's times those that are none (NaT), as nulls are of a column. A block without any is read in place;
 * else those that are there are copied, to memory that stays in the core's cache. For one thread; a block is valid until the next
 * one.
 */
final class PresentTimes {
    private final Path file;
    private final long first;
    private final boolean isWholeRows;

    /** Made when the first block comes that needs it, and larger when a larger one does. */
    private MemorySegment copy = MemorySegment.NULL;

    /**
     * @param file as errors name it
     * @param first where in the dataset the file's first time is: errors count in the file
     * @param isWholeRows whether blocks are of rows or records, of which nothing can be left out
     */
    PresentTimes(Path file, long first, boolean isWholeRows) {
        this.file = file;
        this.first = first;
        this.isWholeRows = isWholeRows;
    }

    /** @throws DatasetException if one is none, and nothing can be left out */
    Block of(Block stored) {
        if (!hasAbsent(stored.segment(), stored.count())) {
            return stored;
        }
        if (isWholeRows) {
            throw absent(stored);
        }
        if (copy.byteSize() < stored.count() * Long.BYTES) {
            copy = Arena.ofAuto().allocate(stored.count() * Long.BYTES, Long.BYTES);
        }
        long count = 0;
        for (long i = 0; i < stored.count(); i++) {
            long value = stored.segment().getAtIndex(Block.INT64, i);
            copy.setAtIndex(Block.INT64, count, value);
            count += value == NpyTimes.ABSENT ? 0 : 1;
        }
        return new Block(
                stored.type(),
                stored.start(),
                count,
                copy.asSlice(0, count * Long.BYTES).asReadOnly());
    }

    /** A loop without branches. */
    private static boolean hasAbsent(MemorySegment times, long count) {
        long present = -1; // the highest bit of x | -x is set unless x is 0
        for (long i = 0; i < count; i++) {
            long x = times.getAtIndex(Block.INT64, i) ^ NpyTimes.ABSENT;
            present &= x | -x;
        }
        return present >= 0;
    }

    private DatasetException absent(Block stored) {
        long at = 0;
        while (stored.segment().getAtIndex(Block.INT64, at) != NpyTimes.ABSENT) {
            at++;
        }
        return new DatasetException(
                file,
                Text.format(
                        "element %d is NaT, and of whole rows nothing can be left out; write another time there, or the"
                                + " integers that they are, with .view('<i8')",
                        stored.start() + at - first));
    }
}
