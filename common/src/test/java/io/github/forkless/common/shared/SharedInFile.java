package io.github.forkless.common.shared;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.ElementType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes data as a pool does, and reads it as a worker does. */
final class SharedInFile {
    private SharedInFile() {}

    @SuppressWarnings("unchecked") // as Shared does
    static <V> V read(Shareable<V> data) {
        return (V) write(data).view();
    }

    /** How many bytes it takes. */
    static long bytes(Shareable<?> data) {
        return write(data).bytes();
    }

    private record InFile(Object view, long bytes) {}

    private static <V> InFile write(Shareable<V> data) {
        try {
            Path file = Files.createTempFile("shared", null);
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
                Shareable.Written<V> written = data.writeTo(
                        channel,
                        () -> FileChannel.open(
                                Files.createTempFile("scratch", null),
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.DELETE_ON_CLOSE));
                long bytes = written.layout().bytes();
                MemorySegment whole = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, Arena.ofAuto());
                return new InFile(written.view().of(new Block(ElementType.INT8, 0, bytes, whole)), bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
