package io.github.forkless.coordinator.share;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.common.shared.Shareable;
import io.github.forkless.common.shared.SharedMappings;
import io.github.forkless.coordinator.files.HiddenFile;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * A file of data that a program shares with its workers. Only this user can open it. It is gone when it is closed or this
 * JVM ends. If this JVM is killed, what ends its workers removes it, or else the next one that shares something in that
 * folder.
 *
 * @param <V> what it is read as
 */
public final class SharedFile<V> implements AutoCloseable {
    private final HiddenFile file;
    private final Shareable.Written<V> written;
    private final DatasetFile dataset;
    private final long number;

    private SharedFile(HiddenFile file, Shareable.Written<V> written) throws IOException {
        this.file = file;
        this.written = written;
        this.dataset = new DatasetFile(file.path(), written.layout(), FileIdentity.of(file.path()));
        this.number = SharedMappings.addOwn(dataset, file.channel());
    }

    /**
     * Writes the data.
     *
     * @param folder where the user wants it, if anywhere
     * @param created told of each file before anything is written to it
     * @param removed told when one is gone, of those that do not stay
     * @throws InvalidRequestException when it cannot be written there
     * @throws CancellationException when this thread is interrupted meanwhile, which it stays
     */
    public static <V> SharedFile<V> write(
            Optional<Path> folder, Shareable<V> data, Consumer<Path> created, Consumer<Path> removed) {
        Path chosen = folder.orElseGet(() -> ShareFolder.forBytes(data.bytes(), data.isExact()));
        try {
            requireRoom(chosen, data.bytes());
            HiddenFile file = HiddenFile.createPrivate(chosen.toRealPath(), "shared");
            try {
                created.accept(file.path());
                return new SharedFile<>(file, written(file, data, created, removed));
            } catch (IOException | RuntimeException | Error e) {
                file.close();
                removed.accept(file.path());
                throw e;
            }
        } catch (ClosedByInterruptException e) {
            throw new CancellationException("interrupted while writing data to be shared, which is not");
        } catch (IOException e) {
            throw new InvalidRequestException("data cannot be shared in " + chosen + ": " + reason(e)
                    + "; use PoolOptions.withSharedFolder with a folder that has room");
        }
    }

    private static <V> Shareable.Written<V> written(
            HiddenFile file, Shareable<V> data, Consumer<Path> created, Consumer<Path> removed) throws IOException {
        List<HiddenFile> scratches = new ArrayList<>();
        try {
            return data.writeTo(file.channel(), () -> {
                var scratch = HiddenFile.createPrivate(file.path().getParent(), "shared");
                scratches.add(scratch);
                created.accept(scratch.path());
                return scratch.channel();
            });
        } finally {
            for (HiddenFile scratch : scratches) {
                scratch.close();
                removed.accept(scratch.path());
            }
        }
    }

    /** Before anything is written: others may need what a file system has left. */
    private static void requireRoom(Path folder, long bytes) throws IOException {
        long usable = Files.getFileStore(folder).getUsableSpace();
        if (usable < bytes) {
            throw new IOException("it takes " + bytes + " bytes, and " + usable + " are free");
        }
    }

    private static String reason(IOException e) {
        return e instanceof NoSuchFileException
                ? "there is no such folder"
                : e instanceof AccessDeniedException ? "it may not be written to" : e.getMessage();
    }

    /** What workers know it by. */
    public long number() {
        return number;
    }

    public DatasetFile dataset() {
        return dataset;
    }

    /** What was written. */
    public Shareable.Written<V> written() {
        return written;
    }

    @Override
    public void close() {
        SharedMappings.removeOwn(number);
        try {
            file.close();
        } catch (IOException e) {
            // It is removed when this JVM ends.
        }
    }
}
