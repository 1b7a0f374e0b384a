package io.github.forkless.common.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.common.column.TableColumn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyHeaderTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "type-int8, INT8, 5",
        "type-uint8, UINT8, 5",
        "type-int16, INT16, 5",
        "type-int32, INT32, 5",
        "type-int64, INT64, 5",
        "type-float32, FLOAT32, 5",
        "type-float64, FLOAT64, 5",
        "version-1, INT32, 6",
        "version-2, INT32, 6",
        "version-3, INT32, 6",
        "dtype-bool, UINT8, 5",
        "type-uint16, UINT16, 5",
        "type-uint32, UINT32, 5",
        "type-uint64, UINT64, 5",
        "type-float16, FLOAT16, 5",
        "dtype-datetime, INT64, 5",
        "shape-0d, FLOAT64, 1",
        "shape-1-tuple, FLOAT64, 1",
        "shape-2d, FLOAT64, 6",
        "shape-5d-with-ones, INT16, 6",
        "shape-empty, INT32, 0",
        "shape-empty-2d, INT32, 0",
        "fortran-but-one-long-dimension, INT32, 6",
    })
    void whatNumpyWroteIsUnderstood(String golden, ElementType type, long count) throws IOException {
        byte[] file = Npy.golden(golden);

        Layout header = read(file);

        assertThat(header.storedType()).isEqualTo(type);
        assertThat(header.count()).isEqualTo(count);
        assertThat(header.offset() + count * type.width()).isEqualTo(file.length);
    }

    @Test
    void theOffsetIsWhereTheFirstElementIs() throws IOException {
        byte[] file = Npy.golden("shape-2d");
        ByteBuffer elements = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);

        int offset = (int) read(file).offset();

        for (int i = 0; i < 6; i++) {
            assertThat(elements.getDouble(offset + i * Double.BYTES)).isEqualTo(i);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "big-endian-int32 | big-endian, dtype '>i4', which is not supported; convert it with .astype('<i4')",
                "big-endian-float64 | big-endian, dtype '>f8', which is not supported; convert it with .astype('<f8')",
                "dtype-complex128 | dtype '<c16', which is not supported; save its .real and .imag",
                "dtype-object | dtype '|O', which is not supported; supported are",
            })
    void whatIsNotSupportedIsNamed(String golden, String message) {
        assertRejected(Npy.golden(golden), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(2, 3, 1, 2) | in Fortran order, and not of two dimensions but of the shape (2, 3, 1, 2), which is not"
                        + " supported; save it again with numpy.ascontiguousarray(array)",
                "(2, 65537) | in Fortran order, with 65537 columns, more than 65536, which is not supported; save it"
                        + " again with numpy.ascontiguousarray(array)",
            })
    void fortranOrderIsReadOfMatricesAlone(String shape, String message) {
        assertRejected(Npy.withHeader(Npy.header("'|i1'", "True", shape), 12), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'<i1'", "'>i1'", "'|i1'", "'=i1'"})
    void oneByteHasNoOrder(String descr) throws IOException {
        assertThat(read(Npy.withHeader(Npy.header(descr, "False", "(3,)"), 3)).type())
                .isEqualTo(ElementType.INT8);
    }

    @ParameterizedTest
    @CsvSource({
        "dtype-structured, 'a (int32), b (array (2, 2) of float64), c.d (uint8)'",
        "dtype-structured-unicode-name, 'größe (int32), 面 (float64)'",
        "dtype-bytes, 0 (S5)",
        "dtype-unicode, 0 (U5)",
    })
    void fieldsAndTextsAreTables(String golden, String columns) throws IOException {
        byte[] file = Npy.golden(golden);

        Layout.Table table = (Layout.Table) read(file);

        assertThat(table.names()).isEqualTo(columns);
        assertThat(table.offset() + table.bytes()).isEqualTo(file.length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "[('a', '<f8'), ('b', '<i4')] ! 12 ! a (float64) at 0, b (int32) at 8",
                "[('a', '|u1'), ('', '|V3'), ('b', '<i4'), ('', '|V4')] ! 12 ! a (uint8) at 0, b (int32) at 4",
                "[(('the price', 'a'), '<f8')] ! 8 ! a (float64) at 0",
                "[('a', [('x', '<i2'), ('', '|V2'), ('y', [('z', '|b1')])]), ('b', '<M8[s]')] ! 13"
                        + " ! a.x (int16) at 0, a.y.z (bool) at 4, b (datetime64[s]) at 5",
                "[('a', '<f4', (3,)), ('b', [('x', '<i8')], (2, 2)), ('c', '|i1'), ('d', '<i2', 2)] ! 49"
                        + " ! a (array (3,) of float32) at 0, b (array (2, 2) of structures) at 12, c (int8) at 44,"
                        + " d (array 2 of int16) at 45",
                "[('a', '<c16'), ('b', '>f8'), ('c', '|V5'), ('d', '<f16'), ('e', '|i1'), ('f', '>c8')] ! 54"
                        + " ! a (complex128) at 0, b (big-endian float64) at 16, c (V5) at 24, d (float128) at 29,"
                        + " e (int8) at 45, f (big-endian complex64) at 46",
                "[('a', '<f8', (0, 7)), ('a', '|i1')] ! 1 ! a (array (0, 7) of float64) at 0, a (int8) at 0",
            })
    void fieldsAreColumns(String descr, int bytes, String columns) throws IOException {
        Layout.Table table = (Layout.Table) read(Npy.withHeader(Npy.header(descr, "False", "(2, 3)"), 6 * bytes));

        assertThat(table.count()).isEqualTo(6);
        assertThat(table.places()).allMatch(place -> place.step() == bytes);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            TableColumn column = table.columns().get(i);
            found.add(column.name() + " (" + column.label() + ") at "
                    + table.places().get(i).at());
        }
        assertThat(String.join(", ", found)).isEqualTo(columns);
        assertThat(Layout.of(table.type(), table.offset(), table.count(), table.bytes(), 0, table.details()))
                .isEqualTo(table);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "[] ! its rows have no values",
                "[('', '|V8')] ! its rows have no values",
                "[('a', '<f8', (0,))] ! its rows have no values",
                "[('a', '|O'), ('b', '<i4')] ! its field 'a' has the dtype '|O', which is not supported; save the other"
                        + " fields: array[['a', 'b']]",
                "[('a', '|T16')] ! its field 'a' has the dtype '|T16', which is not supported",
                "[('a', '<i3')] ! its field 'a' has the dtype '<i3', which is not supported",
                "[('a',)] ! its dtype cannot be understood: ('a',)",
                "[3] ! its dtype cannot be understood: 3",
                "[(3, '<i4')] ! its dtype cannot be understood: (3, '<i4')",
                "[('a', '<i4', (-1,))] ! its dtype cannot be understood: ('a', '<i4', (-1,))",
                "[('a', '<i4', '3')] ! its dtype cannot be understood: ('a', '<i4', '3')",
                "[('a', 3, (2,))] ! its dtype cannot be understood: ('a', 3, (2,))",
                "[('a', '|V999999999', (9, 9))] ! its rows have more than 2 GiB",
                "[('a', '<i8', (9223372036854775807, 9223372036854775807))] ! its rows have more than 2 GiB",
                "[('a', '<U999999999')] ! its field 'a' has the dtype '<U999999999', which is not supported",
            })
    void aStructuredDtypeThatCannotBeReadIsRefused(String descr, String message) {
        assertRejected(Npy.withHeader(Npy.header(descr, "False", "(3,)"), 24), "a structured dtype, " + descr);
        assertRejected(Npy.withHeader(Npy.header(descr, "False", "(3,)"), 24), message);
    }

    @Test
    void namesWithinALongOneTakeNoMoreThanTheyMay() {
        String fields = "('x', '|i1'), ".repeat(20_000);
        String descr = "[('" + "n".repeat(700_000) + "', [" + fields + "])]";
        byte[] header = Npy.header(descr, "False", "(1,)").getBytes(StandardCharsets.UTF_8);

        assertRejected(Npy.withHeader(2, header, 20_000), "the names of its fields are too long");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "|S3 ! (4,) ! False ! 0 (S3) at 0 by 3",
                "<U3 ! () ! False ! 0 (U3) at 0 by 12",
                "|S3 ! (4, 1) ! True ! 0 (S3) at 0 by 3",
                "|S3 ! (4, 2) ! False ! 0 (S3) at 0 by 6, 1 (S3) at 3 by 6",
                "|S3 ! (4, 2) ! True ! 0 (S3) at 0 by 3, 1 (S3) at 12 by 3",
                "<U1 ! (0, 2) ! True ! 0 (U1) at 0 by 8, 1 (U1) at 4 by 8",
            })
    void textsAreColumns(String code, String shape, String order, String columns) throws IOException {
        int rows = shape.startsWith("(4") ? 4 : shape.equals("()") ? 1 : 0;
        int width = code.equals("<U3") ? 12 : shape.contains(" 2") ? 6 : 3;
        byte[] file = Npy.withHeader(Npy.header("'" + code + "'", order, shape), rows * width);

        Layout.Table table = (Layout.Table) read(file);

        assertThat(table.count()).isEqualTo(rows);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            ColumnPlace place = table.places().get(i);
            found.add(table.columns().get(i).name() + " ("
                    + table.columns().get(i).label() + ") at " + place.at() + " by " + place.step());
        }
        assertThat(String.join(", ", found)).isEqualTo(columns);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                ">U3 ! (1,) ! big-endian, dtype '>U3', which is not supported; convert it with .astype('<U3')",
                "|U3 ! (1,) ! dtype '|U3', which is not supported; supported are",
                "|S0 ! (12,) ! dtype '|S0', texts of no bytes, which is not supported",
                "|S1 ! (2, 3, 2) ! an array of texts, and not of two dimensions but of the shape (2, 3, 2), which is"
                        + " not supported; save it again with numpy.reshape(array, (len(array), -1))",
                "|S1 ! (5, 0) ! an array of texts, without a column, shape (5, 0), which is not supported",
                "|S1 ! (1, 65537) ! an array of texts, with 65537 columns, more than 65536, which is not supported",
                "|S99999999999 ! (1,) ! dtype '|S99999999999', which is not supported",
                "|S2147483647 ! (9223372036854775807,) ! its shape has more elements than any file",
                "|V4 ! (3,) ! dtype '|V4', which is not supported; supported are",
            })
    void textsThatCannotBeReadAreRefused(String code, String shape, String message) {
        assertRejected(Npy.withHeader(Npy.header("'" + code + "'", "False", shape), 12), message);
    }

    @Test
    void aStructuredArrayInFortranOrderIsRefused() {
        assertRejected(
                Npy.withHeader(Npy.header("[('a', '<i4')]", "True", "(2, 3)"), 24),
                "a structured dtype in Fortran order, shape (2, 3), which is not supported; save it again with"
                        + " numpy.ascontiguousarray(array)");
    }

    @Test
    void missingRowsAreCounted() {
        byte[] file = Npy.withHeader(Npy.header("[('a', '<i4'), ('b', '|i1')]", "False", "(5,)"), 24);

        assertRejected(file, "bytes and 5 rows of 5 bytes need ");
    }

    @ParameterizedTest
    @CsvSource({
        "'<M8[ns]', datetime64[ns]",
        "'<m8[25s]', timedelta64[25s]",
        "'<M8[D]', datetime64[D]",
        "'<M8', datetime64",
        "'<m8[generic]', timedelta64[generic]",
    })
    void timesHaveAUnit(String descr, String label) throws IOException {
        Layout times = read(Npy.withHeader(Npy.header("'" + descr + "'", "False", "(2, 3)"), 6 * 8));

        assertThat(times.label()).isEqualTo(label);
        assertThat(times.type()).isEqualTo(ElementType.INT64);
        assertThat(times.rowShape()).containsExactly(3L);
        assertThat(Layout.of(times.storedType(), times.offset(), times.count(), times.bytes(), 0, times.details()))
                .isEqualTo(times);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ">M8[s] | big-endian, dtype '>M8[s]', which is not supported; convert it with .astype('<M8[s]')",
                "=m8[s] | dtype '=m8[s]', which is not supported; read its times as the integers that they are, with"
                        + " .view('<i8')",
                "<M8[0s] | dtype '<M8[0s]', which is not supported; read its times",
                "<M8[s | dtype '<M8[s', which is not supported; read its times",
                "<M8[min] | dtype '<M8[min]', which is not supported; read its times",
                "<M88 | dtype '<M88', which is not supported; read its times",
            })
    void timesOfAnUnknownKindAreRefused(String descr, String message) {
        assertRejected(Npy.withHeader(Npy.header("'" + descr + "'", "False", "(3,)"), 24), message);
    }

    @Test
    void fortranOrderIsFineWhereItMakesNoDifference() throws IOException {
        for (String shape : new String[] {"()", "(6,)", "(1, 6)", "(6, 1, 1)", "(0, 2, 3)"}) {
            long count = shape.equals("()") ? 1 : shape.startsWith("(0") ? 0 : 6;
            byte[] file = Npy.withHeader(Npy.header("'<i4'", "True", shape), (int) count * 4);

            assertThat(read(file).count()).as(shape).isEqualTo(count);
        }
    }

    @Test
    void aHeaderOfPython2IsUnderstood() throws IOException {
        byte[] file = Npy.withHeader(Npy.header("u'<i2'", "False", "(3L, 2L)"), 12);

        assertThat(read(file).count()).isEqualTo(6);
    }

    @Test
    void elementsNeedNotBeAligned() throws IOException {
        byte[] file = Npy.withHeader("{'descr':'<f8','fortran_order':False,'shape':(2,)}", 16);

        assertThat(read(file).offset() % 8).isNotZero();
    }

    @Test
    void otherMagicIsNotNpy() {
        byte[] file = Npy.golden("type-int32");
        file[1] = 'n';

        assertRejected(file, "it does not begin with the .npy magic \\x93NUMPY; write it with numpy.save");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "4, 0", "255, 0", "1, 1"})
    void unknownVersionsAreNamed(int major, int minor) {
        byte[] file = Npy.golden("type-int32");
        file[6] = (byte) major;
        file[7] = (byte) minor;

        assertRejected(file, "its .npy version is %d.%d; 1.0, 2.0 and 3.0 are supported".formatted(major, minor));
    }

    @Test
    void anEmptyFileIsTruncated() {
        assertRejected(new byte[0], "truncated: its first 8 bytes should end at byte 8, but the file ends at byte 0");
    }

    @Test
    void everyTruncationIsAnErrorThatSaysWhere() {
        for (String golden : new String[] {"version-1", "version-2", "version-3"}) {
            byte[] file = Npy.golden(golden);
            for (int length = 0; length < file.length; length++) {
                assertRejected(Arrays.copyOf(file, length), "truncated: ");
            }
        }
    }

    @Test
    void missingElementsAreCounted() {
        byte[] file = Npy.golden("type-int64");

        assertRejected(
                Arrays.copyOf(file, file.length - 3),
                "truncated: a header of 128 bytes and 5 int64 elements need 168 bytes, but the file has 165");
    }

    @Test
    void trailingBytesAreCounted() {
        byte[] file = Npy.golden("type-int64");

        assertRejected(
                Arrays.copyOf(file, file.length + 3), "3 bytes follow its 5 int64 elements, which end at byte 168");
    }

    @Test
    void aHeaderLengthBeyondTheFileIsTruncation() {
        byte[] file = Npy.golden("version-1");
        file[8] = (byte) 0xff;
        file[9] = (byte) 0xff;

        assertRejected(file, "its header of 65535 bytes should end at byte 65545, but the file ends at byte 152");
    }

    @Test
    void aHugeHeaderIsNotRead() {
        byte[] file = Npy.golden("version-2");
        Arrays.fill(file, 8, 12, (byte) 0xff);

        assertRejected(file, "its header says to be 4294967295 bytes long; at most 1048576 are read");
    }

    @Test
    void theLargestHeaderIsRead() throws IOException {
        String header = Npy.header("'<i4'", "False", "(" + "1, ".repeat(300_000) + ")");
        byte[] padded = (header + " ".repeat((1 << 20) - header.length())).getBytes(StandardCharsets.UTF_8);

        assertThat(read(Npy.withHeader(2, padded, 4)).count()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(4611686018427387904, 4)",
                "(3037000500, 3037000500)",
                "(9223372036854775807,)",
                "(2305843009213693952,)",
            })
    void aShapeBeyondAnyFileIsAnErrorNotAnOverflow(String shape) {
        assertRejected(
                Npy.withHeader(Npy.header("'<i4'", "False", shape), 16),
                "its shape has more elements than any file: " + shape);
    }

    @Test
    void aSizeBeyond64BitsIsAnError() {
        assertRejected(
                Npy.withHeader(Npy.header("'<i4'", "False", "(18446744073709551617,)"), 4),
                "an integer does not fit 64 bits");
    }

    @Test
    void anEmptyArrayMayHaveHugeOtherDimensions() throws IOException {
        byte[] file = Npy.withHeader(Npy.header("'<i4'", "False", "(9223372036854775807, 9223372036854775807, 0)"), 0);

        assertThat(read(file).count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(-1,)", "(3)", "3", "[3]", "('3',)", "(True,)", "((3,),)", "None"})
    void aShapeIsATupleOfSizes(String shape) {
        assertRejected(Npy.withHeader(Npy.header("'<i4'", "False", shape), 12), "its shape is not a tuple of sizes: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "'False'", "None", "()"})
    void fortranOrderIsTrueOrFalse(String order) {
        assertRejected(
                Npy.withHeader(Npy.header("'<i4'", order, "(3,)"), 12), "its fortran_order should be True or False");
    }

    @ParameterizedTest
    @ValueSource(strings = {"''", "'<'", "'i4'", "'|i4'", "'<i3'", "'<i44'", "'?'", "'int32'", "'<i4 '"})
    void unknownDtypesAreQuoted(String descr) {
        assertRejected(
                Npy.withHeader(Npy.header(descr, "False", "(3,)"), 12), "dtype " + descr + ", which is not supported");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4", "None", "True", "{}", "('<i4', (2,))"})
    void aDtypeIsAString(String descr) {
        assertRejected(
                Npy.withHeader(Npy.header(descr, "False", "(3,)"), 12), "its dtype cannot be understood: " + descr);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'descr': '<i4', 'fortran_order': False}",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (3,), 'more': 1}",
                "{}",
                "('descr', 'fortran_order', 'shape')",
                "3",
            })
    void aHeaderHasItsThreeEntriesAndNoOthers(String header) {
        assertRejected(
                Npy.withHeader(header, 12), "its header should be a dict with descr, fortran_order and shape, but is ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (3,)",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (3,)} x",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (3,)}\0",
                "{'descr': '<i4', 'descr': '<i4', 'fortran_order': False, 'shape': (3,)}",
                "__import__('os').system('true')",
            })
    void aHeaderThatIsNoLiteralCannotBeUnderstood(String header) {
        assertRejected(Npy.withHeader(header, 12), "its header cannot be understood: ");
    }

    @Test
    void version3IsUtf8() {
        byte[] header = Npy.header("'<i4'", "False", "(3,)").getBytes(StandardCharsets.UTF_8);
        header[3] = (byte) 0xff;

        assertRejected(Npy.withHeader(3, header, 12), "its header is not UTF-8; write it again with numpy.save");
    }

    @Test
    void aLongHeaderIsNotRepeatedWhole() {
        byte[] file = Npy.withHeader(Npy.header("'" + "x".repeat(60_000) + "'", "False", "(3,)"), 12);

        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> read(file))
                .satisfies(e -> assertThat(e.getMessage()).contains("xxx...").hasSizeLessThan(400));
    }

    private void assertRejected(byte[] file, String message) {
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> read(file))
                .satisfies(e -> assertThat(e.getMessage())
                        .startsWith("data.npy: ")
                        .contains(message)
                        .hasLineCount(1)
                        .doesNotContainPattern("\\p{Cntrl}"));
    }

    private Layout read(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("data.npy"), content);
        try (FileChannel channel = FileChannel.open(file)) {
            return NpyHeader.read(file.getFileName(), channel, 0, content.length);
        }
    }
}
