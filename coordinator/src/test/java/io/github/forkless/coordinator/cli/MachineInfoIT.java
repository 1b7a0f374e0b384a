package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineInfoIT {
    @TempDir
    private Path folder;

    @Test
    void showsWhatOfTheMachineIsLeftByAMask() {
        String shown = new Launcher(folder)
                .by("taskset", "-c", "0", Launcher.SCRIPT.toString())
                .run("info", "--machine")
                .answer();

        assertThat(shown)
                .containsPattern("^processors  1 of [0-9]+\n"
                        + "workers     1 without --procs\n"
                        + "memory      [0-9.]+ [MG]iB available of ")
                .containsPattern("\n0     1        1      0 +[0-9.]+ GiB ");
    }

    @Test
    void infoOfNothingSaysWhatToGive() {
        assertThat(new Launcher(folder).run("info").error(2))
                .isEqualTo("info needs DATA, the file to look at, or --machine");
    }
}
