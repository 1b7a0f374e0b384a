/**
 * What a run did, told when it is over, and by {@link io.github.forkless.coordinator.report.LiveServer} while it is under way:
 * as JSON ({@link io.github.forkless.coordinator.report.RunJson}), as a page ({@link
 * io.github.forkless.coordinator.report.HtmlReport}), as a trace ({@link
 * io.github.forkless.coordinator.report.ChromeTrace}), as a file of the answer alone ({@link io.github.forkless.coordinator.report.AnswerFile}), and as a judgement on the workers' memory ({@link
 * io.github.forkless.coordinator.report.SharingProof}). {@link io.github.forkless.coordinator.report.RunFacts} gathers
 * what is told, while the workers are there.
 */
package io.github.forkless.coordinator.report;
