package io.github.forkless.coordinator.schedule;

import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.Assignment;

/** One thing for a worker to do, and how often that was tried. Guarded by the scheduler's lock. */
public abstract class Task {
    private final Assignment first;
    private int attempts;
    private long dealtNanos;

    /** @param first what a worker is told, but for the number of the attempt */
    protected Task(Assignment first) {
        this.first = first;
    }

    /** What a worker is sent. */
    public abstract Message message();

    /** What the worker is told this time. */
    public final Assignment assignment() {
        return new Assignment(
                first.run(), first.task(), attempts, first.firstSet(), first.endSet(), first.slice(), first.finish());
    }

    /** How often it was dealt, the last time included. */
    public final int attempts() {
        return attempts;
    }

    /** When it was dealt last; unknown if it is not recorded. */
    public final long dealtNanos() {
        return dealtNanos;
    }

    /** It is dealt once more. */
    public final void beginAttempt() {
        attempts++;
    }

    /** @param nanos when it was dealt */
    public final void dealtAt(long nanos) {
        dealtNanos = nanos;
    }

    /** Its worker ended before it came to the task: that was no attempt. */
    public final void takeBackAttempt() {
        attempts--;
    }
}
