package io.github.forkless.coordinator.files;

import io.github.forkless.common.text.Text;
import io.github.forkless.coordinator.files.Trust.Entry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The file that the name of an output leads to. In a folder where others may write, another user can have put something
 * there under a name that is easily guessed: a link to a file of ours, which would be replaced, or a pipe of theirs. So
 * every step of the way is looked at, the links and what they lead through too, and none is taken that another user can
 * have laid: see {@link Trust}.
 */
public final class Destination {
    private static final int MOST_LINKS = 40;

    private static final Path PARENT = Path.of("..");

    /** Its links lead to what processes have open, with a name or without. */
    private static final Path PROC = Path.of("/proc");

    private Destination() {}

    /**
     * Follows links, also to a file that does not exist yet.
     *
     * @return absolute, without links, but for one in /proc to what has no name: an open pipe, or a terminal
     * @throws ForeignFileException if there is something on the way that is not to be trusted
     * @throws NoSuchFileException naming the folder, if there is none
     */
    public static Path of(Path given) throws IOException {
        Trust trust = Trust.ofThisProcess();
        Path folder = given.toAbsolutePath().getRoot();
        Deque<Path> ahead = new ArrayDeque<>();
        given.toAbsolutePath().forEach(ahead::add);
        int links = 0;
        while (!ahead.isEmpty()) {
            Path name = ahead.remove();
            Path path = folder.resolve(name).normalize();
            if (name.equals(PARENT) || path.equals(folder)) {
                folder = path; // for that no name in a folder was followed
                continue;
            }
            Entry entry;
            try {
                entry = Entry.of(path);
            } catch (NoSuchFileException e) {
                if (ahead.isEmpty()) {
                    return path;
                }
                throw e;
            }
            Entry around = Entry.of(folder);
            if (!trust.allows(entry, around)) {
                throw foreign(given, path, entry, around);
            }
            if (!entry.isLink()) {
                folder = path;
            } else if (++links > MOST_LINKS) {
                throw new FileSystemLoopException(given.toString());
            } else if (folder.startsWith(PROC) && !folder.equals(PROC)) {
                if (ahead.isEmpty() && !Files.isRegularFile(path)) {
                    return path;
                }
                folder = path.toRealPath();
            } else {
                Path target = Files.readSymbolicLink(path);
                folder = target.isAbsolute() ? target.getRoot() : folder;
                for (int i = target.getNameCount() - 1; i >= 0; i--) {
                    ahead.addFirst(target.getName(i));
                }
            }
        }
        return folder;
    }

    private static ForeignFileException foreign(Path given, Path path, Entry entry, Entry around) {
        return new ForeignFileException(
                path,
                Text.format(
                        "%s belongs to another user (uid %d), in a folder where %s may write",
                        path.equals(given.toAbsolutePath()) ? "it" : path,
                        entry.user(),
                        around.isWritableByAll() ? "everybody" : "others"));
    }

    /**
     * Opens what is written to as it is, a pipe or a device. No link is followed that has taken its place since.
     *
     * @param destination from {@link #of}
     */
    public static OutputStream open(Path destination) throws IOException {
        return destination.startsWith(PROC)
                ? Files.newOutputStream(destination, StandardOpenOption.WRITE)
                : Files.newOutputStream(destination, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }
}
