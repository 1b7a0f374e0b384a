package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.testing.ArrowFiles;
import io.github.forkless.testing.LongTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tables go through the command line and real workers. */
class TablesIT {
    private static final int ROWS = 50_000;
    private static final List<String> REGIONS = List.of("north", "süd", "west");

    @RegisterExtension
    static final SharedResident RESIDENT = new SharedResident();

    @TempDir
    private Path folder;

    private Launcher coordinator;

    @BeforeEach
    void writeTableAndTheSameNumbers() throws Exception {
        coordinator = RESIDENT.launcher(folder);
        var random = new Random(4);
        Double[] prices = new Double[ROWS];
        Arrays.setAll(prices, i -> i % 11 == 3 ? null : (Double) (random.nextGaussian() * 100));
        String[] regions = new String[ROWS];
        Arrays.setAll(regions, i -> i % 7 == 6 ? null : REGIONS.get(i % 3));
        ByteBuffer raw = ByteBuffer.allocate(8 * ROWS).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(prices).filter(Objects::nonNull).forEach(raw::putDouble);
        Files.write(folder.resolve("raw.f64"), Arrays.copyOf(raw.array(), raw.position()));
        byte[] table = ArrowFiles.file(
                List.of(
                        ArrowFiles.float64("price", prices),
                        ArrowFiles.int32("id", 0, ROWS),
                        ArrowFiles.dictionaryTexts("region", regions)),
                1,
                20_000,
                0,
                65);
        Files.write(folder.resolve("table.arrow"), table);
    }

    @Test
    void aMatrixInFortranOrderIsATable() throws Exception {
        byte[] numbers = Files.readAllBytes(folder.resolve("raw.f64"));
        int rows = numbers.length / 8 / 2;
        byte[] second = Arrays.copyOfRange(numbers, rows * 8, rows * 16);
        Files.write(folder.resolve("second.f64"), second);
        TestData.npy(folder.resolve("f.npy"), "<f8", "True", "(" + rows + ", 2)", Arrays.copyOf(numbers, rows * 16));
        for (String job : List.of("sum", "histogram")) {
            String expected = coordinator.run("--job", job, "second.f64").answer();
            for (String procs : List.of("1", "3")) {
                assertThat(coordinator
                                .run("--procs", procs, "--tasks", "7", "--job", job, "--column", "1", "f.npy")
                                .answer())
                        .isEqualTo(expected);
            }
        }
        assertThat(coordinator.run("info", "f.npy").answer())
                .contains("type      table\nrows      " + rows + "\n")
                .contains("columns   2\n  #0    0  float64\n  #1    1  float64\n");
        assertThat(coordinator.run("f.npy").error(2))
                .endsWith("f.npy is a table; choose a column with --column NAME, group rows with --by NAME, or give a"
                        + " job of yours with --job FILE.java; there are 0 (float64), 1 (float64)");
        assertThat(coordinator.run("--axis", "0", "f.npy").error(2))
                .endsWith("--axis 0 is for a matrix, as numpy.ascontiguousarray makes it, and this is table data");
    }

