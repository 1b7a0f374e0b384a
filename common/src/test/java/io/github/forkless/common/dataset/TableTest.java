package io.github.forkless.common.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.TableColumn;
import io.github.forkless.common.column.TextColumn;
import io.github.forkless.testing.ArrowFiles;
import io.github.forkless.testing.ArrowFiles.Column;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables, in files that this test makes. */
class TableTest {
    @TempDir
    private Path folder;

    private DatasetFile open(byte[] content) throws IOException {
        return open("table.arrow", content);
    }

    private DatasetFile open(String name, byte[] content) throws IOException {
        return DatasetFile.open(Files.write(folder.resolve(name), content), Optional.empty());
    }

    private Block whole(Column... columns) throws IOException {
        return MappedDataset.map(open(ArrowFiles.file(List.of(columns)))).whole();
    }

    @ParameterizedTest
    @ValueSource(strings = {"table.arrow", "table.feather", "table", "table.bin", "table.txt"})
    void aTableIsKnownByWhatItBeginsWith(String name) throws Exception {
        byte[] content = ArrowFiles.file(List.of(ArrowFiles.int32("a", 0, 100)), 30);

        DatasetFile file = open(name, content);

        assertThat(file.layout())
                .isEqualTo(new Layout.Table(
                        List.of(new TableColumn("a", ColumnType.INT32, "int32")),
                        100,
                        file.layout().bytes()));
        assertThat(DatasetFile.open(folder.resolve(name), Optional.of(ElementType.UINT8))
                        .count())
                .isEqualTo(content.length);
    }

    @Test
    void whatCannotBeReadInPlaceIsRefusedWithAWayOut() throws Exception {
        byte[] stream = new byte[64];
        Arrays.fill(stream, 0, 4, (byte) -1);
        stream[4] = 120;
        stream[8] = 16;
        List<Column> columns = List.of(ArrowFiles.int32("a", 0, 5));

        assertRefused(ArrowFiles.compressed(columns), "its values are compressed (zstd)", "/imported-table.arrow");
        assertRefused(ArrowFiles.bigEndian(columns), "its numbers are big-endian", "compression='uncompressed'");
        assertRefused(stream, "an Arrow stream", "make a table of it: coordinator import ");
        assertRefused("FEA1....".getBytes(StandardCharsets.US_ASCII), "Feather file of version 1", "uncompressed");
        byte[] whole = ArrowFiles.file(columns);
        assertRefused(Arrays.copyOf(whole, whole.length - 1), "cut off", "write it again");
    }

