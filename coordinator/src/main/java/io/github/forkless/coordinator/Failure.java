package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.Slice;
import java.util.List;
import java.util.OptionalInt;

/**
 * The death certificate of one attempt.
 *
 * @param task the task's number in its run; -1 when the worker died before it had one
 * @param slice what it was working on
 * @param attempt which try it was, from 1
 * @param pid the worker's
 * @param exitCode how its process ended: a signal counts as 128 more than its number; empty if it did not end
 * @param cause what happened, in a few words: {@code killed by SIGKILL}
 * @param trace the worker's stack trace, if the job threw; empty otherwise
 * @param lastWords the last lines of the worker's stderr
 */
public record Failure(
        long task,
        Slice slice,
        int attempt,
        long pid,
        OptionalInt exitCode,
        String cause,
        String trace,
        List<String> lastWords) {

    /** One line: {@code task 7, elements 0 to 99, attempt 1, worker pid 4711: killed by SIGKILL}. */
    @Override
    public String toString() {
        String where = task < 0
                ? "at start"
                : "task " + task + ", elements " + slice.from() + " to " + slice.to() + ", attempt " + attempt;
        return where + ", worker pid " + pid + ": " + cause;
    }
}
