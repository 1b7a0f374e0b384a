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
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationTest {
    private static final int ROOT = 0;
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

    @ParameterizedTest
    @ValueSource(ints = {01777, 0777})
    void whatAnotherUserHasPutIntoAFolderForEverybodyIsNotTouched(int mode) throws Exception {
        assumeRoot();
        Path ours = Files.writeString(folder.resolve("ours"), "precious");
        Path open = folderOf(ROOT, ROOT, mode, folder.resolve("open"));
        Path own = Files.createSymbolicLink(open.resolve("own"), ours);
        Path theirs = folderOf(NOBODY, NOBODY, 0777, open.resolve("theirs"));

        assertThat(Destination.of(own)).isEqualTo(ours);
        assertThat(Destination.of(open.resolve("new"))).isEqualTo(open.resolve("new"));
        for (Path foreign : List.of(
                give(Files.createSymbolicLink(open.resolve("link"), ours)),
                give(Files.createFile(open.resolve("file"))),
                give(pipe(open.resolve("pipe"))))) {
            assertForeign(foreign, "it belongs to another user (uid 65534), in a folder where everybody may write");
        }
        assertForeign(
                theirs.resolve("new"),
                theirs + " belongs to another user (uid 65534), in a folder where everybody may write");
    }

    @Test
    void linksAndPipesInAnotherUsersFolderAreNotFollowed() throws Exception {
        assumeRoot();
        Path ours = Files.createDirectory(folder.resolve("ours"));
        Path theirs = folderOf(NOBODY, NOBODY, 0755, folder.resolve("theirs"));
        Path below = folderOf(NOBODY, NOBODY, 0755, theirs.resolve("below"));
        Path link = give(Files.createSymbolicLink(below.resolve("link"), ours));
        Path report = give(Files.createFile(below.resolve("report")));

        assertForeign(link, "it belongs to another user (uid 65534), in a folder where others may write");
        assertForeign(
                link.resolve("new"), link + " belongs to another user (uid 65534), in a folder where others may write");
        assertForeign(
                Files.createSymbolicLink(ours.resolve("through"), link).resolve("new"),
                link + " belongs to another user (uid 65534), in a folder where others may write");
        assertForeign(
                give(pipe(below.resolve("pipe"))),
                "it belongs to another user (uid 65534), in a folder where others may write");
        // Whoever is at home in a folder keeps files there, and we may be asked to replace one, or to write beside it.
        assertThat(Destination.of(report)).isEqualTo(report);
        assertThat(Destination.of(below.resolve("new"))).isEqualTo(below.resolve("new"));
    }

    @Test
    void aFolderThatAGroupOfOursSharesIsTrusted() throws Exception {
        assumeRoot();
        Path ours = Files.createDirectory(folder.resolve("ours"));
        Path shared = folderOf(NOBODY, ROOT, 02775, folder.resolve("shared"));
        Path link = give(Files.createSymbolicLink(shared.resolve("current"), ours));
        Path pipe = give(pipe(shared.resolve("pipe")));

        assertThat(Destination.of(link.resolve("new"))).isEqualTo(ours.resolve("new"));
        assertThat(Destination.of(pipe)).isEqualTo(pipe);
        // That of another group is not, whoever owns the folder.
        Files.setAttribute(shared, "unix:gid", NOBODY);
        Files.setAttribute(shared, "unix:uid", ROOT);
        Files.setAttribute(shared, "unix:mode", 02775);
        assertForeign(link, "it belongs to another user (uid 65534), in a folder where others may write");
    }

    private static void assumeRoot() throws IOException {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .as("run by root")
                .isEqualTo(ROOT);
    }

    private static Path folderOf(int user, int group, int mode, Path folder) throws IOException {
        Files.createDirectory(folder);
        Files.setAttribute(folder, "unix:uid", user);
        Files.setAttribute(folder, "unix:gid", group);
        Files.setAttribute(folder, "unix:mode", mode);
        return folder;
    }

    private static Path pipe(Path path) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
        return path;
    }

    private static Path give(Path path) throws IOException {
        Files.setAttribute(path, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
        return path;
    }

    private static void assertForeign(Path path, String reason) {
        assertThatExceptionOfType(ForeignFileException.class)
                .isThrownBy(() -> Destination.of(path))
                .satisfies(e -> assertThat(e.getReason()).isEqualTo(reason));
    }
}
