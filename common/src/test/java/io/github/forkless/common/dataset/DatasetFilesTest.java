package io.github.forkless.common.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.forkless.testing.ArrowFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several files that are one dataset. */
class DatasetFilesTest {
    private static final int BLOCK = Slices.BLOCK_BYTES;

    @TempDir
    private Path temporary;

    private Path folder;

    @BeforeEach
    void resolve() throws IOException {
        folder = temporary.toRealPath();
    }

    @Test
    void areInTheOrderOfTheirNamesHoweverTheyAreGiven() throws IOException {
        Path b = write("b.log", "b\n");
        Path a = write("a.log", "a\n");
        Path c = write("c.log", "c\n");
        write(".hidden", "no\n");

        assertThat(paths(open(c, a, b))).containsExactly(a, b, c);
        assertThat(paths(Dataset.open(folder, Optional.empty()))).containsExactly(a, b, c);
    }

    @Test
    void areOneLayoutCountedThroughAllOfThem() throws IOException {
        Dataset dataset = open(write("a.bin", 1, 2), write("b.bin"), npy("c.npy", 7, 8, 9), write("d.bin", 3));

        assertThat(dataset.layout()).isEqualTo(new Layout.Numbers(ElementType.INT32, 0, 6));
        assertThat(dataset.path()).isEqualTo(folder);
        assertThat(dataset.name()).isEqualTo(folder + " (4 files)");
        assertThat(IntStream.range(0, 7).map(dataset::partOf)).containsExactly(0, 0, 2, 2, 2, 3, 3);
        assertThat(dataset.isInOnePart(new Slice(2, 5))).isTrue();
        assertThat(dataset.isInOnePart(new Slice(1, 3))).isFalse();
        assertThat(read(dataset, new Slice(0, 6))).containsExactly(1, 2, 7, 8, 9, 3);
        assertThat(read(dataset, new Slice(1, 4))).containsExactly(2, 7, 8);
    }

    @Test
    void oneFileAloneIsThatFile() throws IOException {
        Path a = write("a.bin", 1);

        assertThat(Dataset.open(folder, Optional.empty())).isEqualTo(DatasetFile.open(a, Optional.empty()));
    }

