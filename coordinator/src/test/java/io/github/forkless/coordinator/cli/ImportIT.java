package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.coordinator.cli.Launcher.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file of another format goes through the importer's own process. */
class ImportIT {
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

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
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
