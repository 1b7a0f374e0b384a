package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.coordinator.cli.Launcher.Running;
import io.github.forkless.testing.LongTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A dataset appears under its name when it is whole, or not at all. */
class GenerateIT {
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
    void anExistingFileIsReplacedOnlyWhenForced() throws Exception {
        Path data = Files.writeString(folder.resolve("data.bin"), "precious");

        assertThat(coordinator.run("generate", "--count", "10", "data.bin").error(3))
                .isEqualTo("data.bin: already exists; to replace it, give --force");
        assertThat(data).hasContent("precious");

        assertThat(coordinator
                        .run("generate", "--count", "10", "--force", "data.bin")
                        .answer())
                .isEmpty();
        assertThat(data).hasSize(40);
        assertThat(names()).containsExactly("data.bin");
    }

    @LongTest
    @Test
    void aRunKeepsTheFileThatExistsWhateverIsToBeGenerated() throws Exception {
        Files.write(folder.resolve("data.bin"), TestData.int32(1, 2, 3));

        Outcome outcome = coordinator.run("--generate", "100", "--job", "sum", "data.bin");

        assertThat(outcome.stdout()).isEqualTo("6\n");
        assertThat(outcome.stderr())
                .isEqualTo("coordinator: " + folder.toRealPath().resolve("data.bin")
                        + " exists, with 3 elements, and is used"
                        + " as it is: --generate 100 writes only a file that does not exist\n");
        assertThat(folder.resolve("data.bin")).hasSize(12);
        assertThat(coordinator
                        .run("--generate", "3", "--job", "sum", "data.bin")
                        .answer())
                .isEqualTo("6\n");
    }

    @LongTest
    @Test
    void ofSeveralRunsThatGenerateOneFileAtOnceEachHasItsAnswer() {
        List<Running> runs = Stream.generate(() -> coordinator.start(
                        "--procs", "1", "--generate", "16M", "--dist", "constant", "--job", "sum", "data.bin"))
                .limit(3)
                .toList();
        try {
            assertThat(runs).allSatisfy(run -> assertThat(run.await().answer()).isEqualTo("16777216\n"));
        } finally {
            runs.forEach(Running::close);
        }
    }

    @LongTest
    @Test
    void theExampleReadsTheRecordsThatAreWritten() throws Exception {
        String job = Path.of("../docs/examples/OrderBook.java").toRealPath().toString();
        assertThat(coordinator
                        .run("generate", "--count", "1000", "--seed", "5", "book.records")
                        .answer())
                .isEmpty();
        byte[] written = Files.readAllBytes(folder.resolve("book.records"));

        String volumes = coordinator.run("--job", job, "book.records").answer();

        assertThat(volumes).matches("ALFA +[0-9]+\nBRAVO +[0-9]+\nCHARLIE +[0-9]+\n");
        assertThat(coordinator
                        .run("--generate", "1000", "--seed", "5", "--job", job, "again.records")
                        .answer())
                .isEqualTo(volumes);
        assertThat(folder.resolve("again.records")).hasBinaryContent(written);
        assertThat(coordinator.run("generate", "--count", "5", "book.records").error(3))
                .isEqualTo("book.records: already exists; to replace it, give --force");
        coordinator.run("generate", "--count", "5", "--force", "book.records").answer();
        assertThat(coordinator.run("info", "book.records").answer()).contains("records   5\n");
        assertThat(names()).containsExactlyInAnyOrder("book.records", "again.records");
    }

    @LongTest
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        generate --count 10 array.npy                   | raw numbers only
        generate --count 10 --type float64 array.npy    | raw numbers only
        --generate 10 array.npy                         | raw numbers only
        --generate 10 --type float64 array.NPY          | raw numbers only
        generate --count 10 words.txt                   | text
        --generate 10 words.txt                         | text
        generate --count 10 --type text words           | text
        generate --count 10 --dist normal a.records     | uniform only
        generate --count 1000000000000 a.records        | no file can hold more
        --generate 10 --type record:24 a.bin            | records of one length are not generated
        generate --count 10 data.dat                    | give --type
        generate --count 8000000000G --type int64 a.dat | no file can hold more
        generate --count 99999999999999999999 data.bin  | too large
        generate --count -1 data.bin                    | -1
        generate --count ten data.bin                   | 'ten' is not a size
        generate data.bin                               | --count
        generate --count 10 --dist even data.bin        | even
        """)
    void whatIsNotGeneratedIsAMistakeInTheCommand(String arguments, String problem) throws Exception {
        assertThat(coordinator.run(arguments.split(" ")).errorLines(2).getFirst())
                .contains(problem);
        assertThat(names()).isEmpty();
    }

    @Test
    void aFullDiskIsSaidAndNothingIsLeft() {
        for (String command : List.of("generate --count", "--generate")) {
            Outcome outcome =
                    TinyDisk.run(coordinator, "\"$0\" " + command + " 1M data.bin; code=$?; ls -A >&2; exit $code");

            assertThat(outcome.error(1))
                    .startsWith("data.bin: not written: No space left on device: 4194304 bytes (4 MiB) needed, ")
                    .contains("1048576 (1 MiB) available");
            outcome =
                    TinyDisk.run(coordinator, "\"$0\" " + command + " 1M book.records; code=$?; ls -A >&2; exit $code");

            assertThat(outcome.error(1)).isEqualTo("book.records: not written: No space left on device");
        }
    }

    @LongTest
    @Test
    void aDatasetThatFillsTheDiskToTheLastByteIsWritten() {
        Outcome outcome = TinyDisk.run(coordinator, "\"$0\" --generate 256K --dist constant --job sum data.bin");

        assertThat(outcome.answer()).isEqualTo("262144\n");
    }

    @ParameterizedTest
    @CsvSource({"data.bin, TERM, 143", "data.bin, INT, 130", "book.records, TERM, 143"})
    void stoppedWhileItWritesItLeavesNothing(String name, String signal, int exit) throws Exception {
        // A shell that runs this in the background may have told us, and so our children, to ignore SIGINT.
        Launcher interruptible = coordinator.by("env", "--default-signal=INT", Launcher.SCRIPT.toString());
        try (Running running = interruptible.start("generate", "--count", "2G", name)) {
            running.await(() -> !names().isEmpty());
            assertThat(names())
                    .singleElement()
                    .asString()
                    .matches("[.]" + name.replace(".", "[.]") + "[.][0-9a-f]+[.]forkless[.]tmp");

            running.signal(signal);

            Outcome outcome = running.await();
            assertThat(outcome).isEqualTo(new Outcome(exit, "", ""));
            assertThat(names()).isEmpty();
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
