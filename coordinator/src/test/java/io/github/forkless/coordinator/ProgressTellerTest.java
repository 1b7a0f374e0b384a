package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.result.Progress;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.testing.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ProgressTellerTest {
    private final List<Progress> told = Collections.synchronizedList(new ArrayList<>());
    private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());

    @Test
    void theEndIsToldByWhoeverWaitsForIt() {
        ProgressTeller teller = teller(told::add);

        teller.end();
        teller.end();

        assertThat(told).extracting(Progress::isEnded).containsExactly(true);
    }

    @Test
    void aListenerThatHangsHoldsUpNobodyAndLearnsOfTheEnd() throws Exception {
        var called = new CountDownLatch(1);
        var free = new CountDownLatch(1);
        ProgressTeller teller = teller(progress -> {
            told.add(progress);
            called.countDown();
            await(free);
        });
        teller.start();
        called.await();

        teller.end(); // returns
        assertThat(told).hasSize(1);
        free.countDown();

        assertThat(Patience.awaits(Duration.ofSeconds(1), () -> told.size() == 2))
                .isTrue();
        assertThat(told).extracting(Progress::isEnded).containsExactly(false, true);
    }

    @Test
    void aListenerThatThrowsIsToldNoMore() {
        ProgressTeller teller = teller(progress -> {
            told.add(progress);
            throw new AssertionError("of the listener");
        });

        teller.end();

        assertThat(told).hasSize(1);
        assertThat(complaints)
                .containsExactly("[pool] the listener for progress is called no more in this run, as it threw"
                        + " java.lang.AssertionError: of the listener");
    }

    private ProgressTeller teller(Consumer<Progress> listener) {
        return new ProgressTeller(Recording.ofWorkers().ofRun(false), listener, complaints::add);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
