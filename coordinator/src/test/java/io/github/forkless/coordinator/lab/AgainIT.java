package io.github.forkless.coordinator.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.forkless.coordinator.lab.Repetition.By;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same command again, of this installation. */
class AgainIT {
    private static final Path LAUNCHER = Path.of(System.getProperty("forkless.home"), "bin", "coordinator");

    @TempDir
    private Path folder;

    private Laboratory laboratory;

    @BeforeEach
    void open() {
        laboratory = Laboratory.open(folder);
    }

    @AfterEach
    void close() {
        laboratory.close();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aResidentAnswersAllCommandsAndEnds() throws Exception {
        List<Repetition> both = new ArrayList<>();

        new Again(LAUNCHER, 1000, 2, 1).measure(laboratory, repetition -> {
            both.add(repetition);
            assertThat(residents()).isEmpty();
        });

        assertThat(both).extracting(Repetition::by).containsExactly(By.COLD, By.RESIDENT);
        assertThat(both).allSatisfy(row -> {
            assertThat(row.times())
                    .hasSize(2)
                    .allSatisfy(time -> assertThat(time).isPositive());
            assertThat(row.cpu()).isPositive();
            assertThat(row.unanswered()).as(row.whyNot()).isZero();
        });
        assertThat(both.getFirst().start()).isZero();
        assertThat(both.getLast().start()).isPositive();
        assertThat(both.getLast().waitingBytes()).isPositive();
    }

    @Test
    void anAnswerThatIsNotRightIsAnError() throws IOException {
        Path launcher = Files.writeString(laboratory.folder().resolve("coordinator"), "#!/bin/sh\necho 7\n");
        assertThat(launcher.toFile().setExecutable(true)).isTrue();

        assertThatThrownBy(() -> new Again(launcher, 1, 2, 1).measure(laboratory, _ -> {}))
                .isInstanceOf(LabException.class)
                .hasMessageContaining(
                        "'coordinator --procs 1 --job sum data.bin' gives a wrong answer: it printed '7', and ");
    }

    @Test
    void aCommandThatFailsIsQuoted() throws IOException {
        Path launcher =
                Files.writeString(laboratory.folder().resolve("coordinator"), "#!/bin/sh\necho why >&2\nexit 3\n");
        assertThat(launcher.toFile().setExecutable(true)).isTrue();

        assertThatThrownBy(() -> new Again(launcher, 1, 2, 1).measure(laboratory, _ -> {}))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("ended with exit code 3; its words:\nwhy");
    }

    private List<ProcessHandle> residents() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(" serve " + laboratory.folder()))
                .toList();
    }
}
