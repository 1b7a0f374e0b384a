package io.github.forkless.coordinator.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The article's last table: jobs that each read all of the data, with more and more workers. For jobs that keep a
 * processor busy, and for jobs that wait for memory; the latter also with a scan that they share.
 *
 * @param elements how many int32 there are, 1 or more
 * @param checksums how many jobs of that kind read all of them, 1 or more
 * @param counts how many of that kind
 * @param maxProcs how many workers there are in the end, 1 or more
 */
public record Scaling(long elements, int checksums, int counts, int maxProcs) {

    /** What is measured with each number of workers. */
    private record Series(Kernel kernel, Arrangement arrangement) {}

    private static final List<Series> ALL = List.of(
            new Series(Kernel.CHECKSUM, new Shared()),
            new Series(Kernel.COUNT, new Shared()),
            new Series(Kernel.COUNT, Arrangements.SHARED_SCAN));

    /** 1, 2, 4 and so on, up to the most that were asked for. */
    public List<Integer> procs() {
        List<Integer> procs = new ArrayList<>();
        for (int n = 1; n < maxProcs; n *= 2) {
            procs.add(n);
        }
        procs.add(maxProcs);
        return procs;
    }

    /** As {@link Sharing#measure}. */
    public void measure(Laboratory laboratory, Consumer<Measurement> each) throws IOException, InterruptedException {
        Path data = laboratory.generate(elements);
        var trial = new Trial(laboratory);
        for (Series series : ALL) {
            int jobs = series.kernel == Kernel.CHECKSUM ? checksums : counts;
            for (int procs : procs()) {
                each.accept(trial.of(series.arrangement, new Work(data, series.kernel, elements, jobs, procs)));
            }
        }
        laboratory.remove(data);
    }
}
