package io.github.forkless.common.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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

        assertThat(dataset)
                .isEqualTo(new DatasetFile(file.toRealPath(), Layout.of(type, 0, count), FileIdentity.of(file)));
        assertThat(dataset.bytes()).isEqualTo(24);
        assertThat(dataset.whole()).isEqualTo(new Slice(0, count));
    }

    @ParameterizedTest
    @EnumSource(
            names = {"RECORDS", "TABLE"},
            mode = EnumSource.Mode.EXCLUDE)
    void anExplicitTypeIsStrongerThanTheName(ElementType type) throws IOException {
        DatasetFile dataset = DatasetFile.open(write("a.bin", new byte[24]), Optional.of(type));

        assertThat(dataset.layout().storedType()).isEqualTo(type);
        assertThat(dataset.count()).isEqualTo(24 / type.width());
    }

    @ParameterizedTest
    @ValueSource(strings = {"data", "data.", "data.dat", "data.json", "bin", ".hidden", "data.bin.gz"})
    void aNameThatTellsNothingIsAMistakeInTheCommand(String name) throws IOException {
        Path file = write(name, new byte[24]);

        assertThatExceptionOfType(UnknownTypeException.class)
                .isThrownBy(() -> DatasetFile.open(file, BY_NAME))
                .withMessage(file
                        + ": its name does not say what its elements are; use DatasetFile.open(path, type) with one of"
                        + " int8, uint8, int16, int32, int64, float32, float64, uint16, uint32, uint64, float16,"
                        + " text");
        assertThat(DatasetFile.open(file, Optional.of(ElementType.INT8)).count())
                .isEqualTo(24);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"RECORDS", "TABLE"},
            mode = EnumSource.Mode.EXCLUDE)
    void anEmptyFileHasNoElements(ElementType type) throws IOException {
        assertThat(DatasetFile.open(write("a", new byte[0]), Optional.of(type)).count())
                .isZero();
    }

    @Test
    void npySaysItsOwnType() throws IOException {
        Path file = write("a.npy", Npy.golden("shape-2d"));

        DatasetFile dataset = DatasetFile.open(file, BY_NAME);

        assertThat(dataset)
                .isEqualTo(new DatasetFile(
                        file.toRealPath(),
                        new Layout.Numbers(ElementType.FLOAT64, 128, 6, List.of(2L, 3L)),
                        FileIdentity.of(file)));
        assertThat(DatasetFile.open(file, Optional.of(ElementType.FLOAT64))).isEqualTo(dataset);
    }

    @Test
    void aTypeThatContradictsNpyIsAnErrorThatNamesBoth() throws IOException {
        Path file = write("a.NPY", Npy.golden("shape-2d"));

        assertRejected(
                file,
                Optional.of(ElementType.INT32),
                "its header says float64, but the type given is int32; leave the type out");
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
        assertRejected(folder.resolve("none"), BY_NAME, "no such file; check the name");
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

        assertRejected(directory, BY_NAME, "a directory, not a regular file; name a file in it");
    }

    @Test
    void aPipeIsAnErrorAndNotWaitedFor() throws Exception {
        Path pipe = folder.resolve("a.bin");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertRejected(
                pipe,
                BY_NAME,
                "a pipe, not a regular file; write what comes through it to a file first: cat " + pipe + " > FILE");
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

    @ParameterizedTest
    @CsvSource({
        "/proc/cpuinfo, 0, copy-of-cpuinfo", // has no size
        "/proc/sys/vm/swappiness, 0, copy-of-swappiness",
        "/sys/kernel/mm/transparent_hugepage/enabled, 4096, copy-of-enabled", // has a page's size
    })
    void aFileThatIsMadeWhileItIsReadIsAnError(Path file, int size, String copy) {
        assumeThat(file).exists();
        for (ElementType type : ElementType.values()) {
            assertRejected(
                    file,
                    Optional.of(type),
                    "its size is given as " + size
                            + " bytes, which is not what there is to read: it is made while it is"
                            + " read; copy it to a stored file: cat " + file + " > " + copy);
        }
        assertRejected(file, BY_NAME, "its size is given as ");
    }

    /** Reading it would wait for the kernel's next message. */
    @Test
    void aFileThatBlocksItsReadersIsNotRead() {
        Path messages = Path.of("/proc/kmsg");
        assumeThat(messages).isReadable();

        assertRejected(messages, Optional.of(ElementType.TEXT), "its size is given as 0 bytes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        a.bin        | 934e554d5059 0100       | a NumPy .npy file      | mv a.bin a.npy
        a.bin        | 504b0304 14000000       | a zip archive          | unzip a.bin
        a.bin        | 1f8b0808 00000000       | a gzip file            | gzip -dc a.bin > unpacked-a.bin
        a.txt        | 1f8b0808 00000000       | a gzip file            | gzip -dc a.txt > unpacked-a.txt
        a.bin.gz     | 1f8b0808 00000000       | a gzip file            | gzip -dc a.bin.gz > a.bin
        a.csv.zst    | 28b52ffd 00000000       | a zstd file            | zstd -dc a.csv.zst > a.csv
        a.log.xz     | fd377a58 5a000000       | an xz file             | xz -dc a.log.xz > a.log
        a.log.bz2    | 425a6839 31415926 53590000 | a bzip2 file        | bzip2 -dc a.log.bz2 > a.log
        a b.bin      | 04224d18 00000000       | an lz4 file            | lz4 -dc 'a b.bin' > 'unpacked-a b.bin'
        it's.bin     | 377abcaf 271c0000       | a 7z archive           | 7z x 'it'\\''s.bin'
        a.parquet    | 50415231 15001500       | a Parquet file         | coordinator import a.parquet a.arrow
        FILE s.pq    | 50415231 15001500       | a Parquet file         | coordinator import 'FILE s.pq' 'FILE s.arrow'
        a.arrow      | ffffffff 78000000 10000000 | an Arrow stream    | coordinator import a.arrow imported-a.arrow
        a.arrows     | ffffffff 78000000 10000000 | an Arrow stream    | coordinator import a.arrows a.arrow
        a.arrow_old  | f4010000 10000000 00000a00 0e000600 | an Arrow stream | coordinator import a.arrow_old a.arrow
        a.feather    | 46454131 00000000       | a Feather file         | write_feather
        a.orc        | 4f524308 00000000       | an ORC file            | pandas.read_orc
        a.avro       | 4f626a01 00000000       | an Avro file           | fastavro.reader
        a.h5         | 89484446 0d0a1a0a       | an HDF5 file           | h5py.File
        a.nc         | 43444601 00000000       | a NetCDF file          | xarray.open_dataset
        a.db         | 53514c69 74652066 6f726d61 74203300 | an SQLite database | sqlite3.connect
        a.duckdb     | 00000000 00000000 4455434b | a DuckDB database   | duckdb.connect
        a.pkl        | 80049520 00000000 000000 00 | a Python pickle    | pickle.load
        a.bin        | 25504446 2d312e34       | a PDF document         | name the file that has the data
        a.bin        | 7f454c46 02010100       | a program or library   | name the file that has the data
        a.bin        | ffd8ffe0 00104a46       | a JPEG image           | name the file that has the data
        """)
    void aFileOfAnotherFormatIsNeitherNumbersNorText(String name, String start, String format, String advice)
            throws IOException {
        byte[] head = HexFormat.of().parseHex(start.replace(" ", ""));
        Path file = write(name, Arrays.copyOf(head, 512));

        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> DatasetFile.open(file, BY_NAME))
                .isNotInstanceOf(UnknownTypeException.class)
                .withMessageStartingWith(file + ": " + format)
                .withMessageContaining("use DatasetFile.open(path, type)")
                .satisfies(e ->
                        assertThat(e.getMessage().replace(folder + "/", "")).contains(advice));
        DatasetFile insisted = DatasetFile.open(file, Optional.of(ElementType.INT8));
        assertThat(insisted.count()).isEqualTo(512);
        assertThat(ForeignFormat.warningFor(insisted))
                .hasValueSatisfying(warning -> assertThat(warning)
                        .startsWith(insisted.path() + " begins like " + format)
                        .endsWith(", and is read as raw int8, as its given type says"));
    }

    @Test
    void aTarArchiveIsKnownByWhatIsBehindItsFirstName() throws IOException {
        byte[] tar = new byte[1024];
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);

        assertRejected(write("a.bin", tar), BY_NAME, "a tar archive, not raw numbers; ");
    }

    @Test
    void textMayBeginLikeAFormatThatBeginsWithLetters() throws IOException {
        for (String start : List.of(
                "PAR1 and more\n", "ORCA\n", "%PDF-1.4 was the header\n", "<!DOCTYPE html>\n", "BZh91AY&SY\n")) {
            Path file = write("a.txt", start.getBytes(StandardCharsets.US_ASCII));
            assertThat(DatasetFile.open(file, BY_NAME).count()).isEqualTo(start.length());
        }
        Path pointer = write(
                "a.txt",
                "version https://git-lfs.github.com/spec/v1\noid sha256:0\n".getBytes(StandardCharsets.US_ASCII));
        assertRejected(pointer, BY_NAME, "a pointer to a file that Git LFS keeps, not text; fetch it: git lfs pull");
    }

    @Test
    void npyThatIsAnArchiveOfSeveralIsCalledSo() throws IOException {
        Path file = write("a.npy", Arrays.copyOf(new byte[] {'P', 'K', 3, 4}, 64));

        assertRejected(file, BY_NAME, "a zip archive, as .npz files are, not a .npy file; unpack it");
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
                .isThrownBy(() -> new DatasetFile(file, Layout.of(ElementType.INT32, -1, 1), identity));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DatasetFile(file, Layout.of(ElementType.INT32, 0, -1), identity));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DatasetFile(file, Layout.of(ElementType.INT32, 0, 1L << 61), identity));
    }

    @Test
    void anUnknownTypeIsAMistakeInTheCommand() {
        assertThat(UnknownTypeException.ofLabel("int33"))
                .isInstanceOf(DatasetException.class)
                .hasMessage("no such element type: int33; it is one of"
                        + " int8, uint8, int16, int32, int64, float32, float64, uint16, uint32, uint64, float16,"
                        + " text");
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

    @Test
    void aLinkToAFileWhoseNameIsNotUtf8KeepsItsOwnName() throws Exception {
        Process shell = new ProcessBuilder(
                        "sh", "-c", "n=$(printf 'a\\377.bin') && printf 12345678 >$n && ln -s $n link.bin")
                .directory(folder.toFile())
                .start();
        assertThat(shell.waitFor()).isZero();

        DatasetFile file = DatasetFile.open(folder.resolve("link.bin"), Optional.empty());

        assertThat(Files.size(Path.of(file.path().toString()))).isEqualTo(8);
    }
}
