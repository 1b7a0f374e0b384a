/**
 * What users write: a {@link io.github.forkless.common.job.Job}, or an {@link io.github.forkless.common.job.OrderedJob}
 * where the order of the data matters, over {@link io.github.forkless.common.dataset.Block blocks} of a dataset.
 */
package io.github.forkless.common.job;
