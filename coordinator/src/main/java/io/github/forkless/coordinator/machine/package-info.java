/**
 * The machine that a run is on: its processors and memory nodes, and what of them this process may use. {@link
 * io.github.forkless.coordinator.machine.Machine} is what the kernel tells of it; {@link
 * io.github.forkless.coordinator.machine.Memory} is what is left of its memory.
 *
 * <p>None of this is needed for a plain run: the JVM knows how many processors it may use, by mask and by quota.
 */
package io.github.forkless.coordinator.machine;
