package io.github.forkless.coordinator.files;

import io.github.forkless.common.text.Text;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * The file that the name of an output leads to. In a folder where everybody may write and only owners may remove, such as
 * /tmp, another user can have put something there under a name that is easily guessed: a link to a file of ours, which
 * would be replaced, or a pipe of theirs. As the kernel does by fs.protected_symlinks, what belongs neither to us nor to
 * the folder's owner is refused.
 */
public final class Destination {
    private static final int MOST_LINKS = 40;
    private static final int STICKY = 01000;
    private static final int WRITABLE_BY_ALL = 0002;

    /** Its links lead to what processes have open, with a name or without. */
    private static final Path PROC = Path.of("/proc");

    private static final Path SELF = Path.of("/proc/self");

    private Destination() {}

    /**
     * Follows links, also to a file that does not exist yet.
     *
     * @return absolute, without links
     * @throws ForeignFileException if there is something on the way that is not to be trusted
     * @throws java.nio.file.NoSuchFileException naming the folder, if there is none
     */
    public static Path of(Path given) throws IOException {
        Path path = given.toAbsolutePath();
        for (int links = 0; links < MOST_LINKS; links++) {
            Path folder = path.getParent();
            if (folder == null) {
                return path;
            }
            folder = folder.toRealPath();
            path = folder.resolve(path.getFileName());
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                return path;
            }
            requireTrusted(path, folder);
            if (!Files.isSymbolicLink(path)) {
                return path.normalize();
            }
            if (folder.startsWith(PROC)) {
                return Files.isRegularFile(path) ? path.toRealPath() : path;
            }
            path = folder.resolve(Files.readSymbolicLink(path));
        }
        throw new FileSystemLoopException(given.toString());
    }

    private static void requireTrusted(Path file, Path folder) throws IOException {
        Map<String, Object> around = Files.readAttributes(folder, "unix:uid,mode");
        int mode = (int) around.get("mode");
        if ((mode & STICKY) == 0 || (mode & WRITABLE_BY_ALL) == 0) {
            return;
        }
        Object owner = Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (!owner.equals(around.get("uid")) && !owner.equals(Files.getAttribute(SELF, "unix:uid"))) {
            throw new ForeignFileException(
                    file,
                    Text.format("it belongs to another user (uid %s), in a folder where everybody may write", owner));
        }
    }
}
