package io.github.forkless.coordinator.process;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerCommandTest {
    @TempDir
    Path folder;

    @Test
    void aMachineWithoutDescriptorsIsRefusedBeforeWorkersFailOneByOne() {
        assertThatIOException()
                .isThrownBy(() ->
                        WorkerCommand.requireDescriptors(folder.resolve("fd").toFile()))
                .withMessageContaining("there is no " + folder.resolve("fd"))
                .withMessageContaining("mount /proc");
        assertThatCode(() -> WorkerCommand.requireDescriptors(folder.toFile())).doesNotThrowAnyException();
    }
}
