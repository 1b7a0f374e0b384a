package io.github.forkless.worker.jobs.numeric;

import io.github.forkless.common.dataset.ElementType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Cuts a block into runs for the kernels.
 *
 * <p>A kernel is handed a {@link ByteBuffer} and a range of byte offsets of at most {@link #RUN} bytes, and walks it
 * with {@code for (int i = from; i < to; i += width)}. The shape is chosen for cold JVMs, where most of the time of a
 * short job is spent before its loop is compiled. Summing 256 MiB of int32 from a standing start with an AOT cache,
 * medians of 7, the JIT on the same core and on a free one:
 *
 * <pre>
 *   this shape                                   28, 18 ms   the first access takes 0.1 ms
 *   the same in one call for 128 KiB             25, 20 ms
 *   LongBuffer.get(i) (IntBuffer alike)          36, 28 ms   and never vectorized: the index is shifted
 *   bulk get into an int[] of 8 KiB              40,  - ms   and 1.3 times the time when warm
 *   MemorySegment.getAtIndex, 128 KiB            63, 37 ms   the first access takes 10 ms: it spins method handles
 * </pre>
 *
 * A warm loop runs at the speed of memory in this shape and in the last. The step by the width matters: with
 * {@code buffer.getInt(4 * i)} the loop is not vectorized. Short runs let a call enter compiled code soon instead of
 * waiting for on-stack replacement, and keep several passes over a run within the first-level cache.
 */
public final class Blocks {
    /** Bytes of a run; a multiple of every element width. No kernel can overflow a long on so few elements. */
    public static final int RUN = 16 << 10;

    /** One buffer must be addressable by an int; the size is otherwise free. A multiple of {@link #RUN}. */
    private static final int CHUNK = 1 << 30;

    /**
     * What is done with a run: elements from byte {@code from} up to byte {@code to}, not included. Implemented by
     * classes and not by lambdas, of which a JVM's first costs milliseconds.
     */
    public interface RunConsumer {
        void accept(ByteBuffer buffer, int from, int to);
    }

    private Blocks() {}

    /**
     * Hands the first {@code count} elements of {@code block} to {@code consumer}, in order, run by run.
     *
     * @throws IllegalArgumentException when {@code count} is negative or the block is shorter than that
     */
    public static void forEachRun(MemorySegment block, ElementType type, long count, RunConsumer consumer) {
        if (count < 0 || count > block.byteSize() / type.width()) {
            throw new IllegalArgumentException("block of " + block.byteSize() + " bytes cannot hold " + count + " "
                    + type.label() + " elements of " + type.width() + " bytes");
        }
        long bytes = count * type.width();
        for (long start = 0; start < bytes; start += CHUNK) {
            int length = (int) Math.min(CHUNK, bytes - start);
            ByteBuffer buffer = block.asSlice(start, length).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            for (int from = 0; from < length; from += RUN) {
                consumer.accept(buffer, from, Math.min(length, from + RUN));
            }
        }
    }
}
