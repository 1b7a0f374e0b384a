package io.github.forkless.coordinator.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.coordinator.result.InvalidRequestException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
    @TempDir
    private Path folder;

    @Test
    void aFileThatIsReplacedKeepsItsPermissions() throws Exception {
        Path path = Files.writeString(folder.resolve("report.html"), "old");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        var file = new OutputFile("--report", path);

        file.requireWritable();
        file.open(notice -> {});
        assertThat(path).hasContent("old");
        file.write(out -> out.write("new"));

        assertThat(path).hasContent("new");
        assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void aPipeIsOpenedBeforeTheWorkAndWaitsForItsReader() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        var file = new OutputFile("--trace", pipe);
        file.requireWritable();
        BlockingQueue<String> notices = new LinkedBlockingQueue<>();

        CompletableFuture<Void> opening = CompletableFuture.runAsync(() -> {
            try {
                file.open(notices::add);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(notices.take())
                .isEqualTo("--trace " + pipe + " is a pipe that nobody reads; waiting until somebody does");
        assertThat(opening).isNotDone();
        Process reader = new ProcessBuilder("cat", pipe.toString()).start();
        opening.join();
        file.write(out -> out.write("content"));

        assertThat(new String(reader.getInputStream().readAllBytes())).isEqualTo("content");
        assertThat(notices).isEmpty();
    }

    @Test
    void whatCannotBeWrittenIsRefusedBeforeTheWork() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertRefused(folder, "that is a folder");
        assertRefused(folder.resolve("none/report.html"), "there is no folder " + folder.resolve("none"));
        assertRefused(file.resolve("report.html"), "there is no folder " + file);
        assertRefused(Path.of("/proc/report.html"), "no file can be created there: ");
    }

    private static void assertRefused(Path path, String why) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> new OutputFile("--report", path).requireWritable())
                .withMessageStartingWith("--report " + path + ": " + why);
    }
}
