/**
 * The library's way in. {@link io.github.forkless.coordinator.WorkerPool} has the workers; {@link
 * io.github.forkless.coordinator.PoolOptions} says how they are set up, {@link io.github.forkless.coordinator.RunOptions} how they
 * run what they are given. What comes back, answers, reports and failures, is in {@link io.github.forkless.coordinator.result}.
 * Jobs, functions and shared data are in the module {@code common}. Nothing else is for programs that use the library.
 *
 * <p>{@code PoolRuntime} puts a pool together, of rooms that each know only those below:
 *
 * <pre>
 *   cli  lab                  the command, the experiments
 *        |
 *   this package              the library
 *        |
 *  run  code  share  journal  one piece of work, how jobs and data travel, what was finished before
 *  report                     what a run tells of itself
 *        |
 *     schedule                who does what next
 *        |
 *      engine                 what a worker is
 *        ^
 *   process  placement        child JVMs, and where they and their data are kept
 *   threads                   threads of this JVM in their place
 * </pre>
 */
package io.github.forkless.coordinator;
