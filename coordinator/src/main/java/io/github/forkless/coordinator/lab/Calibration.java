package io.github.forkless.coordinator.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How many jobs are enough: one thread is to work for so long that it shows what workers save, and not what starting them
 * takes.
 */
public final class Calibration {
    /** What {@link Judgement} asks for, and a little more. */
    private static final double STARTS = 1.2 * Judgement.STARTS;

    /** A person waits for all arrangements. */
    private static final Duration LONGEST = Duration.ofSeconds(8);

    /** As the article has. */
    public static final int LEAST_JOBS = 100;

    private static final int MOST_JOBS = 10_000;

    private static final int SAMPLE = 16;

    private final Laboratory laboratory;
    private final int procs;
    private Duration start;

    /** @param procs how many workers are started */
    public Calibration(Laboratory laboratory, int procs) {
        this.laboratory = laboratory;
        this.procs = procs;
    }

    /** How many jobs of a kind there should be that each read so many elements. */
    public int jobs(Kernel kernel, long elements) throws IOException, InterruptedException {
        Path data = laboratory.generate(elements);
        var trial = new Trial(laboratory);
        if (start == null) {
            start = trial.of(new Trivial(), new Work(data, kernel, elements, procs, procs))
                    .start();
        }
        Measurement some = trial.of(new OneJvm(OneJvm.SINGLE), new Work(data, kernel, elements, SAMPLE, 1));
        laboratory.remove(data);
        // In the first job the loop is not compiled yet.
        return jobs(start, some.wall().minus(some.first()).dividedBy(SAMPLE - 1));
    }

    static int jobs(Duration start, Duration job) {
        double nanos = Math.min(STARTS * start.toNanos(), LONGEST.toNanos());
        int tens = (int) Math.ceil(nanos / Math.max(1, job.toNanos()) / 10);
        return Math.clamp(10L * tens, LEAST_JOBS, MOST_JOBS);
    }
}
