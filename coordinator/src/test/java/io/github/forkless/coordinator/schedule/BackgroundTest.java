package io.github.forkless.coordinator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.engine.Engine;
import io.github.forkless.coordinator.engine.Worker;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.RunFailedException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a run waits for keeps no other run waiting. */
class BackgroundTest {
    private final Scheduler scheduler = new Scheduler(
            new NoWorkers(),
            new Scheduler.Settings(1, OptionalInt.empty(), Duration.ofSeconds(2), 1),
            Recording.NONE,
            new SystemClock(),
            _ -> {});

    @AfterEach
    void closeScheduler() {
        scheduler.close();
    }

    /** Workers never come. */
    private static final class NoWorkers implements Engine {
        @Override
        public Worker start(int place) {
            throw new IllegalStateException("there are none here");
        }

        @Override
        public void close() {}
    }

    /** A run that waits for something as soon as it is there. */
    private static final class WaitingRun extends QueuedRun {
        private final Supplier<Runnable> slow;
        private final CompletableFuture<Void> result = new CompletableFuture<>();

        WaitingRun(long number, Supplier<Runnable> slow) {
            super(number, 1, 0, 0);
            this.slow = slow;
        }

        @Override
        public void submitted(Background background) {
            background.execute(slow);
        }

        @Override
        public int datasetNumber() {
            return 0;
        }

        @Override
        public Optional<Duration> timeout() {
            return Optional.empty();
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public boolean isDone() {
            return result.isDone();
        }

        @Override
        public void whenDone(Runnable action) {
            result.whenComplete((_, _) -> action.run());
        }

        @Override
        public void fail(RuntimeException failure) {
            result.completeExceptionally(failure);
        }
    }

    @Test
    void aRunThatWaitsKeepsNoOtherWaiting() {
        var isRead = new CountDownLatch(1);
        var waits = new CompletableFuture<Boolean>();
        var slow = new WaitingRun(1, () -> {
            waits.complete(Thread.holdsLock(scheduler));
            awaitUninterruptibly(isRead);
            return () -> {};
        });
        scheduler.submit(slow);
        assertThat(waits.join()).as("with the scheduler's lock").isFalse();

        var quick = new CompletableFuture<Boolean>();
        scheduler.submit(new WaitingRun(2, () -> () -> quick.complete(Thread.holdsLock(scheduler))));
        assertThat(quick.join()).as("with the scheduler's lock").isTrue();
        isRead.countDown();
    }

    @Test
    void whatGoesWrongThereFailsThatRunAlone() {
        var other = new WaitingRun(1, () -> () -> {});
        scheduler.submit(other);
        var run = new WaitingRun(2, () -> {
            throw new IllegalStateException("no such thing");
        });
        scheduler.submit(run);
        assertThat(run.result.handle((_, failure) -> failure).join())
                .isInstanceOf(RunFailedException.class)
                .hasMessageContaining("no such thing");
        assertThat(other.isDone()).isFalse();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
