package io.github.forkless.coordinator.engine;

import io.github.forkless.common.dataset.Dataset;
import java.io.IOException;
import java.nio.file.Path;

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

    /** The memory node that is closest to the worker of a place, or {@link #ANYWHERE}. */
    default int node(int place) {
        return ANYWHERE;
    }

    /** What the worker of a place is to map for a dataset: the dataset, or a copy of it that is closer. */
    default Dataset dataFor(int place, Dataset dataset) {
        return dataset;
    }

    /** What a worker says of its data, with the names that the user knows: a copy is called as the dataset is. */
    default String named(String message) {
        return message;
    }

    /** Has a file removed if this process is killed, where something outlives it that can. */
    default void removeIfKilled(Path file) {}

    /** The file is gone. */
    default void forget(Path file) {}

    /** No worker will be started any more, and all have been ended. Called once or more. */
    default void close() {}
}
