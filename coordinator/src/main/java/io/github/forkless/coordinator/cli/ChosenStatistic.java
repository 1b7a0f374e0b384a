package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.NamedJob;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What {@code --job} chooses where an option has the rows or the columns of the data each have an answer. */
final class ChosenStatistic {
    /**
     * The statistic that is named so.
     *
     * @param job none for {@code usual}
     * @param finds what the option finds, for an error: {@code --axis 0 finds stats or sum of each column}
     */
    static <S extends Enum<S>> S of(Optional<String> job, S usual, String finds) {
        if (job.isEmpty()) {
            return usual;
        }
        for (S each : usual.getDeclaringClass().getEnumConstants()) {
            if (each.name().equals(job.get())) {
                return each;
            }
        }
        throw new InvalidRequestException(finds + ", and --job is " + job.get() + "; give one of these");
    }

    /**
     * The job that finds it.
     *
     * @param sets the user's own
     * @param more adds what the options say to each of them
     */
    static NamedJob job(String name, Enum<?> of, List<Map<String, String>> sets, Consumer<Map<String, String>> more) {
        return new NamedJob(
                name,
                Map.of(),
                sets.stream()
                        .map(set -> {
                            var all = new HashMap<>(set);
                            all.put("of", of.name());
                            more.accept(all);
                            return Map.copyOf(all);
                        })
                        .toList());
    }

    private ChosenStatistic() {}
}
