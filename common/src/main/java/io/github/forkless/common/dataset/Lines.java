package io.github.forkless.common.dataset;

import io.github.forkless.common.text.Swar;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Walks the lines of a text block without allocating: {@code while (lines.next()) use(lines.from(), lines.length());}.
 * A line ends before its newline; the last one may have none. Not safe for use by several threads.
 */
public final class Lines {
    private static final ValueLayout.OfLong EIGHT_BYTES =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long NEWLINES = '\n' * Swar.EACH;

    private final Block block;
    private long from;
    private long end;
    private long next;

    Lines(Block block) {
        this.block = block;
    }

    /** Moves to the next line; false when there is none. */
    public boolean next() {
        if (next >= block.count()) {
            return false;
        }
        from = next;
        end = endOfLine(from);
        next = end + 1;
        return true;
    }

    /** Where in the block the current line starts. */
    public long from() {
        return from;
    }

    /** Bytes of the current line, its newline not counted. */
    public long length() {
        return end - from;
    }

    /** Where in the dataset the current line starts. */
    public long offset() {
        return block.start() + from;
    }

    /** The current line, decoded as UTF-8. */
    public String text() {
        return block.text(from, end - from);
    }

    private long endOfLine(long start) {
        long count = block.count();
        long i = start;
        for (; i + Long.BYTES <= count; i += Long.BYTES) {
            long found = Swar.firstZeros(block.segment().get(EIGHT_BYTES, i) ^ NEWLINES);
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        for (; i < count; i++) {
            if (block.byteAt(i) == '\n') {
                return i;
            }
        }
        return count;
    }
}
