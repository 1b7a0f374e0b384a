package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a pool might leave behind in this JVM and on this machine: processes, temporary files, mappings, file descriptors,
 * threads. While one of these is open, temporary files of this JVM and its workers have a folder of their own.
 */
final class Leftovers implements AutoCloseable {
    private static final String TEMPORARY_FILES = "java.io.tmpdir";
    private static final Path SELF = Path.of("/proc/self");

    private final Path data;
    private final Path temporaryFiles;
    private final String usualFolder = System.getProperty(TEMPORARY_FILES);
    private final Set<String> pipesBefore;

    /**
     * @param data the dataset
     * @param temporaryFiles a folder that is not there yet
     */
    Leftovers(Path data, Path temporaryFiles) throws IOException {
        this.data = data;
        this.temporaryFiles = Files.createDirectory(temporaryFiles);
        this.pipesBefore = pipes();
        System.setProperty(TEMPORARY_FILES, temporaryFiles.toString());
    }

    /** Crash logs stay where the certificate says that they are; whoever reads them removes them. */
    void removeCrashLogs() throws IOException {
        Set<Path> folders = new HashSet<>();
        for (Path file : files()) {
            if (file.getFileName().toString().startsWith("hs_err_pid")) {
                Files.delete(file);
                folders.add(file.getParent());
            }
        }
        for (Path emptied : folders) {
            Files.delete(emptied);
        }
    }

    void assertNone() throws IOException, InterruptedException {
        Marked.assertNoneIsLeft(Duration.ofSeconds(2));
        assertThat(files()).as("temporary files").isEmpty();
        assertThat(Files.readString(SELF.resolve("maps"), StandardCharsets.ISO_8859_1))
                .as("mappings of this process")
                .doesNotContain(data.toString());
        assertThat(descriptors(data.toString()::equals))
                .as("descriptors of the data")
                .isZero();
        // Both end on threads of their own, some time after the worker's process.
        Set<String> left = pipes();
        left.removeAll(pipesBefore);
        boolean areGone = Patience.awaits(Duration.ofSeconds(2), () -> {
            left.retainAll(pipes()); // a process of another test that ends meanwhile leaves one for a moment
            return left.isEmpty() && threads().isEmpty();
        });
        assertThat(areGone)
                .as("pipes %s and threads %s are gone", left, threads())
                .isTrue();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(temporaryFiles)) {
            return files.filter(file -> !file.equals(temporaryFiles)).toList();
        }
    }

    /** The pipes of this JVM to nobody; others are to processes that other tests have started. */
    private static Set<String> pipes() throws IOException {
        Set<String> pipes = files(SELF).filter(file -> file.startsWith("pipe:")).collect(Collectors.toSet());
        long self = ProcessHandle.current().pid();
        ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> pid != self)
                .forEach(pid -> files(Path.of("/proc", Long.toString(pid))).forEach(pipes::remove));
        return pipes;
    }

    private static long descriptors(Predicate<String> which) {
        return files(SELF).filter(which).count();
    }

    /** What a process has open. */
    private static Stream<String> files(Path process) {
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            return descriptors.map(Leftovers::file).toList().stream();
        } catch (IOException | UncheckedIOException e) {
            return Stream.empty(); // another user's, or gone
        }
    }

    private static String file(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name ->
                        name.startsWith("worker-") || name.startsWith("[worker ") || name.startsWith("forkless-"))
                .toList();
    }

    @Override
    public void close() {
        System.setProperty(TEMPORARY_FILES, usualFolder);
    }
}
