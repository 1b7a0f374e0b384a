package io.github.forkless.common.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DatasetFileTest {
    private static final Optional<ElementType> BY_NAME = Optional.empty();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "a.bin, INT32, 6",
        "A.BIN, INT32, 6",
        "a.txt, TEXT, 24",
        "a.log, TEXT, 24",
        "a.csv, TEXT, 24",
        "a.tsv, TEXT, 24",
        "a.b.jsonl, TEXT, 24",
    })
    void theNameTellsTheType(String name, ElementType type, long count) throws IOException {
        Path file = write(name, new byte[24]);

        DatasetFile dataset = DatasetFile.open(file, BY_NAME);

        assertThat(dataset).isEqualTo(new DatasetFile(file.toRealPath(), type, 0, count, FileIdentity.of(file)));
        assertThat(dataset.bytes()).isEqualTo(24);
        assertThat(dataset.whole()).isEqualTo(new Slice(0, count));
    }

    @ParameterizedTest
    @EnumSource
    void anExplicitTypeIsStrongerThanTheName(ElementType type) throws IOException {
        DatasetFile dataset = DatasetFile.open(write("a.bin", new byte[24]), Optional.of(type));

        assertThat(dataset.type()).isEqualTo(type);
        assertThat(dataset.count()).isEqualTo(24 / type.width());
    }

    @ParameterizedTest
    @ValueSource(strings = {"data", "data.", "data.dat", "data.json", "bin", ".hidden", "data.bin.gz"})
    void aNameThatTellsNothingIsAMistakeInTheCommand(String name) throws IOException {
        Path file = write(name, new byte[24]);

        assertThatExceptionOfType(UnknownTypeException.class)
                .isThrownBy(() -> DatasetFile.open(file, BY_NAME))
                .withMessage(file + ": its name does not say what its elements are; give --type with one of"
                        + " int8, uint8, int16, int32, int64, float32, float64, text");
        assertThat(DatasetFile.open(file, Optional.of(ElementType.INT8)).count())
                .isEqualTo(24);
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyFileHasNoElements(ElementType type) throws IOException {
        assertThat(DatasetFile.open(write("a", new byte[0]), Optional.of(type)).count())
                .isZero();
    }

    @Test
    void npySaysItsOwnType() throws IOException {
        Path file = write("a.npy", Npy.golden("shape-2d"));

        DatasetFile dataset = DatasetFile.open(file, BY_NAME);

        assertThat(dataset)
                .isEqualTo(new DatasetFile(file.toRealPath(), ElementType.FLOAT64, 128, 6, FileIdentity.of(file)));
        assertThat(DatasetFile.open(file, Optional.of(ElementType.FLOAT64))).isEqualTo(dataset);
    }

    @Test
    void aTypeThatContradictsNpyIsAnErrorThatNamesBoth() throws IOException {
        Path file = write("a.NPY", Npy.golden("shape-2d"));

        assertRejected(
                file,
                Optional.of(ElementType.INT32),
                "its header says float64, but --type says int32; leave --type out");
    }

    @Test
    void brokenNpyIsAnError() throws IOException {
        assertRejected(write("a.npy", new byte[24]), BY_NAME, "it does not begin with the .npy magic");
        assertRejected(write("a.npy", new byte[0]), BY_NAME, "truncated: ");
    }

    @ParameterizedTest
    @CsvSource({"INT32, 10, 2 bytes are", "INT16, 3, 1 byte is", "FLOAT64, 7, 7 bytes are"})
    void aBrokenLengthSaysWhatIsLeftOver(ElementType type, int bytes, String left) throws IOException {
        assertRejected(
                write("data.bin", new byte[bytes]),
                Optional.of(type),
                "%d bytes is not a whole number of %s elements of %d bytes: %s left over"
                        .formatted(bytes, type.label(), type.width(), left));
    }

    @Test
    void aMissingFileIsAnErrorBeforeItsTypeIs() {
        assertRejected(folder.resolve("none"), BY_NAME, "no such file; check the name, or write it with --generate");
        assertRejected(folder.resolve("none.npy"), BY_NAME, "no such file");
        assertRejected(Path.of("no such folder/none.bin"), BY_NAME, "no such file");
    }

    @Test
    void aLinkToNowhereIsAnError() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("a.bin"), Path.of("gone"));

        assertRejected(link, BY_NAME, "a link to a file that does not exist");
    }

    @Test
    void aLinkToItselfIsAnError() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("a.bin"), Path.of("a.bin"));

        assertRejected(link, BY_NAME, "cannot be read: ");
    }

    @Test
    void aFileIsNotAFolder() throws IOException {
        assertRejected(write("a.bin", new byte[4]).resolve("b.bin"), BY_NAME, "no such file");
    }

    @Test
    void linksAreFollowed() throws IOException {
        Path file = write("a.bin", new byte[8]);
        Path link = Files.createSymbolicLink(folder.resolve("latest"), file);

        assertThat(DatasetFile.open(link, BY_NAME)).isEqualTo(DatasetFile.open(file, BY_NAME));
    }

    @Test
    void aLinkToNpyIsNpyWhateverItIsCalled() throws IOException {
        Path file = write("a.npy", Npy.golden("shape-2d"));
        Path link = Files.createSymbolicLink(folder.resolve("latest.bin"), file);

        assertThat(DatasetFile.open(link, BY_NAME).type()).isEqualTo(ElementType.FLOAT64);
    }

    @Test
    void aLinkMayTellMoreThanWhatItLeadsTo() throws IOException {
        Path file = write("0c7a31", Npy.golden("shape-2d"));
        Path link = Files.createSymbolicLink(folder.resolve("latest.npy"), file);

        assertThat(DatasetFile.open(link, BY_NAME).type()).isEqualTo(ElementType.FLOAT64);
    }

    @Test
    void aRelativePathBecomesTheRealOne() throws IOException {
        Path file = write("a.bin", new byte[8]).toRealPath();
        Path relative = Path.of("").toAbsolutePath().relativize(file);

        assertThat(relative).isRelative();
        assertThat(DatasetFile.open(relative, BY_NAME).path()).isEqualTo(file);
    }

    @Test
    void aDirectoryIsAnError() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("a.bin"));

        assertRejected(directory, BY_NAME, "a directory, not a regular file; only a regular file can be mapped");
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.SECONDS)
    void aPipeIsAnErrorAndNotWaitedFor() throws Exception {
        Path pipe = folder.resolve("a.bin");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertRejected(pipe, BY_NAME, "a pipe, not a regular file");
    }

    @Test
    void aDeviceIsAnError() {
        assertRejected(Path.of("/dev/zero"), Optional.of(ElementType.INT8), "a device, not a regular file");
    }

    @Test
    void aSocketIsAnError() throws IOException {
        // Not in the test's folder: a socket's path may have no more than 107 bytes.
        Path directory = Files.createTempDirectory("f");
        Path socket = directory.resolve("a.bin");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));

            assertRejected(socket, BY_NAME, "a socket, not a regular file");
        } finally {
            Files.deleteIfExists(socket);
            Files.delete(directory);
        }
    }

    @Test
    void anUnreadableFileIsAnErrorEvenWhenItIsEmpty() throws IOException {
        Path file = write("a.bin", new byte[0]);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        if (Files.isReadable(file)) {
            // To root all files are readable but this one: the kernel lets it only be written.
            file = Path.of("/proc/sys/vm/drop_caches");
        }

        assertRejected(file, Optional.of(ElementType.INT8), "permission denied; it must be readable by the user");
    }

    @Test
    void aMessageIsOneLineWhateverTheFileIsCalled() {
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> DatasetFile.open(Path.of("two\nlines\u001b[31m.bin"), BY_NAME))
                .withMessageStartingWith("two\\u000alines\\u001b[31m.bin: no such file");
    }

    @Test
    void moreThan4GiBAreCounted() throws IOException {
        Path file = sparse("a.bin", (5L << 30) + 8);

        DatasetFile dataset = DatasetFile.open(file, BY_NAME);

        assertThat(dataset.count()).isEqualTo((5L << 28) + 2);
        assertThat(dataset.bytes()).isEqualTo((5L << 30) + 8);
        assertRejected(sparse("a.bin", (5L << 30) + 7), BY_NAME, "5368709127 bytes is not a whole number");
    }

    @Test
    void npyOfMoreThan4GiBIsCounted() throws IOException {
        byte[] start = Npy.withHeader(Npy.header("'<f8'", "False", "(3, 268435456)"), 0);
        Path file = write("a.npy", start);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(start.length + (6L << 30));
        }

        DatasetFile dataset = DatasetFile.open(file, BY_NAME);

        assertThat(dataset.offset()).isEqualTo(start.length);
        assertThat(dataset.count()).isEqualTo(3L << 28);
    }

    @Test
    void noPartIsNegativeOrEndsBeyondAnyFile() {
        FileIdentity identity = new FileIdentity(1, 2, 3, 4, 5);
        Path file = Path.of("a");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DatasetFile(file, ElementType.INT32, -1, 1, identity));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DatasetFile(file, ElementType.INT32, 0, -1, identity));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DatasetFile(file, ElementType.INT32, 0, 1L << 61, identity));
    }

    @Test
    void anUnknownTypeIsAMistakeInTheCommand() {
        assertThat(UnknownTypeException.ofLabel("int33"))
                .isInstanceOf(DatasetException.class)
                .hasMessage("--type int33: no such element type; it is one of"
                        + " int8, uint8, int16, int32, int64, float32, float64, text");
    }

    private static void assertRejected(Path file, Optional<ElementType> type, String message) {
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> DatasetFile.open(file, type))
                .isNotInstanceOf(UnknownTypeException.class)
                .withMessageStartingWith(file + ": " + message)
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private Path sparse(String name, long bytes) throws IOException {
        Path file = folder.resolve(name);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(bytes);
        }
        return file;
    }
}
