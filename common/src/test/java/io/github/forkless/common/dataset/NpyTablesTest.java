package io.github.forkless.common.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.LongColumn;
import io.github.forkless.common.column.NumberColumn;
import io.github.forkless.common.column.TableColumn;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** NumPy's arrays that are tables, in files that this test makes. */
class NpyTablesTest {
    private static final int ROWS = 1_000;

    @TempDir
    private Path folder;

    private final Random random = new Random(5);

    private ByteBuffer elements;

    /** With random elements, which {@link #elements} has from then on. */
    private DatasetFile open(String name, String descr, String fortranOrder, String shape, int bytes)
            throws IOException {
        byte[] file = Npy.withHeader(Npy.header(descr, fortranOrder, shape), bytes);
        byte[] numbers = new byte[bytes];
        random.nextBytes(numbers);
        return open(name, file, numbers);
    }

    private DatasetFile open(String name, byte[] file, byte[] numbers) throws IOException {
        System.arraycopy(numbers, 0, file, file.length - numbers.length, numbers.length);
        elements = ByteBuffer.wrap(numbers).order(ByteOrder.LITTLE_ENDIAN);
        return DatasetFile.open(Files.write(folder.resolve(name), file), Optional.empty());
    }

    private static int width(String code) {
        return code.contains("8") ? 8 : code.charAt(2) - '0';
    }

    /** As {@link Column#copy} has it; null for none. */
    private Long value(String code, int at) {
        return switch (code) {
            case "|i1" -> (long) elements.get(at);
            case "|u1" -> elements.get(at) & 0xffL;
            case "|b1" -> elements.get(at) == 0 ? 0L : 1L;
            case "<i2" -> (long) elements.getShort(at);
            case "<u2" -> elements.getShort(at) & 0xffffL;
            case "<i4" -> (long) elements.getInt(at);
            case "<u4" -> elements.getInt(at) & 0xffff_ffffL;
            case "<i8", "<u8" -> elements.getLong(at);
            case "<f2" -> Double.doubleToRawLongBits(Float.float16ToFloat(elements.getShort(at)));
            case "<f4" -> Double.doubleToRawLongBits(elements.getFloat(at));
            case "<f8" -> elements.getLong(at);
            case "<M8[ns]", "<m8[D]" -> elements.getLong(at) == Long.MIN_VALUE ? null : elements.getLong(at);
            default -> throw new AssertionError(code);
        };
    }

    private static List<Long> read(Dataset dataset, String name, int tasks) {
        List<Long> read = new ArrayList<>();
        MappedDataset mapped = MappedDataset.map(dataset);
        for (Slice slice : Slices.split(dataset, dataset.whole(), tasks)) {
            mapped.forEachBlock(slice, 1 << 12, 1, block -> {
                Column column = block.column(name);
                long[] values = new long[(int) block.count()];
                column.copy(0, values.length, values);
                for (int i = 0; i < values.length; i++) {
                    read.add(column.isNull(i) ? null : Long.valueOf(values[i]));
                }
            });
        }
        return read;
    }

    /** Of one column, as jobs over numbers get it; floats as the bits of doubles. */
    private static List<Long> numbers(Dataset dataset, String name, int tasks) {
        Dataset column = dataset.column(name);
        List<Long> numbers = new ArrayList<>();
        MappedDataset mapped = MappedDataset.map(column);
        for (Slice slice : Slices.split(column, column.whole(), tasks)) {
            mapped.forEachBlock(slice, 1 << 12, 1, block -> {
                assertThat(block.type()).isEqualTo(column.type());
                for (long i = 0; i < block.count(); i++) {
                    numbers.add(
                            block.type().isFloating()
                                    ? Double.doubleToRawLongBits(block.numberAt(i))
                                    : block.integerAt(i));
                }
            });
        }
        return numbers;
    }

    private static List<Long> present(List<Long> values) {
        return values.stream().filter(it -> it != null).toList();
    }

