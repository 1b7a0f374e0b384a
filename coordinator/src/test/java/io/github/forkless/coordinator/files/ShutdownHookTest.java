package io.github.forkless.coordinator.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ShutdownHookTest {

    @Test
    void whatIsDoneInTimeIsWaitedFor() {
        var isDone = new AtomicBoolean();

        ShutdownHook.runFor(Duration.ofMinutes(1), "quick", () -> isDone.set(true));

        assertThat(isDone).isTrue();
    }

    @Test
    void whatNeverEndsIsNotWaitedForForEver() {
        var never = new CountDownLatch(1);

        ShutdownHook.runFor(Duration.ofMillis(20), "stuck", () -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        assertThat(never.getCount()).as("it is still waiting").isOne();
        never.countDown();
    }
}