    @Test
    void ofAnotherTypeIsNamedWithWhatWasExpected() throws IOException {
        Path text = write("b.log", "b\n");

        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> open(write("a.bin", 1), text))
                .withMessage(text + ": it has text, and not int32 as " + folder.resolve("a.bin")
                        + " has; leave it out, or run on each alone");
    }

    @Test
    void thatAreEmptyMayHaveAnyName() throws IOException {
        Dataset dataset = open(write("_SUCCESS", ""), write("a.bin", ""), write("b.log", "b\n"), write("c.log", ""));

        assertThat(dataset.layout()).isEqualTo(new Layout.Text(0, 2));
        assertThat(dataset.parts()).hasSize(4);
        assertThat(open(write("d.log", ""), write("e.log", "")).count()).isZero();
    }

    @Test
    void areRefusedWhereOneIsNotADatasetOrIsThereTwice() throws IOException {
        Path a = write("a.log", "a\n");
        Path link = Files.createSymbolicLink(folder.resolve("link.log"), a);
        assertRefused(() -> open(a, a), a + ": given twice; name it once");
        assertRefused(() -> open(a, link), link + ": the same file as " + a + "; name it once");
        assertRefused(() -> open(a, folder.resolve("none.log")), folder.resolve("none.log") + ": no such file");
        Path within = Files.createDirectory(folder.resolve("within"));
        assertRefused(() -> Dataset.open(folder, Optional.empty()), within + ": a folder within the folder " + folder);
        assertRefused(() -> Dataset.open(within, Optional.empty()), within + ": a folder without files");
        assertThat(catchThrowable(() -> open(a, write("unknown", "x"))))
                .isInstanceOf(UnknownTypeException.class)
                .hasMessageStartingWith(folder.resolve("unknown") + ": ");
    }

    private static void assertRefused(Runnable opening, String start) {
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(opening::run)
                .withMessageStartingWith(start);
    }

    @Test
    void thatAreLargeAreCutEachForItself() throws IOException {
        long block = BLOCK / 4;
        Dataset dataset = open(sparse("a.bin", 8 * BLOCK), sparse("b.bin", 4), sparse("c.bin", 4 * BLOCK + 4));

        List<Slice> cut = Slices.cut(dataset, OptionalInt.of(6));

        assertThat(cut)
                .containsExactly(
                        new Slice(0, 2 * block),
                        new Slice(2 * block, 4 * block),
                        new Slice(4 * block, 6 * block),
                        new Slice(6 * block, 8 * block),
                        new Slice(8 * block, 8 * block + 1),
                        new Slice(8 * block + 1, 10 * block + 1),
                        new Slice(10 * block + 1, 12 * block + 2));
    }

    @Test
    void thatAreSmallAreInOneSliceAsOftenAsTheyFit() throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            files.add(write(String.format("%03d.log", i), "line\n"));
        }
        Dataset dataset = Dataset.open(files, Optional.empty());

        assertThat(Slices.cut(dataset, OptionalInt.empty())).containsExactly(new Slice(0, 500));
        assertThat(Slices.cut(dataset, OptionalInt.of(4)))
                .containsExactly(new Slice(0, 125), new Slice(125, 250), new Slice(250, 375), new Slice(375, 500));
        assertThat(Slices.split(dataset, new Slice(0, 15), 2))
                .containsExactly(new Slice(0, 5), new Slice(5, 10), new Slice(10, 15));
        assertThat(Slices.split(dataset, new Slice(0, 5), 2)).containsExactly(new Slice(0, 5));
    }

    /** Whatever the files and the cut, slices cover all, and no line is cut or joined to one of another file. */
    @Test
    void areReadAsTheyWouldBeOneByOne() throws IOException {
        var random = new Random(7);
        for (int round = 0; round < 60; round++) {
            Path sub = Files.createDirectory(folder.resolve("round-" + round));
            List<String> lines = new ArrayList<>();
            int files = 1 + random.nextInt(6);
            for (int i = 0; i < files; i++) {
                var text = new StringBuilder();
                for (int line = random.nextInt(8); line > 0; line--) {
                    String words = "x".repeat(random.nextInt(30)) + i;
                    lines.add(words);
                    text.append(words).append(line > 1 || random.nextBoolean() ? "\n" : "");
                }
                Files.writeString(sub.resolve(i + ".log"), text);
            }
            Dataset dataset = Dataset.open(sub, Optional.empty());
            List<Slice> cut = Slices.cut(dataset, OptionalInt.of(1 + random.nextInt(12)));
            MappedDataset mapped = MappedDataset.map(dataset);
            List<String> read = new ArrayList<>();
            long end = 0;
            for (Slice slice : cut) {
                assertThat(slice.from()).isEqualTo(end);
                assertThat(slice.length()).isPositive();
                end = slice.to();
                mapped.forEachBlock(slice, 16, 1, block -> {
                    Lines all = block.lines();
                    while (all.next()) {
                        read.add(all.text());
                    }
                });
            }
            assertThat(end).isEqualTo(dataset.count());
            assertThat(read).isEqualTo(lines);
            long from = dataset.count() == 0 ? 0 : random.nextLong(dataset.count());
            Slice whole = Slices.wholeLines(dataset, new Slice(from, dataset.count()));
            assertThat(whole.from()).isGreaterThanOrEqualTo(from);
            mapped.close();
        }
    }

    @Test
    void areMappedWhenTheyAreReadAndNotAllAtOnce() throws IOException {
        for (int i = 0; i < 200; i++) {
            write(String.format("%03d.bin", i), i);
        }
        Dataset dataset = Dataset.open(folder, Optional.empty());
        MappedDataset mapped = MappedDataset.map(dataset);
        assertThat(mappings()).isZero();

        assertThat(read(mapped, dataset.whole()))
                .isEqualTo(IntStream.range(0, 200).boxed().toList());
        assertThat(mappings()).isBetween(1L, 96L);

        mapped.close();
        assertThat(mappings()).isZero();
        assertThat(mapped.isOpen()).isFalse();
        assertThat(catchThrowable(() -> read(mapped, new Slice(0, 1)))).isInstanceOf(IllegalStateException.class);
    }

    private long mappings() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains(folder.toString()))
                .count();
    }

    @Test
    void tablesHaveRowsOfOneFileInABlock() throws IOException {
        write("a.arrow", ArrowFiles.file(List.of(ArrowFiles.int32("n", 0, 100), texts("a", 100)), 70));
        write("b.arrow", ArrowFiles.file(List.of(ArrowFiles.int32("n", 100, 50), texts("b", 50))));
        Dataset dataset = Dataset.open(folder, Optional.empty());

        assertThat(dataset.count()).isEqualTo(150);
        MappedDataset mapped = MappedDataset.map(dataset);
        List<Slice> blocks = new ArrayList<>();
        mapped.forEachBlock(dataset.whole(), BLOCK, 1, block -> {
            blocks.add(new Slice(block.start(), block.start() + block.count()));
            assertThat(block.ints("n").at(0)).isEqualTo((int) block.start());
            assertThat(block.texts("t").at(0)).isEqualTo(block.start() < 100 ? "a" : "b");
            assertThat(block.part(1, 2).batches()).containsExactly(block.part(1, 2));
        });
        assertThat(blocks).containsExactly(new Slice(0, 70), new Slice(70, 100), new Slice(100, 150));

        MappedDataset column = MappedDataset.map(dataset.column("n"));
        assertThat(read(column, new Slice(60, 120)))
                .isEqualTo(IntStream.range(60, 120).boxed().toList());
    }

    @Test
    void tablesHaveTheSameColumns() throws IOException {
        Path a = write("a.arrow", ArrowFiles.file(List.of(ArrowFiles.int32("n", 0, 3))));
        Path b = write("b.arrow", ArrowFiles.file(List.of(ArrowFiles.float64("n", 1.5))));

        assertRefused(
                () -> open(a, b),
                b + ": it has the columns n (float64), and not the columns n (int32) as " + a + " has;");
    }

    private static ArrowFiles.Column texts(String text, int count) {
        return ArrowFiles.dictionaryTexts("t", Collections.nCopies(count, text).toArray(String[]::new));
    }

    @Test
    void whatIsThrownSaysWhichOneWasRead() throws IOException {
        Path b = write("b.log", "b\n");
        MappedDataset mapped = MappedDataset.map(open(write("a.log", "aa\n"), b));

        Throwable thrown = catchThrowable(() -> mapped.forEachBlock(new Slice(0, 5), BLOCK, 1, block -> {
            if (block.start() > 0) {
                throw new IllegalStateException("at " + block.start());
            }
        }));

        assertThat(thrown).hasMessage("at 3");
        assertThat(WhileReading.in(thrown)).isEqualTo("while " + b + " was read, whose first element is 3 of all");
    }

    @Test
    void aUint64ThatIsTooLargeIsCountedInItsFile() throws IOException {
        Path a = Files.write(folder.resolve("a.u64"), new byte[24]);
        Path b = Files.write(folder.resolve("b.u64"), new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, -128});
        Path c = Files.write(
                folder.resolve("c.arrow"), ArrowFiles.file(List.of(ArrowFiles.integers("n", 64, false, 1L))));
        Path d = Files.write(
                folder.resolve("d.arrow"), ArrowFiles.file(List.of(ArrowFiles.integers("n", 64, false, 7L, -1L))));

        Dataset numbers = open(a, b);
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> MappedDataset.map(numbers).forEachBlock(numbers.whole(), BLOCK, 1, _ -> {}))
                .withMessageStartingWith(b + ": element 1 is 9223372036854775809, and uint64 is read as int64");
        Dataset column = open(c, d).column("n");
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> MappedDataset.map(column).forEachBlock(column.whole(), BLOCK, 1, _ -> {}))
                .withMessageStartingWith(d + ": row 1 of the column is 18446744073709551615, and uint64");
    }

    @Test
    void oneThatChangesIsNamedAndATextMayGrow() throws IOException {
        Path a = write("a.log", "a\n");
        Path b = write("b.log", "b\n");
        Dataset dataset = open(a, b);
        Files.writeString(b, "more\n", StandardOpenOption.APPEND);
        Files.writeString(a, "more\n", StandardOpenOption.APPEND);

        assertThat(dataset.requireUnchanged()).isEqualTo(10);
        assertThat(MappedDataset.map(dataset).dataset().count()).isEqualTo(4);

        Files.writeString(b, "");
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(dataset::requireUnchanged)
                .withMessageStartingWith(b + ": truncated from 2 to 0 bytes");
    }

    private Dataset open(Path... paths) {
        return Dataset.open(List.of(paths), Optional.empty());
    }

    private static List<Path> paths(Dataset dataset) {
        return dataset.parts().stream().map(DatasetFile::path).toList();
    }

    private static List<Integer> read(Dataset dataset, Slice slice) {
        return read(MappedDataset.map(dataset), slice);
    }

    private static List<Integer> read(MappedDataset mapped, Slice slice) {
        List<Integer> read = new ArrayList<>();
        mapped.forEachBlock(slice, BLOCK, 1, block -> {
            assertThat(block.start()).isEqualTo(slice.from() + read.size());
            for (long i = 0; i < block.count(); i++) {
                read.add(block.intAt(i));
            }
        });
        return read;
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private Path write(String name, int... numbers) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int number : numbers) {
            bytes.putInt(number);
        }
        return write(name, bytes.array());
    }

    private Path npy(String name, int... numbers) throws IOException {
        byte[] header = Npy.withHeader(Npy.header("'<i4'", "False", "(" + numbers.length + ",)"), 0);
        byte[] elements = Files.readAllBytes(write(name, numbers));
        byte[] all = Arrays.copyOf(header, header.length + elements.length);
        System.arraycopy(elements, 0, all, header.length, elements.length);
        return write(name, all);
    }

    private Path sparse(String name, long bytes) throws IOException {
        try (var file = new RandomAccessFile(folder.resolve(name).toFile(), "rw")) {
            file.setLength(bytes);
        }
        return folder.resolve(name);
    }
}
