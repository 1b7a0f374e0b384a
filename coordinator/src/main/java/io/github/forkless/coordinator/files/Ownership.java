package io.github.forkless.coordinator.files;

import io.github.forkless.common.text.Text;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/** Who a file belongs to and what they may do: kept when another file takes its place. */
record Ownership(int uid, int gid, int permissions) {

    /** @throws ForeignFileException if that is a link, or another thing that is no regular file */
    static Ownership of(Path file) throws IOException {
        Map<String, Object> attributes =
                Files.readAttributes(file, "unix:uid,gid,mode,isRegularFile", LinkOption.NOFOLLOW_LINKS);
        if (!(boolean) attributes.get("isRegularFile")) {
            throw new ForeignFileException(file, "something that is no regular file has taken its place");
        }
        return new Ownership(
                (int) attributes.get("uid"), (int) attributes.get("gid"), (int) attributes.get("mode") & 0777);
    }

    /**
     * Gives {@code file} to the same user and group.
     *
     * @param original names, in the error, the file that this was taken of
     * @throws ForeignFileException if this process may not give files away, or not to that group
     */
    void giveTo(Path file, Path original) throws IOException {
        Ownership before = of(file);
        try {
            if (before.uid != uid) {
                Files.setAttribute(file, "unix:uid", uid);
            }
            if (before.gid != gid) {
                Files.setAttribute(file, "unix:gid", gid);
            }
        } catch (FileSystemException e) {
            throw new ForeignFileException(
                    original,
                    Text.format(
                            "it belongs to user %d and group %d, and what takes its place cannot be given to them",
                            uid, gid));
        }
    }

    /** Permits the same. */
    void permitFor(Path file) throws IOException {
        Files.setAttribute(file, "unix:mode", permissions);
    }
}
