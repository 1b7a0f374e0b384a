package io.github.forkless.common.dataset;

import io.github.forkless.common.text.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Which file this is and in which state: two equal identities mean that it was not replaced, resized or rewritten.
 *
 * <p>Two kinds of change do not show. A rewrite within the clock tick of the previous one, a few milliseconds on older
 * kernels, leaves the same times. A store through another process's shared mapping changes the times only when it hits a
 * page that the kernel has written to the disk since the last store into it; docs/dataset.md says what is done about that.
 *
 * @param device the device the file is on
 * @param inode its number there
 * @param size in bytes
 * @param modifiedNanos the last modification of its content, in nanoseconds since 1970; any writer can set it back
 * @param changedNanos the last change of its content or of what is said of it: its name, permissions, links, times. Nobody
 *     can set it back
 */
public record FileIdentity(long device, long inode, long size, long modifiedNanos, long changedNanos) {

    /**
     * The identity of {@code file} now, from one look at it; links are followed.
     *
     * @throws DatasetException if it does not exist or cannot be looked at
     */
    public static FileIdentity of(Path file) {
        return Status.of(file).identity();
    }

    /** What happened to the file between this look and a later one, in words; empty if nothing did. */
    public Optional<String> changeTo(FileIdentity now) {
        if (now.equals(this)) {
            return Optional.empty();
        }
        if (now.device != device || now.inode != inode) {
            return Optional.of(Text.format("replaced by another file of %d bytes", now.size));
        }
        if (now.size != size) {
            return Optional.of(
                    Text.format("%s from %d to %d bytes", now.size < size ? "truncated" : "grown", size, now.size));
        }
        if (now.modifiedNanos != modifiedNanos) {
            return Optional.of(
                    Text.format("modified at %s, after %s", instant(now.modifiedNanos), instant(modifiedNanos)));
        }
        return Optional.of(Text.format(
                "renamed, linked, given other permissions, or modified and its time put back, at %s, after %s,",
                instant(now.changedNanos), instant(changedNanos)));
    }

    /**
     * Looks at {@code file} again.
     *
     * @throws DatasetException if it is no longer what it was, saying what happened to it
     */
    public void requireUnchanged(Path file) {
        look(file, false);
    }

    /**
     * The same for a file that may have become longer meanwhile.
     *
     * @return by how many bytes it has
     */
    public long requireNotShorter(Path file) {
        return look(file, true);
    }

    private long look(Path file, boolean mayGrow) {
        Optional<String> change;
        try {
            FileIdentity now = Status.read(file).identity();
            if (mayGrow && now.device == device && now.inode == inode && now.size > size) {
                return now.size - size;
            }
            change = changeTo(now);
        } catch (NoSuchFileException e) {
            change = Optional.of("removed");
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
        if (change.isPresent()) {
            throw new DatasetException(
                    file,
                    Text.format("%s while it was in use; run again when nothing writes to it", change.orElseThrow()));
        }
        return 0;
    }

    // Written out because a record's own costs 10 ms at its first call, and this one is called at every start.
    @Override
    public boolean equals(Object other) {
        return other instanceof FileIdentity that
                && device == that.device
                && inode == that.inode
                && size == that.size
                && modifiedNanos == that.modifiedNanos
                && changedNanos == that.changedNanos;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(device * 31 + inode) ^ Long.hashCode((size * 31 + modifiedNanos) * 31 + changedNanos);
    }

    private static Instant instant(long nanos) {
        return FileTime.from(nanos, TimeUnit.NANOSECONDS).toInstant();
    }

    /** One stat: an identity and a kind that belong together. */
    record Status(FileIdentity identity, int mode) {
        private static final int KIND = 0170000;

        static Status of(Path file) {
            try {
                return read(file);
            } catch (IOException e) {
                throw DatasetException.unreadable(file, e);
            }
        }

        private static Status read(Path file) throws IOException {
            Map<String, Object> unix =
                    Files.readAttributes(file, "unix:dev,ino,size,lastModifiedTime,ctime,mode", new LinkOption[0]);
            return new Status(
                    new FileIdentity(
                            (long) unix.get("dev"),
                            (long) unix.get("ino"),
                            (long) unix.get("size"),
                            nanos(unix.get("lastModifiedTime")),
                            nanos(unix.get("ctime"))),
                    (int) unix.get("mode"));
        }

        private static long nanos(Object time) {
            return ((FileTime) time).to(TimeUnit.NANOSECONDS);
        }

        boolean isRegularFile() {
            return (mode & KIND) == 0100000;
        }

        /** {@code a directory}, {@code a named pipe}: what it is when it is not a regular file. */
        String kind() {
            return switch (mode & KIND) {
                case 0100000 -> "a regular file";
                case 0040000 -> "a directory";
                case 0010000 -> "a pipe";
                case 0020000, 0060000 -> "a device";
                case 0140000 -> "a socket";
                default -> "not a file";
            };
        }

        /** What to do when it is not a regular file. */
        String adviceFor(Path path) {
            return switch (mode & KIND) {
                case 0040000 -> "name a file in it";
                case 0010000 ->
                    Text.format("write what comes through it to a file first: cat %s > FILE", ShellWord.of(path));
                default -> "only a regular file can be mapped";
            };
        }
    }
}
