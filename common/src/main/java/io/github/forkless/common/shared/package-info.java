/**
 * What a program has, for all workers of its pool: data that they read in place, and objects that each makes for itself.
 *
 * <p>Start with {@link io.github.forkless.common.shared.Shared}, the handle that lambdas, jobs and parameters carry. What it
 * leads to is one of the views, such as {@link io.github.forkless.common.shared.Doubles}, which also say what may be shared; {@link
 * io.github.forkless.common.shared.Table} is that of records. {@link
 * io.github.forkless.common.shared.SharedMappings} knows what of it this process has mapped. {@link
 * io.github.forkless.common.shared.PerWorker} is a handle of objects, which {@link
 * io.github.forkless.common.shared.WorkerObjects} keeps.
 */
package io.github.forkless.common.shared;
