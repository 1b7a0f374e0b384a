package io.github.forkless.common.dataset;

/**
 * Where a column's values are, where each is so many bytes behind the one before.
 *
 * @param at bytes from the table's first byte to the first value
 * @param step bytes from one value to the next
 * @param width bytes of a value
 */
public record ColumnPlace(long at, long step, int width) {
    /** @throws IllegalArgumentException if a value is before the table, or before its predecessor's end */
    public ColumnPlace {
        if (at < 0 || width < 0 || step < 1 || step < width) {
            throw new IllegalArgumentException("values of " + width + " bytes, " + step + " apart, from byte " + at);
        }
    }
}
