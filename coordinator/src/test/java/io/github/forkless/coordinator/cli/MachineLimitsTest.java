package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.coordinator.machine.Memory;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MachineLimitsTest {
    private static final long MIB = 1 << 20;
    private static final Memory GIB = new Memory(2048 * MIB, 1024 * MIB);

    private static DatasetFile dataset(long bytes) {
        return new DatasetFile(
                Path.of("/data.bin"), Layout.of(ElementType.INT32, 0, bytes / 4), new FileIdentity(0, 0, bytes, 0, 0));
    }

    @Test
    void heapsThatFitPass() {
        assertThatCode(() -> MachineLimits.requireRoomFor(4, OptionalLong.of(216 * MIB), GIB))
                .doesNotThrowAnyException();
    }

    @Test
    void heapsThatDoNotFitAreRefusedWithWhatWould() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> MachineLimits.requireRoomFor(4, OptionalLong.of(217 * MIB), GIB))
                .withMessage(
                        "--worker-memory 227540992: heaps of 217 MiB for 4 workers, and about 40 MiB beside each, do"
                                + " not fit into the 1 GiB that are available; give 216M or less, or fewer --procs");
    }

    @Test
    void moreWorkersThanFitAreRefused() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> MachineLimits.requireRoomFor(26, OptionalLong.empty(), GIB))
                .withMessage("--procs 26: workers need about 40 MiB each, and 1 GiB are free; this machine holds 25");
    }

    @Test
    void dataThatStaysInMemoryIsNothingToWarnOf() {
        assertThat(MachineLimits.warningFor(dataset(904 * MIB), 2, GIB)).isEmpty();
    }

    @Test
    void dataThatDoesNotIs() {
        assertThat(MachineLimits.warningFor(dataset(905 * MIB), 2, GIB))
                .hasValue("/data.bin (905 MiB) will not stay in memory: 1 GiB of 2 GiB are available, and the JVMs take"
                        + " about 120 MiB; what does not fit is read from the disk each time");
    }
}
