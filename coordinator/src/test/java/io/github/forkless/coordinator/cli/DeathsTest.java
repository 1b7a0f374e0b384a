package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.result.Recording;
import org.junit.jupiter.api.Test;

class DeathsTest {
    private final Recording recording = Recording.ofTotals();
    private final Deaths deaths = new Deaths(recording);
    private long pid;

    @Test
    void nothingIsSaidOfAFew() {
        ended("exited with code 1");
        ended("exited with code 1");

        assertThat(deaths.news()).isEmpty();
    }

    @Test
    void manyAreSaidTogetherAndOnce() {
        for (int i = 0; i < 35; i++) {
            ended("killed by SIGKILL");
        }
        assertThat(deaths.news())
                .contains("35 workers have died so far, nothing is done yet; the last one, pid 35: killed by SIGKILL");
        assertThat(deaths.news()).isEmpty();
    }

    @Test
    void eachOneMoreIsNewsWithItsCauseAndHowFarTheRunIs() {
        recording.submitted();
        recording.planned(4, 400);
        recording.read(100);
        for (int i = 0; i < 3; i++) {
            ended("killed by SIGKILL");
        }
        assertThat(deaths.news()).isPresent();

        ended("exited with code 1");

        assertThat(deaths.news())
                .contains("4 workers have died so far, 25% is done; the last one, pid 4: exited with code 1");
    }

    @Test
    void whoIsThereOrWasReplacedHasNotDied() {
        for (int i = 0; i < 10; i++) {
            ended("ok");
            recording.workerStarted(0, ++pid, "");
        }
        assertThat(deaths.news()).isEmpty();
    }

    private void ended(String how) {
        recording.workerStarted(0, ++pid, "");
        recording.workerEnded(pid, how, pid);
    }
}
