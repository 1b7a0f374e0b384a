package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedFilesTest {
    @TempDir
    private Path folder;

    private final NamedFiles files = new NamedFiles();
    private Path data;

    @BeforeEach
    void write() throws IOException {
        data = Files.write(folder.resolve("data.bin"), new byte[8]);
    }

    @Test
    void anInputIsKnownByAllItsNames() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), data);
        Path hardLink = Files.createLink(folder.resolve("hard"), data);
        Path relative = Path.of("").toAbsolutePath().relativize(data.toRealPath());
        Path roundabout = Files.createDirectory(folder.resolve("sub")).resolve("../data.bin");
        files.reads("the dataset", data);

        try (FileChannel open = FileChannel.open(data, StandardOpenOption.READ);
                var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            assertThatCode(open::position).doesNotThrowAnyException();
            Path descriptor = descriptors
                    .filter(one -> Files.exists(one) && isData(one))
                    .findFirst()
                    .orElseThrow();
            for (Path name : List.of(data, link, hardLink, relative, roundabout, descriptor)) {
                assertRefused(name, "that is the dataset");
            }
        }
    }

    private boolean isData(Path descriptor) {
        try {
            return Files.isSameFile(descriptor, data);
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aFileThatDoesNotExistYetIsKnownByItsName() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("new.html"));
        files.reads("the dataset", folder.resolve("new.bin"));
        files.writes("--report", folder.resolve("new.html"));

        assertRefused(folder.resolve("new.bin"), "that is the dataset");
        assertRefused(folder.resolve("new.html"), "that is the file of --report");
        assertRefused(link, "that is the file of --report");
        assertThatCode(() -> files.writes("--trace", folder.resolve("new.json")))
                .doesNotThrowAnyException();
    }

    @Test
    void devicesMayHaveMoreThanOneOutput() {
        files.writes("--report", Path.of("/dev/null"));

        assertThatCode(() -> files.writes("--trace", Path.of("/dev/null"))).doesNotThrowAnyException();
    }

    private void assertRefused(Path name, String why) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> files.writes("--trace", name))
                .withMessage("--trace " + name + ": " + why + "; give another file");
    }
}
