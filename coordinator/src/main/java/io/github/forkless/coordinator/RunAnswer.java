package io.github.forkless.coordinator;

import io.github.forkless.coordinator.report.AnswerFile;
import io.github.forkless.coordinator.report.NoAnswer;
import io.github.forkless.coordinator.report.ParameterSets;
import io.github.forkless.coordinator.report.RunFacts;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.RunReport;
import io.github.forkless.coordinator.result.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The answer of a run, for files.
 *
 * @param sets what its results are of; asked when a file is written
 * @param page of a run that was recorded
 */
record RunAnswer(
        PoolRuntime runtime,
        List<Object> results,
        RunReport report,
        Supplier<ParameterSets> sets,
        Optional<RunPage> page)
        implements RunResult.Answer {

    @Override
    public void writeTo(Path path) throws IOException {
        var answer = new AnswerFile("the answer", path);
        if (AnswerFile.hasFacts(path) && page.isEmpty()) {
            throw new InvalidRequestException(
                    "the answer " + path + ": JSON has the run in it, which was not recorded; run it"
                            + " with RunOptions.defaults().withReport(), or give a file of another format");
        }
        RunPage.open(answer.file(), runtime.options().lines());
        Optional<RunFacts> facts =
                AnswerFile.hasFacts(path) ? Optional.of(page.get().facts(report)) : Optional.empty();
        answer.write(sets.get(), PlainValues.of(NoAnswer.in(results, report)), facts, Optional.empty());
    }
}
