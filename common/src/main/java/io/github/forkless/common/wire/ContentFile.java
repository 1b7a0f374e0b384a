package io.github.forkless.common.wire;

import io.github.forkless.common.text.Text;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * Content that is handed over in a file, as only its name then goes through the pipes: to the coordinator, and from there to
 * who merges it. It is written and read, and never mapped: a file that shrinks, or a disk without room, then is an
 * exception, and no signal. The coordinator deletes it.
 *
 * <p>A worker's files are called {@code PID-ANSWER} after it and its answer's number, so the coordinator knows the name of
 * each without being told.
 */
public final class ContentFile implements Content {
    /** Less goes through pipes, which are as fast; from here on it is the coordinator's memory that counts. See bench/NOTES.md. */
    public static final int LEAST_BYTES = 32 << 20;

    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /** Bits of a mode that let others in. */
    private static final int OTHERS = 077;

    private static final Path SELF = Path.of("/proc/self");

    private final Path path;
    private final int length;
    private final int crc;
    private volatile boolean isKept;

    private ContentFile(Path path, int length, int crc) {
        this.path = path;
        this.length = length;
        this.crc = crc;
    }

    /**
     * The file of an answer.
     *
     * @param answer its number among those of its worker, from 1
     */
    public static Path path(Path folder, long pid, long answer) {
        return folder.resolve(pid + "-" + answer);
    }

    /**
     * Puts this process's answer into its file.
     *
     * @param folder made if it is not there
     * @return where it is now: if it cannot be put there, where it was
     */
    public static Content write(Path folder, long answer, ByteSpan content) {
        Path path = path(folder, ProcessHandle.current().pid(), answer);
        try {
            makePrivate(folder);
            if (folder.toFile().getUsableSpace() < content.length()) {
                return content;
            }
            return create(path, content);
        } catch (IOException e) { // the pipe will do
            return content;
        }
    }

    private static ContentFile create(Path path, ByteSpan content) throws IOException {
        OutputStream file = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        var checked = new CheckedOutputStream(file, new CRC32C());
        try (checked) {
            content.writeTo(checked);
        } catch (IOException e) {
            delete(path);
            throw e;
        }
        return new ContentFile(
                path, content.length(), (int) checked.getChecksum().getValue());
    }

    private static void makePrivate(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, PRIVATE);
        } catch (FileAlreadyExistsException e) {
            Map<String, Object> found = attributes(folder);
            if (!(boolean) found.get("isDirectory") || !isOurs(found) || ((int) found.get("mode") & OTHERS) != 0) {
                throw e; // another user has put it there
            }
        }
    }

    private static Map<String, Object> attributes(Path path) throws IOException {
        return Files.readAttributes(path, "unix:uid,mode,size,isDirectory,isRegularFile", LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isOurs(Map<String, Object> attributes) throws IOException {
        return attributes.get("uid").equals(Files.getAttribute(SELF, "unix:uid"));
    }

    // ---- in a message

    void write(ByteWriter out) {
        out.putString(path.toString());
        out.putInt(length);
        out.putInt(crc);
    }

    static ContentFile read(ByteReader in) {
        Path path = Path.of(in.getString());
        int length = in.getInt();
        if (length < 0) {
            throw in.broken("has a file of " + length + " bytes");
        }
        return new ContentFile(path, length, in.getInt());
    }

    // ---- the readers' end

    public Path path() {
        return path;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public byte[] toArray() {
        requireLength();
        byte[] bytes = new byte[length];
        read(bytes);
        return bytes;
    }

    /** @throws WireException when the file has not what it should have */
    public void requireWhole() {
        requireLength();
        read(new byte[Math.min(length, ByteSpan.PIECE_BYTES)]);
    }

    /** Before there is room made for it. */
    private void requireLength() {
        try {
            Map<String, Object> found = attributes(path);
            if (!(boolean) found.get("isRegularFile") || !isOurs(found)) {
                throw broken("is no regular file of this user");
            }
            if ((long) found.get("size") != length) {
                throw broken("has " + found.get("size") + " bytes, and should have " + length);
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** @param room for all of it, or for a piece at a time */
    private void read(byte[] room) {
        var found = new CRC32C();
        try (InputStream file = new FileInputStream(path.toFile())) { // which no interrupt of a job's closes
            for (int at = 0; at < length; ) {
                int into = room.length == length ? at : 0;
                int got = file.read(
                        room, into, Math.min(Math.min(ByteSpan.PIECE_BYTES, room.length - into), length - at));
                if (got < 0) {
                    throw broken("has " + at + " bytes, and should have " + length);
                }
                found.update(room, into, got);
                at += got;
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        if ((int) found.getValue() != crc) {
            throw broken("has a wrong checksum");
        }
    }

    private WireException broken(String fault) {
        return new WireException(Text.format("the file %s of an answer %s", path, fault));
    }

    private WireException unreadable(IOException e) {
        return e instanceof NoSuchFileException ? broken("is not there") : broken("cannot be read: " + e.getMessage());
    }

    // ---- its end

    /** Somebody needs it for longer than the message is looked at, and deletes it. */
    public void keep() {
        isKept = true;
    }

    public boolean isKept() {
        return isKept;
    }

    public void delete() {
        delete(path);
    }

    /** Deletes the file of an answer, if there is one. */
    public static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // It goes with its folder.
        }
    }

    @Override
    public String toString() {
        return length + " bytes in " + path;
    }
}
