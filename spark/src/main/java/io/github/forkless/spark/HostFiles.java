package io.github.forkless.spark;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.wire.Message;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
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
    /** Copies that were made here, and the folders of them. */
    private final Set<Path> copies = new LinkedHashSet<>();

    private final Set<Path> folders = new LinkedHashSet<>();
    /** Of the {@link Exchange.SharedFiles} that are provided. */
    private long version = -1;

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

    /** @throws DatasetException when a file is not what is expected, naming the difference */
    void check(List<FileCheck.Expected> files) {
        for (FileCheck.Expected file : files) {
            checked(Path.of(file.path()), file.fingerprint(), file.mayBeLonger());
        }
    }

    /**
     * Has the files of shared data be where workers look for them, and no copies of any others.
     *
     * @return what they are on this host
     * @throws DatasetException when one is not there, and cannot be copied there
     */
    synchronized Map<Path, FileIdentity> provide(Exchange.SharedFiles files) {
        if (files.version() > version) { // else it is an old list, that has been under way for long
            version = files.version();
            removeCopies(files.byPath().keySet());
        }
        Map<Path, FileIdentity> here = new HashMap<>();
        files.byPath().forEach((name, file) -> {
            Path path = Path.of(name);
            if (!file.name().isEmpty() && Files.notExists(path)) {
                copy(path, file.name());
            }
            here.put(path, checked(path, file.fingerprint(), false));
        });
        return here;
    }

    private void copy(Path file, String name) {
        try {
            Path folder = file.getParent();
            if (Files.notExists(folder)) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                folders.add(folder);
                folder.toFile().deleteOnExit(); // what was first said last
            }
            // Another executor of this host may be at the same.
            Path unfinished = file.resolveSibling(
                    file.getFileName() + "." + ProcessHandle.current().pid() + ".copy");
            copies.add(unfinished);
            copies.add(file);
            unfinished.toFile().deleteOnExit();
            file.toFile().deleteOnExit();
            // As the original is: for this user alone, and nobody's file that stood there.
            Files.createFile(
                    unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (OutputStream out = Files.newOutputStream(unfinished)) {
                Files.copy(Path.of(SparkFiles.get(name)), out);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            copies.remove(unfinished);
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
    }

    private void removeCopies(Set<String> but) {
        copies.removeIf(copy -> !but.contains(copy.toString()) && isRemoved(copy));
    }

    private static boolean isRemoved(Path file) {
        try {
            Files.deleteIfExists(file);
            return true;
        } catch (IOException e) {
            return false; // it is deleted when this JVM ends, if it can be
        }
    }

    synchronized void close() {
        removeCopies(Set.of());
        folders.removeIf(HostFiles::isRemoved);
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
