package io.github.forkless.coordinator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.wire.Message;
import io.github.forkless.coordinator.engine.Engine;
import io.github.forkless.coordinator.engine.Worker;
import io.github.forkless.coordinator.result.Recording;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Runs come and go while a worker is still starting, or loading a job: nobody ends it for being slow. */
class SlowStartTest {
    private static final Message.Ready UP = new Message.Ready(0);

    private final SlowWorker worker = new SlowWorker(0);
    private final ManualClock clock = new ManualClock();
    private final Scheduler scheduler = new Scheduler(
            new OneWorker(),
            new Scheduler.Settings(1, OptionalInt.empty(), Duration.ofSeconds(2), 1),
            Recording.NONE,
            clock,
            _ -> {});

    @Test
    void aWorkerThatIsNotUpOutlivesRuns() {
        scheduler.start();
        var one = submitted(1);
        var other = submitted(2);
        one.result.complete(null);
        other.result.completeExceptionally(new IllegalStateException("a bad job"));
        submitted(3).result.cancel(false);

        clock.pass(Duration.ofHours(1));

        assertThat(worker.isKilled).isFalse();
    }

    /** Others have had its answer; it cannot know. */
    @Test
    void aWorkerThatLoadsTheJobOfARunThatEndedWellHasTime() {
        scheduler.start();
        var run = submitted(1);
        scheduler.received(worker, UP);
        run.result.complete(null);

        clock.pass(Duration.ofSeconds(10));
        assertThat(worker.isKilled).isFalse();

        clock.pass(Duration.ofMinutes(1));
        assertThat(worker.isKilled).as("it hangs").isTrue();
    }

    @Test
    void aWorkerThatHangsInTheJobOfAFailedRunIsEnded() {
        scheduler.start();
        var run = submitted(1);
        scheduler.received(worker, UP);
        run.result.completeExceptionally(new IllegalStateException("a bad job"));

        clock.pass(Duration.ofSeconds(2));

        assertThat(worker.isKilled).isTrue();
    }

    /** What was put in front of it when the run was there. */
    @Test
    void aWorkerThatHangsInTheJobOfARunThatWasOverBeforeItCameToItIsEnded() {
        scheduler.start();
        submitted(1).result.completeExceptionally(new IllegalStateException("a bad job"));
        clock.pass(Duration.ofMinutes(1));
        scheduler.received(worker, UP);
        assertThat(worker.isKilled).isFalse();

        clock.pass(Duration.ofMinutes(1));

        assertThat(worker.isKilled).isTrue();
    }

    private ShortRun submitted(long number) {
        var run = new ShortRun(number);
        scheduler.submit(run);
        return run;
    }

    private final class OneWorker implements Engine {
        @Override
        public Worker start(int place) {
            return worker;
        }

        @Override
        public void close() {}
    }
}
