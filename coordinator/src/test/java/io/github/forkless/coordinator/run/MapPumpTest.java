package io.github.forkless.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.value.ValueWriter;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.run.RunOutcome.EncodedResults;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MapPumpTest {
    private static MapRun run(MapPump pump) {
        var settings = new RunSettings(2, 0, false, Optional.empty(), 1, true);
        var context = new RunContext(
                1, "f", Message.NO_DATASET, Optional.empty(), settings, Recording.NONE, Optional.empty());
        return new MapRun(
                context, new JobSource.Function(new byte[0], JobSource.Code.onClassPath(List.of())), 0, pump, false);
    }

    /** The result that takes the last room may come while another is being taken: whoever makes room has to say so. */
    @Test
    void aRunThatPausedGoesOnAsSoonAsThereIsRoom() throws Exception {
        int results = 100_000;
        var pump = new MapPump(
                List.of(), List.of(), Long.MAX_VALUE, TypeFinder.NONE, new MapPump.Window(2, Long.MAX_VALUE));
        var lock = new Object();
        var isPaused = new AtomicBoolean();
        var wakeUps = new Semaphore(0);
        pump.connect(run(pump), change -> {
            synchronized (lock) {
                change.run();
                if (isPaused.get() && pump.hasRoom()) {
                    isPaused.set(false);
                    wakeUps.release();
                }
            }
        });
        var wasForgotten = new AtomicBoolean();
        var taken = new AtomicInteger();
        Thread worker = Thread.ofPlatform().daemon().start(() -> {
            try {
                for (int i = 0; i < results; i++) {
                    boolean pauses;
                    synchronized (lock) {
                        pump.arrived(new EncodedResults(i, i + 1, ValueWriter.encode(i)));
                        pauses = !pump.hasRoom();
                        isPaused.set(pauses);
                    }
                    if (pauses && !wakeUps.tryAcquire(20, TimeUnit.SECONDS)) {
                        wasForgotten.set(true);
                        return;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (pump.next()) {
                    taken.incrementAndGet();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        worker.join();
        assertThat(wasForgotten).as("after %s results", taken).isFalse();
    }
}
