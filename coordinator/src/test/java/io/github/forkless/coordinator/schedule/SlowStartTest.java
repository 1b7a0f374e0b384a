package io.github.forkless.coordinator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.coordinator.engine.Engine;
import io.github.forkless.coordinator.engine.Worker;
import io.github.forkless.coordinator.result.Recording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Runs come and go while a worker is still starting, or loading a job: nobody ends it for being slow. */
class SlowStartTest {
    private static final Message.Ready UP = new Message.Ready(0);

    private final SlowWorker worker = new SlowWorker();
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

    /** Nobody knows of what it consists before a worker has loaded its job. */
    private static final class ShortRun extends QueuedRun {
        private final CompletableFuture<Void> result = new CompletableFuture<>();

        ShortRun(long number) {
            super(number, 1, 0, 0);
        }

        @Override
        public void submitted(Background background) {}

        @Override
        public boolean isPlanned() {
            return false;
        }

        @Override
        public int datasetNumber() {
            return Message.NO_DATASET;
        }

        @Override
        public Message.Load load() {
            return new Message.Load(
                    number(),
                    Message.NO_DATASET,
                    false,
                    new JobSource.Function(new byte[0], JobSource.Code.onClassPath(List.of())));
        }

        @Override
        public Optional<Duration> timeout() {
            return Optional.empty();
        }

        @Override
        public boolean isDone() {
            return result.isDone();
        }

        @Override
        public boolean hasFailed() {
            return result.isCompletedExceptionally();
        }

        @Override
        public boolean isCancelled() {
            return result.isCancelled();
        }

        @Override
        public void whenDone(Runnable action) {
            result.whenComplete((_, _) -> action.run());
        }
    }

    /** Time passes when a test says so. */
    private static final class ManualClock implements Clock {
        private long nanos;
        private List<Scheduled> scheduled = new ArrayList<>();

        private record Scheduled(long due, Runnable action) {}

        void pass(Duration time) {
            nanos += time.toNanos();
            List<Scheduled> due =
                    scheduled.stream().filter(it -> it.due <= nanos).toList();
            scheduled.removeAll(due);
            due.forEach(it -> it.action.run());
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void schedule(Duration delay, Runnable action) {
            scheduled.add(new Scheduled(nanos + delay.toNanos(), action));
        }

        @Override
        public void execute(Runnable action) {
            action.run();
        }

        @Override
        public void await(Object monitor, Duration patience) {}

        @Override
        public void close() {}
    }

    private final class OneWorker implements Engine {
        @Override
        public Worker start(int place) {
            return worker;
        }

        @Override
        public void close() {}
    }

    /** Says nothing by itself. */
    private static final class SlowWorker implements Worker {
        private boolean isKilled;

        @Override
        public int place() {
            return 0;
        }

        @Override
        public long pid() {
            return 1;
        }

        @Override
        public void listen(Listener listener) {}

        @Override
        public void send(Message... messages) {}

        @Override
        public boolean isFit() {
            return !isKilled;
        }

        @Override
        public void checkFitness() {}

        @Override
        public void reject(String reason) {}

        @Override
        public boolean isRejected() {
            return isKilled;
        }

        @Override
        public void dismiss() {}

        @Override
        public void terminate() {}

        @Override
        public void kill() {
            isKilled = true;
        }

        @Override
        public boolean awaitEnd(Duration patience) {
            return true;
        }
    }
}
