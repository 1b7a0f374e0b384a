package io.github.forkless.coordinator.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How busy others were, as the kernel tells. */
class ProcessorTimeTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void onlyWorkOfOurProcessorsCounts() {
        List<String> lines = List.of(
                "cpu  9999 9999 9999 9999 9999 9999 9999 9999 9999 9999",
                "cpu0 1 20 300 70000 800000 4000 50000 600000 7 7",
                "cpu1 1 1 1 1 1 1 1 1 1 1",
                "cpu10 9999 9999 9999 9999 9999 9999 9999 9999 9999 9999",
                "intr 1 2 3 4 5 6 7 8 9 10");

        assertThat(ProcessorTime.of(lines, Set.of("cpu0", "cpu1"))).isEqualTo(new ProcessorTime(654_321 + 6, 2));
        assertThat(ProcessorTime.of(lines, Set.of())).isEqualTo(new ProcessorTime(0, 1));
    }

    @Test
    void whatWasNotOursWasOthers() {
        var before = new ProcessorTime(1_000, 2);

        assertThat(new ProcessorTime(1_150, 2).othersSince(before, Duration.ofSeconds(1), SECOND))
                .as("half of a second of two")
                .isCloseTo(0.25, within(1e-9));
        assertThat(new ProcessorTime(1_090, 2).othersSince(before, Duration.ofSeconds(1), SECOND))
                .as("the kernel counts in hundredths")
                .isZero();
        assertThat(new ProcessorTime(1_900, 2).othersSince(before, Duration.ZERO, SECOND))
                .isEqualTo(1);
    }
}
