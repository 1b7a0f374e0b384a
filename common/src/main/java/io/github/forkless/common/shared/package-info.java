/**
 * Data of a program that all workers of a pool read in place.
 *
 * <p>Start with {@link io.github.forkless.common.shared.Shared}, the handle that lambdas, jobs and parameters carry. What it
 * leads to is one of the views, such as {@link io.github.forkless.common.shared.Doubles}, which also say what may be shared. {@link
 * io.github.forkless.common.shared.SharedMappings} knows what of it this process has mapped.
 */
package io.github.forkless.common.shared;
