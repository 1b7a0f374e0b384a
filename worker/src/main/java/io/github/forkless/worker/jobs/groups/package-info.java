/**
 * The job {@link io.github.forkless.worker.jobs.groups.GroupBy}, and what it keeps of each group. {@code Groups} is a partial. Rows go
 * into its {@code GroupTable}, where {@code Keys} number the groups and {@code Figures} have the figures of each number; what
 * travels and is merged is bytes, sorted as {@link io.github.forkless.worker.jobs.texts.SortedTexts}.
 * {@link io.github.forkless.worker.jobs.groups.ByColumn} does the same with the columns of a matrix, whose numbers need no keys.
 */
package io.github.forkless.worker.jobs.groups;
