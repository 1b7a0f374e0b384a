package io.github.forkless.coordinator.lab;

import io.github.forkless.coordinator.WorkerPool;
import java.util.stream.LongStream;

/** A pool and nothing else. */
final class Trivial implements Arrangement {

    @Override
    public String name() {
        return "trivial";
    }

    @Override
    public String meaning() {
        return "workers that do nothing: what starting and asking them takes";
    }

    @Override
    public String explanation() {
        return "A pool of worker processes whose jobs return their own number and touch no data. This is what starting"
                + " and asking workers costs by itself; everything slower is paying for its data.";
    }

    @Override
    public boolean readsData() {
        return false;
    }

    @Override
    public void run(Work work, Results results) throws Exception {
        try (var pool = WorkerPool.open(Pools.options(work))) {
            Pools.awaitStart(work, results);
            Pools.pass(pool.stream(LongStream.range(0, work.jobs()).boxed().toList(), (_, job) -> job), results);
            results.hold();
        }
    }
}
