/**
 * {@code coordinator lab}: experiments that show what sharing memory between processes buys, and what a process boundary
 * is worth.
 *
 * <p>There are four of them, {@link io.github.forkless.coordinator.lab.Sharing}, {@link
 * io.github.forkless.coordinator.lab.Scaling}, {@link io.github.forkless.coordinator.lab.Isolation} and {@link
 * io.github.forkless.coordinator.lab.Again}, made in one {@link io.github.forkless.coordinator.lab.Laboratory}. Each {@link
 * io.github.forkless.coordinator.lab.Arrangement} of the work, and each misbehaving program, runs in a JVM of its own and is
 * looked at from outside; a command is run as users run it. {@link
 * io.github.forkless.coordinator.lab.Calibration} says how much work there is, and {@link
 * io.github.forkless.coordinator.lab.Judgement} what the figures mean.
 */
package io.github.forkless.coordinator.lab;
