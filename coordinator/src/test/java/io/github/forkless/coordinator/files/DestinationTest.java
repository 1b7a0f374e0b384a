package io.github.forkless.coordinator.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestinationTest {
    private static final int NOBODY = 65534;

    @TempDir
    private Path given;

    private Path folder;

    @BeforeEach
    void enterFolder() throws IOException {
        folder = given.toRealPath();
    }

    @Test
    void linksAreFollowedAlsoToWhatDoesNotExistYet() throws IOException {
        Path target = folder.resolve("target");
        Files.createSymbolicLink(folder.resolve("first"), Path.of("second"));
        Files.createSymbolicLink(folder.resolve("second"), Path.of("../" + folder.getFileName() + "/target"));

        assertThat(Destination.of(folder.resolve("first"))).isEqualTo(target);
        Files.createFile(target);
        assertThat(Destination.of(folder.resolve("first"))).isEqualTo(target);
        Path sub = Files.createDirectory(folder.resolve("sub"));
        assertThat(Destination.of(sub.resolve(".././target"))).isEqualTo(target);
    }

    @Test
    void aLinkToItselfLeadsNowhere() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("link"));

        assertThatExceptionOfType(FileSystemLoopException.class).isThrownBy(() -> Destination.of(link));
    }

    @Test
    void aFolderThatDoesNotExistIsSaid() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> Destination.of(folder.resolve("none/file")))
                .withMessage(folder.resolve("none").toString());
    }

    @Test
    void aDescriptorLeadsToTheFileThatIsOpen() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThat(channel.isOpen()).isTrue();
            Path descriptor = descriptorOf(file);

            assertThat(Destination.of(descriptor)).isEqualTo(file);
        }
        assertThat(Destination.of(Path.of("/dev/null"))).isEqualTo(Path.of("/dev/null"));
    }

    private static Path descriptorOf(Path file) throws IOException {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(descriptor -> Files.exists(descriptor))
                    .filter(descriptor -> isSame(descriptor, file))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void whatAnotherUserHasPutIntoAFolderForEverybodyIsNotTouched() throws IOException {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .as("run by root")
                .isEqualTo(0);
        Path ours = Files.writeString(folder.resolve("ours"), "precious");
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setAttribute(open, "unix:mode", 01777);
        Path link = Files.createSymbolicLink(open.resolve("link"), ours);
        Path file = Files.createFile(open.resolve("file"));
        Path own = Files.createSymbolicLink(open.resolve("own"), ours);
        assertThat(Destination.of(link)).isEqualTo(ours);

        Files.setAttribute(link, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:uid", NOBODY);

        for (Path foreign : new Path[] {link, file}) {
            assertThatExceptionOfType(ForeignFileException.class)
                    .isThrownBy(() -> Destination.of(foreign))
                    .satisfies(e -> assertThat(e.getReason())
                            .isEqualTo(
                                    "it belongs to another user (uid 65534), in a folder where everybody may write"));
        }
        assertThat(Destination.of(own)).isEqualTo(ours);
        assertThat(Destination.of(open.resolve("new"))).isEqualTo(open.resolve("new"));
        // Whoever may write to the folder without that may remove what is in it, and is trusted.
        Files.setAttribute(open, "unix:mode", 0777);
        assertThat(Destination.of(link)).isEqualTo(ours);
    }
}
