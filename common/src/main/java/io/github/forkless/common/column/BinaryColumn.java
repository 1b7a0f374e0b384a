package io.github.forkless.common.column;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Bytes, as many in each row as it likes, or in each the same. */
public final class BinaryColumn extends Column {
    private final Slots slots;

    public BinaryColumn(Slots slots, Validity validity, long count) {
        super(count, validity);
        this.slots = slots;
    }

    /**
     * The bytes of a row, in place; null where it is null.
     *
     * @throws IndexOutOfBoundsException when {@code row} is not from 0 to {@code count() - 1}
     */
    public MemorySegment at(long row) {
        return isNull(row) ? null : slots.at(Objects.checkIndex(row, count()));
    }
}
