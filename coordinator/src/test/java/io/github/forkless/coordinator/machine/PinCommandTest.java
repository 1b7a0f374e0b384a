package io.github.forkless.coordinator.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinCommandTest {
    private static final Place PLACE = new Place(1, "4-7,12");

    @TempDir
    private Path folder;

    private void install(String tool) throws Exception {
        assertThat(Files.createFile(folder.resolve(tool)).toFile().setExecutable(true))
                .isTrue();
    }

    @Test
    void tasksetIsTakenWhereItIsThere() throws Exception {
        install("numactl");
        install("taskset");

        assertThat(PinCommand.find("/none:" + folder).orElseThrow().prefix(PLACE))
                .containsExactly(folder + "/taskset", "-c", "4-7,12");
    }

    @Test
    void numactlIsTakenWhereThereIsNoTaskset() throws Exception {
        install("numactl");

        assertThat(PinCommand.find("/none:" + folder).orElseThrow().prefix(PLACE))
                .containsExactly(folder + "/numactl", "-C", "4-7,12");
    }

    @Test
    void whereThereIsNeitherThereIsNone() {
        assertThat(PinCommand.find("::/none:" + folder)).isEmpty();
    }
}
