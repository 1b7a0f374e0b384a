package io.github.forkless.coordinator.schedule;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The real time. It has a thread once something was scheduled. */
public final class SystemClock implements Clock {
    private ScheduledThreadPoolExecutor timer;
    private boolean isClosed;

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public synchronized void schedule(Duration delay, Runnable action) {
        if (isClosed) {
            return;
        }
        if (timer == null) {
            timer = new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("forkless-timer").factory());
        }
        timer.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void execute(Runnable action) {
        Thread.ofPlatform().daemon().name("forkless-background").start(action);
    }

    @Override
    public void await(Object monitor, Duration patience) throws InterruptedException {
        monitor.wait(Math.clamp(patience.toMillis(), 1, 1_000));
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        if (timer != null) {
            timer.shutdownNow();
        }
    }
}
