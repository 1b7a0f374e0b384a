package io.github.forkless.coordinator.result;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The answer of a run, proved complete. Safe for use by several threads. */
public final class RunResult {
    private final List<Object> results;
    private final RunReport report;
    private final Optional<Page> page;
    private final Answer answer;

    /** The page of a run that was recorded, and is over. */
    @FunctionalInterface
    public interface Page {
        void writeTo(Path file) throws IOException;
    }

    /** The answer in files. */
    @FunctionalInterface
    public interface Answer {
        void writeTo(Path file) throws IOException;
    }

    /** @param page empty if the run was not recorded */
    public RunResult(List<Object> results, RunReport report, Optional<Page> page, Answer answer) {
        this.results = results;
        this.report = report;
        this.page = page;
        this.answer = answer;
    }

    /** One for each parameter set, in their order. */
    public List<Object> results() {
        return results;
    }

    /**
     * The same for callers who see nothing else.
     *
     * @throws RunFailedException when they are not complete
     */
    public List<Object> completeResults() {
        if (report.isComplete()) {
            return results;
        }
        String missing = report.leftOut().stream().map(RunReport.LeftOut::what).collect(Collectors.joining(", "));
        var failure = new RunFailedException(
                "the answer is not complete: it is without " + missing + "; runReported gives it all the same",
                report.failures());
        page.ifPresent(failure::initPage);
        throw failure;
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
        write(page, file);
    }

    /**
     * Writes the answer, as {@code coordinator --output} does: a name that ends with .arrow, .csv, .tsv, .json or .npy says in which
     * format. JSON has the run in it, which was to be recorded.
     *
     * @param file replaced when the answer is written to its end
     * @throws InvalidRequestException when its name says no format, a run was not recorded that has to be, or the file cannot be
     *     written: a folder, for example
     * @throws IOException naming the file, when it cannot be written to the end, or its format does not have such an answer; what
     *     was there before is there yet
     */
    public void write(Path file) throws IOException {
        answer.writeTo(file);
    }

    static void write(Optional<Page> page, Path file) throws IOException {
        page.orElseThrow(
                        () -> new InvalidRequestException("there is no page of this run, as it was not recorded; run it"
                                + " with RunOptions.defaults().withReport()"))
                .writeTo(file);
    }

    @Override
    public String toString() {
        return "RunResult[results=" + results + ", report=" + report + "]";
    }
}
