package io.github.forkless.coordinator.result;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The answer of a run, proved complete. Safe for use by several threads. */
public final class RunResult {
    private final List<Object> results;
    private final RunReport report;
    private final Optional<Page> page;

    /** What a run that was recorded has for its page. */
    @FunctionalInterface
    public interface Page {
        void writeTo(Path file, RunResult result) throws IOException;
    }

    /** @param page empty if the run was not recorded */
    public RunResult(List<Object> results, RunReport report, Optional<Page> page) {
        this.results = results;
        this.report = report;
        this.page = page;
    }

    /** One for each parameter set, in their order. */
    public List<Object> results() {
        return results;
    }

    /** How it came about. */
    public RunReport report() {
        return report;
    }

    /**
     * Writes the run's page, as {@code coordinator --report} does: the answer, every attempt on its worker, failures, memory. The
     * workers' memory is told as long as the pool is open.
     *
     * @param file replaced when the page is whole
     * @throws InvalidRequestException when the run was not recorded, or the file cannot be written: a folder, for example
     * @throws IOException naming the file, when it cannot be written to the end; what was there before is there yet
     */
    public void report(Path file) throws IOException {
        page.orElseThrow(
                        () -> new InvalidRequestException("there is no page of this run, as it was not recorded; run it"
                                + " with RunOptions.defaults().withReport()"))
                .writeTo(file, this);
    }

    @Override
    public String toString() {
        return "RunResult[results=" + results + ", report=" + report + "]";
    }
}
