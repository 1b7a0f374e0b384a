package io.github.forkless.coordinator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class DurationsTest {

    @Test
    void aDurationIsToldInTheLargestUnitThatItIsWholeIn() {
        assertThat(Durations.text(Duration.ofSeconds(30))).isEqualTo("30 s");
        assertThat(Durations.text(Duration.ofMillis(-1500))).isEqualTo("-1500 ms");
        assertThat(Durations.text(Duration.ofNanos(20_000))).isEqualTo("20000 ns");
    }

    @Test
    void aDurationBeyondThatOfAnyClockIsToldToo() {
        assertThat(Durations.text(ChronoUnit.FOREVER.getDuration())).isEqualTo("9223372036854775807 s");
        assertThat(Durations.text(Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo("-9223372036854775808 s");
    }
}
