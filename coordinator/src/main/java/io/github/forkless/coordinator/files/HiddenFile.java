package io.github.forkless.coordinator.files;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/** A file in the making: it gets its name when it is published, or is gone when it is closed or the JVM ends. */
public final class HiddenFile implements AutoCloseable {
    private static final int LONGEST_NAME = 60;

    private final Path path;
    private final Thread atShutdown = new Thread(this::abandonAtShutdown, "remove-unfinished-file");
    private FileChannel channel;
    private boolean abandoned;

    private HiddenFile(Path path) {
        this.path = path;
    }

    /** Creates {@code .NAME.<random>.tmp}, open to be read and written, with the permissions of any new file. */
    public static HiddenFile createBeside(Path destination) throws IOException {
        String name = destination.getFileName().toString();
        // The longest name a file can have is too long for us.
        String stem = name.length() <= LONGEST_NAME ? name : "file";
        String random = "%016x".formatted(ThreadLocalRandom.current().nextLong());
        HiddenFile file = new HiddenFile(destination.resolveSibling("." + stem + "." + random + ".tmp"));
        // The hook comes before the file, so that there is no moment at which the file would stay.
        try {
            Runtime.getRuntime().addShutdownHook(file.atShutdown);
        } catch (IllegalStateException _) {
            throw ending();
        }
        try {
            file.open();
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
        return file;
    }

    private synchronized void open() throws IOException {
        requireNotAbandoned();
        channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    public FileChannel channel() {
        return channel;
    }

    /**
     * Gives the file its name.
     *
     * @param replace whether a file of that name makes way
     * @throws FileAlreadyExistsException otherwise, if there is one
     */
    public synchronized void publish(Path destination, boolean replace) throws IOException {
        requireNotAbandoned();
        if (replace) {
            Files.move(path, destination, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        try {
            // A second name for the file is refused when the name is taken; a rename would take it from its owner.
            Files.createLink(destination, path);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // No hard links here (FAT, some network shares): this looks whether the name is free, then renames. Who
            // takes it in between loses it, but nobody ever sees a file that is not whole.
            Files.move(path, destination);
        }
    }

    /** Removes the hidden name, whether or not the file has another by now. */
    @Override
    public void close() throws IOException {
        try {
            remove();
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(atShutdown);
            } catch (IllegalStateException _) {
                // The JVM is ending and has started the hook: that finds nothing to do.
            }
        }
    }

    private synchronized void remove() throws IOException {
        if (channel != null) {
            channel.close();
            Files.deleteIfExists(path);
        }
    }

    /** The channel stays open: its threads run on until the JVM is gone, and with it the file's space. */
    private synchronized void abandonAtShutdown() {
        abandoned = true;
        try {
            if (channel != null) {
                Files.deleteIfExists(path);
            }
        } catch (IOException _) {
            // Nobody is left to be told.
        }
    }

    private void requireNotAbandoned() throws IOException {
        if (abandoned) {
            throw ending();
        }
    }

    private static InterruptedIOException ending() {
        return new InterruptedIOException("the program is ending");
    }
}
