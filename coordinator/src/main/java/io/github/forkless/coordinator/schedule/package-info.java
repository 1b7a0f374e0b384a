/**
 * Who does what next. {@link io.github.forkless.coordinator.schedule.Scheduler} gives the tasks of all runs to the workers;
 * {@link io.github.forkless.coordinator.schedule.ScheduledRun} is what it asks for tasks and tells what became of them.
 * {@code FairQueue} says whose turn it is, {@code WorkerSlot} what each worker was sent. It knows no jobs and no processes,
 * so that a test can put simulated ones in their places.
 */
package io.github.forkless.coordinator.schedule;
