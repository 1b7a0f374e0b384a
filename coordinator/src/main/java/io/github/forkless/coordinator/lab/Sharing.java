package io.github.forkless.coordinator.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The experiment of the article that Forkless comes from: the same work, arranged in several ways.
 *
 * @param elements how many int32 there are, 1 or more
 * @param jobs how many jobs read all of them, 1 or more
 * @param procs how many threads or worker processes each arrangement has, 1 or more
 */
public record Sharing(long elements, int jobs, int procs) {

    /**
     * Measures one arrangement after another.
     *
     * @param each has each measurement as soon as it was made
     * @throws LabException when an arrangement fails or gives a wrong answer, or the laboratory is closed meanwhile
     */
    public void measure(Laboratory laboratory, Consumer<Measurement> each) throws IOException, InterruptedException {
        Path data = laboratory.generate(elements);
        var trial = new Trial(laboratory);
        var work = new Work(data, Kernel.CHECKSUM, elements, jobs, procs);
        for (Arrangement arrangement : Arrangements.SHARING) {
            each.accept(trial.of(arrangement, work));
        }
        laboratory.remove(data);
    }
}
