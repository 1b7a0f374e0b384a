package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.coordinator.report.HtmlReport;
import io.github.forkless.coordinator.report.NoAnswer;
import io.github.forkless.coordinator.report.OutputFile;
import io.github.forkless.coordinator.report.ParameterSets;
import io.github.forkless.coordinator.report.Request;
import io.github.forkless.coordinator.report.RunFacts;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.RunReport;
import io.github.forkless.coordinator.result.RunResult;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the page of a run is made of that is recorded.
 *
 * @param job its name, or what kind of run of a function it is
 * @param dataset empty if a function was applied to parameters alone
 * @param sets what its results are of; asked when the page is written
 */
record RunPage(
        PoolRuntime runtime, String job, Optional<Dataset> dataset, Supplier<ParameterSets> sets, Recording recording) {

    /** Where there are no results to be named. */
    private static final ParameterSets NOTHING = new ParameterSets(List.of(Map.of()), false);

    /** @param results none where they were handed on */
    RunResult.Page ofAnswer(List<Object> results, RunReport report) {
        return file -> {
            ParameterSets named = results.isEmpty() ? NOTHING : sets.get();
            List<Object> shown = PlainValues.of(NoAnswer.in(results, report));
            write(file, shown, RunFacts.ofAnswer(request(named), report, false));
        };
    }

    RunResult.Page ofFailure(Throwable failure) {
        String error = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return file -> write(file, List.of(), RunFacts.ofFailure(request(NOTHING), failure, error, false));
    }

    private Request request(ParameterSets named) {
        PoolOptions options = runtime.options();
        return new Request(
                job, dataset, Map.of(), options.engineLabel(), runtime.workers(), named, recording, Optional.empty());
    }

    /** How an answer came about. */
    RunFacts facts(RunReport report) {
        return RunFacts.ofAnswer(request(sets.get()), report, false);
    }

    private void write(Path file, List<Object> results, RunFacts facts) throws IOException {
        var output = new OutputFile("the page", file);
        open(output, runtime.options().lines());
        output.write(out -> HtmlReport.writeRun(out, results, facts, Optional.empty()));
    }

    /** Readies a file to be written, which may have to wait for a reader. */
    static void open(OutputFile output, Consumer<String> notices) throws IOException {
        output.requireWritable();
        try {
            output.open(notices);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a reader of " + output.path());
        }
    }
}
