/**
 * What a pool's tasks are carried out by, without saying by what. {@link io.github.forkless.coordinator.engine.Engine}
 * starts workers, {@link io.github.forkless.coordinator.engine.Worker} is one of them. The scheduler knows these two and no
 * process, thread or cluster.
 */
package io.github.forkless.coordinator.engine;
