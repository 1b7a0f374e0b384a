package io.github.forkless.common.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentFileTest {
    @TempDir
    private Path parent;

    private static ByteSpan content(int length) {
        byte[] bytes = new byte[length + 7];
        new Random(length).nextBytes(bytes);
        return new ByteSpan(bytes, 3, length);
    }

    private ContentFile written(int length) {
        return (ContentFile) ContentFile.write(parent.resolve("folder"), 5, content(length));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, ByteSpan.PIECE_BYTES - 1, ByteSpan.PIECE_BYTES, ByteSpan.PIECE_BYTES + 1, 1_000_003})
    void whatIsWrittenIsRead(int length) {
        ContentFile file = written(length);

        assertThat(file.path())
                .isEqualTo(ContentFile.path(
                        parent.resolve("folder"), ProcessHandle.current().pid(), 5));
        assertThat(file.length()).isEqualTo(length);
        file.requireWhole();
        assertThat(file.toArray()).isEqualTo(content(length).toArray());
        file.delete();
        assertThat(parent.resolve("folder")).isEmptyDirectory();
        file.delete();
    }

    @Test
    void onlyItsOwnerSeesIt() throws IOException {
        Path file = written(1).path();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void aNameThatIsTakenIsLeftAlone() throws IOException {
        ContentFile first = written(10);

        assertThat(ContentFile.write(parent.resolve("folder"), 5, content(11))).isInstanceOf(ByteSpan.class);
        first.requireWhole();
    }

    @Test
    void whereItCannotBeItIsInMemory() throws IOException {
        ByteSpan content = content(100);
        Path open = Files.createDirectory(parent.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwx-----x"));
        Path link = Files.createSymbolicLink(parent.resolve("link"), Files.createDirectory(parent.resolve("target")));
        Path file = Files.createFile(parent.resolve("file"));

        for (Path folder : new Path[] {open, link, file, parent.resolve("none/folder"), Path.of("/proc/folder")}) {
            assertThat(ContentFile.write(folder, 1, content))
                    .as(folder.toString())
                    .isSameAs(content);
        }
        assertThat(open).isEmptyDirectory();
        assertThat(parent.resolve("target")).isEmptyDirectory();
    }

    @Test
    void whatAnInterruptedJobLeavesIsReadAllTheSame() {
        ContentFile file = written(100_000);
        Thread.currentThread().interrupt();
        try {
            assertThat(file.toArray()).isEqualTo(content(100_000).toArray());
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void whatHasChangedIsRefused() throws IOException {
        ContentFile file = written(100_000);
        byte[] changed = file.toArray();
        changed[70_000]++;
        Files.write(file.path(), changed);
        assertRefused(file, "has a wrong checksum");
        Files.write(file.path(), new byte[99_999]);
        assertRefused(file, "has 99999 bytes, and should have 100000");
        Files.delete(file.path());
        assertRefused(file, "is not there");
        Files.createDirectory(file.path());
        assertRefused(file, "is no regular file of this user");
        Files.delete(file.path());
        Files.createSymbolicLink(
                file.path(),
                Files.write(parent.resolve("same"), content(100_000).toArray()));
        assertRefused(file, "is no regular file of this user");
    }

    private static void assertRefused(ContentFile file, String words) {
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(file::requireWhole)
                .withMessageContaining(file.path().toString())
                .withMessageEndingWith(words);
        assertThatExceptionOfType(WireException.class).isThrownBy(file::toArray).withMessageEndingWith(words);
    }
}
