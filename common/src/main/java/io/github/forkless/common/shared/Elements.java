package io.github.forkless.common.shared;

import io.github.forkless.common.dataset.Block;
import java.lang.foreign.MemorySegment;

/** One run of elements of one type. */
enum Elements implements View {
    BYTES(Byte.BYTES),
    SHORTS(Short.BYTES),
    CHARS(Character.BYTES),
    INTS(Integer.BYTES),
    LONGS(Long.BYTES),
    FLOATS(Float.BYTES),
    DOUBLES(Double.BYTES),
    /** Of a dataset's file, whatever its elements are. */
    DATASET(0);

    private final int width;

    Elements(int width) {
        this.width = width;
    }

    /** Bytes of one. */
    int width() {
        return width;
    }

    @Override
    public Object of(Block whole) {
        return this == DATASET ? whole : of(whole.segment());
    }

    /** Some elements of a file; where there are none, {@code offset} may be behind its end. */
    Object of(MemorySegment whole, long offset, long count) {
        return of(count == 0 ? MemorySegment.NULL : whole.asSlice(offset, count * width));
    }

    /** @param segment exactly these elements */
    Object of(MemorySegment segment) {
        return switch (this) {
            case BYTES -> new Bytes(segment);
            case SHORTS -> new Shorts(segment);
            case CHARS -> new Chars(segment);
            case INTS -> new Ints(segment);
            case LONGS -> new Longs(segment);
            case FLOATS -> new Floats(segment);
            case DOUBLES -> new Doubles(segment);
            case DATASET -> throw new IllegalStateException("a dataset says itself what its elements are");
        };
    }
}
