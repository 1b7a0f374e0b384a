package io.github.forkless.coordinator.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Time passes when a test says so. */
final class ManualClock implements Clock {
    private long nanos;
    private List<Scheduled> scheduled = new ArrayList<>();

    private record Scheduled(long due, Runnable action) {}

    void pass(Duration time) {
        nanos += time.toNanos();
        List<Scheduled> due = scheduled.stream().filter(it -> it.due <= nanos).toList();
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
