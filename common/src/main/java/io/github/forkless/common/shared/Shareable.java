package io.github.forkless.common.shared;

import io.github.forkless.common.dataset.ElementType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.WritableByteChannel;

/**
 * Data that is to be shared: {@code Doubles.of(array)}, {@code Doubles.of(n, i -> ...)}, {@code Ints.of(stream)}.
 *
 * @param <V> what it is read as
 */
public final class Shareable<V> {
    /** A count that nobody knows before all is written. */
    static final long UNKNOWN = -1;

    private final View view;
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

    static <V> Shareable<V> of(View view, long count, Content content) {
        if (count < 0 && count != UNKNOWN) {
            throw new IllegalArgumentException("there cannot be " + count + " of what is to be shared");
        }
        return new Shareable<>(view, count, content);
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
        return count == UNKNOWN ? 0 : Math.multiplyExact(count, view.type().width());
    }

    /**
     * Writes it, little-endian. What the program's own code throws comes from here.
     *
     * @return how many elements were written
     * @throws IOException when {@code out} cannot be written to
     */
    public long writeTo(WritableByteChannel out) throws IOException {
        var writer = new ElementWriter(out);
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
