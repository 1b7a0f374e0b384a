package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.coordinator.NamedJob;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.worker.jobs.groups.ByColumn;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code --axis 0} makes of a command: a run of the job {@code by-column}. */
final class Axis {
    static final String JOB = "by-column";

    /**
     * The dataset, if its columns can be read so.
     *
     * @param axis as NumPy counts them
     * @param job what is found out of each column
     */
    static Dataset checked(Dataset dataset, String axis, Optional<String> job) {
        if (!axis.equals("0")) {
            throw new InvalidRequestException("--axis " + axis + ": it can be 0, which is an answer for each column");
        }
        var each = new ByColumn(statistic(job));
        if (!each.accepts(dataset.layout())) {
            throw new InvalidRequestException(
                    dataset.name() + ": --axis 0 is for a matrix, as numpy.ascontiguousarray makes it, and this is "
                            + dataset.layout().label() + " data");
        }
        Optional<String> refusal = each.refusal(dataset.layout());
        if (refusal.isPresent()) {
            throw new InvalidRequestException(dataset.name() + ": --axis 0: " + refusal.get());
        }
        return dataset;
    }

    /** @param sets for which an error will say that there are no such parameters */
    static NamedJob job(Optional<String> job, List<Map<String, String>> sets) {
        return ChosenStatistic.job(JOB, statistic(job), sets, _ -> {});
    }

    /** What tells one such run from another. */
    static Map<String, String> parameters(Optional<String> job) {
        return Map.of("of", statistic(job).name());
    }

    private static ByColumn.Statistic statistic(Optional<String> job) {
        return ChosenStatistic.of(job, ByColumn.Statistic.stats, "--axis 0 finds stats or sum of each column");
    }

    private Axis() {}
}
