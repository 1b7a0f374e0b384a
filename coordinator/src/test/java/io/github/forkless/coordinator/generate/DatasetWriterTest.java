package io.github.forkless.coordinator.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.coordinator.generate.WriterMain.Mode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetWriterTest {
    private static final int NOBODY = 65534;
    private static final DatasetWriter.Filler ONES = (piece, _) -> piece.fill((byte) 1);

    @TempDir
    private Path dir;

    private Path target;

    @BeforeEach
    void nameTarget() {
        target = dir.resolve("data.bin");
    }

    @Test
    void fillsEveryByteOnce() throws Exception {
        int bytes = 2 * DatasetWriter.PIECE_BYTES + 5;

        DatasetWriter.write(
                target,
                bytes,
                Existing.REFUSED,
                (piece, offset) -> {
                    for (long i = 0; i < piece.byteSize(); i++) {
                        byte before = piece.get(ValueLayout.JAVA_BYTE, i);
                        piece.set(ValueLayout.JAVA_BYTE, i, (byte) (before + 1 + offset / DatasetWriter.PIECE_BYTES));
                    }
                },
                3);

        byte[] written = Files.readAllBytes(target);
        assertThat(written).hasSize(bytes);
        for (int i = 0; i < bytes; i++) {
            if (written[i] != 1 + i / DatasetWriter.PIECE_BYTES) {
                fail("byte %d is %d", i, written[i]);
            }
        }
        assertThat(names()).containsExactly("data.bin");
    }

    @Test
    void writesAnEmptyFile() throws Exception {
        DatasetWriter.write(target, 0, Existing.REFUSED, ONES, 2);

        assertThat(target).isEmptyFile();
    }

    @Test
    void hasThePermissionsOfAnyNewFile() throws Exception {
        Path ordinary = Files.createFile(dir.resolve("ordinary"));

        DatasetWriter.write(target, 10, Existing.REFUSED, ONES, 1);

        assertThat(Files.getPosixFilePermissions(target)).isEqualTo(Files.getPosixFilePermissions(ordinary));
    }

    @Test
    void canHaveTheLongestOfNames() throws Exception {
        target = dir.resolve("d".repeat(251) + ".bin");

        DatasetWriter.write(target, 10, Existing.REFUSED, ONES, 1);

        assertThat(target).hasSize(10);
    }

    @Test
    void leavesAnExistingFileAlone() throws Exception {
        Files.writeString(target, "precious");

        assertRefused(target, Existing.REFUSED)
                .withMessageContaining("already exists")
                .withMessageContaining("--force");

        assertThat(target).hasContent("precious");
        assertThat(names()).containsExactly("data.bin");
    }

    @Test
    void leavesAFileAloneThatAppearsWhileItWrites() throws Exception {
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(
                        () -> DatasetWriter.write(target, 10, Existing.REFUSED, (_, _) -> writeTarget("precious"), 1))
                .withMessageContaining(target + ": already exists")
                .withMessageContaining("--force");

        assertThat(target).hasContent("precious");
        assertThat(names()).containsExactly("data.bin");
    }

    @Test
    void keepsAFileThatIsThereOrAppearsIfToldSo() throws Exception {
        assertThat(DatasetWriter.write(target, 10, Existing.KEPT, (_, _) -> writeTarget("precious"), 1))
                .isFalse();
        assertThat(DatasetWriter.write(target, 10, Existing.KEPT, (_, _) -> breakDown(), 1))
                .isFalse();

        assertThat(target).hasContent("precious");
        assertThat(names()).containsExactly("data.bin");
        Files.delete(target);
        assertThat(DatasetWriter.write(target, 10, Existing.KEPT, ONES, 1)).isTrue();
    }

    @Test
    void hasTheOwnerAndPermissionsOfWhatItReplaces() throws Exception {
        Files.writeString(target, "old");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r-----"));
        if (isRoot()) {
            Files.setAttribute(target, "unix:uid", NOBODY);
            Files.setAttribute(target, "unix:gid", NOBODY);
        }
        Map<String, Object> before = Files.readAttributes(target, "unix:uid,gid,mode");
        AtomicReference<Map<String, Object>> meanwhile = new AtomicReference<>();

        DatasetWriter.write(
                target,
                10,
                Existing.REPLACED,
                (piece, _) -> {
                    piece.fill((byte) 1);
                    meanwhile.set(attributesOfHidden());
                },
                1);

        assertThat(target).hasSize(10);
        assertThat(Files.readAttributes(target, "unix:uid,gid,mode")).isEqualTo(before);
        assertThat((int) meanwhile.get().get("mode") & 0777)
                .as("never more open")
                .isEqualTo(0600);
    }

    @Test
    void leavesAnotherUsersFileAloneThatItCannotGiveBack() throws Exception {
        assumeThat(isRoot()).as("run by root").isTrue();
        Files.writeString(target, "old");
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxrwxrwx"));
        String number = Integer.toString(NOBODY);
        List<String> asNobody = List.of("setpriv", "--reuid", number, "--regid", number, "--clear-groups");

        Outcome outcome = run(concat(asNobody, WriterMain.command(Mode.REPLACE, target, 10)));

        assertThat(outcome.lines())
                .containsExactly(
                        target + ": it belongs to user 0 and group 0, and what takes its place cannot be given to them;"
                                + " remove it first, or give another name",
                        "files: [data.bin]");
        assertThat(outcome.exit()).isEqualTo(3);
        assertThat(target).hasContent("old");
    }

    @Test
    void replacesAnExistingFileWhenForcedAndOnlyWhenWhole() throws Exception {
        Files.writeString(target, "old");
        AtomicReference<String> meanwhile = new AtomicReference<>();

        try (FileChannel reader = FileChannel.open(target)) {
            DatasetWriter.write(
                    target,
                    10,
                    Existing.REPLACED,
                    (piece, _) -> {
                        piece.fill((byte) 1);
                        meanwhile.set(readTarget());
                    },
                    1);

            // Who has the old file open keeps the old file.
            ByteBuffer old = ByteBuffer.allocate(10);
            assertThat(reader.read(old)).isEqualTo(3);
        }
        assertThat(meanwhile).hasValue("old");
        assertThat(target).hasBinaryContent(new byte[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
        assertThat(names()).containsExactly("data.bin");
    }

    @Test
    void leavesAnExistingFileAloneWhenForcedWritingFails() throws Exception {
        Files.writeString(target, "old");

        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> DatasetWriter.write(target, 10, Existing.REPLACED, (_, _) -> breakDown(), 1));

        assertThat(target).hasContent("old");
        assertThat(names()).containsExactly("data.bin");
    }

    @Test
    void replacesWhatALinkPointsTo() throws Exception {
        Path real = Files.writeString(
                Files.createDirectory(dir.resolve("elsewhere")).resolve("real.bin"), "old");
        Files.createSymbolicLink(target, real);

        DatasetWriter.write(target, 10, Existing.REPLACED, ONES, 1);

        assertThat(target).isSymbolicLink();
        assertThat(real).hasSize(10);
    }

    @Test
    void namesALinkToNothing() throws Exception {
        Files.createSymbolicLink(target, dir.resolve("nothing"));

        assertRefused(target, Existing.REPLACED).withMessageContaining("a link to a file that does not exist");
    }

    @Test
    void refusesADirectory() throws Exception {
        assertRefused(dir, Existing.REPLACED).withMessageContaining("a directory");
    }

    @Test
    void refusesAMissingDirectory() throws Exception {
        assertRefused(dir.resolve("missing/data.bin"), Existing.REFUSED)
                .withMessageContaining("there is no directory " + dir.resolve("missing"));
    }

    @Test
    void refusesAFileInsteadOfADirectory() throws Exception {
        Files.writeString(target, "file");

        assertRefused(target.resolve("data.bin"), Existing.REFUSED)
                .withMessageContaining(target + " is not a directory");
    }

    @Test
    void refusesToReplaceADevice() throws Exception {
        assertRefused(Path.of("/dev/null"), Existing.REPLACED).withMessageContaining("not a regular file");
    }

    @Test
    void leavesNothingBehindWhenAFillerFails() throws Exception {
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> DatasetWriter.write(
                        target,
                        10L * DatasetWriter.PIECE_BYTES,
                        Existing.REFUSED,
                        (_, offset) -> {
                            if (offset > 0) {
                                breakDown();
                            }
                        },
                        3));

        assertThat(names()).isEmpty();
    }

    @Test
    void leavesNothingBehindWhenInterrupted() throws Exception {
        CountDownLatch filling = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread writer = Thread.ofPlatform().start(() -> {
            try {
                DatasetWriter.write(
                        target,
                        1L << 30,
                        Existing.REFUSED,
                        (_, _) -> {
                            filling.countDown();
                            await(interrupted);
                        },
                        2);
            } catch (Throwable e) {
                thrown.set(e);
            }
        });

        await(filling);
        writer.interrupt();
        interrupted.countDown();
        writer.join();

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(names()).isEmpty();
    }

    @Test
    void leavesNothingBehindWhenTerminated() throws Exception {
        Process writer = startStalled();

        writer.destroy();

        assertThat(writer.waitFor()).isEqualTo(143);
        assertThat(names()).isEmpty();
    }

    @Test
    void whatAKilledWriterHasLeftIsRemovedByTheNextOneInThatFolder() throws Exception {
        Process writer = startStalled();
        try {
            DatasetWriter.write(dir.resolve("first.bin"), 10, Existing.REFUSED, ONES, 1);
            assertThat(names()).as("while it lives").hasSize(2).anyMatch(name -> name.startsWith(".data.bin."));
        } finally {
            writer.destroyForcibly();
        }
        writer.waitFor();
        assertThat(target).doesNotExist();
        assertThat(names()).hasSize(2);

        DatasetWriter.write(dir.resolve("second.bin"), 10, Existing.REFUSED, ONES, 1);

        assertThat(names()).containsExactlyInAnyOrder("first.bin", "second.bin");
    }

    @Test
    void whatThisJvmIsWritingIsNotLeftOver() throws Exception {
        DatasetWriter.write(
                target,
                10,
                Existing.REFUSED,
                (piece, _) -> {
                    piece.fill((byte) 1);
                    writeOther();
                },
                1);

        assertThat(names()).containsExactlyInAnyOrder("data.bin", "other.bin");
    }

    @Test
    void saysBeforehandThatTheDiskIsTooSmall() throws Exception {
        Outcome outcome = runOnTinyDisk("size=1m", Mode.PLAIN, (1 << 20) + 1);

        assertThat(outcome.lines()).hasSize(2);
        assertThat(outcome.lines().getFirst())
                .startsWith(target + ": not written: No space left on device: ")
                .contains("1048577 bytes (1 MiB) needed, 1048576 (1 MiB) available in " + dir);
        assertThat(outcome.lines().getLast()).isEqualTo("files: []");
        assertThat(outcome.exit()).isEqualTo(1);
    }

    @Test
    void keepsItsErrorsOnOneLine() {
        assertThat(new GenerateException(Path.of("a\nb"), "reason", null)).hasMessage("a\\u000ab: not written: reason");
    }

    @Test
    void survivesADiskThatFillsUpMeanwhile() throws Exception {
        Outcome outcome = runOnTinyDisk("size=8m", Mode.TAKE_ALL_SPACE, 8 << 20);

        assertThat(outcome.lines()).hasSize(2);
        assertThat(outcome.lines().getFirst())
                .startsWith(target + ": not written: No space left on device: 8388608 bytes (8 MiB) needed, ")
                .endsWith("available in " + dir);
        assertThat(outcome.lines().getLast()).isEqualTo("files: [other]");
        assertThat(outcome.exit()).isEqualTo(1);
    }

    @Test
    void asksForHugePagesWhereThereAreNoneOtherwise() throws Exception {
        assumeThat(Path.of("/sys/kernel/mm/transparent_hugepage")).exists();

        Outcome outcome = runOnTinyDisk("size=130m,huge=advise", Mode.READ_BACK, 128 << 20);

        assertThat(outcome.exit()).isZero();
        assertThat(outcome.lines()).hasSize(2);
        assertThat(outcome.lines().getFirst()).startsWith("huge: ");
        assertThat(Long.parseLong(outcome.lines().getFirst().substring("huge: ".length())))
                .as("of 128 MiB; less where memory is in small pieces")
                .isBetween(64L << 20, 128L << 20);
    }

    @Test
    void survivesADiskWithHugePagesThatFillsUpMeanwhile() throws Exception {
        Outcome outcome = runOnTinyDisk("size=128m,huge=advise", Mode.TAKE_ALL_SPACE, 128 << 20);

        assertThat(outcome.lines().getFirst())
                .startsWith(target + ": not written: No space left on device: 134217728 bytes (128 MiB) needed, ");
        assertThat(outcome.lines().getLast()).isEqualTo("files: [other]");
        assertThat(outcome.exit()).isEqualTo(1);
    }

    @Test
    void fillsADiskToTheLastByte() throws Exception {
        Outcome outcome = runOnTinyDisk("size=1m", Mode.PLAIN, 1 << 20);

        assertThat(outcome.lines()).containsExactly("files: [data.bin]");
        assertThat(outcome.exit()).isZero();
    }

    @Test
    void namesAReadOnlyDirectory() throws Exception {
        Outcome outcome = runOnTinyDisk("size=1m,ro", Mode.PLAIN, 10);

        assertThat(outcome.lines().getFirst())
                .isEqualTo(target + ": no file can be created in " + dir + ": Read-only file system");
        assertThat(outcome.exit()).isEqualTo(3);
    }

    private ThrowableAssertAlternative<DatasetException> assertRefused(Path path, Existing existing) {
        return assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> DatasetWriter.write(path, 10, existing, ONES, 1))
                .withMessageStartingWith(path + ": ")
                .withMessageNotContaining("\n");
    }

    /** Large enough that it is not done when the signal comes, and of no cost: only its first pieces are reserved. */
    private Process startStalled() throws Exception {
        Process writer = new ProcessBuilder(WriterMain.command(Mode.STALL, target, 1L << 30))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(writer.inputReader().readLine()).isEqualTo("filling");
        assertThat(names()).singleElement().asString().matches("\\.data\\.bin\\.[0-9a-f]{16}\\.forkless\\.tmp");
        return writer;
    }

    private record Outcome(int exit, List<String> lines) {}

    /**
     * Runs {@link WriterMain} where {@link #dir} is a file system in memory, which ends with it: in a mount namespace.
     * There is no other way to have a full disk, so that where none of these is permitted, the test fails.
     */
    private Outcome runOnTinyDisk(String options, Mode mode, long bytes) throws Exception {
        List<String> mount = List.of("sh", "-c", "mount -t tmpfs -o \"$0\" tmpfs \"$1\" && shift && exec \"$@\"");
        List<List<String>> ways =
                List.of(List.of("unshare", "-m"), List.of("unshare", "-rm"), List.of("sudo", "-n", "unshare", "-m"));
        List<String> refusals = new ArrayList<>();
        for (List<String> way : ways) {
            Outcome probe = run(concat(way, mount, List.of(options, dir.toString(), "true")));
            if (probe.exit() == 0) {
                return run(
                        concat(way, mount, List.of(options, dir.toString()), WriterMain.command(mode, target, bytes)));
            }
            refusals.add(way + " " + probe.lines());
        }
        return fail("a file system of its own is needed for this test, and may not be mounted: " + refusals);
    }

    private static Outcome run(List<String> command) throws Exception {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            List<String> lines = process.inputReader().lines().toList();
            return new Outcome(process.waitFor(), lines);
        } catch (IOException e) {
            return new Outcome(127, List.of(e.getMessage()));
        }
    }

    @SafeVarargs
    private static List<String> concat(List<String>... parts) {
        List<String> whole = new ArrayList<>();
        for (List<String> part : parts) {
            whole.addAll(part);
        }
        return whole;
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    private Map<String, Object> attributesOfHidden() {
        try (Stream<Path> files = Files.list(dir)) {
            Path hidden = files.filter(file -> file.getFileName().toString().startsWith("."))
                    .findFirst()
                    .orElseThrow();
            return Files.readAttributes(hidden, "unix:uid,gid,mode");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeOther() {
        try {
            DatasetWriter.write(dir.resolve("other.bin"), 10, Existing.REFUSED, ONES, 1);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private void writeTarget(String content) {
        try {
            Files.writeString(target, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String readTarget() {
        try {
            return Files.readString(target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void breakDown() {
        throw new ArithmeticException("a filler broke down");
    }
}
