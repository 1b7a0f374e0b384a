package io.github.forkless.common.shared;

import io.github.forkless.common.dataset.ElementType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.channels.WritableByteChannel;

/**
 * Data that is to be shared: {@code Doubles.of(array)}, {@code Doubles.of(n, i -> ...)}, {@code Ints.of(stream)}.
 *
 * @param <V> what it is read as
 */
public final class Shareable<V> {
    /** A count that nobody knows before all is written. */
    private static final long UNKNOWN = -1;

    private static final int LARGEST_BUFFER = 1 << 20;

    private final View view;
    /** {@link #UNKNOWN}, or how many. */
    private final long count;

    private final Content content;

    /** Writes all of it. */
    interface Content {
        void writeTo(ElementWriter out);
    }

    private Shareable(View view, long count, Content content) {
        this.view = view;
        this.count = count;
        this.content = content;
    }

    /** @throws IllegalArgumentException when there cannot be so many */
    static <V> Shareable<V> of(View view, long count, Content content) {
        long most = Long.MAX_VALUE / view.type().width();
        if (count < 0 || count > most) {
            throw new IllegalArgumentException("from 0 to " + most + " elements can be shared, not " + count);
        }
        return new Shareable<>(view, count, content);
    }

    /** Of which nobody knows how many there are. */
    static <V> Shareable<V> ofUnknown(View view, Content content) {
        return new Shareable<>(view, UNKNOWN, content);
    }

    View view() {
        return view;
    }

    /** What the elements of a file of it are. */
    public ElementType type() {
        return view.type();
    }

    /** How much it will be; 0 where nobody knows. */
    public long bytes() {
        return count == UNKNOWN ? 0 : count * view.type().width();
    }

    /**
     * Writes it, little-endian. What the program's own code throws comes from here.
     *
     * @return how many elements were written
     * @throws IOException when {@code out} cannot be written to
     */
    public long writeTo(WritableByteChannel out) throws IOException {
        try (var arena = Arena.ofConfined()) { // which frees it at once: a program may share much, one after another
            var writer = new ElementWriter(out, arena.allocate(bufferBytes()));
            try {
                content.writeTo(writer);
                return writer.finish() / view.type().width();
            } catch (UncheckedIOException e) {
                if (writer.isOwn(e)) {
                    throw e.getCause();
                }
                throw e; // from what makes the elements
            }
        }
    }

    private long bufferBytes() {
        return count == UNKNOWN ? LARGEST_BUFFER : Math.clamp(bytes(), Long.BYTES, LARGEST_BUFFER);
    }
}
