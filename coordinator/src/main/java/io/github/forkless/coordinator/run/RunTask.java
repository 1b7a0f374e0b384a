package io.github.forkless.coordinator.run;

import io.github.forkless.common.wire.Message.Assignment;
import io.github.forkless.coordinator.schedule.Task;

/** A task of a {@link Run}. */
abstract class RunTask extends Task {
    private final boolean isPart;

    /** @param isPart whether this is part of a task that failed */
    RunTask(Assignment first, boolean isPart) {
        super(first);
        this.isPart = isPart;
    }

    final boolean isPart() {
        return isPart;
    }

    /** Whether this is one of the tasks that the work was cut into, and not the merging of their answers. */
    boolean isCounted() {
        return true;
    }

    final boolean isRetry() {
        return isCounted() && (attempts() > 1 || isPart);
    }

    /**
     * Which of its parameters or parameter sets the worker was at; negative if that is not known.
     *
     * @param item what the worker said of that; negative if it did not
     */
    abstract int item(int item);

    /**
     * What the worker is doing, in words.
     *
     * @param item which parameter or parameter set it is at; negative if that is not known
     */
    abstract String what(RunContext context, int item);
}
