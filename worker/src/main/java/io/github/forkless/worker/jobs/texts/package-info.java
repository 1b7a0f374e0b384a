/**
 * Texts with figures, many of them: {@link io.github.forkless.worker.jobs.texts.SortedTexts} is how they travel, {@link
 * io.github.forkless.worker.jobs.texts.TextRuns} how they are merged.
 */
package io.github.forkless.worker.jobs.texts;
