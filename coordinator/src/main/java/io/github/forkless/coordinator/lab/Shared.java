package io.github.forkless.coordinator.lab;

import io.github.forkless.coordinator.WorkerPool;

/** What Forkless is for: every worker maps the same file. */
final class Shared implements Arrangement {
    static final String NAME = "shared";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String meaning() {
        return "workers map one file, the way of Forkless";
    }

    @Override
    public String explanation() {
        return "Every worker process maps the same file read-only, and a job is a lambda that is handed the mapping."
                + " The kernel keeps one copy for all of them: the speed of threads, with a process's walls around"
                + " each job.";
    }

    @Override
    public void run(Work work, Results results) throws Exception {
        try (var pool = WorkerPool.open(work.dataset(), Pools.options(work))) {
            Pools.awaitStart(work, results);
            Kernel kernel = work.kernel();
            Pools.pass(pool.stream(work.parameters(), (data, parameter) -> kernel.of(data, parameter)), results);
            results.hold();
        }
    }
}
