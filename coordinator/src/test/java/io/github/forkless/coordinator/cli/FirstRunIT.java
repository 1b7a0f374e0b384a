package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.cli.TestData.Oracle;
import io.github.forkless.testing.LongTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What somebody who has just read the README does. */
class FirstRunIT {
    @RegisterExtension
    static final SharedResident RESIDENT = new SharedResident();

    @TempDir
    private Path folder;

    private Launcher coordinator;

    @BeforeEach
    void enterFolder() {
        coordinator = RESIDENT.launcher(folder);
    }

    @Test
    void generatesTheDatasetOnceAndAnswersEachTime() throws Exception {
        String first =
                coordinator.run("--procs", "4", "--generate", "64K", "data.bin").answer();

        Path data = folder.resolve("data.bin");
        assertThat(data).hasSize(4 * 65536);
        Oracle oracle = Oracle.of(ElementType.INT32, Files.readAllBytes(data));
        assertThat(first.lines())
                .containsExactly(
                        "count   65536",
                        "sum     " + oracle.integerSum(),
                        "min     " + oracle.min(),
                        "max     " + oracle.max(),
                        "mean    " + oracle.mean(),
                        "stddev  " + oracle.deviation());
        assertThat(names()).containsExactly("data.bin");

        FileTime written = Files.getLastModifiedTime(data);
        Object inode = Files.getAttribute(data, "unix:ino");
        assertThat(coordinator
                        .run("--procs", "4", "--generate", "64K", "data.bin")
                        .answer())
                .isEqualTo(first);
        assertThat(coordinator.run("run", "--procs=2", "data.bin").answer()).isEqualTo(first);
        assertThat(coordinator.run("--no-daemon", "info", "data.bin").answer())
                .isEqualTo(coordinator.run("info", "data.bin").answer());
        assertThat(Files.getLastModifiedTime(data)).isEqualTo(written);
        assertThat(Files.getAttribute(data, "unix:ino")).isEqualTo(inode);
    }

    @LongTest
    @Test
    void generatesOfEachTypeAndDistribution() throws Exception {
        assertThat(coordinator
                        .run("--generate", "1K", "--type", "float64", "--dist", "sequence", "--job", "sum", "a.dat")
                        .answer())
                .isEqualTo("523776.0\n");
        assertThat(coordinator
                        .run("--generate", "3K", "--type", "int8", "--dist", "constant", "--job", "sum", "b.dat")
                        .answer())
                .isEqualTo("3072\n");
        coordinator.run("--generate", "100", "--seed", "7", "c.bin").answer();
        coordinator.run("generate", "--count", "100", "--seed", "7", "d.bin").answer();
        coordinator.run("generate", "--count", "100", "--seed", "8", "e.bin").answer();
        assertThat(folder.resolve("c.bin")).hasSameBinaryContentAs(folder.resolve("d.bin"));
        assertThat(Files.readAllBytes(folder.resolve("e.bin")))
                .isNotEqualTo(Files.readAllBytes(folder.resolve("d.bin")));
    }

    @Test
    void countsTextAsWcDoes() throws Exception {
        Files.write(folder.resolve("access.log"), TestData.random(ElementType.TEXT, 300_000, 1));

        String answer =
                coordinator.run("--procs", "2", "--tasks", "9", "access.log").answer();

        Process wc = new ProcessBuilder("wc", "-lwc")
                .redirectInput(folder.resolve("access.log").toFile())
                .start();
        String[] expected =
                new String(wc.getInputStream().readAllBytes()).strip().split("\\s+");
        assertThat(answer.lines())
                .containsExactly("lines  " + expected[0], "words  " + expected[1], "bytes  " + expected[2]);
    }

    @Test
    void saysWhatADatasetHolds() throws Exception {
        Files.write(folder.resolve("data.bin"), TestData.int32(5, -7, 9));

        assertThat(coordinator.run("info", "data.bin").answer().lines())
                .contains("type      int32", "elements  3", "first     5 -7 9")
                .anyMatch(line -> line.matches("cached +12 bytes \\(100[.]0 %\\)"));
    }

    @Test
    void whatADatasetHoldsIsShownInALineThatIsNoOrderToATerminal() throws Exception {
        Files.writeString(folder.resolve("two\nlines.txt"), "\u001b[2J\u202e one\ttwo\r\n");

        assertThat(coordinator.run("info", "two\nlines.txt").answer().lines())
                .anyMatch(line -> line.matches("path +/.*/two\\\\u000alines[.]txt"))
                .contains("first     \\u001b[2J\\u202e one\\ttwo\\r\\n");
    }

