package io.github.forkless.common.shared;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.Layout;
import java.io.IOException;
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

    /** How much it will be, at least. */
    private final long bytes;
    /** Whether it will be just as much. */
    private final boolean isExact;

    private final Content content;

    /** Writes all of it. */
    interface Content {
        /** Returns what it can be read as. */
        View writeTo(FileChannel out, Scratch scratch) throws IOException;
    }

    /** Makes files that are gone when all is written. */
    @FunctionalInterface
    public interface Scratch {
        /** An empty one, to be read and written. */
        FileChannel file() throws IOException;
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

    private Shareable(long bytes, boolean isExact, Content content) {
        this.bytes = bytes;
        this.isExact = isExact;
        this.content = content;
    }

    /** @param bytes how many at least */
    static <V> Shareable<V> of(long bytes, boolean isExact, Content content) {
        return new Shareable<>(bytes, isExact, content);
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

    private static <V> Shareable<V> ofRun(View view, long bytes, Run run) {
        int buffer = bytes == UNKNOWN ? LARGEST_BUFFER : Math.clamp(bytes, Long.BYTES, LARGEST_BUFFER);
        return of(Math.max(bytes, 0), bytes != UNKNOWN, (out, _) -> {
            try (var arena =
                    Arena.ofConfined()) { // which frees it at once: a program may share much, one after another
                var writer = new ElementWriter(out, 0, arena.allocate(buffer));
                run.writeTo(writer);
                writer.flush();
            }
            return view;
        });
    }

    /** How much it will be, as far as that is known: it will be no less. */
    public long bytes() {
        return bytes;
    }

    /** Whether it will be no more, either. */
    public boolean isExact() {
        return isExact;
    }

    /**
     * Writes it, little-endian. What the program's own code throws comes from here.
     *
     * @param out to an empty file
     * @throws IOException when that, or a scratch file, cannot be written to
     */
    public Written<V> writeTo(FileChannel out, Scratch scratch) throws IOException {
        try {
            View view = content.writeTo(out, scratch);
            return new Written<>(view, out.size());
        } catch (ElementWriter.Failure e) {
            throw e.getCause();
        }
    }
}
