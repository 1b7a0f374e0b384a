package io.github.forkless.common.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlicesTest {
    private static final OptionalInt DEFAULT = OptionalInt.empty();
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"RECORDS", "TABLE"})
    void nothingIsCutIntoNoSlices(ElementType type) throws IOException {
        assertThat(Slices.cut(DatasetFile.open(write(""), Optional.of(type)), DEFAULT))
                .isEmpty();
        assertThat(Slices.cut(DatasetFile.open(write(""), Optional.of(type)), OptionalInt.of(7)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // bytes, slices, bytes of the longest slice
        "4, 1, 4",
        "131072, 1, 131072",
        "1048576, 1, 1048576",
        "1048580, 2, 524292",
        "33554432, 32, 1048576",
        "67108864, 32, 2097152",
        "536870912, 32, 16777216",
        "536870916, 33, 16383876",
        "5368709120, 320, 16777216",
    })
    void byDefaultTheSizeOfNumbersDecides(long bytes, int slices, long longest) {
        DatasetFile file = numbers(ElementType.INT32, bytes / 4);

        List<Slice> cut = Slices.cut(file, DEFAULT);

        assertCovers(file, cut);
        assertThat(cut).hasSize(slices);
        assertThat(lengths(cut).getMax() * 4).isLessThanOrEqualTo(16 * MIB).isGreaterThanOrEqualTo(longest / 2);
        if (bytes % Slices.BLOCK_BYTES == 0 && bytes / Slices.BLOCK_BYTES % slices == 0) {
            assertThat(lengths(cut).getMax() * 4).isEqualTo(longest);
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"TEXT", "RECORDS", "TABLE"})
    void numbersAreCutOnBlockBoundariesAsEvenlyAsPossible(ElementType type) {
        long block = Slices.BLOCK_BYTES / type.width();
        for (long count : new long[] {block * 100, block * 100 + 1, block * 101 - 1}) {
            DatasetFile file = numbers(type, count);
            for (int tasks : new int[] {1, 2, 3, 7, 64, 99, 100}) {
                List<Slice> cut = Slices.cut(file, OptionalInt.of(tasks));

                assertCovers(file, cut);
                assertThat(cut).hasSize(tasks);
                assertThat(cut)
                        .allSatisfy(slice -> assertThat(slice.from() % block).isZero());
                LongSummaryStatistics blocks = cut.stream()
                        .mapToLong(slice -> Math.ceilDiv(slice.length(), block))
                        .summaryStatistics();
                assertThat(blocks.getMax() - blocks.getMin()).isLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void withFewerBlocksThanTasksNumbersAreCutBetweenElements() {
        DatasetFile file = numbers(ElementType.FLOAT64, 100_003);
        for (int tasks : new int[] {8, 9, 1_000, 99_999}) {
            List<Slice> cut = Slices.cut(file, OptionalInt.of(tasks));

            assertCovers(file, cut);
            assertThat(cut).hasSize(tasks);
            assertThat(lengths(cut).getMax() - lengths(cut).getMin()).isLessThanOrEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, Integer.MAX_VALUE})
    void thereIsAtMostOneTaskPerElement(int tasks) {
        assertThat(Slices.cut(numbers(ElementType.INT64, 5), OptionalInt.of(tasks)))
                .containsExactly(new Slice(0, 1), new Slice(1, 2), new Slice(2, 3), new Slice(3, 4), new Slice(4, 5));
    }

    @Test
    void theNumberOfSlicesIsBounded() {
        DatasetFile file = numbers(ElementType.INT8, Long.MAX_VALUE);

        assertThat(Slices.cut(file, OptionalInt.of(Integer.MAX_VALUE))).hasSize(Slices.MAX_SLICES);
        assertCovers(file, Slices.cut(file, DEFAULT));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void noTasksCutNothing(int tasks) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Slices.cut(numbers(ElementType.INT8, 5), OptionalInt.of(tasks)))
                .withMessage(tasks + " slices; it must be 1 or more");
    }

    @Test
    void aSliceOfNumbersIsSplitFromItsStart() {
        DatasetFile file = numbers(ElementType.INT8, 10 * MIB);
        long block = Slices.BLOCK_BYTES;

        assertThat(Slices.split(file, new Slice(5, 5 + 3 * block), 2))
                .containsExactly(new Slice(5, 5 + block), new Slice(5 + block, 5 + 3 * block));
        assertThat(Slices.split(file, new Slice(5, 7), 4)).containsExactly(new Slice(5, 6), new Slice(6, 7));
        assertThat(Slices.split(file, new Slice(5, 5), 4)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> Slices.split(file, new Slice(5, 10 * MIB + 1), 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a\\nb\\nc\\nd\\n | 1 | 0-8",
                "a\\nb\\nc\\nd\\n | 2 | 0-4 4-8",
                "a\\nb\\nc\\nd\\n | 4 | 0-2 2-4 4-6 6-8",
                "a\\nb\\nc\\nd\\n | 99 | 0-2 2-4 4-6 6-8",
                "a\\nb\\nc\\nd | 99 | 0-2 2-4 4-6 6-7",
                "\\n\\n\\n | 99 | 0-1 1-2 2-3",
                "\\n | 99 | 0-1",
                "a | 99 | 0-1",
                "\\na | 99 | 0-1 1-2",
                "a\\n | 99 | 0-2",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\\nb | 4 | 0-39 39-40",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\\n | 4 | 0-39",
                "a\\nbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb | 4 | 0-40",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | 4 | 0-40",
                "a\\r\\nb\\r\\n | 2 | 0-3 3-6",
            })
    void textIsCutWhereLinesStart(String text, int tasks, String slices) throws IOException {
        DatasetFile file = text(text.replace("\\n", "\n").replace("\\r", "\r"));

        assertThat(Slices.cut(file, OptionalInt.of(tasks)))
                .extracting(slice -> slice.from() + "-" + slice.to())
                .containsExactly(slices.split(" "));
    }

    @Test
    void randomTextIsCutWhereLinesStart() throws IOException {
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder();
            int longest = 1 << random.nextInt(14);
            for (int lines = random.nextInt(200); lines > 0; lines--) {
                text.repeat('x', random.nextInt(longest)).append('\n');
            }
            text.repeat('x', random.nextInt(3));
            DatasetFile file = text(text.toString());

            List<Slice> cut = Slices.cut(file, OptionalInt.of(1 + random.nextInt(300)));

            assertCovers(file, cut);
            assertThat(cut)
                    .allSatisfy(slice -> assertThat(slice.from() == 0 || text.charAt((int) slice.from() - 1) == '\n')
                            .isTrue());
        }
    }

    @Test
    void aSliceOfTextIsSplitWithinItself() throws IOException {
        DatasetFile file = text("aaa\nbbb\nccc\nddd\n");

        assertThat(Slices.split(file, new Slice(4, 12), 2)).containsExactly(new Slice(4, 8), new Slice(8, 12));
        assertThat(Slices.split(file, new Slice(4, 8), 2)).containsExactly(new Slice(4, 8));
    }

    @Test
    void byDefaultTheSizeOfTextDecides() throws IOException {
        assertThat(Slices.cut(text("1234567\n".repeat(1 << 17)), DEFAULT)).hasSize(1);
        List<Slice> cut = Slices.cut(text("1234567\n".repeat(1 << 20)), DEFAULT);
        assertThat(cut)
                .hasSize(8)
                .allSatisfy(slice -> assertThat(slice.length()).isEqualTo(MIB));
    }

    @Test
    void linesBeyond4GiBAreCut() throws IOException {
        Path path = folder.resolve("a.log");
        long half = 2500L << 20;
        try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
            sparse.setLength(2 * half);
            sparse.seek(half - 1);
            sparse.write('\n');
            for (long start = 4600L << 20; start < 2 * half; start += MIB) {
                sparse.seek(start - 1);
                sparse.write('\n');
            }
        }
        DatasetFile file = DatasetFile.open(path, Optional.empty());
        // The second half's cuts fall within its last 400 lines of 1 MiB; nothing before them is read.
        List<Slice> cut = Slices.split(file, new Slice(4600L << 20, 2 * half), 100);

        assertThat(cut)
                .hasSize(100)
                .allSatisfy(slice -> assertThat(slice.length()).isEqualTo(4 * MIB));
        assertThat(Slices.cut(file, OptionalInt.of(2))).containsExactly(new Slice(0, half), new Slice(half, 2 * half));
    }

    @Test
    void textThatWasTruncatedMeanwhileIsAnErrorThatSaysSo() throws IOException {
        DatasetFile file = text("x".repeat(1000));
        write("x".repeat(10));

        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> Slices.cut(file, OptionalInt.of(2)))
                .withMessageStartingWith(file.path() + ": truncated from 1000 to 10 bytes while it was in use");
    }

    @Test
    void textThatWasRemovedMeanwhileIsAnErrorThatSaysSo() throws IOException {
        DatasetFile file = text("x".repeat(1000));
        Files.delete(file.path());

        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> Slices.cut(file, OptionalInt.of(2)))
                .withMessageStartingWith(file.path() + ": removed while it was in use");
    }

    private static void assertCovers(DatasetFile file, List<Slice> cut) {
        long end = 0;
        for (Slice slice : cut) {
            if (slice.from() != end || slice.length() <= 0) {
                throw new AssertionError("%s after %d of %s".formatted(slice, end, file));
            }
            end = slice.to();
        }
        assertThat(end).isEqualTo(file.count());
    }

    @Test
    void numbersOfSeveralDimensionsAreCutBetweenRows() {
        DatasetFile file = matrix(1000, 3000); // a row is 24,000 bytes, and a block has 5

        assertThat(Slices.cut(file, DEFAULT)).allMatch(slice -> slice.from() % 15_000 == 0);
        List<Slice> rows = Slices.cut(file, OptionalInt.of(5000));
        assertThat(rows).hasSize(1000).allMatch(slice -> slice.length() == 3000);
        assertCovers(file, rows);
        assertThat(Slices.split(file, new Slice(3000, 12_000), 2))
                .containsExactly(new Slice(3000, 6000), new Slice(6000, 12_000));
        assertThat(Slices.split(file, new Slice(3000, 6000), 2)).containsExactly(new Slice(3000, 6000));
        assertThat(Slices.wholeLines(file, new Slice(1, 6001))).isEqualTo(new Slice(3000, 9000));
    }

    @Test
    void rowsBeyondTheLargestSliceAreCut() {
        DatasetFile file = matrix(1, 100 * MIB);

        assertThat(Slices.cut(file, DEFAULT)).hasSize(50);
        assertThat(Slices.wholeLines(file, new Slice(1, 6001))).isEqualTo(new Slice(1, 6001));
    }

    private static DatasetFile matrix(long rows, long columns) {
        long count = rows * columns;
        return new DatasetFile(
                Path.of("none"),
                new Layout.Numbers(ElementType.FLOAT64, 0, count, List.of(rows, columns)),
                new FileIdentity(0, 0, count * 8, 0, 0));
    }

    private static LongSummaryStatistics lengths(List<Slice> cut) {
        return cut.stream().mapToLong(Slice::length).summaryStatistics();
    }

    /** Numbers are cut without a look at the file: there need not be one. */
    private static DatasetFile numbers(ElementType type, long count) {
        return new DatasetFile(
                Path.of("none"), Layout.of(type, 0, count), new FileIdentity(0, 0, count * type.width(), 0, 0));
    }

    private DatasetFile text(String content) throws IOException {
        return DatasetFile.open(write(content), Optional.of(ElementType.TEXT));
    }

    private Path write(String content) throws IOException {
        return Files.write(folder.resolve("data"), content.getBytes(StandardCharsets.US_ASCII));
    }
}
