package io.github.forkless.coordinator.generate;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.text.Text;
import java.util.Objects;

/**
 * What to generate. Two equal specs give the same bytes, on every machine and for every number of threads.
 *
 * @param count elements, 0 or more
 * @param type any but text
 * @param seed which of the 2<sup>64</sup> series of random numbers; sequence and constant do not use it
 */
public record GenerateSpec(long count, ElementType type, Distribution distribution, long seed) {

    /** @throws IllegalArgumentException in one line, if there is no such dataset: text, or of an impossible size */
    public GenerateSpec {
        Objects.requireNonNull(distribution, "distribution");
        if (!type.isNumber()) {
            throw new IllegalArgumentException(type.label() + " is not generated, only numbers are: give a numeric type"
                    + " (int8, uint8, int16, int32, int64, float32, float64), or a text file that exists");
        }
        if (count < 0) {
            throw new IllegalArgumentException(Text.format("%d elements to generate; it must be 0 or more", count));
        }
        if (count > Long.MAX_VALUE / type.width()) {
            throw new IllegalArgumentException(Text.format(
                    "%d elements of %s to generate; no file can hold more than %d",
                    count, type.label(), Long.MAX_VALUE / type.width()));
        }
    }

    /** Bytes of the whole dataset. */
    public long bytes() {
        return count * type.width();
    }
}
