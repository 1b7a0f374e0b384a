package io.github.forkless.coordinator.run;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.coordinator.journal.JournaledRun;
import io.github.forkless.coordinator.result.Recording;
import java.nio.file.Path;
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
        Optional<Dataset> dataset,
        RunSettings settings,
        Recording recording,
        Optional<JournaledRun> journal) {

    /** A range of the dataset in words, as people count: {@code elements 0 to 99}; of several files {@code elements 0 to 99 of b.bin}. */
    String words(Slice slice) {
        if (slice.length() == 0) {
            return "an empty dataset";
        }
        if (dataset.isEmpty() || dataset.get().parts().size() == 1) {
            return words(slice, 0);
        }
        Dataset files = dataset.get();
        int first = files.partOf(slice.from());
        int last = files.partOf(slice.to() - 1);
        Path path = files.parts().get(first).path();
        return first == last
                ? words(slice, files.start(first)) + " of " + path
                : words(slice, 0) + " of all files, from " + path + " to "
                        + files.parts().get(last).path().getFileName();
    }

    private String words(Slice slice, long start) {
        return String.format(
                Locale.ROOT,
                "%s %,d to %,d",
                dataset.map(data -> data.layout().unit()).orElse("elements"),
                slice.from() - start,
                slice.to() - 1 - start);
    }
}
