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
 */
public record RunSettings(int workers, int retries, boolean skipFailed, Optional<Duration> timeout, double weight) {}
