package io.github.forkless.coordinator.schedule;

import java.time.Duration;

/** Time, and what happens in the background, as the scheduler sees them. Tests have their own. */
public interface Clock {

    /** See {@link System#nanoTime}. */
    long nanos();

    /** Runs an action once, after a while; not at all if that cannot be had, or if the clock is closed before. */
    void schedule(Duration delay, Runnable action);

    /**
     * Runs an action that may take long, soon.
     *
     * @throws OutOfMemoryError when there is no thread for it
     */
    void execute(Runnable action);

    /**
     * Waits on a monitor, which the caller holds, until it is notified or some time has passed, or less. For the end of what
     * happens in the background.
     */
    void await(Object monitor, Duration patience) throws InterruptedException;

    /** Nothing that was scheduled is run any more. */
    void close();
}
