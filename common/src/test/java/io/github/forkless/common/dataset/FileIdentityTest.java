package io.github.forkless.common.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileIdentityTest {
    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05.123456789Z");

    @TempDir
    private Path folder;

    private Path file;
    private FileIdentity before;

    @BeforeEach
    void write() throws IOException {
        file = Files.write(folder.resolve("data.bin"), new byte[512]);
        Files.setLastModifiedTime(file, FileTime.from(THEN));
        before = FileIdentity.of(file);
    }

    @Test
    void theSameFileHasTheSameIdentity() throws IOException {
        Files.readAllBytes(file);
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);

        assertThat(FileIdentity.of(file)).isEqualTo(before);
        assertThat(FileIdentity.of(link)).isEqualTo(before);
        assertThat(before.changeTo(before)).isEmpty();
        before.requireUnchanged(file);
    }

    @Test
    void sizeAndTimeAreExact() {
        assertThat(before.size()).isEqualTo(512);
        assertThat(before.modifiedNanos()).isEqualTo(THEN.getEpochSecond() * 1_000_000_000 + 123_456_789);
    }

    @Test
    void truncationIsCalledSo() throws IOException {
        Files.write(file, new byte[100]);

        assertChanged("truncated from 512 to 100 bytes");
    }

    @Test
    void growthIsCalledSo() throws IOException {
        Files.write(file, new byte[513]);

        assertChanged("grown from 512 to 513 bytes");
    }

    @Test
    void onlyGrowthIsNoErrorWhereAFileMayGrow() throws IOException {
        assertThat(before.requireNotShorter(file)).isZero();
        Files.write(file, new byte[520]);
        assertThat(before.requireNotShorter(file)).isEqualTo(8);
        Files.write(file, new byte[100]);
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> before.requireNotShorter(file))
                .withMessageContaining("truncated from 512 to 100 bytes");
        Files.write(file, new byte[512]);
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> before.requireNotShorter(file))
                .withMessageContaining("modified at");
        Files.move(Files.write(folder.resolve("longer"), new byte[600]), file, StandardCopyOption.REPLACE_EXISTING);
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> before.requireNotShorter(file))
                .withMessageContaining("replaced by another file of 600 bytes");
    }

    @Test
    void replacementIsCalledSo() throws IOException {
        Path other = Files.write(folder.resolve("other"), new byte[512]);
        Files.setLastModifiedTime(other, FileTime.from(THEN));
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

        assertChanged("replaced by another file of 512 bytes");
    }

    @Test
    void aRewriteIsCalledSo() throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(THEN.plusNanos(1)));

        assertChanged("modified at 2026-01-02T03:04:05.123456790Z, after 2026-01-02T03:04:05.123456789Z");
    }

    @Test
    void aRewriteThatPutsTheTimeBackIsNoticed() throws IOException {
        awaitNextTick();
        Files.write(file, new byte[512]);
        Files.setLastModifiedTime(file, FileTime.from(THEN));

        assertThat(before.changeTo(FileIdentity.of(file)))
                .get(InstanceOfAssertFactories.STRING)
                .startsWith("renamed, linked, given other permissions, or modified and its time put back, at ");
    }

    @Test
    void removalIsCalledSo() throws IOException {
        Files.delete(file);

        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> before.requireUnchanged(file))
                .withMessage(file + ": removed while it was in use; run again when nothing writes to it");
    }

    @Test
    void aMissingFileHasNone() {
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> FileIdentity.of(Path.of("none")))
                .withMessage("none: no such file; check the name");
    }

    /** Until then what is changed has the time that the file has. */
    private void awaitNextTick() throws IOException {
        Path other = folder.resolve("other");
        do {
            Files.write(other, new byte[1]);
        } while (FileIdentity.of(other).changedNanos() == before.changedNanos());
    }

    private void assertChanged(String change) {
        assertThat(before.changeTo(FileIdentity.of(file))).contains(change);
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> before.requireUnchanged(file))
                .withMessage(file + ": " + change + " while it was in use; run again when nothing writes to it");
    }
}
