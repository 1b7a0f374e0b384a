package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.RecordOutput;
import io.github.forkless.coordinator.files.Destination;
import io.github.forkless.coordinator.files.HiddenFile;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import net.openhft.chronicle.bytes.BytesMarshallable;

/**
 * Writes a dataset of records: objects of one class or of several that write and read themselves by Chronicle Bytes. The file
 * appears under its name, whole, when {@link #publish} is called. A writer that is closed before, because something failed,
 * leaves no file.
 *
 * <pre>{@code
 * try (RecordWriter<Event> writer = RecordWriter.create(path)) {
 *     events.forEach(writer::write);
 *     writer.publish();
 * }
 * }</pre>
 *
 * <p>Not safe for use by several threads.
 *
 * @param <T> what all records are
 */
public final class RecordWriter<T extends BytesMarshallable> implements AutoCloseable {
    private final Path path;
    private final HiddenFile file;
    private final RecordOutput out;
    private boolean isOver;

    private RecordWriter(Path path, HiddenFile file, RecordOutput out) {
        this.path = path;
        this.file = file;
        this.out = out;
    }

    /**
     * For a file that does not exist.
     *
     * @param path that ends in {@code .records}
     * @throws IllegalStateException when this JVM was started without the options that Chronicle Bytes needs, which it tells
     * @throws DatasetException when no file can be created there
     */
    public static <T extends BytesMarshallable> RecordWriter<T> create(Path path) {
        return open(path, false);
    }

    /** The same, but one of that name makes way when this one is published. */
    public static <T extends BytesMarshallable> RecordWriter<T> replace(Path path) {
        return open(path, true);
    }

    private static <T extends BytesMarshallable> RecordWriter<T> open(Path path, boolean replaces) {
        RecordOutput.requireOptions();
        try {
            Path destination = Destination.of(path);
            if (!replaces && destination.toFile().exists()) {
                throw exists(path);
            }
            HiddenFile file = HiddenFile.createBeside(destination, replaces);
            return new RecordWriter<>(path, file, new RecordOutput(file.channel()));
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    /**
     * Writes one record. What its class throws comes from here.
     *
     * @throws DatasetException when the disk is full or fails
     * @throws CancellationException when this thread is interrupted
     */
    public void write(T value) {
        if (isOver) {
            throw new IllegalStateException("nothing more can be written to " + path
                    + ": it is published, its writer is closed, or has failed");
        }
        try {
            out.write(value);
        } catch (IOException e) {
            close();
            throw failed(path, e);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** How many were written. */
    public long count() {
        return out.count();
    }

    /**
     * Gives the file its name, with all that was written, which is on the disk then. Nothing more can be written.
     *
     * @throws IllegalStateException when that was done before, this is closed, or a {@link #write} has failed
     * @throws DatasetException when the disk is full or fails, or a file of that name has come meanwhile
     */
    public void publish() {
        if (isOver) {
            throw new IllegalStateException(
                    path + " cannot be published: it is already, its writer is closed, or has failed");
        }
        isOver = true;
        try (file) {
            out.finish();
            file.channel().force(true);
            file.publish();
        } catch (FileAlreadyExistsException e) {
            throw exists(path);
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    /** Leaves no file, unless that was published. */
    @Override
    public void close() {
        isOver = true;
        try {
            file.close();
        } catch (IOException e) {
            // It is removed when this JVM ends.
        }
    }

    private static DatasetException exists(Path path) {
        return new DatasetException(path, "already exists; remove it first, or use RecordWriter.replace");
    }

    private static RuntimeException failed(Path path, IOException e) {
        if (e instanceof ClosedByInterruptException) {
            return new CancellationException("interrupted while " + path + " was written, which is not there");
        }
        if (e instanceof NoSuchFileException) {
            return new DatasetException(path, "there is no folder for it; create it first");
        }
        String reason = e instanceof FileSystemException inFile ? inFile.getReason() : e.getMessage();
        return new DatasetException(path, "cannot be written: " + (reason == null ? e : reason));
    }
}
