package io.github.forkless.coordinator.run;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.coordinator.journal.JournaledRun;
import io.github.forkless.coordinator.result.Recording;
import java.util.Locale;
import java.util.Optional;

/**
 * What a run is about, whatever its kind.
 *
 * @param number tells the runs of a pool apart, from 1
 * @param what what it runs, in the user's words: {@code job sum}
 * @param datasetNumber how workers call its dataset
 * @param dataset empty for work without data
 * @param settings how it is run
 * @param recording is told of everything that happens
 * @param journal what remembers its pieces, if anything does
 */
public record RunContext(
        long number,
        String what,
        int datasetNumber,
        Optional<DatasetFile> dataset,
        RunSettings settings,
        Recording recording,
        Optional<JournaledRun> journal) {

    /** A range of the dataset in words, as people count: {@code elements 0 to 99}. */
    String words(Slice slice) {
        return slice.length() == 0
                ? "an empty dataset"
                : String.format(
                        Locale.ROOT,
                        "%s %,d to %,d",
                        dataset.map(file -> file.layout().unit()).orElse("elements"),
                        slice.from(),
                        slice.to() - 1);
    }
}
