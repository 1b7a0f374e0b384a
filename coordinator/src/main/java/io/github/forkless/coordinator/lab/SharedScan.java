package io.github.forkless.coordinator.lab;

import io.github.forkless.coordinator.WorkerPool;
import java.util.List;

/** The same mapping, read once for all jobs. */
final class SharedScan implements Arrangement {
    static final String NAME = "shared-scan";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String meaning() {
        return "workers feed each block of one file to all jobs at once";
    }

    @Override
    public String explanation() {
        return "The data is cut into blocks that fit a processor's cache, and a block is handed to all jobs while it is"
                + " there."
                + " The jobs do the same work, but the data comes from memory once instead of once for each.";
    }

    @Override
    public void run(Work work, Results results) throws Exception {
        try (var pool = WorkerPool.open(work.dataset(), Pools.options(work))) {
            Pools.awaitStart(work, results);
            List<Long> counts =
                    pool.runAll(work.parameters().stream().map(CountAbove::new).toList());
            for (int job = 0; job < counts.size(); job++) {
                results.add(job, counts.get(job));
            }
            results.hold();
        }
    }
}
