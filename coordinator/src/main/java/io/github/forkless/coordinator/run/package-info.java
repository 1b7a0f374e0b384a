/**
 * One piece of work, from its plan to its result. {@link io.github.forkless.coordinator.run.Run} is the story, with two kinds:
 * {@link io.github.forkless.coordinator.run.JobRun}, a job over slices of a dataset, and {@link
 * io.github.forkless.coordinator.run.MapRun}, a function over parameters. {@code Plan} cuts the work into tasks, {@code
 * MergeChain} merges what comes back and proves that it covers the dataset; {@code Passes} runs jobs again that ask for it.
 *
 * <p>A run is a {@link io.github.forkless.coordinator.schedule.ScheduledRun}: the scheduler calls it with its lock held, so
 * nothing of the user's code runs here, but in {@link io.github.forkless.coordinator.run.MapPump} and {@link
 * io.github.forkless.coordinator.run.ResultReader}, which are for the threads of whoever waits for results.
 */
package io.github.forkless.coordinator.run;
