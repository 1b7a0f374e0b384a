/**
 * Programs that {@code bench/run} measures, and JMH benchmarks of kernels, codec and dealing. Each checks its answers.
 *
 * <p>{@link io.github.forkless.bench.EmptyTasks}, {@link io.github.forkless.bench.LargeResults} and {@link
 * io.github.forkless.bench.OpenRequest} are programs; {@link io.github.forkless.bench.Hold} is a job that keeps its
 * workers in place to be looked at.
 */
package io.github.forkless.bench;
