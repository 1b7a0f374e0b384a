package io.github.forkless.coordinator.lab;

import io.github.forkless.coordinator.PoolOptions;
import io.github.forkless.coordinator.WorkerPool;
import io.github.forkless.coordinator.result.Recording;
import java.util.stream.Stream;

/** What the arrangements on the library have in common. */
final class Pools {

    /** An arrangement has one pool, in a JVM of its own. */
    private static final Recording WORKERS = Recording.ofTotals();

    static PoolOptions options(Work work) {
        return PoolOptions.defaults().withProcs(work.procs()).withRecording(WORKERS);
    }

    /** Waits until all workers are up, or one has ended, of which the work will tell, and says so. */
    static void awaitStart(Work work, Results results) throws InterruptedException {
        while (WORKERS.workers().stream().filter(Pools::isUp).count() < work.procs()) {
            Thread.sleep(1);
        }
        results.started();
    }

    private static boolean isUp(Recording.Worker worker) {
        return worker.upNanos() != Recording.UNKNOWN || worker.endedNanos() != Recording.UNKNOWN;
    }

    static void pass(Stream<WorkerPool.Indexed<Long>> arriving, Results results) {
        try (arriving) {
            arriving.forEach(result -> results.add(result.index(), result.value()));
        }
    }

    private Pools() {}
}
