package io.github.forkless.worker.jobs.numeric;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.value.Packable;
import java.lang.foreign.MemorySegment;

/** Statistics of numbers of one kind, integers or floats. */
public sealed interface NumberStats extends Packable permits IntegerStats, FloatStats {

    static NumberStats of(ElementType type) {
        return type.isFloating() ? new FloatStats() : new IntegerStats();
    }

    /** Adds the first {@code count} elements of a block of native, little-endian memory, aligned or not. */
    void add(MemorySegment block, ElementType type, long count);

    /** Appends the elements of {@code other}, statistics of the same kind, which stays as it is. */
    void merge(NumberStats other);

    long[] toState();

    @Override
    default Packed packed() {
        return new PackedStats(this instanceof FloatStats, toState());
    }

    /** What statistics travel as. */
    record PackedStats(boolean isFloating, long[] state) implements Packed {
        @Override
        public NumberStats unpacked() {
            return isFloating ? FloatStats.fromState(state) : IntegerStats.fromState(state);
        }
    }
}
