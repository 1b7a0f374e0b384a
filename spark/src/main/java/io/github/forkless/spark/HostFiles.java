package io.github.forkless.spark;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.wire.Message;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkFiles;

/**
 * The files of one host, as its executor finds them: whether they are those of the coordinator's host, and stay so. Safe for use by
 * several threads.
 */
final class HostFiles {
    /** A file in a state in which it was what was expected. */
    private record Known(FileIdentity identity, Fingerprint fingerprint) {}

    private final Map<Path, Known> known = new ConcurrentHashMap<>();
    /** Copies that were made here. */
    private final Set<Path> copies = ConcurrentHashMap.newKeySet();

    /**
     * @param mayBeLonger whether it may have grown since it was looked at
     * @throws DatasetException when it is not what is expected, naming the difference
     */
    private FileIdentity checked(Path file, Fingerprint expected, boolean mayBeLonger) {
        FileIdentity identity = FileIdentity.of(file);
        if (identity.size() < expected.size() || !mayBeLonger && identity.size() != expected.size()) {
            throw differs(file, "has " + identity.size() + " bytes, and " + expected.size() + " are expected");
        }
        var now = new Known(identity, expected);
        if (!now.equals(known.get(file))) {
            if (!Fingerprint.of(file, expected.size(), expected.blocks()).equals(expected)) {
                throw differs(
                        file,
                        "has other content, in at least one of " + expected.blocks() + " blocks that were compared");
            }
            known.put(file, now);
        }
        return identity;
    }

    private static DatasetException differs(Path file, String how) {
        return new DatasetException(
                file, how + "; copy the coordinator's file there, or put it on a file system that all hosts share");
    }

    /**
     * Has a file of shared data be where workers look for it.
     *
     * @throws DatasetException when it is not there, and cannot be copied there
     */
    synchronized void provide(Path file, Exchange.SharedCopy shared) {
        if (Files.exists(file) || shared.name().isEmpty()) {
            checked(file, shared.fingerprint(), false);
            return;
        }
        try {
            var own = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            Files.createDirectories(file.getParent(), own);
            // Another executor of this host may be at the same.
            Path unfinished = file.resolveSibling(
                    file.getFileName() + "." + ProcessHandle.current().pid() + ".copy");
            copies.add(unfinished);
            copies.add(file);
            file.toFile().deleteOnExit();
            // As the original is: for this user alone, and nobody's file that stood there.
            Files.createFile(
                    unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (OutputStream out = Files.newOutputStream(unfinished)) {
                Files.copy(Path.of(SparkFiles.get(shared.name())), out);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            copies.remove(unfinished);
        } catch (FileAlreadyExistsException e) {
            // Another executor of this host was quicker.
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
        checked(file, shared.fingerprint(), false);
    }

    void close() {
        for (Path copy : copies) {
            try {
                Files.deleteIfExists(copy);
            } catch (IOException e) {
                // It is deleted when this JVM ends, if it can be.
            }
        }
    }

    Opened opened() {
        return new Opened();
    }

    /** The datasets that one worker has opened. For one thread at a time. */
    final class Opened {
        private final Map<Integer, Dataset> datasets = new HashMap<>();

        /**
         * The message as it is here: with the identities of this host's files.
         *
         * @throws DatasetException when a file is not what it is on the coordinator's host
         */
        Message.Open open(Message.Open message, List<Fingerprint> expected) {
            List<DatasetFile> parts = message.dataset().parts();
            List<DatasetFile> here = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                DatasetFile part = parts.get(i);
                boolean mayBeLonger = part.layout() instanceof Layout.Text;
                FileIdentity identity = checked(part.path(), expected.get(i), mayBeLonger);
                here.add(new DatasetFile(part.path(), part.layout(), identity));
            }
            Dataset dataset = Dataset.of(here);
            datasets.put(message.number(), dataset);
            return new Message.Open(message.number(), dataset);
        }

        void close(int number) {
            datasets.remove(number);
        }

        /** @throws DatasetException when a file is no longer what it was */
        void requireUnchanged() {
            datasets.values().forEach(Dataset::requireUnchanged);
        }
    }
}
