package io.github.forkless.common.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A few bytes that say how far a worker has come, and that stay when it is killed. The worker keeps them mapped and stores
 * to them, which costs nothing that could be measured; the coordinator reads them when the worker has ended, to tell what
 * it died of from what it was only handed.
 *
 * <pre>
 *   0                               8               12
 *   +-------------------------------+---------------+
 *   | requests begun                | item          |
 *   +-------------------------------+---------------+
 * </pre>
 *
 * Integers are little-endian.
 *
 * @param begun how many requests that have an answer the worker had begun
 * @param item which parameter or parameter set it was at in the last one; {@link #NO_ITEM} if that is not known
 */
public record ProgressFile(long begun, int item) {
    public static final int NO_ITEM = -1;

    private static final int BEGUN_OFFSET = 0;
    private static final int ITEM_OFFSET = 8;
    private static final int BYTES = 12;

    /** The worker's end. For one thread. */
    public static class Writer {
        /** Says nothing to anybody. */
        public static final Writer NONE = new Writer(ByteBuffer.allocate(BYTES));

        private final ByteBuffer bytes;
        private long begun;
        private int item = NO_ITEM;

        /** Only its owner can see it. */
        public static Writer inMemory() {
            return new Writer(ByteBuffer.allocate(BYTES));
        }

        private Writer(ByteBuffer bytes) {
            this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
        }

        /** The next request that has an answer is begun. */
        public void begin() {
            at(NO_ITEM);
            bytes.putLong(BEGUN_OFFSET, ++begun);
        }

        /** None was begun: another pool counts anew. */
        public void restart() {
            begun = -1;
            begin();
        }

        /** How many requests that have an answer were begun. */
        public long begun() {
            return begun;
        }

        /** The parameter or the parameter set of this number is next. */
        public void at(int item) {
            this.item = item;
            bytes.putInt(ITEM_OFFSET, item);
        }

        /** Which one that is; {@link #NO_ITEM} if it is not known. */
        public int item() {
            return item;
        }
    }

    /** Creates the file of this process. Where that cannot be done, nothing is said of its progress. */
    public static Writer create(Path folder) {
        try (FileChannel file = FileChannel.open(
                path(folder, ProcessHandle.current().pid()),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(BYTES)); // a store into a hole on a full disk would end this process
            MappedByteBuffer mapped = file.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
            mapped.putInt(ITEM_OFFSET, NO_ITEM);
            return new Writer(mapped);
        } catch (IOException | UnsupportedOperationException e) {
            return Writer.NONE;
        }
    }

    /** Reads and deletes the file of a process that has ended; empty if it wrote none. */
    public static Optional<ProgressFile> take(Path folder, long pid) {
        Path file = path(folder, pid);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            Files.delete(file);
            return bytes.limit() == BYTES
                    ? Optional.of(new ProgressFile(bytes.getLong(BEGUN_OFFSET), bytes.getInt(ITEM_OFFSET)))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Path path(Path folder, long pid) {
        return folder.resolve("progress-" + pid);
    }
}
