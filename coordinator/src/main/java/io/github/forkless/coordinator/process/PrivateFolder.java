package io.github.forkless.coordinator.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * A folder for everything that a pool and its workers write without having been asked for it by name: crash logs, how far
 * workers have come, and a class path that no argument can hold. Only its owner can look into it, so that no other user of the machine can plant a file, a link or
 * a pipe there.
 *
 * <p>It is removed with its pool, or by the {@link ProcessSweeper} when the coordinator was killed. If a JVM has crashed it
 * stays, for the sake of the crash log.
 */
final class PrivateFolder {
    private static final int ATTEMPTS = 100;

    private static final Path MEMORY = Path.of("/dev/shm");

    private final Path path;

    private PrivateFolder(Path path) {
        this.path = path;
    }

    /**
     * Creates it among the temporary files, or where these cannot be written, as in a container whose root is read-only, in
     * memory; under a name that nothing had before.
     *
     * @throws IOException when that cannot be done
     */
    static PrivateFolder create() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
        try {
            return createIn(temporary);
        } catch (IOException e) {
            return createElsewhere(e);
        }
    }

    /** The folder of what lasts as long as a session, if there is one, and that of shared memory. */
    private static PrivateFolder createElsewhere(IOException why) throws IOException {
        String session = System.getenv("XDG_RUNTIME_DIR");
        for (Path parent : session == null ? List.of(MEMORY) : List.of(Path.of(session), MEMORY)) {
            try {
                return createIn(parent.toAbsolutePath());
            } catch (IOException e) {
                why.addSuppressed(e);
            }
        }
        throw new IOException(
                "there is no room for temporary files (" + why.getMessage() + "); free some, or name a folder"
                        + " that can be written with -Djava.io.tmpdir=DIR, on the command line in FORKLESS_JAVA_OPTS",
                why);
    }

    private static PrivateFolder createIn(Path parent) throws IOException {
        String prefix = "forkless-" + ProcessHandle.current().pid() + "-";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) { // no random number: the JDK's takes 10 ms to get ready
            Path path = parent.resolve(prefix + Long.toHexString(System.nanoTime()));
            try {
                Files.createDirectory(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                return new PrivateFolder(path);
            } catch (FileAlreadyExistsException e) {
                // Somebody else's, or planted: never used.
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

    /** A new file for what has to be there as long as the pool. */
    Path createFile(String prefix) throws IOException {
        return Files.createTempFile(path, prefix, null);
    }

    /** Deletes it, unless it has a crash log, which somebody may want to read. */
    void remove() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "{progress,arguments}-*")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // There is a crash log in it, or it is gone.
        }
    }
}
