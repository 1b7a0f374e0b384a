package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.coordinator.NamedJob;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.worker.jobs.groups.GroupBy;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code --by} makes of a command: a run of the job {@code group-by}. */
final class Grouping {
    static final String JOB = "group-by";

    private static final String COLUMN = "column";

    /**
     * The dataset, if its rows can be grouped so.
     *
     * @param job what is found out of each group
     */
    static Dataset checked(Dataset dataset, String by, Optional<String> column, Optional<String> job) {
        GroupBy.Statistic of = statistic(job);
        if (!(dataset.layout() instanceof Layout.Table)) {
            throw new InvalidRequestException(
                    dataset.name() + ": --by " + by + " groups the rows of a table, and this is "
                            + dataset.layout().label() + " data");
        }
        Optional<String> refusal = new GroupBy(by, column.orElse(null), of).refusal(dataset.layout());
        if (refusal.isPresent()) {
            throw new InvalidRequestException(dataset.name() + ": --by " + by
                    + column.map(it -> " --column " + it).orElse("") + ": " + refusal.get());
        }
        return dataset;
    }

    /** @param sets in which a parameter {@code column} takes the place of {@code column} */
    static NamedJob job(String by, Optional<String> column, Optional<String> job, List<Map<String, String>> sets) {
        return ChosenStatistic.job(JOB, statistic(job), sets, all -> {
            column.ifPresent(it -> all.putIfAbsent(COLUMN, it));
            all.put("by", by);
        });
    }

    private static GroupBy.Statistic statistic(Optional<String> job) {
        return ChosenStatistic.of(job, GroupBy.Statistic.stats, "--by finds stats, sum or count of each group");
    }

    private Grouping() {}
}
