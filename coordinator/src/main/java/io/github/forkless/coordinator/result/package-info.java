/**
 * What a run gives back: {@link io.github.forkless.coordinator.result.RunResult}, its answer with a {@link
 * io.github.forkless.coordinator.result.RunReport} of how that came about, or one of the exceptions that say why there is
 * none. {@link io.github.forkless.coordinator.result.Recording} is told of everything while it happens. Part of the API;
 * knows nothing of how runs are run.
 */
package io.github.forkless.coordinator.result;
