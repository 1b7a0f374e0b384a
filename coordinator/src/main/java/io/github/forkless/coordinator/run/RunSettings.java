package io.github.forkless.coordinator.run;

import java.time.Duration;
import java.util.Optional;

/**
 * How a run is run.
 *
 * @param workers how many the pool has
 * @param retries how often a task is tried again after a worker died at it
 * @param skipFailed whether it goes on without what no worker could do
 * @param timeout how long a worker may take for one task
 * @param weight its share of the workers, in proportion to that of other runs
 * @param isolatesWorkers whether what a worker was at is why it ended, so that a part of it can be looked for that is at fault
 */
public record RunSettings(
        int workers,
        int retries,
        boolean skipFailed,
        Optional<Duration> timeout,
        double weight,
        boolean isolatesWorkers) {}
