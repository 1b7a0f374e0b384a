package io.github.forkless.common.shared;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.Layout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;

/**
 * Data that is to be shared: {@code Doubles.of(array)}, {@code Doubles.of(n, i -> ...)}, {@code Ints.of(stream)}.
 *
 * @param <V> what it is read as
 */
public final class Shareable<V> {
    /** A size that nobody knows before all is written. */
    private static final long UNKNOWN = -1;

    private static final int LARGEST_BUFFER = 1 << 20;

    /** {@link #UNKNOWN}, or how much it will be. */
    private final long bytes;

    private final Content content;

    /** Writes all of it. */
    interface Content {
        /** Returns what it can be read as. */
        View writeTo(FileChannel out) throws IOException;
    }

    /** Writes elements one after another. */
    interface Run {
        void writeTo(ElementWriter out);
    }

    /**
     * What was written.
     *
     * @param <V> what it is read as
     */
    public static final class Written<V> {
        private final View view;
        private final long bytes;

        private Written(View view, long bytes) {
            this.view = view;
            this.bytes = bytes;
        }

        View view() {
            return view;
        }

        /** Of its file. */
        public Layout layout() {
            return new Layout.Numbers(ElementType.INT8, 0, bytes);
        }
    }

    private Shareable(long bytes, Content content) {
        this.bytes = bytes;
        this.content = content;
    }

    /** @throws IllegalArgumentException when there cannot be so many */
    static <V> Shareable<V> of(Elements type, long count, Run run) {
        return of(type, type, count, run);
    }

    /** The same for elements that are seen as something else than a run. */
    static <V> Shareable<V> of(View view, Elements type, long count, Run run) {
        long most = Long.MAX_VALUE / type.width();
        if (count < 0 || count > most) {
            throw new IllegalArgumentException("from 0 to " + most + " elements can be shared, not " + count);
        }
        return ofRun(view, count * type.width(), run);
    }

    /** Of which nobody knows how many there are. */
    static <V> Shareable<V> ofUnknown(Elements type, Run run) {
        return ofRun(type, UNKNOWN, run);
    }

    /** Of which nobody knows how long it is, and which says itself what it can be read as. */
    static <V> Shareable<V> ofUnknown(Content content) {
        return new Shareable<>(UNKNOWN, content);
    }

    private static <V> Shareable<V> ofRun(View view, long bytes, Run run) {
        int buffer = bytes == UNKNOWN ? LARGEST_BUFFER : Math.clamp(bytes, Long.BYTES, LARGEST_BUFFER);
        return new Shareable<>(bytes, out -> {
            try (var arena =
                    Arena.ofConfined()) { // which frees it at once: a program may share much, one after another
                var writer = new ElementWriter(out, arena.allocate(buffer));
                try {
                    run.writeTo(writer);
                    writer.flush();
                } catch (UncheckedIOException e) {
                    if (writer.isOwn(e)) {
                        throw e.getCause();
                    }
                    throw e; // from what makes the elements
                }
            }
            return view;
        });
    }

    /** How much it will be; 0 where nobody knows. */
    public long bytes() {
        return Math.max(bytes, 0);
    }

    /**
     * Writes it, little-endian. What the program's own code throws comes from here.
     *
     * @param out to an empty file
     * @throws IOException when that cannot be written to
     */
    public Written<V> writeTo(FileChannel out) throws IOException {
        View view = content.writeTo(out);
        return new Written<>(view, out.size());
    }
}
