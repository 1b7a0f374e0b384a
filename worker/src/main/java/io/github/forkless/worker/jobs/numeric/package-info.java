/**
 * Sums and statistics of numbers, exact where exactness is possible, fed with blocks of native memory.
 *
 * <p>{@link io.github.forkless.worker.jobs.numeric.IntegerStats} and
 * {@link io.github.forkless.worker.jobs.numeric.FloatStats} are the two most people need;
 * {@link io.github.forkless.worker.jobs.numeric.IntegerSum} and
 * {@link io.github.forkless.worker.jobs.numeric.FloatSum} do the sum alone, faster. All four are shaped alike:
 * {@code add} a block, {@code merge} another accumulator, ask for the answer, or carry it over a wire with
 * {@code toState} and {@code fromState}.
 *
 * <p>The loops stand in {@code IntegerKernel} and {@code FloatSum}; {@code Blocks} explains their shape, which is
 * the one the JIT compiles soonest and vectorizes. {@code Rounding} turns exact ratios and roots into the nearest
 * double. {@code Digits} is the exact sum of few numbers, one of many.
 *
 * <p>Nothing here is safe for use by several threads at once.
 */
package io.github.forkless.worker.jobs.numeric;
