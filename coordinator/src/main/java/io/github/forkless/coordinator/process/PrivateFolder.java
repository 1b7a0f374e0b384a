package io.github.forkless.coordinator.process;

import io.github.forkless.common.wire.ContentFile;
import io.github.forkless.coordinator.files.HiddenFile;
import io.github.forkless.coordinator.files.TemporaryFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A folder for everything that a pool and its workers write without having been asked for it by name: crash logs, how far
 * workers have come, and a class path that no argument can hold. Only its owner can look into it, so that no other user of the machine can plant a file, a link or
 * a pipe there.
 *
 * <p>It is removed with its pool, or by the {@link ProcessSweeper} when the coordinator was killed. If a JVM has crashed it
 * stays, for the sake of the crash log. A coordinator that is killed before it has a sweeper leaves it to the next pool: see
 * {@link #removeLeftBehind}.
 */
final class PrivateFolder {
    private static final int ATTEMPTS = 100;

    private static final Path MEMORY = Path.of("/dev/shm");

    private static final String PREFIX = "forkless-";

    /** The owner has it locked, from its first moment on. The kernel takes the lock back when the owner is gone, however it went. */
    private static final String LOCK = "lock";

    private static final String FUTURE_LOCK = "lock.new";

    /** Begins the names of links to files that are elsewhere. */
    private static final String ELSEWHERE = "shared-";

    /** A link to the folder for the contents of large answers, where that is not in memory. */
    private static final String CONTENTS = "contents";

    /** How the names begin of what is removed with it, locks among them. */
    private static final List<String> CONTENT = List.of("progress-", "arguments-", ELSEWHERE, CONTENTS, LOCK);

    /** One that has no lock by then never gets one. */
    private static final Duration LONGEST_START = Duration.ofMinutes(10);

    /** Those of this JVM: opening a lock and closing it again would undo it. */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path path;
    private Path contents;
    private FileChannel lock;
    private boolean removed;

    private PrivateFolder(Path path) {
        this.path = path;
        this.contents = contentsOf(path, MEMORY);
    }

    private static Path contentsOf(Path folder, Path parent) {
        return parent.resolve(".contents.".concat(folder.getFileName().toString()));
    }

    /**
     * Creates it among the temporary files, or where these cannot be written, as in a container whose root is read-only, in
     * memory; under a name that nothing had before.
     *
     * @throws IOException when that cannot be done
     */
    static PrivateFolder create() throws IOException {
        Path temporary = TemporaryFiles.folder();
        try {
            return createIn(temporary);
        } catch (IOException e) {
            return createElsewhere(temporary, e);
        }
    }

    /** A folder that is there, for tests. */
    static PrivateFolder in(Path folder) {
        OURS.add(folder);
        return new PrivateFolder(folder);
    }

    /** The folder of what lasts as long as a session, if there is one, and that of shared memory. */
    private static PrivateFolder createElsewhere(Path temporary, IOException why) throws IOException {
        var failures = new StringJoiner(", ").add(failure(temporary, why));
        String session = System.getenv("XDG_RUNTIME_DIR");
        for (Path parent : session == null ? List.of(MEMORY) : List.of(Path.of(session), MEMORY)) {
            try {
                return createIn(parent.toAbsolutePath());
            } catch (IOException e) {
                failures.add(failure(parent, e));
                why.addSuppressed(e);
            }
        }
        throw new IOException(
                "no folder for temporary files can be made: " + failures
                        + "; set TMPDIR to a folder that can be written to and has room",
                why);
    }

    private static String failure(Path parent, IOException e) {
        String reason = switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "there is no such folder";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> e.getMessage();
        };
        return parent + " (" + reason + ")";
    }

    private static PrivateFolder createIn(Path parent) throws IOException {
        String prefix = PREFIX + ProcessHandle.current().pid() + "-";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) { // no random number: the JDK's takes 10 ms to get ready
            Path path = parent.resolve(prefix + Long.toHexString(System.nanoTime()));
            OURS.add(path);
            try {
                Files.createDirectory(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                return new PrivateFolder(path);
            } catch (FileAlreadyExistsException e) {
                OURS.remove(path); // somebody else's, or planted: never used
            } catch (IOException e) {
                OURS.remove(path);
                throw e;
            }
        }
        throw new IOException("no folder " + parent.resolve(prefix) + "... can be created: all names are taken");
    }

    Path path() {
        return path;
    }

    /** What only this pool's processes bear in their environment: no other pool, before or after, has the same. */
    String nonce() {
        return path.getFileName().toString();
    }

    /** The option that has a worker's JVM write a log here when it crashes, and only then. */
    String crashLogOption() {
        return "-XX:ErrorFile=" + path.resolve("hs_err_pid%p.log");
    }

    /** The log that a worker's JVM wrote, if it did. */
    Optional<Path> crashLog(long pid) {
        return Optional.of(path.resolve("hs_err_pid" + pid + ".log"))
                .filter(log -> Files.isRegularFile(log, LinkOption.NOFOLLOW_LINKS));
    }

    /** The folder for answers that are much, which the first worker makes that has one, and which is removed with this. */
    Path contents() {
        return contents;
    }

    /** To be called before any worker is started. */
    void putContentsIn(Path parent) {
        contents = contentsOf(path, parent.toAbsolutePath());
        try { // for who removes this folder for an owner that was killed
            Files.createSymbolicLink(path.resolve(CONTENTS), contents);
        } catch (IOException e) {
            // There is no room for a link.
        }
    }

    /** A new file for what has to be there as long as the pool. */
    Path createFile(String prefix) throws IOException {
        return Files.createTempFile(path, prefix, null);
    }

    /**
     * Who removes this folder for an owner that was killed removes that file, too. Where this cannot be noted, it stays until
     * the next program looks for what is left over.
     *
     * @param file of a {@link HiddenFile}, absolute
     */
    void removeWithIt(Path file) {
        try {
            Files.createSymbolicLink(linkTo(file), file);
        } catch (IOException e) {
            // There is no room for a link.
        }
    }

    /** The file is gone. */
    void forget(Path file) {
        try {
            Files.deleteIfExists(linkTo(file));
        } catch (IOException e) {
            // A link to nothing does no harm.
        }
    }

    private Path linkTo(Path file) {
        return path.resolve(ELSEWHERE + file.getFileName());
    }

    /**
     * Makes it known that its owner lives. This and {@link #removeLeftBehind} take some milliseconds, so they are for a thread
     * that nobody waits for.
     */
    synchronized void claim() {
        if (removed || lock != null) {
            return;
        }
        Path future = path.resolve(FUTURE_LOCK);
        try {
            FileChannel channel = FileChannel.open(future, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            lock = channel;
            if (channel.tryLock() != null) {
                Files.move(future, path.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            // No locks here, or no room: without one it is not taken for left behind while this process can be seen.
        }
    }

    /** Deletes it, unless it has a crash log, which somebody may want to read. */
    synchronized void remove() {
        removed = true;
        deleteContents(contents);
        delete(path);
        OURS.remove(path);
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            // It is gone with this process.
        }
    }

    private static boolean isContent(String name) {
        for (String start : CONTENT) {
            if (name.startsWith(start)) {
                return true;
            }
        }
        return false;
    }

    /** Of a pool that was killed. */
    private static void deleteLeft(Path folder) throws IOException {
        Path link = folder.resolve(CONTENTS);
        Path contents = Files.isSymbolicLink(link) ? Files.readSymbolicLink(link) : contentsOf(folder, MEMORY);
        if (contents.isAbsolute()
                && contents.endsWith(contentsOf(folder, MEMORY).getFileName())) {
            deleteContents(contents);
        }
        delete(folder);
    }

    private static void deleteContents(Path contents) {
        if (!Files.isDirectory(contents, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        String[] names = contents.toFile().list();
        for (String name : names == null ? new String[0] : names) {
            ContentFile.delete(contents.resolve(name));
        }
        ContentFile.delete(contents);
    }

    private static void delete(Path folder) {
        String[] names = folder.toFile().list();
        try {
            for (String name : names == null ? new String[0] : names) {
                if (isContent(name)) {
                    Path file = folder.resolve(name);
                    if (Files.isSymbolicLink(file)) {
                        deleteHidden(Files.readSymbolicLink(file));
                    }
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // There is a crash log in it, or it is gone.
        }
    }

    /** Nothing else, also if somebody has put a link into a folder that looks like one of ours. */
    private static void deleteHidden(Path file) throws IOException {
        if (file.isAbsolute() && HiddenFile.isNameOfOne(file)) {
            Files.deleteIfExists(file);
        }
    }

    /** Removes what coordinators of this user that were killed have left beside this, but for crash logs. */
    void removeLeftBehind() {
        // No directory stream with a pattern: that loads so much that it slows down each start, for nothing most of the
        // time.
        String[] names = path.getParent().toFile().list();
        if (names == null) {
            return; // who may not list a folder can perhaps write to it
        }
        for (String name : names) {
            Path folder = name.startsWith(PREFIX) ? path.resolveSibling(name) : path;
            if (!OURS.contains(folder)) {
                removeIfLeftBehind(folder);
            }
        }
    }

    private void removeIfLeftBehind(Path folder) {
        try {
            if (isLeftBehind(folder, Files.getAttribute(path, "unix:uid"))) {
                deleteLeft(folder);
            }
        } catch (IOException e) {
            // What cannot be removed stays, and does no harm.
        }
    }

    private static boolean isLeftBehind(Path folder, Object user) {
        try {
            Map<String, Object> attributes =
                    Files.readAttributes(folder, "unix:uid,isDirectory,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
            if (!attributes.get("uid").equals(user) || !(boolean) attributes.get("isDirectory")) {
                return false;
            }
            Path lock = folder.resolve(LOCK);
            if (Files.isRegularFile(lock, LinkOption.NOFOLLOW_LINKS)) {
                return canBeLocked(lock);
            }
            FileTime changed = (FileTime) attributes.get("lastModifiedTime");
            return System.currentTimeMillis() - changed.toMillis() > LONGEST_START.toMillis()
                    && !isOwnerVisible(folder);
        } catch (IOException | OverlappingFileLockException | NumberFormatException e) {
            return false; // it is gone, or no folder of a pool
        }
    }

    private static boolean canBeLocked(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        }
    }

    private static boolean isOwnerVisible(Path folder) {
        String pid = folder.getFileName().toString().split("-")[1];
        return ProcessHandle.of(Long.parseLong(pid)).isPresent();
    }
}
