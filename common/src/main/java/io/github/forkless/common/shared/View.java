package io.github.forkless.common.shared;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.ElementType;
import java.lang.foreign.MemorySegment;

/** What shared bytes are seen as. */
enum View {
    BYTES(ElementType.INT8),
    SHORTS(ElementType.INT16),
    CHARS(ElementType.INT16),
    INTS(ElementType.INT32),
    LONGS(ElementType.INT64),
    FLOATS(ElementType.FLOAT32),
    DOUBLES(ElementType.FLOAT64),
    /** Of a dataset's file, whatever its elements are. */
    DATASET(null);

    private final ElementType type;

    View(ElementType type) {
        this.type = type;
    }

    /** What a file has that was written for it. */
    ElementType type() {
        return type;
    }

    Object of(Block whole) {
        MemorySegment segment = whole.segment();
        return switch (this) {
            case BYTES -> new Bytes(segment);
            case SHORTS -> new Shorts(segment);
            case CHARS -> new Chars(segment);
            case INTS -> new Ints(segment);
            case LONGS -> new Longs(segment);
            case FLOATS -> new Floats(segment);
            case DOUBLES -> new Doubles(segment);
            case DATASET -> whole;
        };
    }
}
