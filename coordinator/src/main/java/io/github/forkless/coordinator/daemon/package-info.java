/**
 * A coordinator that stays when a command has ended, and answers the next one at once. {@link
 * io.github.forkless.coordinator.daemon.Resident} is it, {@link io.github.forkless.coordinator.daemon.Client} the command that it
 * answers, {@code Surroundings} what both must have in common, {@link io.github.forkless.coordinator.daemon.Residents} starts, finds
 * and stops it.
 */
package io.github.forkless.coordinator.daemon;
