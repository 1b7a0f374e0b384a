package io.github.forkless.coordinator.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.testing.Patience;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is slow is waited for, and who has stopped is not. */
class StandstillTest {
    private static final Duration LOOK = Patience.of(Duration.ofMillis(300));

    private Process process;

    private Standstill of(String script) throws IOException {
        process = new ProcessBuilder("sh", "-c", script).start();
        return new Standstill(process.toHandle(), LOOK);
    }

    @AfterEach
    void end() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }

    @Test
    void aProcessThatOnlyWaitsStandsStill() throws Exception {
        Standstill standstill = of("sleep 1000");

        assertThat(Patience.awaits(Duration.ofSeconds(10), standstill::isThere)).isTrue();
    }

    @Test
    void aProcessWhoseChildWorksDoesNot() throws Exception {
        Standstill standstill = of("sh -c 'while :; do :; done'; true");

        long end = System.nanoTime() + 4 * LOOK.toNanos();
        while (System.nanoTime() < end) {
            assertThat(standstill.isThere()).isFalse();
            Thread.sleep(LOOK.toMillis() / 10);
        }
    }
}
