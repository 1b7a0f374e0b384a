package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.testing.LongTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What tasks leave in the heap of a worker. */
@Execution(ExecutionMode.SAME_THREAD)
class WorkerHeapIT {
    private static final int MIB = 1 << 20;

    @TempDir
    private Path folder;

    @AfterEach
    void nothingIsLeft() throws Exception {
        TestData.assertNoWorkerIsLeft();
    }

    /** Left alone, a JVM takes new memory up to its limit, here 4 GiB, before it looks for what is not needed any more. */
    @LongTest
    @Test
    void doesNotGrowWithTheNumberOfTasks() throws Exception {
        Path data = TestData.ints(folder.resolve("data.bin"), 1_000, i -> i);
        PoolOptions options =
                PoolOptions.defaults().withProcs(1).withWorkerMemory(4L << 30).withJvmOptions("-Xms64m");
        try (var pool = WorkerPool.open(options);
                var over = pool.on(data)) {
            assertThat(heapAfter(1, over)).isGreaterThan(100L * MIB);
            assertThat(heapAfter(12, over)).isLessThan(600L * MIB);
        }
    }

    /** Of 100 MiB for each task, which it needs to its end. */
    private static long heapAfter(int tasks, WorkerPool pool) {
        return pool.with(RunOptions.defaults().withTasks(tasks))
                .reduce(
                        () -> 0L,
                        (most, _) -> {
                            List<byte[]> needed = new ArrayList<>();
                            while (needed.size() < 100) {
                                needed.add(new byte[MIB]);
                            }
                            return Math.max(most, Runtime.getRuntime().totalMemory());
                        },
                        Math::max);
    }
}
