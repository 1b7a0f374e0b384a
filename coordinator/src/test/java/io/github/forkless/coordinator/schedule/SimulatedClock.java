package io.github.forkless.coordinator.schedule;

import java.time.Duration;

/** The time of a simulation. What is to happen in the background is one event more. */
final class SimulatedClock implements Clock {
    private final EventLoop loop;
    private final Faults faults;
    private boolean isClosed;

    SimulatedClock(EventLoop loop, Faults faults) {
        this.loop = loop;
        this.faults = faults;
    }

    @Override
    public long nanos() {
        return loop.nanos();
    }

    @Override
    public void schedule(Duration delay, Runnable action) {
        faults.spareThread();
        if (!isClosed) {
            loop.after(delay.toNanos(), () -> {
                if (!isClosed) {
                    action.run();
                }
            });
        }
    }

    @Override
    public void execute(Runnable action) {
        faults.spareThread();
        loop.after(loop.delay(Duration.ofMillis(1)), action);
    }

    @Override
    public void await(Object monitor, Duration patience) throws InterruptedException {
        loop.letOthers(monitor);
    }

    @Override
    public void close() {
        isClosed = true;
    }
}
