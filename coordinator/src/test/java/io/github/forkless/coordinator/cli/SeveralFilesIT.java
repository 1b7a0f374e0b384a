package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.cli.Launcher.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Several files, a folder, or a pattern as the dataset of a command. */
class SeveralFilesIT {
    @RegisterExtension
    static final SharedResident RESIDENT = new SharedResident();

    @TempDir
    private Path temporary;

    private Path logs;

    private Launcher coordinator;

    @BeforeEach
    void writeData() throws Exception {
        coordinator = RESIDENT.launcher(temporary);
        logs = Files.createDirectory(temporary.toRealPath().resolve("logs"));
        Files.writeString(logs.resolve("b.log"), "three\n");
        Files.writeString(logs.resolve("a.log"), "one\ntwo");
        Files.writeString(logs.resolve("c.log"), "");
    }

    private Outcome run(String... arguments) {
        return coordinator.run(arguments);
    }

    @Test
    void areOneDatasetHoweverTheyAreNamed() throws Exception {
        String answer = run("logs/b.log", "logs/a.log").answer();
        assertThat(answer).contains("lines").contains("13");
        assertThat(run("logs").answer()).isEqualTo(answer);
        assertThat(run("logs/*.log").answer()).isEqualTo(answer);
        assertThat(run("l*/[ab].log").answer()).isEqualTo(answer);
        assertThat(run(logs + "/?.log").answer()).isEqualTo(answer);
        assertThat(run("--engine", "threads", "logs").answer()).isEqualTo(answer);
    }

    @Test
    void areListedInTheJsonAndByInfo() {
        Map<String, Object> json =
                ParsedJson.map(RunSchema.checked(run("--json", "--job", "grep", "--param", "pattern=t", "logs")
                                .answer())
                        .get("data"));
        assertThat(json).containsEntry("path", logs.toString()).containsEntry("count", 13);
        assertThat(json.get("files"))
                .isEqualTo(List.of(
                        Map.of("path", logs.resolve("a.log").toString(), "count", 7),
                        Map.of("path", logs.resolve("b.log").toString(), "count", 6),
                        Map.of("path", logs.resolve("c.log").toString(), "count", 0)));

        assertThat(run("info", "logs").answer().lines())
                .contains(
                        "path      " + logs, "type      text", "bytes     13", "files     3", "  7              a.log");
    }

    @Test
    void thatAreNotOneDatasetAreRefusedByName() throws IOException {
        Files.write(logs.resolve("d.bin"), TestData.int32(1, 2));
        assertThat(run("logs").error(3))
                .isEqualTo("logs/d.bin: it has int32, and not text as logs/a.log has; leave it out, or run on each"
                        + " alone");
        assertThat(run("logs/*.txt").error(3))
                .isEqualTo("logs/*.txt: no such file, nor one that this pattern fits; check it");
        assertThat(run("--generate", "10", "x.bin", "y.bin").error(2))
                .isEqualTo("--generate writes one file; give one as DATA");
        assertThat(run("--prove-sharing", "logs/a.log", "logs/b.log").error(2)).contains("--prove-sharing looks at");
        assertThat(run("--journal", "logs/b.log", "logs/a.log", "logs/b.log").error(2))
                .contains("that is a file of the dataset");
    }

    @Test
    void ofWhichOneIsAtFaultAreNamedByACommandThatShowsItAgain() throws Exception {
        for (int i = 10; i < 40; i++) {
            Files.write(logs.resolve(i + ".bin"), TestData.int32(1, 2, 3));
        }
        String[] failing = TestJobs.job("Failing", "--tasks", "30", "--param", "at=4");

        Outcome failed = run(with(failing, "logs/*.bin"));
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.stderr()).contains("elements 0 to 2 of " + logs.resolve("11.bin"));
        assertThat(failed.stderr().lines().toList().getLast())
                .contains(" --only 3:6 ")
                .endsWith(" 'logs/*.bin'");

        String[] many =
                IntStream.range(10, 40).mapToObj(i -> "logs/" + i + ".bin").toArray(String[]::new);
        assertThat(run(with(failing, many)).stderr().lines().toList().getLast())
                .contains(" --only 0:3 ")
                .endsWith(" " + logs.resolve("11.bin"));
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }
}