    private static void requireSameAfterTheWire(Layout layout) {
        assertThat(Layout.of(
                        layout.storedType(),
                        layout.offset(),
                        layout.count(),
                        layout.bytes(),
                        layout.recordWidth(),
                        layout.details()))
                .isEqualTo(layout);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "|i1", "|u1", "|b1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8", "<M8[ns]", "<m8[D]"
            })
    void aMatrixInFortranOrderHasItsColumnsBehindOneAnother(String code) throws IOException {
        int width = width(code);
        byte[] numbers = new byte[3 * ROWS * width];
        random.nextBytes(numbers);
        for (int row = 0; row < ROWS; row++) {
            if (code.endsWith("]") && row % 17 == 3) { // no time
                Arrays.fill(numbers, (ROWS + row) * 8, (ROWS + row) * 8 + 8, (byte) 0);
                numbers[(ROWS + row) * 8 + 7] = (byte) 0x80;
            } else if (code.equals("<u8")) { // as a long has it
                numbers[(ROWS + row) * 8 + 7] &= 0x7f;
            }
        }
        byte[] file = Npy.withHeader(Npy.header("'" + code + "'", "True", "(" + ROWS + ", 3)"), numbers.length);
        DatasetFile table = open("f.npy", file, numbers);

        assertThat(table.layout().unit()).isEqualTo("rows");
        assertThat(table.count()).isEqualTo(ROWS);
        assertThat(table.bytes()).isEqualTo(numbers.length);
        assertThat(((Layout.Table) table.layout()).columns().stream().map(TableColumn::name))
                .containsExactly("0", "1", "2");
        requireSameAfterTheWire(table.layout());
        requireSameAfterTheWire(table.column("2").layout());
        List<Long> expected = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            expected.add(value(code, (ROWS + row) * width));
        }
        for (int tasks : new int[] {1, 7}) {
            assertThat(read(table, "1", tasks)).isEqualTo(expected);
            assertThat(numbers(table, "#1", tasks)).isEqualTo(present(expected));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "|i1", "|u1", "|b1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8", "<M8[ns]", "<m8[D]"
            })
    void aStructuredArrayHasItsFieldsApart(String code) throws IOException {
        int step = 3 + width(code) + 2 + 1;
        byte[] rows = new byte[ROWS * step];
        random.nextBytes(rows);
        for (int row = 0; row < ROWS; row++) {
            int highest = row * step + 3 + width(code) - 1;
            if (code.endsWith("]") && row % 17 == 3) { // no time
                Arrays.fill(rows, highest - 7, highest, (byte) 0);
                rows[highest] = (byte) 0x80;
            } else if (code.equals("<u8")) { // as a long has it
                rows[highest] &= 0x7f;
            }
        }
        String descr = "[('no', '|V3'), ('in', [('a', '" + code + "'), ('', '|V2')]), ('b', '|u1')]";
        byte[] file = Npy.withHeader(Npy.header(descr, "False", "(" + ROWS + ",)"), rows.length);
        DatasetFile table = open("s.npy", file, rows);

        requireSameAfterTheWire(table.column("in.a").layout());
        List<Long> expected = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            expected.add(value(code, row * step + 3));
        }
        for (int tasks : new int[] {1, 7}) {
            assertThat(read(table, "in.a", tasks)).isEqualTo(expected);
            assertThat(numbers(table, "in.a", tasks)).isEqualTo(present(expected));
        }
        assertThat(read(table, "b", 3).get(ROWS - 1)).isEqualTo(rows[rows.length - 1] & 0xffL);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.column("no"))
                .withMessageContaining(
                        "the column 'no' is V3, and not numbers that a job over one column reads; convert"
                                + " that field to another type with .astype");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MappedDataset.map(table).whole().column("no"))
                .withMessageContaining("the column 'no' is V3, which is not read; convert that field");
        Block whole = MappedDataset.map(table).whole();
        if (whole.column("in.a") instanceof NumberColumn numbers) {
            byte[] packed = numbers.segment().toArray(ValueLayout.JAVA_BYTE);
            assertThat(packed).hasSize(ROWS * width(code));
            for (int row = 0; row < ROWS; row++) {
                assertThat(Arrays.copyOfRange(packed, row * width(code), (row + 1) * width(code)))
                        .isEqualTo(Arrays.copyOfRange(rows, row * step + 3, row * step + 3 + width(code)));
            }
        }
    }

    @Test
    void smallIntegersAreLongsToo() throws IOException {
        DatasetFile file = open("s.npy", "[('a', '<i2'), ('b', '|i1')]", "False", "(100,)", 300);

        LongColumn longs = MappedDataset.map(file).whole().longs("a");

        long[] copied = new long[100];
        longs.copy(0, 100, copied);
        for (int row = 0; row < 100; row++) {
            assertThat(longs.at(row)).isEqualTo(elements.getShort(row * 3)).isEqualTo(copied[row]);
        }
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> longs.at(100));
    }

    @Test
    void aNumberApartThatNoLongHoldsIsAnErrorThatSaysWhere() throws IOException {
        DatasetFile file = open("s.npy", "[('b', '|i1'), ('a', '<u8')]", "False", "(100,)", 900);

        int first = 0;
        while (elements.getLong(first * 9 + 1) >= 0) {
            first++;
        }
        int row = first;
        LongColumn longs = MappedDataset.map(file).whole().longs("a");
        assertThat(longs.firstTooLarge()).isEqualTo(row);
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> longs.at(row))
                .withMessageContaining("in row " + row + " of the block");
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> numbers(file, "a", 1))
                .withMessageContaining("s.npy: row " + row + " of the column is ");
    }

    @Test
    void whatIsNoTimeIsNull() throws IOException {
        byte[] times = new byte[2 * 2 * 8];
        times[8 + 7] = (byte) 0x80;
        DatasetFile file = open("t.npy", Npy.withHeader(Npy.header("'<M8[s]'", "True", "(2, 2)"), times.length), times);

        Block block = MappedDataset.map(file).whole();

        assertThat(block.longs("0").hasNulls()).isTrue();
        assertThat(block.longs("0").isNull(0)).isFalse();
        assertThat(block.longs("0").isNull(1)).isTrue();
        assertThat(block.longs("1").hasNulls()).isFalse();
    }

    @Test
    void filesWithTheSameColumnsAreOneDataset() throws IOException {
        DatasetFile one = open("1.npy", "'<i4'", "True", "(300, 3)", 300 * 3 * 4);
        List<Long> expected = new ArrayList<>(read(one, "1", 1));
        DatasetFile other = open("2.npy", "'<i4'", "True", "(77, 3)", 77 * 3 * 4);
        expected.addAll(read(other, "1", 1));

        Dataset both = Dataset.open(List.of(one.path(), other.path()), Optional.empty());

        assertThat(read(both, "1", 5)).isEqualTo(expected);
        assertThat(numbers(both, "1", 5)).isEqualTo(expected);
        open("3.npy", "'<i4'", "True", "(77, 2)", 77 * 2 * 4);
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> Dataset.open(List.of(folder), Optional.empty()))
                .withMessageContaining("it has the columns 0 (int32), 1 (int32), and not the columns 0 (int32)");
    }

    @Test
    void aColumnThatIsMissingIsNamed() throws IOException {
        DatasetFile file = open("f.npy", "'<f8'", "True", "(2, 2)", 32);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> file.column("2"))
                .withMessageContaining("there is no column '2'; there are 0 (float64), 1 (float64)");
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> DatasetFile.open(file.path(), Optional.of(ElementType.FLOAT64)))
                .withMessageContaining("its header says table, but the type given is float64; leave the type out");
    }

    @Test
    void aNumberThatNoLongHoldsIsAnErrorThatSaysWhere() throws IOException {
        DatasetFile file = open("f.npy", "'<u8'", "True", "(100, 2)", 1600);

        int row = 0;
        while (elements.getLong(800 + row * 8) >= 0) {
            row++;
        }
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> numbers(file, "1", 1))
                .withMessageContaining("f.npy: row " + row + " of the column is ");
    }

    private static List<String> texts(DatasetFile file, String name) {
        List<String> texts = new ArrayList<>();
        MappedDataset mapped = MappedDataset.map(file);
        for (Slice slice : Slices.split(file, file.whole(), 3)) {
            mapped.forEachBlock(slice, 1 << 10, 1, block -> {
                for (long row = 0; row < block.count(); row++) {
                    texts.add(block.texts(name).at(row));
                }
            });
        }
        return texts;
    }

    private static byte[] utf32(int width, List<String> texts) {
        var all = ByteBuffer.allocate(4 * width * texts.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < texts.size(); i++) {
            all.position(4 * width * i);
            texts.get(i).codePoints().forEach(all::putInt);
        }
        return all.array();
    }

    private static byte[] utf8(int width, List<String> texts) {
        byte[] all = new byte[width * texts.size()];
        for (int i = 0; i < texts.size(); i++) {
            byte[] bytes = texts.get(i).getBytes(StandardCharsets.UTF_8);
            System.arraycopy(bytes, 0, all, width * i, bytes.length);
        }
        return all;
    }

    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "abcd",
            "größ",
            "\u0000b",
            "a\u0000\u0000d",
            "\ud83d\ude00",
            "面\u007f\u0080",
            "\u07ff\u0800\uffff");

    @Test
    void textsEndBeforeTheZerosThatFillThemUp() throws IOException {
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            many.addAll(TEXTS);
        }
        String shape = "(" + many.size() + ",)";
        byte[] inUtf32 = utf32(4, many);
        byte[] inUtf8 = utf8(9, many);

        assertThat(texts(
                        open("u.npy", Npy.withHeader(Npy.header("'<U4'", "False", shape), inUtf32.length), inUtf32),
                        "0"))
                .isEqualTo(many);
        assertThat(texts(
                        open("s.npy", Npy.withHeader(Npy.header("'|S9'", "False", shape), inUtf8.length), inUtf8), "0"))
                .isEqualTo(many);
    }

    @Test
    void textsMayBeFieldsAndColumns() throws IOException {
        byte[] rows = utf8(9, TEXTS);
        String descr = "[('a', '|S4'), ('b', '|i1'), ('c', '|S4')]";
        DatasetFile file = open("s.npy", Npy.withHeader(Npy.header(descr, "False", "(9,)"), rows.length), rows);

        assertThat(texts(file, "a")).startsWith("", "a", "abcd").element(5).isEqualTo("a\u0000\u0000d");
        assertThat(texts(file, "c").get(8)).isEqualTo(new String(rows, 77, 3, StandardCharsets.UTF_8));
        requireSameAfterTheWire(file.layout());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> file.column("a"))
                .withMessageContaining("the column 'a' is S4, and not numbers that a job over one column reads; a job"
                        + " over the table can: block.texts(...)");
        byte[] letters = "abcdef".getBytes(StandardCharsets.UTF_8);
        DatasetFile rowByRow = open("c.npy", Npy.withHeader(Npy.header("'|S1'", "False", "(3, 2)"), 6), letters);
        DatasetFile byColumn = open("f.npy", Npy.withHeader(Npy.header("'|S1'", "True", "(3, 2)"), 6), letters);
        assertThat(texts(rowByRow, "1")).containsExactly("b", "d", "f");
        assertThat(texts(byColumn, "1")).containsExactly("d", "e", "f");
    }

    @ParameterizedTest
    @ValueSource(ints = {0xd800, 0xdfff, 0x110000, -1, Integer.MIN_VALUE})
    void aCharacterThatUnicodeHasNotIsAnErrorThatSaysWhere(int character) throws IOException {
        var all = ByteBuffer.allocate(400).order(ByteOrder.LITTLE_ENDIAN).putInt(4 * 75, character);
        DatasetFile file = open("u.npy", Npy.withHeader(Npy.header("'<U1'", "False", "(100,)"), 400), all.array());

        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> texts(file, "0"))
                .withMessageContaining("u.npy: row 75 of the column '0' has a character that Unicode has not");
        assertThat(MappedDataset.map(file).block(new Slice(0, 75)).texts("0").at(3))
                .isEmpty();
    }
}
