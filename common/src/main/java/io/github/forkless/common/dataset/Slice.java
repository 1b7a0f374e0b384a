package io.github.forkless.common.dataset;

import io.github.forkless.common.text.Text;

/**
 * A contiguous range of a dataset, in elements, or in bytes for text.
 *
 * @param from the first element, 0 or more
 * @param to one past the last element, {@code from} or more
 */
public record Slice(long from, long to) {

    /** @throws IllegalArgumentException unless {@code 0 <= from <= to} */
    public Slice {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException(Text.format("not a slice: from %d to %d", from, to));
        }
    }

    /** Elements, or bytes for text. */
    public long length() {
        return to - from;
    }
}
