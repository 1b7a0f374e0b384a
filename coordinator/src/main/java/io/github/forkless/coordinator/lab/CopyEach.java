package io.github.forkless.coordinator.lab;

import io.github.forkless.coordinator.WorkerPool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Every worker reads the file once, into a heap of its own. */
final class CopyEach implements Arrangement {
    private static final long ROOM_TO_WORK = 64 << 20;

    /** The worker's copy, for all jobs that it will do. */
    private static int[] copy;

    /** What a job is told; the data is none of it. */
    record Task(Kernel kernel, int parameter, String file, long elements) {}

    @Override
    public String name() {
        return "copy-each";
    }

    @Override
    public String meaning() {
        return "each worker reads the file into memory of its own";
    }

    @Override
    public String explanation() {
        return "Every worker process reads the file into memory of its own before its first job."
                + " It is fast once that is done, but the data is there once for every worker.";
    }

    @Override
    public void run(Work work, Results results) throws Exception {
        List<Task> tasks = work.parameters().stream()
                .map(parameter -> new Task(work.kernel(), parameter, work.data().toString(), work.elements()))
                .toList();
        long memory = work.bytes() + ROOM_TO_WORK + work.bytes() / 2;
        try (var pool = WorkerPool.open(Pools.options(work).withWorkerMemory(memory))) {
            Pools.awaitStart(work, results);
            Pools.pass(pool.stream(tasks, (_, task) -> count(task)), results);
            results.hold();
        }
    }

    private static long count(Task task) throws IOException {
        if (copy == null) {
            copy = HeapCopy.read(Path.of(task.file), task.elements);
        }
        return task.kernel.of(HeapCopy.block(copy), task.parameter);
    }
}
