package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.coordinator.cli.Launcher.Running;
import io.github.forkless.testing.LongTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The laboratory as people use it, and stop it; LabFindingsIT has what it finds. */
class LabIT {
    private static final int WIDTH = 80;

    private static final String STOPPED = "coordinator: stopped before the end; what was measured until then is told\n";

    @TempDir
    private Path folder;

    private Path data;

    @BeforeEach
    void makeFolder() throws IOException {
        data = Files.createDirectory(folder.resolve("lab"));
    }

    @LongTest
    @Test
    void stoppedInTheMiddleItPrintsWhatWasMeasured() throws Exception {
        try (Running running = stoppable("isolation", "--procs", "2")) {
            awaitText(running, "\n  processes ");

            running.signal("INT");

            Outcome outcome = running.await();
            assertThat(outcome.exit()).as(outcome.stderr()).isEqualTo(130);
            assertThat(outcome.stderr()).isEqualTo(STOPPED);
            assertThat(outcome.stdout().lines())
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(WIDTH))
                    .anyMatch(line -> line.startsWith("nothing: "))
                    .anyMatch(line -> line.startsWith("  threads     80/80 "))
                    .anyMatch(line -> line.startsWith("  processes   80/80 "))
                    .noneMatch(line -> line.startsWith("System.exit: "));
        }
        assertThat(data).isEmptyDirectory();
    }

    @LongTest
    @Test
    void stoppedInTheMiddleItsJsonHasWhatWasMeasured() throws Exception {
        Path page = folder.resolve("lab.html");
        try (Running running = stoppable("sharing", "--count", "4M", "--json", "--report", page.toString())) {
            running.await(() -> running.process().descendants().anyMatch(process -> isJvmOf(process, "single")));

            running.signal("TERM");

            Outcome outcome = running.await();
            assertThat(outcome.exit()).as(outcome.stderr()).isEqualTo(143);
            assertThat(outcome.stderr()).isEqualTo(STOPPED);
            Map<String, Object> lab = ParsedJson.object(outcome.stdout());
            assertThat(lab).containsEntry("complete", false);
            assertThat(ParsedJson.maps(ParsedJson.map(lab.get("sharing")).get("arrangements")))
                    .extracting(row -> row.get("arrangement"))
                    .contains("trivial")
                    .doesNotContain("shared");
            assertThat(page).content().contains("\"complete\":false", "\"trivial\"", "</html>");
        }
        assertThat(data).isEmptyDirectory();
    }

    @LongTest
    @Test
    void killedItLeavesNeitherProcessesNorData() throws Exception {
        try (Running running = stoppable("sharing", "--count", "4M")) {
            awaitText(running, "\n  trivial ");

            running.signal("KILL");

            assertThat(running.await().exit()).isEqualTo(137);
        }
        assertThat(data).isEmptyDirectory();
    }

    /** Ctrl-C of a terminal is for all processes: a launcher is not to start another resident coordinator. */
    @LongTest
    @ParameterizedTest
    @CsvSource({"INT, claim", "KILL, pid"})
    void whileItsResidentIsThereItLeavesNone(String signal, String file) throws Exception {
        try (Running running = new Launcher(folder)
                .by("setsid", "env", "--default-signal=INT", Launcher.SCRIPT.toString())
                .start(lab("again", "--count", "64K", "--jobs", "2"))) {
            running.await(
                    () -> hasFile(file) || running.printed().stdout().contains("\n  resident ")); // if it was fast

            if (signal.equals("KILL")) {
                running.signal(signal);
            } else {
                new ProcessBuilder(
                                "kill",
                                "-" + signal,
                                "--",
                                "-" + running.process().pid())
                        .start()
                        .waitFor();
            }

            running.await();
        }
        assertThat(data).isEmptyDirectory();
    }

    private boolean hasFile(String name) {
        try (Stream<Path> files = Files.walk(data)) {
            return files.anyMatch(file -> file.endsWith(name));
        } catch (IOException | UncheckedIOException e) {
            return false; // some file went meanwhile
        }
    }

    @Test
    void whatCannotBeDoneIsSaid() {
        assertThat(in("lab", "alchemy").errorLines(2).getFirst())
                .contains("'alchemy'", "sharing, scaling, isolation and again");
        assertThat(run("sharing", "--count", "0").error(2)).contains("--count 0: must be from 1 to ");
        assertThat(run("sharing", "--count", "1G", "--procs", "300").error(2))
                .contains("--count 1073741824", "--procs");
        assertThat(in("lab", "sharing", "--dir", "/no/such/folder").error(1)).contains("/no/such/folder", "--dir");
    }

    @Test
    void aPlainRunLoadsNothingOfIt() throws IOException {
        Files.write(folder.resolve("data.bin"), TestData.int32(1, 2, 3, 4));
        Path log = folder.resolve("classes");

        new Launcher(folder)
                .with("FORKLESS_JAVA_OPTS", "-Xlog:class+load:file=" + log)
                .run("data.bin")
                .answer();

        assertThat(Files.readAllLines(log))
                .anyMatch(line -> line.contains(RunCommand.class.getName()))
                .noneMatch(line -> line.contains(".lab.") || line.contains(".LabCommand"));
    }

    private Outcome run(String... arguments) {
        return in(lab(arguments));
    }

    private Outcome in(String... arguments) {
        return new Launcher(folder).run(arguments);
    }

    private Running stoppable(String... arguments) {
        // A shell that runs this in the background may have told us, and so our children, to ignore SIGINT.
        return new Launcher(folder)
                .by("env", "--default-signal=INT", Launcher.SCRIPT.toString())
                .start(lab(arguments));
    }

    private String[] lab(String... arguments) {
        return Stream.concat(Stream.of("lab"), Stream.concat(Stream.of(arguments), Stream.of("--dir", data.toString())))
                .toArray(String[]::new);
    }

    private static boolean isJvmOf(ProcessHandle process, String arrangement) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .contains("\0" + arrangement + "\0");
        } catch (IOException e) {
            return false; // it is gone
        }
    }

    private static void awaitText(Running running, String text) throws InterruptedException {
        running.await(() -> running.printed().stdout().contains(text));
    }
}
