package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.coordinator.cli.Launcher.Running;
import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Thorough;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A file of another format goes through the importer's own process. */
class ImportIT {
    /** A column x of int32 with 1, 2 and 3, as pyarrow 25 writes it. */
    private static final String TINY_PARQUET =
            "504152311500152415242c15061500150615061c0000000200000006010100000002000000030000001504192c3500180673"
                + "6368656d6115020015022502180178001606191c191c26001c1502192506001918017815001606164a164a2608491c150015"
                + "001502003c290619260006000000164a16062608164a002820706172717565742d6370702d6172726f772076657273696f6e"
                + "2032352e302e31191c1c0000007a00000050415231";

    @TempDir
    private Path folder;

    private Launcher coordinator;

    @BeforeEach
    void writeFiles() throws IOException {
        coordinator = new Launcher(folder);
        Files.writeString(folder.resolve("it's a;file.csv"), "id;n\u00e4me\n1;a\n2;\n");
        Files.writeString(
                folder.resolve("much.csv"), "id,text\n" + "1234567,a text that is none too short\n".repeat(1 << 19));
    }

    @Test
    void whatIsImportedIsATable() {
        assertThat(coordinator
                        .run("import", "--as", "id=int8", "it's a;file.csv", "it.arrow")
                        .answer())
                .isEqualTo("2 rows: id int8, n\u00e4me text\n");
        assertThat(coordinator.run("--column", "id", "--job", "sum", "it.arrow").answer())
                .isEqualTo("3\n");
    }

    /** It warns of a heap for what is new that is more than the whole, and did so among the importer's messages. */
    @Test
    void warningsOfTheImportersJvmAreNoMessages() {
        var outcome = coordinator
                .with("_JAVA_OPTIONS", "-Xmn160m")
                .run("import", "--memory", "100M", "it's a;file.csv", "it.arrow");

        assertThat(outcome.stdout()).isEqualTo("2 rows: id int64, n\u00e4me text\n");
        assertThat(outcome.exit()).isZero();
    }

    @Test
    void aParquetFileSaysHowItIsImportedAndThenIsATable() throws Exception {
        byte[] parquet = HexFormat.of().parseHex(TINY_PARQUET);
        Files.write(folder.resolve("a b.parquet"), parquet);

        String how = coordinator.run("--job", "sum", "a b.parquet").error(3);
        assertThat(how)
                .startsWith("a b.parquet: a Parquet file, not raw numbers or text; ")
                .contains("coordinator import 'a b.parquet' 'a b.arrow'");
        assertThat(coordinator.run("import", "a b.parquet", "a b.arrow").answer())
                .isEqualTo("3 rows: x int32\n");
        assertThat(coordinator.run("--column", "x", "--job", "sum", "a b.arrow").answer())
                .isEqualTo("6\n");
    }

    /** It was published as one that has readers loop for ever. */
    @LongTest
    @Test
    void aFileWhoseReaderDoesNotEndIsGivenUp() throws IOException {
        Path malformed = Path.of(System.getProperty("forkless.corpus", "../../shared/data"))
                .resolve("parquet/data__nation.dict-malformed.parquet");
        assumeThat(malformed)
                .as("a malformed Parquet file; -Dforkless.corpus says where its folder is")
                .isRegularFile();

        assertThat(coordinator
                        .run("import", "--timeout", "3s", malformed.toRealPath().toString(), "it.arrow")
                        .error(1))
                .startsWith("it.arrow: not written: the importer has read nothing of ");
        assertThat(files()).containsExactlyInAnyOrder("it's a;file.csv", "much.csv");
    }

    @LongTest
    @Test
    void faultsAreToldWithTheirKind() throws IOException {
        assertThat(coordinator
                        .run("import", "--as", "id=int3", "much.csv", "it.arrow")
                        .error(2))
                .startsWith("--as: no type int3; there are int64 float64 bool");
        assertThat(coordinator.run("import", "none.csv", "it.arrow").error(3)).startsWith("none.csv: no such file");
        assertThat(coordinator
                        .run("import", "--memory", "3M", "much.csv", "it.arrow")
                        .error(1))
                .isEqualTo("it.arrow: not written: the importer of much.csv ran out of memory; give it more"
                        + " than 3 MiB with --memory, as in --memory 8G");
        assertThat(files()).containsExactlyInAnyOrder("it's a;file.csv", "much.csv");
    }

    @Test
    void anImporterThatDoesNotComeOnIsEnded() throws Exception {
        try (Running running = coordinator.start("import", "--timeout", "300ms", "much.csv", "it.arrow")) {
            signal(importer(running), "STOP");

            assertThat(running.await().errorLines(1).getFirst())
                    .startsWith("it.arrow: not written: the importer has read nothing of much.csv for ")
                    .contains("; the file may be damaged; ");
        }
        assertThat(files()).containsExactlyInAnyOrder("it's a;file.csv", "much.csv");
    }

    @Test
    void anImporterThatIsKilledIsSaid() throws Exception {
        try (Running running = coordinator.start("import", "much.csv", "it.arrow")) {
            ProcessHandle importer = importer(running);
            signal(importer, "STOP");
            signal(importer, "KILL");

            assertThat(running.await().error(1))
                    .startsWith("it.arrow: not written: the importer of much.csv was killed by SIGKILL; ");
        }
        assertThat(files()).containsExactlyInAnyOrder("it's a;file.csv", "much.csv");
    }

    static Stream<Arguments> signals() {
        return Thorough.orFirst(List.of(Arguments.of("TERM", 143), Arguments.of("INT", 130), Arguments.of("HUP", 129)));
    }

    @ParameterizedTest
    @MethodSource("signals")
    void whoStopsTheCommandStopsTheImporter(String signal, int exit) throws Exception {
        try (Running running = coordinator.start("import", "much.csv", "it.arrow")) {
            signal(importer(running), "STOP");

            running.signal(signal);

            assertThat(running.await()).isEqualTo(new Outcome(exit, "", ""));
        }
        assertThat(files()).containsExactlyInAnyOrder("it's a;file.csv", "much.csv");
    }

    @Test
    void nothingIsLeftOfACommandThatIsKilled() throws Exception {
        try (Running running = coordinator.start("import", "much.csv", "it.arrow")) {
            importer(running);
            running.await(() -> files().size() == 3);

            running.signal("KILL");

            assertThat(running.await().exit()).isEqualTo(137);
        }
        assertThat(files()).containsExactlyInAnyOrder("it's a;file.csv", "much.csv");
    }

    /** When it has taken the place of the shell that starts it. */
    private static ProcessHandle importer(Running running) throws InterruptedException {
        ProcessHandle[] found = new ProcessHandle[1];
        running.await(() -> {
            Optional<ProcessHandle> child = running.process()
                    .children()
                    .filter(it -> it.info().command().orElse("").endsWith("/java"))
                    .findFirst();
            found[0] = child.orElse(null);
            return child.isPresent();
        });
        return found[0];
    }

    private static void signal(ProcessHandle process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
