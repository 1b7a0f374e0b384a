package io.github.forkless.coordinator.schedule;

import java.util.function.Supplier;

/** Does for a run what may take long, such as reading a file, while the scheduler goes on. */
public interface Background {

    /**
     * Has {@code slow} called by another thread, without the scheduler's lock, and what it returns run with the lock held;
     * then deals what has come up with that. If {@code slow} throws, the run fails. Does not wait.
     */
    void execute(Supplier<Runnable> slow);
}
