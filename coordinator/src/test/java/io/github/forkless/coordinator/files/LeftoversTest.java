package io.github.forkless.coordinator.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
    private static final int NOBODY = 65534;

    @TempDir
    private Path folder;

    @Test
    void onlyFilesOfOurNamesAreRemoved() throws Exception {
        Path left = Files.createFile(folder.resolve(Leftovers.name("data.bin", -1)));
        Path other = Files.createFile(folder.resolve(".data.bin.0123456789abcdef.tmp"));
        Path hidden = Files.createFile(folder.resolve(".data.bin"));

        Leftovers.removeFrom(folder);

        assertThat(left).doesNotExist();
        assertThat(other).exists();
        assertThat(hidden).exists();
    }

    @Test
    void whatIsNoFileIsNotOpened() throws Exception {
        Path pipe = folder.resolve(Leftovers.name("pipe", 1));
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path target = Files.createFile(folder.resolve("target"));
        Path link = Files.createSymbolicLink(folder.resolve(Leftovers.name("link", 2)), target);

        Leftovers.removeFrom(folder);

        assertThat(pipe).exists();
        assertThat(link).isSymbolicLink();
        assertThat(target).exists();
    }

    /** Root may open it, and could be held up as long as its owner likes. */
    @Test
    void whatBelongsToAnotherUserIsNotOpened() throws Exception {
        Path theirs = Files.createFile(folder.resolve(Leftovers.name("theirs", 3)));
        assumeThat(canGiveAway(theirs)).as("this user can give files away").isTrue();

        Leftovers.removeFrom(folder);

        assertThat(theirs).exists();
    }

    private static boolean canGiveAway(Path file) {
        try {
            Files.setAttribute(file, "unix:uid", NOBODY);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
