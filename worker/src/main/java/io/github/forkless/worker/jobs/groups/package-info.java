/**
 * The job {@link io.github.forkless.worker.jobs.groups.GroupBy}, and what it keeps of each group. {@code Groups} is a partial: {@code Keys} number the
 * groups, {@code Figures} have the figures of each number.
 */
package io.github.forkless.worker.jobs.groups;
