package io.github.forkless.coordinator.lab;

import io.github.forkless.coordinator.PoolOptions;
import io.github.forkless.coordinator.WorkerPool;
import java.util.stream.Stream;

/** What the arrangements on the library have in common. */
final class Pools {

    static PoolOptions options(Work work) {
        return PoolOptions.defaults().withProcs(work.procs());
    }

    static void pass(Stream<WorkerPool.Indexed<Long>> arriving, Results results) {
        try (arriving) {
            arriving.forEach(result -> results.add(result.index(), result.value()));
        }
    }

    private Pools() {}
}
