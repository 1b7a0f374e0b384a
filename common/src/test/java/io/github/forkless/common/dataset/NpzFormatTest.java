package io.github.forkless.common.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.testing.Thorough;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays in a {@code .npz} file are read where they lie. */
class NpzFormatTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private ZipOutputStream zip;

    @BeforeEach
    void begin() {
        zip = new ZipOutputStream(bytes);
    }

    /** Of {@code int32}, 1 and 2 and so on. */
    private static byte[] array(int count) {
        byte[] array = Npy.withHeader(Npy.header("'<i4'", "False", "(" + count + ",)"), count * 4);
        ByteBuffer all = ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            all.putInt(array.length - 4 * (count - i), i + 1);
        }
        return array;
    }

    private void store(String name, byte[] content) throws IOException {
        var entry = new ZipEntry(name);
        var crc = new CRC32();
        crc.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
    }

    private void compress(String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
    }

    private Path file() throws IOException {
        zip.close();
        return Files.write(folder.resolve("x.npz"), bytes.toByteArray());
    }

    private static DatasetFile open(Path path) {
        return DatasetFile.open(path, Optional.empty());
    }

    private static void assertRejected(Path path, String message) {
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> open(path))
                .withMessageContaining(message);
    }

    private void assertHasInts(DatasetFile file, int count) throws IOException {
        assertThat(file.path()).isEqualTo(folder.resolve("x.npz").toRealPath());
        assertThat(file.type()).isEqualTo(ElementType.INT32);
        assertThat(file.count()).isEqualTo(count);
        Block all = MappedDataset.map(file).whole();
        for (int i = 0; i < count; i++) {
            assertThat(all.intAt(i)).isEqualTo(i + 1);
        }
    }

    @Test
    void anArrayIsNamedBehindTheFile() throws IOException {
        store("a.npy", array(3));
        store("sub/b.npy", array(5)); // begins anywhere
        store("notes.txt", new byte[10]);
        Path file = file();

        assertHasInts(open(folder.resolve("x.npz#a")), 3);
        assertHasInts(open(folder.resolve("x.npz#a.npy")), 3);
        assertHasInts(open(Path.of(file + "#sub/b")), 5);
        assertThat(DatasetFile.stored(folder.resolve("x.npz#a"))).isEqualTo(file);
        assertThat(DatasetFile.open(folder.resolve("x.npz#a"), Optional.of(ElementType.INT32))
                        .count())
                .isEqualTo(3);
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> DatasetFile.open(folder.resolve("x.npz#a"), Optional.of(ElementType.INT8)))
                .withMessageContaining("x.npz#a: its header says int32, but the type given is int8");
        assertRejected(folder.resolve("x.npz#c"), "x.npz: no array 'c' is in it; it has a, sub/b");
        assertRejected(file, "x.npz: it has a, sub/b; choose one: " + file + "#a");
        assertRejected(folder.resolve("y.npz#a"), "y.npz: no such file");
    }

    @Test
    void oneAloneNeedsNoName() throws IOException {
        store("arr_0.npy", array(4));

        assertHasInts(open(file()), 4);
    }

    @Test
    void aFileThatHasSuchANameIsThatFile() throws IOException {
        store("a.npy", array(4));
        file();
        Path own = Files.write(folder.resolve("x.npz#a"), new byte[] {1, 2, 3});

        assertThat(DatasetFile.stored(own)).isEqualTo(own);
        assertThat(DatasetFile.open(own, Optional.of(ElementType.INT8)).count()).isEqualTo(3);
    }

    @Test
    void whatIsCompressedIsRefusedWithTheCommandThatStoresIt() throws IOException {
        compress("a.npy", array(300));
        Path file = file();

        assertRejected(
                file,
                "x.npz: it is compressed, and only what is stored as it is can be mapped; write it with numpy.savez:"
                        + " python3 -c");
    }

    @Test
    void anArchiveWithoutArraysSaysSo() throws IOException {
        store("a.txt", new byte[3]);

        assertRejected(file(), "x.npz: no array is in it");
    }

    /** As NumPy's header of each member has it, and as all numbers are where the archive is large. */
    @Test
    void numbersOf64BitsAreRead() throws IOException {
        byte[] array = array(3);
        byte[] name = "a.npy".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer file = ByteBuffer.allocate(2000).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[100]); // what is before an archive
        file.putInt(0x04034b50).put(new byte[22]).putShort((short) name.length).putShort((short) 20);
        file.put(name).put(new byte[20]).put(array);
        int directory = file.position();
        file.putInt(0x02014b50).putShort((short) 45).putShort((short) 45).put(new byte[12]);
        file.putInt(-1).putInt(-1).putShort((short) name.length).putShort((short) (4 + 28 + 4));
        file.put(new byte[10]).putInt(-1).put(name);
        file.putShort((short) 9).putShort((short) 0).putShort((short) 1).putShort((short) 28);
        file.putLong(array.length).putLong(array.length).putLong(100).putInt(0);
        int end = file.position();
        file.putInt(0x06064b50).put(new byte[36]).putLong(end - directory).putLong(directory);
        file.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
        file.putInt(0x06054b50)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) -1)
                .putShort((short) -1);
        file.putInt(-1).putInt(-1).putShort((short) 2).putShort((short) 0);
        byte[] all = new byte[file.position()];
        file.get(0, all);
        Files.write(folder.resolve("x.npz"), all);

        assertHasInts(open(folder.resolve("x.npz#a")), 3);
    }

    @Test
    void whatIsNoArchiveIsRefused() throws IOException {
        for (byte[] content : List.of(new byte[0], new byte[30], Npy.golden("shape-2d"))) {
            assertRejected(
                    Files.write(folder.resolve("x.npz"), content),
                    "x.npz: not a .npz file, or a broken one: it has no directory at its end");
        }
    }

    @Test
    void brokenArchivesAreRefusedByName() throws IOException {
        store("a.npy", array(3));
        store("b.npy", array(100));
        byte[] whole = Files.readAllBytes(file());
        var random = new Random(7);
        for (int i = 0; i < Thorough.or(3_000, 600); i++) {
            byte[] broken = random.nextInt(3) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            for (int k = random.nextInt(4); broken.length == whole.length && k >= 0; k--) {
                broken[random.nextInt(4) == 0 ? random.nextInt(whole.length) : whole.length - 1 - random.nextInt(160)] =
                        (byte) random.nextInt();
            }
            // A new file each time: one that is truncated and written is on the disk before it is closed.
            Files.delete(folder.resolve("x.npz"));
            Files.write(folder.resolve("x.npz"), broken);
            try {
                MappedDataset.map(open(folder.resolve("x.npz#a"))).whole();
            } catch (DatasetException e) {
                assertThat(e).hasMessageContaining("x.npz");
            }
        }
    }
}
