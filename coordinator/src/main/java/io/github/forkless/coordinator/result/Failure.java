package io.github.forkless.coordinator.result;

import io.github.forkless.common.dataset.Slice;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The death certificate of one attempt.
 *
 * @param task the task's number in its run; -1 when the worker had none yet
 * @param isMerge whether partials were merged, and not a slice worked on
 * @param slice what it was working on
 * @param item which of the parameters or parameter sets that the run was given; negative if that is not known
 * @param what the same in words: {@code elements 0 to 99}
 * @param attempt which try it was, from 1
 * @param pid the worker's
 * @param exitCode how its process ended: a signal counts as 128 more than its number; empty if it did not end
 * @param cause what happened, in a few words: {@code killed by SIGKILL from outside}
 * @param error the class name of what the job threw; empty if it did not throw
 * @param trace the worker's stack trace, if the job threw; empty otherwise
 * @param lastWords the last lines of the worker's stderr
 * @param crashLog the log that its JVM wrote when it crashed; it stays until someone removes it
 */
public record Failure(
        long task,
        boolean isMerge,
        Slice slice,
        int item,
        String what,
        int attempt,
        long pid,
        OptionalInt exitCode,
        String cause,
        String error,
        String trace,
        List<String> lastWords,
        Optional<Path> crashLog) {

    /** One line: {@code task 7, elements 0 to 99, attempt 1, worker pid 4711: killed by SIGKILL from outside}. */
    @Override
    public String toString() {
        return "task " + task + ", " + what + ", attempt " + attempt + ", " + WorkerNumber.name(pid) + ": " + cause;
    }
}
