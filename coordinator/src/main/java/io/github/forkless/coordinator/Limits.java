package io.github.forkless.coordinator;

import io.github.forkless.coordinator.result.InvalidRequestException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a worker may take, and what becomes of work that no worker can do. Start from {@link #NONE}.
 *
 * @param timeout how long a worker may take for one task before it is ended; the attempt then counts as failed
 * @param workerMemory how large a worker's heap may grow, in bytes; by default what the JVM
 *     allows itself, a quarter of the memory; of more than three workers each has its share of what three would have
 * @param tasksPerWorker a worker is replaced after so many tasks, for code that leaks
 * @param skipFailed whether a run goes on without the blocks that no worker could be fed, and says in its report which
 *     they are. Only for jobs that are split by data; a run without this has a complete answer or none
 */
public record Limits(
        Optional<Duration> timeout, OptionalLong workerMemory, OptionalInt tasksPerWorker, boolean skipFailed) {

    /** No limits, and no answer that is not complete. */
    public static final Limits NONE = new Limits(Optional.empty(), OptionalLong.empty(), OptionalInt.empty(), false);

    /** What the JVM needs to start at all. */
    private static final long LEAST_MEMORY = 8 << 20;

    /** @throws InvalidRequestException for a number out of range */
    public Limits {
        if (timeout.isPresent() && !timeout.get().isPositive()) {
            throw new InvalidRequestException("a timeout must be more than nothing, not " + words(timeout.get()));
        }
        if (workerMemory.isPresent() && workerMemory.getAsLong() < LEAST_MEMORY) {
            throw new InvalidRequestException("a worker needs 8M of memory or more, not " + workerMemory.getAsLong());
        }
        if (tasksPerWorker.isPresent() && tasksPerWorker.getAsInt() < 1) {
            throw new InvalidRequestException("a worker must do 1 task or more, not " + tasksPerWorker.getAsInt());
        }
    }

    public Limits withTimeout(Duration timeout) {
        return new Limits(Optional.of(timeout), workerMemory, tasksPerWorker, skipFailed);
    }

    public Limits withoutTimeout() {
        return new Limits(Optional.empty(), workerMemory, tasksPerWorker, skipFailed);
    }

    /** @param bytes for the heap */
    public Limits withWorkerMemory(long bytes) {
        return new Limits(timeout, OptionalLong.of(bytes), tasksPerWorker, skipFailed);
    }

    public Limits withTasksPerWorker(int tasks) {
        return new Limits(timeout, workerMemory, OptionalInt.of(tasks), skipFailed);
    }

    public Limits withSkipFailed(boolean skipFailed) {
        return new Limits(timeout, workerMemory, tasksPerWorker, skipFailed);
    }

    /** {@code 30 s} or {@code 500 ms}. */
    public static String words(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }
}
