package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.testing.LongTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code --output}: the answer in a file, whole or not at all. */
class AnswerFilesIT {
    private static final int USAGE = 2;
    private static final int FAILED = 1;

    @RegisterExtension
    static final SharedResident RESIDENT = new SharedResident();

    @TempDir
    private Path folder;

    private Launcher coordinator;

    @BeforeEach
    void writeData() throws Exception {
        coordinator = RESIDENT.launcher(folder);
        Files.write(folder.resolve("data.bin"), TestData.int32(1, 2, 3, 4));
    }

    @Test
    void textIsWhatIsPrinted() throws Exception {
        String stats = coordinator.run("--output", "stats.csv", "data.bin").answer();
        assertThat(stats).startsWith("count   4\n");
        assertThat(folder.resolve("stats.csv"))
                .hasContent(coordinator.run("--csv", "data.bin").answer());
        coordinator.run("--output", "stats.tsv", "data.bin").answer();
        assertThat(folder.resolve("stats.tsv"))
                .hasContent(coordinator.run("--tsv", "data.bin").answer());
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("data.bin", "stats.csv", "stats.tsv");
        }
    }

    @Test
    void jsonHasTheRunToo() throws Exception {
        String answer = coordinator
                .run("--job", "sum", "--output", "sum.json", "--csv", "data.bin")
                .answer();

        assertThat(answer).isEqualTo("result\n10\n");
        Map<String, Object> json = RunSchema.checked(Files.readString(folder.resolve("sum.json")));
        assertThat(json).containsEntry("result", 10);
        assertThat(ParsedJson.map(json.get("run"))).containsEntry("complete", true);
    }

    @Test
    void aTableIsDataAgain() throws Exception {
        coordinator
                .run(
                        "--job",
                        "count",
                        "--sweep",
                        "above=0:3",
                        "--sweep",
                        "below=2.5,9",
                        "--output",
                        "n.arrow",
                        "data.bin")
                .answer();

        assertThat(coordinator.run("info", "n.arrow").answer())
                .contains("above", "int64", "below", "float64", "result", "rows");
        assertThat(coordinator
                        .run("--by", "above", "--column", "result", "--job", "sum", "--csv", "n.arrow")
                        .answer())
                .isEqualTo("key,count,sum\n0,2,6\n1,2,4\n2,2,2\n3,2,1\n");
        assertThat(coordinator
                        .run("--column", "below", "--job", "sum", "n.arrow")
                        .answer())
                .isEqualTo("46.0\n");
    }

    @Test
    void anArrayIsDataAgain() throws Exception {
        coordinator
                .run(
                        "--job",
                        "count",
                        "--sweep",
                        "above=0:3",
                        "--sweep",
                        "below=2.5,9",
                        "--output",
                        "n.npy",
                        "data.bin")
                .answer();
        assertThat(coordinator.run("info", "n.npy").answer()).containsPattern("shape +\\(4, 2\\)");
        assertThat(coordinator
                        .run("--axis", "0", "--job", "sum", "--csv", "n.npy")
                        .answer())
                .isEqualTo("column,sum,mean\n0,3,0.75\n1,10,2.5\n");

        coordinator
                .run("--axis", "0", "--job", "sum", "--output", "sums.npy", "n.npy")
                .answer();
        assertThat(coordinator.run("--job", "sum", "sums.npy").answer()).isEqualTo("13\n");
        coordinator
                .run("--job", "histogram", "--param", "bins=3", "--output", "counts.npy", "data.bin")
                .answer();
        assertThat(coordinator.run("--csv", "counts.npy").answer()).contains("\n3,4,1,2,");
    }

    @Test
    void whatCannotBeIsRefusedBeforeAnythingIsDone() throws Exception {
        Files.createDirectory(folder.resolve("folder.csv"));
        Files.createSymbolicLink(folder.resolve("link.csv"), folder.resolve("data.bin"));

        assertRefused(
                "result.txt",
                ": its name does not say in which format; it can end with .arrow, .csv, .tsv, .json or" + " .npy");
        assertRefused(
                "result",
                ": its name does not say in which format; it can end with .arrow, .csv, .tsv, .json or" + " .npy");
        assertRefused("folder.csv", ": that is a folder");
        assertRefused(
                "none/x.csv", ": there is no folder " + folder.toRealPath().resolve("none"));
        assertRefused("link.csv", ": that is the dataset; give another file");
        assertRefused(
                "stats.npy",
                ": the answer of stats is neither a number nor an array of numbers, and .npy holds nothing else; give"
                        + " a file .arrow, .csv, .tsv or .json");
        assertThat(coordinator
                        .run("--output", "x.json", "--report", "./x.json", "data.bin")
                        .error(USAGE))
                .isEqualTo("--report ./x.json: that is the file of --output; give another file");
        assertThat(coordinator
                        .run("--output", "x.csv", "--journal", "x.csv", "data.bin")
                        .error(USAGE))
                .isEqualTo("--output x.csv: that is the file of --journal; give another file");
        assertThat(folder.resolve("data.bin")).hasBinaryContent(TestData.int32(1, 2, 3, 4));
    }

    private void assertRefused(String file, String why) {
        assertThat(coordinator.run("--output", file, "data.bin").error(USAGE)).isEqualTo("--output " + file + why);
    }

    @Test
    void anAnswerThatTheFormatDoesNotHaveIsPrintedAndLeavesWhatWasThere() throws Exception {
        Path file = Files.writeString(folder.resolve("n.npy"), "old");
        Outcome outcome = coordinator.run(
                "--job",
                "histogram",
                "--sweep",
                "bins=1,2",
                "--param",
                "low=0",
                "--param",
                "high=8",
                "--output",
                "n.npy",
                "--csv",
                "data.bin");

        assertThat(outcome.exit()).isEqualTo(FAILED);
        assertThat(outcome.stdout()).hasLineCount(3);
        assertThat(outcome.stderr())
                .isEqualTo("coordinator: --output n.npy could not be written: the answer has an array of 2 for low=0"
                        + " high=8 bins=2 where it has an array of 1 before, and .npy has arrays of one length; give a"
                        + " file .arrow, .csv, .tsv or .json\n");
        assertThat(file).hasContent("old");
    }

    @Test
    void aFullDiskIsAFailureBehindTheAnswer() throws Exception {
        for (String name : new String[] {"full.arrow", "full.csv", "full.json", "full.npy"}) {
            Files.createSymbolicLink(folder.resolve(name), Path.of("/dev/full"));
            Outcome outcome = coordinator.run("--job", "sum", "--output", name, "data.bin");

            assertThat(outcome.exit()).isEqualTo(FAILED);
            assertThat(outcome.stdout()).isEqualTo("10\n");
            assertThat(outcome.stderr())
                    .isEqualTo("coordinator: --output " + name + " could not be written: No space left on device\n");
        }
    }

    @LongTest
    @Test
    void aRunWithoutAnAnswerLeavesWhatWasThereAndAnIncompleteOneIsWritten() throws Exception {
        Path file = Files.writeString(folder.resolve("n.json"), "old");
        assertThat(coordinator
                        .run("--job", TestJobs.path("Failing.java"), "--output", "n.json", "data.bin")
                        .exit())
                .isEqualTo(FAILED);
        assertThat(file).hasContent("old");

        assertThat(coordinator
                        .run("--job", "sum", "--only", "1:3", "--output", "n.json", "data.bin")
                        .exit())
                .isEqualTo(FAILED);
        Map<String, Object> json = RunSchema.checked(Files.readString(file));
        assertThat(json).containsEntry("result", 5);
        assertThat(ParsedJson.map(json.get("run"))).containsEntry("complete", false);
    }

    @LongTest
    @Test
    void aPipeGetsTheAnswerToo() throws Exception {
        Launcher shell = coordinator.by(
                "sh", "-c", "mkfifo p.csv && { cat p.csv > got & } && \"$0\" \"$@\"; wait", Launcher.SCRIPT.toString());

        assertThat(shell.run("--job", "sum", "--output", "p.csv", "data.bin").answer())
                .isEqualTo("10\n");
        assertThat(folder.resolve("got")).hasContent("result\n10\n");
    }
}
