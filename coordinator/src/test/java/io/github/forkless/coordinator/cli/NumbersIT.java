package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.cli.TestData.Oracle;
import io.github.forkless.testing.LongTest;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers of every type go through real workers, and the right ones come out, to the last digit. */
class NumbersIT {
    private static final int COUNT = 5_000;

    @RegisterExtension
    static final SharedResident RESIDENT = new SharedResident();

    @TempDir
    private Path folder;

    private Launcher coordinator;

    @BeforeEach
    void enterFolder() {
        coordinator = RESIDENT.launcher(folder);
    }

    @LongTest
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"TEXT", "RECORDS", "TABLE"})
    void sumAndStatsAreThoseOfExactArithmetic(ElementType type) throws Exception {
        byte[] elements = TestData.random(type, COUNT, 42);
        Files.write(folder.resolve("data.raw"), elements);
        Oracle oracle = Oracle.of(type, elements);
        String[] run = {"--procs", "2", "--tasks", "7", "--type", type.label(), "data.raw", "--job"};

        String sum = coordinator.run(and(run, "sum")).answer().strip();
        Map<String, String> stats = named(coordinator.run(and(run, "stats")).answer());

        String expectedSum = type.isFloating()
                ? Double.toString(oracle.sum().doubleValue())
                : oracle.integerSum().toString();
        assertThat(sum).isEqualTo(expectedSum);
        assertThat(stats).containsEntry("count", "" + COUNT).containsEntry("sum", expectedSum);
        assertThat(new BigDecimal(stats.get("min"))).isEqualByComparingTo(printed(oracle.min(), type));
        assertThat(new BigDecimal(stats.get("max"))).isEqualByComparingTo(printed(oracle.max(), type));
        assertThat(stats).containsEntry("mean", Double.toString(oracle.mean()));
        if (type.isFloating()) {
            assertThat(stats).containsEntry("nan", "0");
            double expected = oracle.deviation();
            assertThat(Double.parseDouble(stats.get("stddev"))).isCloseTo(expected, within(2 * Math.ulp(expected)));
        } else {
            assertThat(stats).doesNotContainKey("nan").containsEntry("stddev", Double.toString(oracle.deviation()));
        }
    }

    /** An integer in full; a float as the shortest decimal that is read back as the same double. */
    private static BigDecimal printed(BigDecimal value, ElementType type) {
        return type.isFloating() ? new BigDecimal(Double.toString(value.doubleValue())) : value;
    }

    @Test
    void whatIsNoTimeIsLeftOut() throws Exception {
        byte[] times = new byte[6 * Long.BYTES];
        var bytes = ByteBuffer.wrap(times).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        bytes.put(new long[] {1, Long.MIN_VALUE, 3, 4, 5, Long.MIN_VALUE});
        TestData.npy(folder.resolve("times.npy"), "<M8[D]", "False", "(6,)", times);
        TestData.npy(folder.resolve("rows.npy"), "<M8[D]", "False", "(2, 3)", times);

        assertThat(coordinator.run("info", "times.npy").answer())
                .contains("type      datetime64[D]\n")
                .contains("first     1970-01-02 NaT 1970-01-04 1970-01-05 1970-01-06\n");
        for (String file : new String[] {"times.npy", "rows.npy"}) {
            assertThat(named(coordinator.run(file).answer()))
                    .containsEntry("count", "4")
                    .containsEntry("sum", "13")
                    .containsEntry("min", "1");
        }
        String json = coordinator.run("--json", "times.npy").answer();
        assertThat(ParsedJson.map(ParsedJson.object(json).get("data"))).containsEntry("type", "datetime64[D]");
        assertThat(coordinator.run("--axis", "0", "rows.npy").error(3)).contains("rows.npy: element 1 is NaT");
    }

    @Test
    void floatsAreTheSameToTheLastBitForEveryNumberOfWorkers() throws Exception {
        byte[] elements = TestData.random(ElementType.FLOAT64, 200_000, 3);
        Files.write(folder.resolve("data.raw"), elements);
        String[] run = {"--type", "float64", "--tasks", "12", "data.raw", "--procs"};

        String one = coordinator.run(and(run, "1")).answer();

        assertThat(Double.parseDouble(named(one).get("sum")))
                .isEqualTo(Oracle.of(ElementType.FLOAT64, elements).sum().doubleValue());
        for (String procs : new String[] {"2", "3", "4"}) {
            assertThat(coordinator.run(and(run, procs)).answer())
                    .as("--procs " + procs)
                    .isEqualTo(one);
        }
    }

    @Test
    void nansAreCountedApart() throws Exception {
        var elements = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        elements.putDouble(Double.NaN)
                .putDouble(1.5)
                .putDouble(Double.NaN)
                .putDouble(2.25)
                .putDouble(-0.25);
        Files.write(folder.resolve("data.raw"), elements.array());

        Map<String, String> stats =
                named(coordinator.run("--type", "float64", "data.raw").answer());

        assertThat(stats)
                .containsEntry("count", "3")
                .containsEntry("nan", "2")
                .containsEntry("sum", "3.5")
                .containsEntry("min", "-0.25")
                .containsEntry("max", "2.25");
    }

    @Test
    void npyOfTwoDimensionsIsReadInPlace() throws Exception {
        byte[] elements = TestData.random(ElementType.FLOAT64, 300 * 7, 5);
        TestData.npy(folder.resolve("prices.npy"), "<f8", "False", "(300, 7)", elements);
        Oracle oracle = Oracle.of(ElementType.FLOAT64, elements);

        Map<String, String> stats = named(
                coordinator.run("--procs", "3", "--tasks", "5", "prices.npy").answer());

        assertThat(stats)
                .containsEntry("count", "2100")
                .containsEntry("sum", Double.toString(oracle.sum().doubleValue()))
                .containsEntry("min", Double.toString(oracle.min().doubleValue()))
                .containsEntry("max", Double.toString(oracle.max().doubleValue()))
                .containsEntry("mean", Double.toString(oracle.mean()));
    }

    @Test
    void columnsOfAMatrixHaveAnAnswerEach() throws Exception {
        var elements = ByteBuffer.allocate(1000 * 3 * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < 1000; row++) {
            elements.putDouble(row).putDouble(row % 2 == 0 ? 1e300 : -1e300).putDouble(row == 999 ? 0.1 : 0);
        }
        TestData.npy(folder.resolve("m.npy"), "<f8", "False", "(1000, 3)", elements.array());

        assertThat(coordinator
                        .run("--procs", "2", "--tasks", "9", "--axis", "0", "--job", "sum", "m.npy")
                        .answer())
                .isEqualTo("""
                    column       sum    mean
                         0  499500.0   499.5
                         1       0.0     0.0
                         2       0.1  1.0E-4
                    """);
        assertThat(coordinator.run("--axis", "0", "--csv", "m.npy").answer()).isEqualTo("""
            column,count,nan,sum,min,max,mean,stddev
            0,1000,0,499500.0,0.0,999.0,499.5,288.6749902572095
            1,1000,0,0.0,-1.0E300,1.0E300,0.0,1.0E300
            2,1000,0,0.1,0.0,0.1,1.0E-4,0.003160696125855822
            """);
        assertThat(coordinator.run("info", "m.npy").answer()).contains("\nshape     (1000, 3)\n");
        assertThat(coordinator.run("--axis", "0", "--job", "count", "m.npy").error(2))
                .contains("--axis 0 finds stats or sum of each column, and --job is count");
        assertThat(coordinator.run("--axis", "1", "m.npy").error(2)).contains("--axis 1: it can be 0");
        assertThat(coordinator.run("--axis", "0", "--param", "x=1", "m.npy").error(2))
                .contains("job by-column has no parameter x");
        assertThat(coordinator.run("--axis", "0", "--column", "x", "m.npy").error(2))
                .contains("choose one of them");
    }

    @Test
    void sumsMayExceed64Bits() throws Exception {
        int count = 20_000;
        long[] elements = new long[count];
        Arrays.fill(elements, Long.MAX_VALUE);
        var bytes = ByteBuffer.allocate(count * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(elements);
        Files.write(folder.resolve("data.raw"), bytes.array());
        BigInteger sum = BigInteger.valueOf(Long.MAX_VALUE).multiply(BigInteger.valueOf(count));

        assertThat(coordinator
                        .run("--type", "int64", "--tasks", "3", "--job", "sum", "data.raw")
                        .answer())
                .isEqualTo(sum + "\n");
        String json = coordinator.run("--type", "int64", "--json", "data.raw").answer();
        assertThat(ParsedJson.map(ParsedJson.object(json).get("result")))
                .containsEntry("sum", sum)
                .containsEntry("min", Long.MAX_VALUE)
                .containsEntry("stddev", 0.0);
    }

    @Test
    void anEmptyDatasetHasACount() throws Exception {
        Files.createFile(folder.resolve("empty.bin"));
        Files.createFile(folder.resolve("empty.txt"));

        assertThat(coordinator.run("empty.bin").answer().lines())
                .containsExactly(
                        "count   0", "sum     0", "min     none", "max     none", "mean    NaN", "stddev  NaN");
        assertThat(coordinator.run("--job", "sum", "empty.bin").answer()).isEqualTo("0\n");
        assertThat(coordinator.run("empty.txt").answer().lines()).containsExactly("lines  0", "words  0", "bytes  0");
    }

    @Test
    void moreTasksThanElementsAreAsManyAsThereAreElements() throws Exception {
        Files.write(folder.resolve("data.bin"), TestData.int32(1, 2, 3));

        String json = coordinator
                .run("--tasks", "1000000", "--job", "sum", "--json", "data.bin")
                .answer();

        assertThat(ParsedJson.object(json)).containsEntry("result", 6);
        assertThat(ParsedJson.map(ParsedJson.object(json).get("run"))).containsEntry("tasks", 3);
    }

    private static String[] and(String[] arguments, String last) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = last;
        return all;
    }

    private static Map<String, String> named(String answer) {
        return answer.lines().map(line -> line.split(" +")).collect(Collectors.toMap(part -> part[0], part -> part[1]));
    }
}
