package io.github.forkless.coordinator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.engine.Engine;
import io.github.forkless.coordinator.engine.Worker;
import io.github.forkless.coordinator.engine.WorkerEnd;
import io.github.forkless.coordinator.engine.WorkerProgress;
import io.github.forkless.coordinator.result.Recording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** To look at a worker is to read a file. However many end at once, that is not done for each pair of them. */
class ManyEndsTest {
    private static final int MANY = 100;

    private final ManualClock clock = new ManualClock();
    private final List<SlowWorker> workers = new ArrayList<>();
    private final Engine engine = new Engine() {
        @Override
        public Worker start(int place) {
            workers.add(new SlowWorker(place));
            return workers.getLast();
        }

        @Override
        public void close() {}
    };
    private final Scheduler pool = new Scheduler(
            engine,
            new Scheduler.Settings(MANY, OptionalInt.empty(), Duration.ofSeconds(2), MANY),
            Recording.NONE,
            clock,
            _ -> {});

    @BeforeEach
    void start() {
        pool.start();
        assertThat(workers).hasSize(MANY);
    }

    @Test
    void whoeverEndsWithThePoolHasNobodyLookedAt() {
        pool.close();

        end(MANY, "ended with its pool");

        assertThat(looks()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {MANY, MANY / 2})
    void whoeverWasKilledWithOthersHasEachLookedAtOnce(int killed) {
        workers.subList(0, killed).forEach(each -> each.isDying = true);
        clock.pass(Duration.ofMillis(1));

        end(killed, "killed by SIGKILL");

        assertThat(looks()).isBetween(killed - 1, MANY);
    }

    @Test
    void whoeverEndsLaterHasTheOthersLookedAtAgainButNotThoseThatAreDying() {
        workers.subList(0, MANY / 2).forEach(each -> each.isDying = true);
        clock.pass(Duration.ofMillis(1));
        ended(workers.get(0), "killed by SIGKILL");
        int before = looks();

        clock.pass(Duration.ofMillis(1));
        ended(workers.get(1), "killed by SIGKILL");

        assertThat(looks() - before).isBetween(MANY / 2, MANY / 2 + 1); // and at the successor
    }

    private void end(int count, String cause) {
        for (SlowWorker each : List.copyOf(workers.subList(0, count))) {
            pool.ended(each, end(cause, 0));
        }
    }

    private void ended(SlowWorker worker, String cause) {
        pool.ended(worker, end(cause, clock.nanos()));
    }

    private static WorkerEnd end(String cause, long nanos) {
        return new WorkerEnd(OptionalInt.of(1), cause, List.of(), Optional.empty(), nanos, new WorkerProgress(1, -1));
    }

    private int looks() {
        return workers.stream().mapToInt(each -> each.fitnessChecks).sum();
    }
}
