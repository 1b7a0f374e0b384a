package io.github.forkless.worker.jobs.numeric;

import io.github.forkless.common.dataset.ElementType;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * The exact sum of integers of any width and number: it never wraps, and may exceed 64 bits. The answer does not
 * depend on how the data is cut or in which order the parts are merged.
 */
public final class IntegerSum implements NumberSum {
    private final WideInteger total;

    public IntegerSum() {
        this(new WideInteger());
    }

    private IntegerSum(WideInteger total) {
        this.total = total;
    }

    /**
     * Adds the first {@code count} elements of a block of native, little-endian memory, aligned or not.
     *
     * @throws IllegalArgumentException when {@code type} is not an integer type or the block is too short
     */
    @Override
    public void add(MemorySegment block, ElementType type, long count) {
        IntegerKernel kernel = IntegerKernel.of(type);
        Blocks.forEachRun(block, type, count, new Blocks.RunConsumer() {
            @Override
            public void accept(ByteBuffer buffer, int from, int to) {
                kernel.sum(buffer, from, to, total);
            }
        });
    }

    /** Adds the elements of {@code other}, which stays as it is. */
    @Override
    public void merge(NumberSum sameKind) {
        var other = (IntegerSum) sameKind;
        total.add(other.total);
    }

    @Override
    public BigInteger value() {
        return total.value();
    }

    /** Three longs, least significant first, in two's complement; what {@link #fromState} reads. */
    @Override
    public long[] toState() {
        long[] state = new long[WideInteger.LONGS];
        total.write(state, 0);
        return state;
    }

    /**
     * The sum that {@link #toState} wrote.
     *
     * @throws IllegalArgumentException when the state has not the right length
     */
    public static IntegerSum fromState(long[] state) {
        if (state.length != WideInteger.LONGS) {
            throw new IllegalArgumentException(
                    "state of an integer sum has " + WideInteger.LONGS + " longs, not " + state.length);
        }
        return new IntegerSum(WideInteger.read(state, 0));
    }
}
