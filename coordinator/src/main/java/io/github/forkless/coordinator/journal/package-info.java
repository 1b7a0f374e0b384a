/**
 * A file that remembers what a run has finished, so that the same run started again does only what is missing.
 *
 * <p>Start with {@link io.github.forkless.coordinator.journal.Journal}: the file, its lock, and whose work it holds. A
 * run gets its part of it as a {@link io.github.forkless.coordinator.journal.JournaledRun}. What the bytes are is in
 * {@code JournalRecord}; when they are on disk is {@code JournalWriter}'s matter.
 */
package io.github.forkless.coordinator.journal;