    private void assertRefused(byte[] content, String why, String wayOut) {
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> open(content))
                .withMessageContainingAll("table.arrow: ", why, wayOut);
    }

    @Test
    void everyTypeIsReadByItsMethod() throws Exception {
        Block block = whole(
                ArrowFiles.integers("i8", 8, true, -128L, 127L, null),
                ArrowFiles.integers("u8", 8, false, 0L, 255L, null),
                ArrowFiles.integers("i16", 16, true, -32768L, 32767L, null),
                ArrowFiles.integers("u16", 16, false, 0L, 65535L, null),
                ArrowFiles.integers("i32", 32, true, -5L, 1L << 30, null),
                ArrowFiles.integers("u32", 32, false, 0L, 0xffff_ffffL, null),
                ArrowFiles.integers("i64", 64, true, Long.MIN_VALUE, Long.MAX_VALUE, null),
                ArrowFiles.integers("u64", 64, false, 7L, -1L, null),
                ArrowFiles.float16("f16", 0.5f, -2f, null),
                ArrowFiles.float64("f64", 0.1, Double.NaN, null),
                ArrowFiles.booleans("bool", true, false, null),
                ArrowFiles.decimals(
                        "dec", 2, new BigDecimal("-12.34"), new BigDecimal("99999999999999999999.01"), null),
                ArrowFiles.dates("date", 0L, -1L, null),
                ArrowFiles.timestamps("ts", 1L, 2L, null),
                ArrowFiles.texts("utf8", "", "größer", null),
                ArrowFiles.largeTexts("large", "a", "b", null),
                ArrowFiles.textViews("view", "short", "longer than twelve bytes", null),
                ArrowFiles.dictionaryTexts("dict", "x", "x", null),
                ArrowFiles.bytes("fixed", 2, new byte[] {1, 2}, new byte[] {3, 4}, null));

        assertThat(List.of(block.ints("i8").at(0), block.ints("i8").at(1))).containsExactly(-128, 127);
        assertThat(block.ints("u8").at(1)).isEqualTo(255);
        assertThat(block.ints("i16").at(0)).isEqualTo(-32768);
        assertThat(block.ints("u16").at(1)).isEqualTo(65535);
        assertThat(block.ints("i32").at(1)).isEqualTo(1 << 30);
        assertThat(block.longs("u32").at(1)).isEqualTo(0xffff_ffffL);
        assertThat(block.longs("i64").at(0)).isEqualTo(Long.MIN_VALUE);
        assertThat(block.longs("u64").at(0)).isEqualTo(7);
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> block.longs("u64").at(1))
                .withMessageContaining("18446744073709551615");
        assertThat(block.longs("i8").at(0)).isEqualTo(-128);
        assertThat(block.longs("u16").at(1)).isEqualTo(65535);
        assertThat(block.doubles("f16").at(1)).isEqualTo(-2);
        assertThat(block.doubles("f64").at(0)).isEqualTo(0.1);
        assertThat(block.booleans("bool").at(0)).isTrue();
        assertThat(block.booleans("bool").at(1)).isFalse();
        assertThat(block.decimals("dec").at(0)).isEqualTo("-12.34");
        assertThat(block.decimals("dec").at(1)).isEqualTo("99999999999999999999.01");
        assertThat(block.ints("date").at(1)).isEqualTo(-1);
        assertThat(block.longs("ts").at(1)).isEqualTo(2);
        assertThat(block.texts("utf8").at(1)).isEqualTo("größer");
        assertThat(block.texts("large").at(1)).isEqualTo("b");
        assertThat(block.texts("view").at(0)).isEqualTo("short");
        assertThat(block.texts("view").at(1)).isEqualTo("longer than twelve bytes");
        TextColumn dictionary = block.texts("dict");
        assertThat(dictionary.at(1)).isEqualTo("x");
        assertThat(dictionary.code(1)).isZero();
        assertThat(dictionary.dictionary().count()).isOne();
        assertThat(block.binaries("fixed").at(1).toArray(ValueLayout.JAVA_BYTE)).containsExactly(3, 4);
        for (TableColumn column : block.columns()) {
            assertThat(block.column(column.name()).isNull(0)).as(column.name()).isFalse();
            assertThat(block.column(column.name()).isNull(2)).as(column.name()).isTrue();
            assertThat(block.column(column.name()).validity().word(0))
                    .as(column.name())
                    .isEqualTo(3);
        }
        assertThat(block.texts("dict").at(2)).isNull();
        assertThat(block.decimals("dec").at(2)).isNull();
    }

    @Test
    void wrongColumnsAndTypesAreErrors() throws Exception {
        Block block = whole(
                ArrowFiles.float64("price", 1.0),
                ArrowFiles.int32("qty", 1, 1),
                ArrowFiles.int32("qty", 2, 1),
                ArrowFiles.struct("nested", ArrowFiles.int32("x", 0, 1)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> block.doubles("prise"))
                .withMessage("there is no column 'prise'; there are price (float64), qty (int32), qty (int32), nested"
                        + " (struct)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> block.ints("price"))
                .withMessage("the column 'price' is float64, which ints does not read; use doubles");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> block.ints("qty"))
                .withMessage("the columns #1 and #2 are both named 'qty'; use #1 or #2");
        assertThat(block.ints("#2").at(0)).isEqualTo(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> block.column("nested"))
                .withMessage("the column 'nested' is struct, which is not read");
        assertThatIllegalStateException()
                .isThrownBy(() -> block.intAt(0))
                .withMessageContaining("this data is a table");
        assertThatIllegalArgumentException().isThrownBy(() -> block.ints("#4"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000})
    void slicesAndBlocksAreWholeRowsOfOneBatch(int tasks) throws Exception {
        int rows = 40_000;
        int[] batches = {0, 1, 63, 64, 65, 30_000, 0};
        DatasetFile file = open(ArrowFiles.file(List.of(ArrowFiles.int32("a", 0, rows)), batches));
        MappedDataset data = MappedDataset.map(file);
        List<Long> starts = new ArrayList<>(List.of(0L));
        for (int batch : batches) {
            starts.add(starts.getLast() + batch);
        }

        long[] next = {0};
        for (Slice slice : Slices.cut(file, OptionalInt.of(tasks))) {
            assertThat(slice.from()).isEqualTo(next[0]);
            data.forEachBlock(slice, 1 << 10, 1, block -> {
                assertThat(block.start()).isEqualTo(next[0]);
                long start = starts.stream()
                        .filter(at -> at <= block.start())
                        .reduce((_, last) -> last)
                        .orElseThrow();
                assertThat((block.start() - start) % 64).isZero();
                var column = block.ints("a"); // of one batch: or else there is none
                for (int i = 0; i < block.count(); i++) {
                    if (column.at(i) != block.start() + i) {
                        throw new AssertionError(column.at(i) + " in row " + (block.start() + i));
                    }
                }
                next[0] += block.count();
            });
        }

        assertThat(next[0]).isEqualTo(rows);
        assertThat(Slices.cut(file, OptionalInt.of(tasks)).size()).isBetween(Math.min(tasks, 100), tasks);
        assertThatIllegalStateException()
                .isThrownBy(() -> data.whole().ints("a"))
                .withMessageContaining("block.batches()");
        assertThat(data.whole().batches().stream().map(Block::count))
                .containsExactly(1L, 63L, 64L, 65L, 30_000L, 9_807L);
    }

    @Test
    void aColumnIsNumbersWithoutItsNulls() throws Exception {
        int rows = 1000;
        Double[] values = new Double[rows];
        Arrays.setAll(values, i -> i % 7 == 0 && i > 200 ? null : (Double) (i / 3.0));
        Long[] small = new Long[rows];
        Arrays.setAll(small, i -> i % 5 == 0 ? null : (Long) (65_535L - i));
        DatasetFile file = open(ArrowFiles.file(
                List.of(ArrowFiles.float64("price", values), ArrowFiles.integers("qty", 16, false, small)),
                300,
                65,
                0));

        List<Double> prices = new ArrayList<>();
        MappedDataset.map(file.column("price")).forEachBlock(new Slice(0, rows), 1 << 10, 1, block -> {
            assertThat(block.type()).isEqualTo(ElementType.FLOAT64);
            for (int i = 0; i < block.count(); i++) {
                prices.add(block.doubleAt(i));
            }
        });
        List<Long> quantities = new ArrayList<>();
        MappedDataset.map(file.column("#1")).forEachBlock(new Slice(0, rows), 1 << 10, 1, block -> {
            assertThat(block.type()).isEqualTo(ElementType.INT32);
            for (int i = 0; i < block.count(); i++) {
                quantities.add((long) block.intAt(i));
            }
        });

        assertThat(prices)
                .containsExactlyElementsOf(
                        Arrays.stream(values).filter(x -> x != null).toList());
        assertThat(quantities)
                .containsExactlyElementsOf(
                        Arrays.stream(small).filter(x -> x != null).toList());
        assertThat(file.column("price").layout().label()).isEqualTo("float64 column price");
    }

    @Test
    void aColumnOfNumbersThatJavaHasNoTypeForIsTheNextWiderType() throws Exception {
        DatasetFile file = open(ArrowFiles.file(List.of(
                ArrowFiles.integers("u16", 16, false, 0L, 65535L, 7L),
                ArrowFiles.integers("u32", 32, false, 0L, 0xffff_ffffL, 7L),
                ArrowFiles.integers("u64", 64, false, 0L, Long.MAX_VALUE, 7L),
                ArrowFiles.float16("f16", 0.5f, -2f, 7f),
                ArrowFiles.integers("u16 or null", 16, false, 0L, 65535L, null),
                ArrowFiles.integers("u64 or null", 64, false, 0L, Long.MAX_VALUE, null),
                ArrowFiles.float16("f16 or null", 0.5f, -2f, null))));

        assertThat(numbers(file.column("u16"), ElementType.INT32)).containsExactly(0.0, 65535.0, 7.0);
        assertThat(numbers(file.column("u32"), ElementType.INT64)).containsExactly(0.0, 4294967295.0, 7.0);
        assertThat(numbers(file.column("u64"), ElementType.INT64)).containsExactly(0.0, 0x1p63, 7.0);
        assertThat(numbers(file.column("f16"), ElementType.FLOAT32)).containsExactly(0.5, -2.0, 7.0);
        assertThat(numbers(file.column("u16 or null"), ElementType.INT32)).containsExactly(0.0, 65535.0);
        assertThat(numbers(file.column("u64 or null"), ElementType.INT64)).containsExactly(0.0, 0x1p63);
        assertThat(numbers(file.column("f16 or null"), ElementType.FLOAT32)).containsExactly(0.5, -2.0);
    }

    @Test
    void aUint64OfAColumnThatNoLongHoldsIsAnError() throws Exception {
        DatasetFile file = open(ArrowFiles.file(List.of(
                ArrowFiles.integers("whole", 64, false, 1L, 2L, -1L),
                ArrowFiles.integers("with nulls", 64, false, null, 2L, -1L))));

        for (String column : List.of("whole", "with nulls")) {
            assertThatExceptionOfType(DatasetException.class)
                    .isThrownBy(() -> numbers(file.column(column), ElementType.INT64))
                    .withMessageContaining("row 2 of the column is 18446744073709551615, and uint64 is read as int64");
        }
    }

    private static List<Double> numbers(DatasetFile column, ElementType type) {
        List<Double> numbers = new ArrayList<>();
        MappedDataset.map(column).forEachBlock(column.whole(), 1 << 10, 1, block -> {
            assertThat(block.type()).isEqualTo(type);
            for (long i = 0; i < block.count(); i++) {
                numbers.add(block.numberAt(i));
            }
        });
        return numbers;
    }

    @Test
    void aColumnOfSomethingElseIsNoNumbers() throws Exception {
        DatasetFile file = open(ArrowFiles.file(List.of(ArrowFiles.texts("name", "x"))));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> file.column("name"))
                .withMessageContaining("the column 'name' is utf8, and not numbers")
                .withMessageContaining("block.texts(...)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("raw.bin", new byte[4]).column("name"))
                .withMessageContaining("only tables have columns");
    }

    @Test
    void aTableWithoutRows() throws Exception {
        DatasetFile none = open("none", ArrowFiles.file(List.of(ArrowFiles.int32("a", 0, 0))));
        DatasetFile empty = open("empty", ArrowFiles.file(List.of(ArrowFiles.texts("a")), 0, 0));

        assertThat(none.count()).isZero();
        assertThat(Slices.cut(none, OptionalInt.empty())).isEmpty();
        assertThat(MappedDataset.map(none).whole().ints("a").count()).isZero();
        assertThat(MappedDataset.map(empty).whole().texts("a").count()).isZero();
        assertThat(MappedDataset.map(empty).whole().batches()).isEmpty();
        assertThat(MappedDataset.map(none.column("a")).whole().count()).isZero();
    }

    @Test
    void oneColumnInOneBatchIsTheSameSlicesAsRawNumbers() throws Exception {
        int rows = 300_000;
        DatasetFile column =
                open(ArrowFiles.file(List.of(ArrowFiles.int32("a", 0, rows)))).column("a");
        DatasetFile raw = open("raw.bin", new byte[4 * rows]);

        for (int tasks = 1; tasks < 9; tasks++) {
            assertThat(Slices.cut(column, OptionalInt.of(tasks)))
                    .containsExactlyElementsOf(Slices.cut(raw, OptionalInt.of(tasks)));
        }
        assertThat(Slices.cut(column, OptionalInt.empty()))
                .containsExactlyElementsOf(Slices.cut(raw, OptionalInt.empty()));
    }
}
