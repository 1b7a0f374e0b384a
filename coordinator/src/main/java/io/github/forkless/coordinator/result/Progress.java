package io.github.forkless.coordinator.result;

import java.time.Duration;
import java.util.Optional;

/**
 * How far a run is.
 *
 * @param isEnded whether the run has ended, in whatever way; nothing comes after this
 * @param pass which pass over the data this is, from 1; nearly all jobs need one
 * @param done of a job, what is done of this pass, in bytes of the dataset, once for each group of parameter sets that share a
 *     scan; of a function, how many parameters have their results
 * @param total of what; 0 until it is known. Of an {@code Iterable}, what was drawn of it so far
 * @param tasks how many tasks the run is cut into so far
 * @param attempts attempts at them, retries included
 * @param retries attempts beyond a task's first
 * @param failed attempts that came to nothing
 * @param workers that there are
 * @param elapsed since the run was handed over
 */
public record Progress(
        boolean isEnded,
        int pass,
        long done,
        long total,
        long tasks,
        long attempts,
        long retries,
        long failed,
        int workers,
        Duration elapsed) {

    /** From 0 to 1; 0 until the total is known. */
    public double fraction() {
        return total == 0 ? 0 : Math.min(1, (double) done / total);
    }

    /** How long it will take if it goes on like this; empty as long as nothing is done. Of several passes, for this one alone. */
    public Optional<Duration> left() {
        return done == 0 || total == 0
                ? Optional.empty()
                : Optional.of(Duration.ofNanos((long) (elapsed.toNanos() * (1 / fraction() - 1))));
    }
}
