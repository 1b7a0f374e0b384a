package io.github.forkless.coordinator.files;

import io.github.forkless.coordinator.machine.NewName;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file in the making: it gets its name when it is published, or is gone when it is closed or the JVM ends. What a JVM that is
 * killed leaves is removed by the next one that makes a file in that folder.
 */
public final class HiddenFile implements AutoCloseable {
    private static final int LONGEST_NAME = 60;

    private static final Set<OpenOption> OPTIONS =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);

    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final Set<Path> SWEPT = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final Path destination;
    private final boolean replaces;
    private final boolean isPrivate;
    private final Thread atShutdown = ShutdownHook.of("remove-unfinished-file", this::abandonAtShutdown);
    private FileChannel channel;
    private boolean abandoned;

    private HiddenFile(Path path, Path destination, boolean replaces, boolean isPrivate) {
        this.isPrivate = isPrivate;
        this.path = path;
        this.destination = destination;
        this.replaces = replaces;
    }

    /**
     * Creates {@code .NAME.<random>.forkless.tmp}, open to be read and written.
     *
     * @param destination absolute; what is published under that name
     * @param replaces whether a file of that name makes way. Then the new one has its owner, group and permissions, and those of
     *     any new file otherwise
     * @throws ForeignFileException if the file that is to make way belongs to somebody whom no file can be given to
     */
    public static HiddenFile createBeside(Path destination, boolean replaces) throws IOException {
        Leftovers.removeFrom(destination.getParent());
        return create(destination, replaces, false);
    }

    /**
     * Creates a file in {@code folder} that never gets another name, and that only this user can open. As there may be many,
     * only the first one of this JVM looks for what others have left there.
     */
    public static HiddenFile createPrivate(Path folder, String stem) throws IOException {
        if (SWEPT.add(folder)) {
            Leftovers.removeFrom(folder);
        }
        return create(folder.resolve(stem), false, true);
    }

    private static HiddenFile create(Path destination, boolean replaces, boolean isPrivate) throws IOException {
        String name = destination.getFileName().toString();
        // The longest name a file can have is too long for us.
        String stem = name.length() <= LONGEST_NAME ? name : "file";
        while (true) {
            Path path = destination.resolveSibling(
                    Leftovers.name(stem, ThreadLocalRandom.current().nextLong()));
            HiddenFile file = new HiddenFile(path, destination, replaces, isPrivate);
            file.create();
            if (file.isLocked()) {
                return file;
            }
            file.close(); // somebody took it for left over before it was locked
        }
    }

    private void create() throws IOException {
        // The hook comes before the file, so that there is no moment at which the file would stay.
        try {
            Runtime.getRuntime().addShutdownHook(atShutdown);
        } catch (IllegalStateException _) {
            throw ending();
        }
        try {
            open();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private synchronized void open() throws IOException {
        requireNotAbandoned();
        Leftovers.claim(path);
        if (replaces && Files.exists(destination, LinkOption.NOFOLLOW_LINKS)) {
            channel = FileChannel.open(path, OPTIONS, PRIVATE);
            Ownership.of(destination).giveTo(path, destination);
        } else {
            channel = isPrivate ? FileChannel.open(path, OPTIONS, PRIVATE) : FileChannel.open(path, OPTIONS);
        }
    }

    /** False where another process has the lock, or had it and has removed the file. */
    private boolean isLocked() {
        try {
            return channel.tryLock() != null && Files.exists(path);
        } catch (IOException e) {
            return true; // there are no locks here, so no program removes it as a leftover
        }
    }

    /** Whether that is how hidden files are called. */
    public static boolean isNameOfOne(Path file) {
        return Leftovers.isName(file);
    }

    /** Its name as long as it is hidden. */
    public Path path() {
        return path;
    }

    public FileChannel channel() {
        return channel;
    }

    /**
     * Gives the file its name.
     *
     * @throws FileAlreadyExistsException if there is one of that name, and it is not to make way
     */
    public synchronized void publish() throws IOException {
        requireNotAbandoned();
        if (replaces) {
            if (Files.exists(destination, LinkOption.NOFOLLOW_LINKS)) {
                Ownership ownership = Ownership.of(destination);
                ownership.giveTo(path, destination);
                ownership.permitFor(path);
            }
            Files.move(path, destination, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        if (NewName.give(path, destination)) {
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
        Files.deleteIfExists(path); // at once, as it changes the file that others may see by now
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
        try {
            if (channel != null) {
                Files.deleteIfExists(path);
                channel.close();
            }
        } finally {
            Leftovers.release(path);
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
