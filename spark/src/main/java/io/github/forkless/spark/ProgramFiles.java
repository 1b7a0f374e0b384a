package io.github.forkless.spark;

import io.github.forkless.coordinator.machine.ProgramClassPath;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The code of this program, as jars that executors can be sent. Folders become jars, which are removed at the end. */
final class ProgramFiles implements AutoCloseable {
    /** A class of each jar without which an executor cannot even answer. */
    private static final List<String> FIRST = List.of(
            "io.github.forkless.spark.SparkEngine",
            "io.github.forkless.coordinator.WorkerPool",
            "io.github.forkless.worker.WorkerMain",
            "io.github.forkless.common.wire.Message");

    private final List<Path> made = new ArrayList<>();

    /** What executors need to say what they have. */
    List<Path> first() throws IOException {
        Set<Path> first = new LinkedHashSet<>();
        for (String name : FIRST) {
            try {
                Class<?> type = Class.forName(name, false, ProgramFiles.class.getClassLoader());
                first.add(Path.of(ProgramClassPath.file(type)
                        .orElseThrow(() -> new IOException("the class " + name + " is in no file that can be sent to"
                                + " executors; put Forkless on the class path"))));
            } catch (ClassNotFoundException e) {
                throw new IOException("the class " + name + " is missing on the class path", e);
            }
        }
        return jars(first);
    }

    /**
     * The rest of the class path, and what the user adds to it.
     *
     * @param theirs names of the files that executors have of their own
     */
    List<Path> rest(List<Path> added, Set<String> theirs) throws IOException {
        Set<Path> rest = new LinkedHashSet<>();
        for (String entry : ProgramClassPath.get().split(File.pathSeparator)) {
            if (!entry.isEmpty()) {
                rest.add(Path.of(entry).toAbsolutePath());
            }
        }
        rest.removeIf(path -> theirs.contains(path.getFileName().toString()) || Files.notExists(path));
        rest.addAll(added);
        return jars(rest);
    }

    private List<Path> jars(Set<Path> files) throws IOException {
        List<Path> jars = new ArrayList<>();
        for (Path file : files) {
            if (!Files.isDirectory(file)) {
                jars.add(file);
            } else if (!isEmpty(file)) {
                jars.add(jar(file));
            }
        }
        return jars;
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private Path jar(Path folder) throws IOException {
        Path jar = Files.createTempFile("forkless-classes-", ".jar");
        made.add(jar);
        try (Stream<Path> files = Files.walk(folder);
                OutputStream file = new BufferedOutputStream(Files.newOutputStream(jar));
                var zip = new ZipOutputStream(file)) {
            for (Path each : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                zip.putNextEntry(new ZipEntry(folder.relativize(each).toString()));
                Files.copy(each, zip);
                zip.closeEntry();
            }
        }
        return jar;
    }

    @Override
    public void close() {
        for (Path each : made) {
            try {
                Files.deleteIfExists(each);
            } catch (IOException e) {
                each.toFile().deleteOnExit();
            }
        }
    }
}
