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
import org.junit.jupiter.api.Test;

class ClosingTest {
    /** To look is to read a file. */
    @Test
    void whoeverEndsWithThePoolHasNobodyLookedAt() {
        List<SlowWorker> many = new ArrayList<>();
        Engine engine = new Engine() {
            @Override
            public Worker start(int place) {
                many.add(new SlowWorker(place));
                return many.getLast();
            }

            @Override
            public void close() {}
        };
        var settings = new Scheduler.Settings(100, OptionalInt.empty(), Duration.ofSeconds(2), 100);
        var pool = new Scheduler(engine, settings, Recording.NONE, new ManualClock(), _ -> {});
        pool.start();
        assertThat(many).hasSize(100);
        pool.close();

        var progress = new WorkerProgress(1, -1);
        var end = new WorkerEnd(OptionalInt.of(1), "ended with its pool", List.of(), Optional.empty(), 0, progress);
        for (SlowWorker each : many) {
            pool.ended(each, end);
        }

        assertThat(many.stream().mapToInt(each -> each.fitnessChecks).sum()).isZero();
    }
}