    @Test
    void aStructuredArrayIsATable() throws Exception {
        byte[] numbers = Files.readAllBytes(folder.resolve("raw.f64"));
        int rows = numbers.length / 8;
        String descr = "[('id', '<u2'), ('', '|V1'), ('in', [('price', '<f8'), ('even', '|b1')]), ('z', '<c8')]";
        ByteBuffer structures = ByteBuffer.allocate(rows * 20).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < rows; i++) {
            structures.putShort((short) i).put((byte) 7).put(numbers, i * 8, 8).put((byte) (1 - i % 2));
            structures.putLong(i);
        }
        TestData.npy(folder.resolve("s.npy"), descr, "False", "(" + rows + ",)", structures.array());
        for (String job : List.of("sum", "histogram")) {
            String expected = coordinator.run("--job", job, "raw.f64").answer();
            for (String procs : List.of("1", "3")) {
                assertThat(coordinator
                                .run("--procs", procs, "--tasks", "7", "--job", job, "--column", "in.price", "s.npy")
                                .answer())
                        .isEqualTo(expected);
            }
        }
        long even = Math.ceilDiv(rows, 2);
        assertThat(coordinator
                        .run("--csv", "--by", "in.even", "--job", "count", "s.npy")
                        .answer())
                .isEqualTo("key,count\nfalse," + (rows - even) + "\ntrue," + even + "\n");
        assertThat(coordinator.run("info", "s.npy").answer())
                .contains("columns   4\n"
                        + "  #0    id        uint16\n"
                        + "  #1    in.price  float64\n"
                        + "  #2    in.even   bool\n"
                        + "  #3    z         complex64  not read\n");
        assertThat(coordinator.run("--column", "z", "s.npy").error(2))
                .endsWith("--column z: the column 'z' is complex64, and not numbers that a job over one column reads;"
                        + " save its .real and .imag");
    }

    @Test
    void rowsAreGroupedByTextsOfOneWidth() throws Exception {
        ByteBuffer rows = ByteBuffer.allocate(3_000 * 19).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer names = ByteBuffer.allocate(3_000 * 4);
        for (int i = 0; i < 3_000; i++) {
            String region = REGIONS.get(i % 3).substring(0, 3);
            rows.position(19 * i).put((byte) (i % 3)).put((byte) 'x').position(19 * i + 3);
            region.chars().forEach(rows::putInt);
            rows.position(19 * i + 15).putInt(i);
            names.position(4 * i).put(region.getBytes(StandardCharsets.UTF_8));
        }
        String descr = "[('no', '|i1'), ('kind', '|S2'), ('region', '<U3'), ('id', '<i4')]";
        TestData.npy(folder.resolve("s.npy"), descr, "False", "(3000,)", rows.array());
        TestData.npy(folder.resolve("names.npy"), "|S4", "False", "(3000,)", names.array());

        for (String procs : List.of("1", "3")) {
            assertThat(coordinator
                            .run(
                                    "--csv",
                                    "--procs",
                                    procs,
                                    "--tasks",
                                    "7",
                                    "--by",
                                    "region",
                                    "--job",
                                    "sum",
                                    "--column",
                                    "id",
                                    "s.npy")
                            .answer())
                    .isEqualTo("key,count,sum\nnor,1000,1498500\nsüd,1000,1499500\nwes,1000,1500500\n");
            assertThat(coordinator
                            .run("--csv", "--procs", procs, "--by", "0", "names.npy")
                            .answer())
                    .isEqualTo("key,count\nnor,1000\nsüd,1000\nwes,1000\n");
        }
        assertThat(coordinator.run("--csv", "--by", "kind", "s.npy").answer()).isEqualTo("key,count\nx,3000\n");
        assertThat(coordinator.run("info", "names.npy").answer()).contains("columns   1\n  #0    0  S4\n");
        assertThat(coordinator.run("--column", "0", "names.npy").error(2))
                .endsWith("--column 0: the column '0' is S4, and not numbers that a job over one column reads; a job"
                        + " over the table can: block.texts(...)");
    }

    @Test
    void aColumnIsAnsweredAsRawNumbersAre() throws Exception {
        for (String job : List.of("sum", "histogram")) {
            String expected = coordinator
                    .run("--type", "float64", "--job", job, "raw.f64")
                    .answer();

            assertThat(coordinator
                            .run("--column", "price", "--job", job, "--tasks", "9", "table.arrow")
                            .answer())
                    .as(job)
                    .isEqualTo(expected);
        }
        String one = coordinator
                .run("--column", "price", "--procs", "1", "--tasks", "9", "table.arrow")
                .answer();
        assertThat(coordinator
                        .run("--column", "price", "--procs", "3", "--tasks", "9", "table.arrow")
                        .answer())
                .isEqualTo(one);
        assertThat(coordinator
                        .run("--column", "#1", "--job", "count", "--sweep", "above=9,40000", "table.arrow")
                        .answer())
                .isEqualTo("above=9      49990\nabove=40000  9999\n");
    }

    @LongTest
    @Test
    void infoShowsWhatIsInItAlsoWhereItCannotBeRead() throws Exception {
        Files.write(
                folder.resolve("packed.feather"), ArrowFiles.compressed(List.of(ArrowFiles.texts("name", "x", null))));

        assertThat(coordinator.run("info", "table.arrow").answer())
                .contains(
                        "type      table\nrows      50000\n",
                        "batches   5, of 0 to 29934 rows\nmapped    yes\n",
                        "  #0    price   float64                 4546 nulls\n"
                                + "  #1    id      int32                   0 nulls\n");
        assertThat(coordinator.run("info", "packed.feather").answer())
                .contains(
                        "mapped    no: its values are compressed (zstd), so it cannot be read in place", "name  utf8");
        assertThat(coordinator.run("packed.feather").error(3))
                .contains("compressed (zstd)", "coordinator import packed.feather packed.arrow");
    }

    @Test
    void groupsAreTheSameForAnyNumberOfWorkers() {
        assertThat(coordinator
                        .run("--by", "region", "--column", "id", "--job", "sum", "--csv", "--tasks", "9", "table.arrow")
                        .answer())
                .isEqualTo("key,count,sum\n"
                        + "north,14286,357142857\n"
                        + "süd,14286,357142857\n"
                        + "west,14286,357142857\n"
                        + ",7142,178546429\n");
        String one = coordinator
                .run("--by", "region", "--column", "price", "--procs", "1", "--tasks", "9", "table.arrow")
                .answer();
        assertThat(one).hasLineCount(5).startsWith("key    count  nan");
        assertThat(coordinator
                        .run("--by", "region", "--column", "price", "--procs", "3", "--tasks", "9", "table.arrow")
                        .answer())
                .isEqualTo(one);
    }

    @LongTest
    @Test
    void whatCannotBeGroupedIsSaid() {
        assertThat(coordinator.run("--by", "price", "table.arrow").error(2))
                .contains("table.arrow: --by price: the column 'price' is float64; rows are grouped by texts");
        assertThat(coordinator
                        .run("--by", "region", "--column", "x", "table.arrow")
                        .error(2))
                .contains("--by region --column x: there is no column 'x'");
        assertThat(coordinator
                        .run("--by", "region", "--job", "top", "table.arrow")
                        .error(2))
                .contains("--by finds stats, sum or count of each group, and --job is top");
        assertThat(coordinator
                        .run("--by", "region", "--type", "float64", "raw.f64")
                        .error(2))
                .contains("groups the rows of a table, and this is float64 data");
    }

    @LongTest
    @Test
    void aColumnHasToBeChosenAndThere() {
        String columns = "there are price (float64), id (int32), region (dictionary<int8, utf8>)";

        assertThat(coordinator.run("table.arrow").error(2)).contains("choose a column with --column NAME", columns);
        assertThat(coordinator.run("--column", "prise", "table.arrow").error(2))
                .contains("there is no column 'prise'", columns);
        assertThat(coordinator
                        .run("--column", "price", "--type", "float64", "raw.f64")
                        .error(2))
                .contains("only tables have columns");
        assertThat(coordinator.run("--job", "sum", "table.arrow").errorLines(2).getFirst())
                .contains("does not work on table data; use another job, or one column, with --column NAME");
    }
}
