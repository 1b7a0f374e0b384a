package io.github.forkless.coordinator.process;

import io.github.forkless.common.wire.Message;
import io.github.forkless.coordinator.machine.ProgramClassPath;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.worker.WorkerMain;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The AOT cache that a program's workers start from (JEP 483 and 514). It holds the classes that every worker needs, and fits a
 * JVM of the same build whose class path begins with the same jars. So those of Forkless that have these classes come first in
 * the class path, and the cache's folder is named for them and for the JVM. A JVM leaves one that does not fit alone.
 *
 * @param file the cache
 * @param classPath what a class path must begin with
 */
record ProgramCache(Path file, String classPath) {
    private static final String NAME = "worker.aot";

    private static final FileAttribute<?> OWNERS_TO_CHANGE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));

    private static final int WRITABLE_BY_OTHERS = 0022;

    private static final Integer ROOT = 0;

    /** For one process at a time, and in this one for one thread. */
    private static final Object MAKING = new Object();

    /**
     * @param folder for the caches of all programs
     * @return none if Forkless is not in jars, which alone an AOT cache can hold
     */
    static Optional<ProgramCache> in(Path folder) throws IOException {
        Set<String> jars = new LinkedHashSet<>();
        for (Class<?> each : new Class<?>[] {WorkerMain.class, Message.class, ProgramCache.class}) {
            Optional<String> jar = ProgramClassPath.file(each);
            if (jar.isEmpty() || !Files.isRegularFile(Path.of(jar.get()))) {
                return Optional.empty();
            }
            jars.add(jar.get());
        }
        var identity = new StringBuilder(Runtime.version() + " " + System.getProperty("java.home"));
        for (String jar : jars) {
            Path path = Path.of(jar);
            identity.append(' ').append(jar).append(' ').append(Files.size(path));
            identity.append(' ').append(Files.getLastModifiedTime(path).toMillis());
        }
        Path own = folder.toAbsolutePath().resolve("program-" + Integer.toHexString(hash(identity)));
        return Optional.of(new ProgramCache(own.resolve(NAME), String.join(File.pathSeparator, jars)));
    }

    private static int hash(CharSequence text) {
        return text.toString().hashCode();
    }

    /**
     * Makes it if it is not there, which takes some seconds. Others that want it wait.
     *
     * @throws InvalidRequestException when it cannot be made there, or others could have written it
     */
    void make() {
        try {
            Path folder = file.getParent();
            Files.createDirectories(folder.getParent());
            try {
                Files.createDirectory(folder, OWNERS_TO_CHANGE);
            } catch (FileAlreadyExistsException e) {
                // Made by an earlier pool, if it passes what follows.
            }
            requireOurs(folder);
            if (!Files.exists(file)) {
                synchronized (MAKING) {
                    makeAlone(folder);
                }
            }
            requireOurs(file);
        } catch (IOException e) {
            throw new InvalidRequestException("no AOT cache for workers can be made: " + e
                    + "; give PoolOptions.withAotCaches another folder, or" + " do without");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InvalidRequestException("this thread was interrupted while an AOT cache for workers was made");
        }
    }

    private void makeAlone(Path folder) throws IOException, InterruptedException {
        try (FileChannel channel =
                        FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            if (Files.exists(file)) {
                return; // another process has made it meanwhile
            }
            Path unfinished = folder.resolve("unfinished.aot");
            try {
                WorkerTraining.forPrograms(unfinished, classPath);
                Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-r--r--"));
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        }
    }

    /** It is code: it is not taken from whoever. */
    private static void requireOurs(Path path) throws IOException {
        Map<String, Object> is = Files.readAttributes(path, "unix:uid,mode,isSymbolicLink", LinkOption.NOFOLLOW_LINKS);
        boolean isOwned = is.get("uid").equals(ROOT)
                || is.get("uid").equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        if (!isOwned || (boolean) is.get("isSymbolicLink") || ((int) is.get("mode") & WRITABLE_BY_OTHERS) != 0) {
            throw new InvalidRequestException(
                    "workers cannot start from the AOT cache in " + path + ", which other users could have written;"
                            + " remove it, or give PoolOptions.withAotCaches another folder");
        }
    }
}
