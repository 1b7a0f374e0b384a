package io.github.forkless.common.dataset;

import io.github.forkless.common.text.Swar;
import io.github.forkless.common.text.Text;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Finds where lines start, near places asked for from left to right. No byte is read twice, and few are read at all:
 * a line's worth at each place. Lines longer than the gaps between places cost what they must, one pass.
 */
final class LineCutter {
    private static final int FIRST_READ = 4 << 10;
    private static final int LARGEST_READ = 1 << 20;

    private final PositionalReader reader;
    private final long end;

    /** The bytes read last, from {@link #windowStart} on. */
    private final ByteBuffer window = ByteBuffer.allocateDirect(LARGEST_READ)
            .order(ByteOrder.LITTLE_ENDIAN)
            .limit(0);

    private long windowStart;
    private long lastAsked;
    private long lastFound;

    /** {@code FileChannel::read}, as far as it is needed here. */
    @FunctionalInterface
    interface PositionalReader {
        int read(ByteBuffer into, long position) throws IOException;
    }

    /** @param end where the text ends, in bytes: there a line ends too, with or without a newline */
    LineCutter(PositionalReader reader, long end) {
        this.reader = reader;
        this.end = end;
    }

    /**
     * The first line start at or after {@code position}, or the end if there is none.
     *
     * @param position 1 or more, and not less than in the previous call
     * @throws EOFException if the file ends before the text should
     */
    long lineStart(long position) throws IOException {
        if (position < 1 || position < lastAsked) {
            throw new IllegalArgumentException(Text.format("asked for %d after %d", position, lastAsked));
        }
        lastAsked = position;
        if (position > lastFound) {
            lastFound = position >= end ? end : afterNewline(position - 1);
        }
        return lastFound;
    }

    private long afterNewline(long position) throws IOException {
        int readSize = FIRST_READ;
        while (position < end) {
            long windowEnd = windowStart + window.limit();
            if (position >= windowEnd) {
                fill(position, readSize);
                // What is not found soon is probably far away.
                readSize = Math.min(2 * readSize, LARGEST_READ);
                windowEnd = windowStart + window.limit();
            }
            int newline = Swar.newline(window, (int) (position - windowStart));
            if (newline < window.limit()) {
                return windowStart + newline + 1;
            }
            position = windowEnd;
        }
        return end;
    }

    private void fill(long position, int readSize) throws IOException {
        windowStart = position;
        window.clear().limit((int) Math.min(readSize, end - position));
        int read = reader.read(window, position);
        window.flip();
        if (read <= 0) {
            throw new EOFException(Text.format("it ends at byte %d, before byte %d", position, end));
        }
    }
}
