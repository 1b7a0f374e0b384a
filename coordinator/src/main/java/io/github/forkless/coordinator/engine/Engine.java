package io.github.forkless.coordinator.engine;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.Slice;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where the tasks of a pool's runs are carried out: it starts the workers. What a worker is sent and what it answers are
 * the messages of {@link io.github.forkless.common.wire.Message}, whatever carries them.
 *
 * <p>Safe for use by several threads.
 */
public interface Engine {
    /** The memory node of a worker that may run on all of them. */
    int ANYWHERE = -1;

    /**
     * Starts a worker, which says nothing before {@link Worker#listen}.
     *
     * @param place its place in the pool, from 0
     * @throws IOException when it cannot be started
     */
    Worker start(int place) throws IOException;

    /**
     * What is closest to the worker that a place has now, and slices may have as their home: a memory node, or a host of a
     * cluster. {@link #ANYWHERE} if it does not matter.
     */
    default int node(int place) {
        return ANYWHERE;
    }

    /** For each slice the {@link #node} that it is closest to; empty if that makes no difference, or the machine's memory decides. */
    default int[] homes(Dataset dataset, List<Slice> slices) {
        return new int[0];
    }

    /** How much work is to wait in front of a worker, so that it need not wait for the next request. */
    default Duration workAhead() {
        return Duration.ofMillis(3);
    }

    /** What may help where no worker can be started. */
    default String startAdvice() {
        return "use fewer workers, or raise the limits on processes and open files";
    }

    /** What the worker of a place is to map for a dataset: the dataset, or a copy of it that is closer. */
    default Dataset dataFor(int place, Dataset dataset) {
        return dataset;
    }

    /** What a worker says of its data, with the names that the user knows: a copy is called as the dataset is. */
    default String named(String message) {
        return message;
    }

    /**
     * Workers are about to map this dataset.
     *
     * @throws io.github.forkless.common.dataset.DatasetException when it is not the same for all of them
     */
    default void opened(Dataset dataset) {}

    /**
     * Workers will be sent handles of this file, which a job may ask to be mapped.
     *
     * @param isOwn whether this program has written it, for its workers alone
     * @throws io.github.forkless.common.dataset.DatasetException when it is not the same for all of them
     */
    default void shared(DatasetFile file, boolean isOwn) {}

    /** What was shared is not used any more. */
    default void closed(DatasetFile shared) {}

    /** Whether a worker's end is due to what that worker was at, and not to what others were at beside it. */
    default boolean isolatesWorkers() {
        return true;
    }

    /** Has a file removed if this process is killed, where something outlives it that can. */
    default void removeIfKilled(Path file) {}

    /** The file is gone. */
    default void forget(Path file) {}

    /** No worker is wanted any more: a {@link #start} that waits for something is to fail. Called once or more. */
    default void closing() {}

    /** No worker will be started any more, and all have been ended. Called once or more. */
    default void close() {}
}
