package io.github.forkless.worker.jobs;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.text.Swar;
import io.github.forkless.common.text.Text;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Blocks of text as little-endian buffers: {@code for (long at = 0; at < block.count(); at += part.limit()) part =
 * TextParts.lines(block, at);}. A buffer is addressed by an int, so a block that is too long for one is cut. Buffers and
 * not the segment, because cold code reads them sooner (see the package {@code numeric}).
 */
public final class TextParts {
    /** Leaves an int's worth of room to look a little further. */
    private static final int LONGEST = 1 << 30;

    private TextParts() {}

    /**
     * Whole lines from {@code from} on, as many as fit.
     *
     * @param from where in the block a line starts, before its end
     * @throws IllegalArgumentException when the line there is longer than 1 GiB
     */
    public static ByteBuffer lines(Block block, long from) {
        return part(block, from, false);
    }

    /** Like {@link #lines}, with cuts behind any white space of the C locale. */
    public static ByteBuffer words(Block block, long from) {
        return part(block, from, true);
    }

    private static ByteBuffer part(Block block, long from, boolean words) {
        long to = Math.min(block.count(), from + LONGEST);
        if (to < block.count()) {
            while (to > from && !isEnd(block.byteAt(to - 1), words)) {
                to--;
            }
            if (to == from) {
                throw new IllegalArgumentException(Text.format(
                        "the %s at byte %d is longer than 1 GiB", words ? "word" : "line", block.start() + from));
            }
        }
        return block.segment().asSlice(from, to - from).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static boolean isEnd(byte b, boolean words) {
        return b == '\n' || words && Swar.isWhiteSpace(b);
    }
}
