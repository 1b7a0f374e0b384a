package io.github.forkless.coordinator.generate;

import io.github.forkless.common.text.Text;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.LongUnaryOperator;

/**
 * Stores little-endian elements, each a function of its number alone.
 *
 * @param width bytes of one element: 1, 2, 4 or 8
 * @param bits from the number of an element to its bits; of the result the low {@code width} bytes are stored
 */
record Elements(int width, LongUnaryOperator bits) implements DatasetWriter.Filler {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * A loop for each width, and nothing else in it, so that each is compiled to vector code where its function can be.
     *
     * @param offset a multiple of the width
     */
    @Override
    public void fill(MemorySegment piece, long offset) {
        long first = offset / width;
        long whole = piece.byteSize() / width;
        switch (width) {
            case 1 -> {
                for (long k = 0; k < whole; k++) {
                    piece.set(BYTE, k, (byte) bits.applyAsLong(first + k));
                }
            }
            case 2 -> {
                for (long k = 0; k < whole; k++) {
                    piece.set(SHORT, 2 * k, (short) bits.applyAsLong(first + k));
                }
            }
            case 4 -> {
                for (long k = 0; k < whole; k++) {
                    piece.set(INT, 4 * k, (int) bits.applyAsLong(first + k));
                }
            }
            case 8 -> {
                for (long k = 0; k < whole; k++) {
                    piece.set(LONG, 8 * k, bits.applyAsLong(first + k));
                }
            }
            default -> throw new IllegalStateException(Text.format("elements of %d bytes", width));
        }
        // Of the file's last element there may be less: narrow integers are made in words of 8 bytes.
        long last = bits.applyAsLong(first + whole);
        for (long at = whole * width; at < piece.byteSize(); at++) {
            piece.set(BYTE, at, (byte) (last >>> (8 * (at - whole * width))));
        }
    }
}
