package io.github.forkless.coordinator.lab;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.MappedDataset;
import io.github.forkless.common.shared.Ints;
import io.github.forkless.common.shared.Shared;
import io.github.forkless.coordinator.WorkerPool;

/** The data is the program's own: it is built where the workers share it, and jobs capture its handle. */
final class SharedArray implements Arrangement {

    @Override
    public String name() {
        return "shared-array";
    }

    @Override
    public String meaning() {
        return "workers map one array that the program made";
    }

    @Override
    public String explanation() {
        return "The program makes the data itself, in memory that its worker processes map, and a job is a lambda that"
            + " captures a small handle of it. It is the article's fork: build the data, start the jobs, and nothing"
            + " is copied.";
    }

    @Override
    public long fileBytes(Work work) {
        return work.bytes();
    }

    @Override
    public void run(Work work, Results results) throws Exception {
        try (var pool = WorkerPool.open(Pools.options(work));
                Shared<Ints> data = shared(pool, work)) {
            Pools.awaitStart(work, results);
            Kernel kernel = work.kernel();
            Pools.pass(
                    pool.stream(
                            work.parameters(),
                            (_, parameter) ->
                                    kernel.of(HeapCopy.block(data.get().segment()), parameter)),
                    results);
            results.hold();
        }
    }

    /** The file stands for whatever a program computes; it is not mapped any more when memory is looked at. */
    private static Shared<Ints> shared(WorkerPool pool, Work work) {
        MappedDataset file = MappedDataset.map(work.dataset());
        try {
            Block numbers = file.whole();
            return pool.share(Ints.of(work.elements(), numbers::intAt));
        } finally {
            file.close();
        }
    }
}