    @LongTest
    @Test
    void digitsAreTheSameForEveryone() throws Exception {
        Files.write(folder.resolve("data.bin"), TestData.int32(5, -7, 9));
        String expected = coordinator.run("info", "data.bin").answer();

        for (String locale : List.of("ar -Duser.country=EG", "fa -Duser.country=IR", "de", "tr")) {
            Launcher abroad = coordinator.with("FORKLESS_JAVA_OPTS", "-Duser.language=" + locale);
            assertThat(abroad.run("info", "data.bin").answer()).as(locale).isEqualTo(expected);
        }
    }

    @Test
    void listsAndExplainsItsJobs() {
        assertThat(coordinator.run("jobs").answer().lines().map(line -> line.split(" ")[0]))
                .contains("sum", "stats", "wc");
        assertThat(coordinator.run("jobs", "sum").answer()).contains("exact", "no parameters");
        assertThat(coordinator.run("jobs", "nonsense").error(2)).contains("nonsense", "sum", "stats", "wc");
    }

    @Test
    void explainsItself() {
        assertThat(coordinator.run("--help").answer())
                .contains("coordinator --procs 4 --generate 128M data.bin", "generate", "info", "jobs")
                .satisfies(help -> assertThat(help.lines())
                        .as("fits a screen")
                        .hasSizeLessThan(24)
                        .allMatch(line -> line.length() <= 80));
        assertThat(coordinator.run("run", "--help").answer())
                .containsSubsequence(
                        "Usage: coordinator run [OPTIONS] DATA...\n",
                        "\nMost used:\n",
                        "--procs",
                        "--job",
                        "--json",
                        "\nOutput:\n",
                        "--trace",
                        "\nData:\n",
                        "--tasks",
                        "\nWorkers:\n",
                        "--pin",
                        "\nWhen something fails:\n",
                        "--retries");
    }

    /** On a terminal, which script(1) makes. */
    @LongTest
    @Test
    void helpIsAsWideAsTheTerminalAndInColoursWhereItHasAny() {
        Launcher terminal = coordinator.with("TERM", "xterm").by("script", "-qefc");
        String help = "stty cols 120; '" + Launcher.SCRIPT + "' run --help";

        assertThat(terminal.run(help, "/dev/null").stdout()).contains("\u001b[33m--procs");
        String plain = terminal.with("TERM", "dumb").run(help, "/dev/null").stdout();
        assertThat(plain).contains("--procs=N").doesNotContain("\u001b");
        assertThat(plain.lines().mapToInt(String::length).max().orElseThrow()).isBetween(100, 120);
        for (Launcher colourless : List.of(terminal.with("TERM", ""), terminal.with("NO_COLOR", "1"))) {
            assertThat(colourless.run(help, "/dev/null").stdout()).doesNotContain("\u001b");
        }
    }

    @LongTest
    @Test
    void noLineOfAHelpIsWiderThanTheTerminal() {
        for (String command : List.of("", "run", "generate", "import", "info", "jobs", "lab", "daemon")) {
            for (int columns : new int[] {40, 60, 80}) {
                String help = coordinator
                        .with("COLUMNS", Integer.toString(columns))
                        .run(command.isEmpty() ? new String[] {"--help"} : new String[] {command, "--help"})
                        .answer();
                assertThat(help.lines())
                        .as("%s in %d columns", command, columns)
                        .hasSizeGreaterThan(3)
                        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(columns));
            }
        }
        Launcher terminal = coordinator.with("TERM", "dumb").by("script", "-qefc");
        String run = terminal.run("stty cols 40; '" + Launcher.SCRIPT + "' run --help", "/dev/null")
                .stdout();
        assertThat(run.lines()).allSatisfy(line -> assertThat(line.strip()).hasSizeLessThanOrEqualTo(40));
        assertThat(run).contains("spark.executor.memory=8g");
    }

    @Test
    void anExplainedJobFitsTheTerminal() {
        for (String job : List.of("stats", "histogram", "1brc", "top")) {
            assertThat(coordinator.run("jobs", job).answer().lines())
                    .as(job)
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        }
        assertThat(coordinator
                        .with("COLUMNS", "40")
                        .run("jobs", "stats")
                        .answer()
                        .lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(40));
    }

    @Test
    void everyOptionWithAValueSaysWhatItIsWithoutOne() {
        for (String command : List.of("run", "generate", "info")) {
            String options = coordinator.run(command, "--help").answer().replaceAll("\\n {20,}", " ");
            assertThat(options.lines().filter(line -> line.matches(" +--[a-z-]+=.*")))
                    .isNotEmpty()
                    .allMatch(line -> line.contains("(default: ") || line.contains("--count="));
        }
    }

    @Test
    void saysWhichVersionAndCommitItIsAndWhatItRunsOn() {
        assertThat(coordinator.run("--version").answer())
                .matches("forkless \\d+[.]\\d+\\S*, commit ([0-9a-f]{12}(-dirty)?|unknown)\nJava \\d+.*, /.*\n");
    }

    private List<String> names() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
