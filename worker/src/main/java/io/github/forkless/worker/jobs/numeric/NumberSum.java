package io.github.forkless.worker.jobs.numeric;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.value.Packable;
import java.lang.foreign.MemorySegment;

/** A sum of numbers of one kind, integers or floats, that does not depend on how the data is cut. */
public sealed interface NumberSum extends Packable permits IntegerSum, FloatSum {

    static NumberSum of(ElementType type) {
        return type.isFloating() ? new FloatSum() : new IntegerSum();
    }

    /** Adds the first {@code count} elements of a block of native, little-endian memory, aligned or not. */
    void add(MemorySegment block, ElementType type, long count);

    /** Adds the elements of {@code other}, a sum of the same kind, which stays as it is. */
    void merge(NumberSum other);

    /** A {@link java.math.BigInteger}, or a {@link Double}. */
    Number value();

    long[] toState();

    @Override
    default Packed packed() {
        return new PackedSum(this instanceof FloatSum, toState());
    }

    /** What a sum travels as. */
    record PackedSum(boolean isFloating, long[] state) implements Packed {
        @Override
        public NumberSum unpacked() {
            return isFloating ? FloatSum.fromState(state) : IntegerSum.fromState(state);
        }
    }
}
