package io.github.forkless.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.arrow.ArrowFile;
import io.github.forkless.common.wire.ImportMessage;
import io.github.forkless.common.wire.ImportMessage.Note;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files are those that make.py beside them has made. */
class ParquetImportTest {
    @TempDir
    private Path folder;

    private final List<ImportMessage> told = new ArrayList<>();
    private String summary;

    @Test
    void allFlatTypesAreTakenOver() throws Exception {
        ArrowFile table = table("types.parquet");

        assertThat(Tables.types(table).toString())
                .isEqualTo("{bool=bool, int8=int8, int16=int16, int32=int32, int64=int64, uint8=uint8, uint16=uint16,"
                        + " uint32=uint32, uint64=uint64, float16=float16, float32=float32, float64=float64,"
                        + " decimal9=decimal128(9, 2), decimal30=decimal128(30, 5), decimal60=decimal256(60, 0),"
                        + " date=date32, time_ms=time32[ms], time_us=time64[us], timestamp_ms=timestamp[ms],"
                        + " timestamp_us=timestamp[us, UTC], timestamp_ns=timestamp[ns], text=utf8,"
                        + " few=dictionary<int32, utf8>, binary=binary, fixed=fixed_size_binary[3], required=int32}");
        assertThat(Tables.rows(table))
                .containsExactly(
                        row(true, -128, -32768, Integer.MIN_VALUE, Long.MIN_VALUE, 0, 0, 0L, 0L, 1.5, 1.5, 1.5)
                                .and(
                                        "1.25",
                                        "1.25000",
                                        "-1",
                                        1,
                                        1000,
                                        1_000_000L,
                                        1L,
                                        1L,
                                        1L,
                                        "a",
                                        "x",
                                        "00ff",
                                        "616263")
                                .and(1),
                        row(false, 127, 32767, Integer.MAX_VALUE, Long.MAX_VALUE, 255, 65535, 0xffff_ffffL, -1L)
                                .and(-2.0, -2.0, -2.0, "-9999999.99", "-1234567890123456789012345.67891")
                                .and("9".repeat(60), -1, 86_399_999, 86_399_999_999L, -1L, -1L, -1L)
                                .and("s\u00fcd \ud83d\ude00", "y", "", "0001ff", 2),
                        row(new Object[25]).and(3),
                        row(false, 1, 1, 1, 1L, 1, 1, 1L, 1L, 1.0, 1.0, 1.0, "1.00", "1.00000", "1", 20454, 0, 0L)
                                .and(1L, 1L, 1L, "c", "y", "63", "646566", 4),
                        row(true, 2, 2, 2, 2L, 2, 2, 2L, 2L, 2.0, 2.0, 2.0, "2.00", "2.00000", "2", -719162, 0, 0L)
                                .and(2L, 2L, 2L, "", "x", "64", "676869", 5));
        assertThat(summary).startsWith("5 rows: bool bool, int8 int8, ").contains("text text, few dictionary, ");
        assertThat(told)
                .filteredOn(Note.class::isInstance)
                .singleElement()
                .asString()
                .contains("types.parquet: left out, as nested columns are not imported: list, struct");
    }

    @Test
    void aTableMayHaveNoRows() throws Exception {
        ArrowFile table = table("empty.parquet");

        assertThat(table.rows()).isZero();
        assertThat(table.columns()).hasSize(26);
    }

    @ParameterizedTest
    @ValueSource(strings = {"snappy", "lz4", "gzip"})
    void compressedFilesOfSeveralRowGroupsAreRead(String codec) throws Exception {
        List<List<Object>> rows = Tables.rows(table(codec + ".parquet"));

        assertThat(rows).hasSize(300);
        for (int i = 0; i < 300; i++) {
            assertThat(rows.get(i)).isEqualTo(List.of((long) i, "g" + i % 7));
        }
        assertThat(summary).isEqualTo("300 rows: id int64, group dictionary");
    }

    @Test
    void anOldTimeIsNanoseconds() throws Exception {
        ArrowFile table = table("int96.parquet");

        assertThat(Tables.types(table)).isEqualTo(Map.of("t", "timestamp[ns]"));
        assertThat(Tables.rows(table)).containsExactly(List.of(0L), List.of(1000L));
    }

    @Test
    void whatCannotBeTakenOverIsNamed() {
        refused("brotli.parquet", "its values are compressed with brotli, which is not read; write it with zstd");
        refused("nested.parquet", "it has no column that a table can have; these are nested: list; ");
        refused("latin1.parquet", "row 2, column text: it is called a text, and is not UTF-8");
        assertThatThrownBy(() -> Importer.of(file("snappy.parquet"), List.of("--null", "x"), Listener.NONE))
                .isInstanceOf(ImportRequestException.class)
                .hasMessageStartingWith("--null is for CSV files, and ");
    }

    /** Wherever it is cut, and whatever is in it: a reason, never a wrong answer without one. */
    @Test
    void aFileThatIsCutIsRefused() throws Exception {
        byte[] whole = Files.readAllBytes(file("gzip.parquet"));
        for (int length = 4; length < whole.length; length += 97) {
            Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(whole, length));

            assertThatThrownBy(() -> table(cut))
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining("damaged");
        }
    }

    private void refused(String name, String reason) {
        assertThatThrownBy(() -> table(name))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(name + ": " + reason);
    }

    private ArrowFile table(String name) throws Exception {
        return table(file(name));
    }

    private ArrowFile table(Path source) throws Exception {
        Importer importer = Importer.of(source, List.of(), told::add);
        ArrowFile table = Tables.imported(importer, folder.resolve("it.arrow"));
        summary = importer.summary();
        return table;
    }

    private static Path file(String name) throws Exception {
        return Path.of(ParquetImportTest.class.getResource("/parquet/" + name).toURI());
    }

    private static Row row(Object... values) {
        return new Row().and(values);
    }

    private static final class Row extends ArrayList<Object> {
        private static final long serialVersionUID = 1L;

        Row and(Object... values) {
            addAll(Arrays.asList(values));
            return this;
        }
    }
}
