package io.github.forkless.coordinator.generate;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.text.Text;
import java.util.Objects;

/**
 * What to generate. Two equal specs give the same bytes, on every machine and for every number of threads.
 *
 * @param count elements, 0 or more
 * @param type any but text; records are events of an order book, {@link io.github.forkless.common.sample.OrderEvent}
 * @param distribution uniform for records
 * @param seed which of the 2<sup>64</sup> series of random numbers; sequence and constant do not use it
 */
public record GenerateSpec(long count, ElementType type, Distribution distribution, long seed) {
    /** More have no place in a file's index. */
    private static final long MOST_RECORDS = 1L << 36;

    /** @throws IllegalArgumentException in one line, if there is no such dataset: text, or of an impossible size */
    public GenerateSpec {
        Objects.requireNonNull(distribution, "distribution");
        if (type.isText()) {
            throw new IllegalArgumentException(
                    "text is not generated, only numbers and records are: give a numeric type (" + ElementType.numbers()
                            + "), a name that ends in .records, or a text file that exists");
        }
        if (count < 0) {
            throw new IllegalArgumentException(Text.format("%d elements to generate; it must be 0 or more", count));
        }
        long most = type.isNumber() ? Long.MAX_VALUE / type.width() : MOST_RECORDS;
        if (count > most) {
            throw new IllegalArgumentException(Text.format(
                    "%d elements of %s to generate; no file can hold more than %d", count, type.label(), most));
        }
        if (type == ElementType.RECORDS && distribution != Distribution.UNIFORM) {
            throw new IllegalArgumentException(
                    "records are generated with --dist uniform only, not " + distribution.label());
        }
    }

    /** Bytes of the whole dataset, if it is of numbers. */
    public long bytes() {
        return count * type.width();
    }
}
