package io.github.forkless.coordinator;

import io.github.forkless.coordinator.process.WorkerKeeper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Workers that stay when their pool is closed, for a program that opens one pool after another: see
 * {@link PoolOptions#withKeptWorkers}. The next pool has them if it would start its workers in the same way. Only those stay
 * that ran built-in jobs and nothing else, without a failure; with {@link PoolOptions#withReuseWorkers} all that did not fail.
 * They forget what the pool had them map and load.
 *
 * <p>No more of them wait than this machine has processors and the last pool had workers, together. They end with this
 * process, however that ends. Safe for use by several threads.
 */
public final class KeptWorkers implements AutoCloseable {
    final WorkerKeeper keeper;

    /**
     * @param lines takes what workers print that have no pool, line by line; called by many threads
     * @throws IOException when there is no folder for what workers leave behind
     */
    public KeptWorkers(Consumer<String> lines) throws IOException {
        keeper = new WorkerKeeper(Objects.requireNonNull(lines, "lines"));
    }

    /**
     * Starts workers in the background for the next pool. Those that were ready for pools of another kind, and had none yet or
     * ran built-in jobs alone, end.
     *
     * @param procs how many, 1 or more
     * @param workingFolder where they work; a pool has them if it says the same by {@link PoolOptions#withWorkingFolder}
     * @throws IOException when it cannot be found out how they are started
     */
    public void prepare(int procs, Path workingFolder) throws IOException {
        keeper.prepare(procs, workingFolder);
    }

    /** The processes of those that wait for a pool. */
    public List<Long> pids() {
        return keeper.pids();
    }

    /** Ends those that wait, and waits for their end. Pools that are open go on; their workers end with them. */
    @Override
    public void close() {
        keeper.close();
    }
}
