package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.lab.Again;
import io.github.forkless.coordinator.lab.Arrangement;
import io.github.forkless.coordinator.lab.Arrangements;
import io.github.forkless.coordinator.lab.Consequence;
import io.github.forkless.coordinator.lab.Isolation;
import io.github.forkless.coordinator.lab.Kernel;
import io.github.forkless.coordinator.lab.Measurement;
import io.github.forkless.coordinator.lab.Misbehaviour;
import io.github.forkless.coordinator.lab.Repetition;
import io.github.forkless.coordinator.lab.Scaling;
import io.github.forkless.coordinator.lab.Shape;
import io.github.forkless.coordinator.lab.Sharing;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** The laboratory's tables, with figures as long as a large machine may have them. */
class LabTablesTest {
    private static final int WIDTH = 80;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final LabTables tables = new LabTables(new PrintStream(printed, true, StandardCharsets.UTF_8));

    private static Measurement large(Arrangement arrangement, Kernel kernel, boolean isWhole) {
        Duration start = Duration.ofMillis(123_450);
        Duration wall = start.plusSeconds(4_567);
        long terabyte = 1023L << 30;
        return new Measurement(
                arrangement,
                kernel,
                256,
                1L << 30,
                10_000,
                isWhole,
                wall,
                start,
                wall,
                Duration.ofSeconds(98_765),
                terabyte,
                257,
                terabyte,
                terabyte,
                0);
    }

    private static Repetition repetition(Repetition.By by, long millis) {
        Duration time = Duration.ofMillis(millis);
        return new Repetition(by, time, List.of(time, time), 0, "", time.multipliedBy(2), 1023L << 30, 0);
    }

    private List<String> lines() {
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void allFitsInto80Columns() {
        var consequence = new Consequence(
                Misbehaviour.FILLER,
                "processes",
                true,
                80,
                80,
                true,
                Optional.of(Duration.ofSeconds(123)),
                Optional.of(Duration.ofSeconds(12)),
                "killed by SIGSEGV in V  [libjvm.so+0x123632d]  Unsafe_PutLong+0xad, and " + "x".repeat(100),
                0);
        var sharing = new Sharing(1L << 30, 10_000, 256);

        tables.machine(
                new Shape(256, "A processor (TM) with a very long name @ 2.45 GHz", 3L << 40, "Linux 6.18", "25"));
        tables.begin(sharing);
        List<Measurement> rows = Arrangements.SHARING.stream()
                .map(arrangement ->
                        large(arrangement, Kernel.CHECKSUM, !arrangement.name().equals("managed")))
                .toList();
        rows.forEach(row -> tables.row(row, Optional.of(row)));
        tables.notes(sharing, rows);
        tables.begin(new Scaling(1L << 30, 10_000, 10_000, 256));
        for (Arrangement arrangement : List.of(Arrangements.SHARING.getLast(), Arrangements.SHARED_SCAN)) {
            Measurement row = large(arrangement, Kernel.CHECKSUM, true);
            tables.scalingRow(row, Optional.of(row));
        }
        tables.begin(new Isolation(256));
        tables.row(consequence, true);
        tables.notesOnIsolation();
        tables.begin(new Again(Path.of("coordinator"), 1L << 30, 10_000, 256));
        for (Repetition.By by : Repetition.By.values()) {
            tables.row(repetition(by, 98_765_000), repetition(by, 98_765));
        }
        tables.notesOnAgain(repetition(Repetition.By.RESIDENT, 98_765_000));
        tables.warnings(List.of("word ".repeat(40)));

        assertThat(lines())
                .hasSizeGreaterThan(50)
                .allSatisfy(
                        line -> assertThat(line).hasSizeLessThanOrEqualTo(WIDTH).isEqualTo(line.stripTrailing()));
        assertThat(String.join("", lines()).replace(" ", "")).contains("x".repeat(100));
    }

    @Test
    void whatANameMeansStandsBeforeIt() {
        for (Arrangement arrangement : Arrangements.SHARING) {
            Measurement row = large(arrangement, Kernel.CHECKSUM, true);
            tables.row(row, Optional.of(row));

            assertThat(lines().getLast()).startsWith("  " + arrangement.name() + " ");
            assertThat(lines().get(lines().size() - 2)).isEqualTo(arrangement.meaning());
        }
    }

    @Test
    void briefAnswersAreInMilliseconds() {
        tables.row(repetition(Repetition.By.RESIDENT, 9), repetition(Repetition.By.COLD, 999));
        tables.row(repetition(Repetition.By.RESIDENT, 1_000), repetition(Repetition.By.COLD, 1_000));

        assertThat(lines().get(1)).contains(" 9.0 ms ", " 0.03 s ", " 111.00");
        assertThat(lines().get(3)).contains(" 1.00 s ").doesNotContain(" ms ");
    }

    @Test
    void aSmallSpeedUpIsAPart() {
        assertThat(LabTables.speedUp(OptionalDouble.of(1.9))).isEqualTo("1.90");
        assertThat(LabTables.speedUp(OptionalDouble.of(0.1))).isEqualTo("0.10");
        assertThat(LabTables.speedUp(OptionalDouble.of(1 / 8646.0))).isEqualTo("1/8646");
        assertThat(LabTables.speedUp(OptionalDouble.empty())).isEmpty();
    }
}
