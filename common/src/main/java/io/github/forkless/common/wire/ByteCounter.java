package io.github.forkless.common.wire;

import io.github.forkless.common.text.Text;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A writer that keeps nothing and counts: how large an encoding is, without making it. When that is more than a message can
 * hold, and takes long to count, it is refused as that.
 */
public final class ByteCounter extends ByteWriter {
    private static final int SCRATCH_BYTES = 4096;

    /** How many more times it is counted, a scratch each, when it is clearly too much. */
    private static final int MOST_TOO_MUCH = 10_000;

    private long counted;
    private int tooMuch;

    public ByteCounter() {
        super(SCRATCH_BYTES);
    }

    /** How many bytes were written. */
    public long count() {
        return counted + size();
    }

    /** Counts what is there, and has it overwritten. */
    @Override
    void makeRoom(long count) {
        counted += size();
        truncate(0);
        if (counted > MAX_BYTES && ++tooMuch > MOST_TOO_MUCH) {
            requireFits(counted, MAX_BYTES);
        }
        if (count > SCRATCH_BYTES) {
            throw new IllegalArgumentException(Text.format("%d bytes at once", count));
        }
    }

    @Override
    public void putRaw(byte[] source, int offset, int length) {
        counted += length;
    }

    @Override
    public void putElements(MemorySegment elements, ValueLayout layout) {
        counted += elements.byteSize();
    }
}
