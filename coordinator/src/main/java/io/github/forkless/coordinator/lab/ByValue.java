package io.github.forkless.coordinator.lab;

import io.github.forkless.coordinator.WorkerPool;
import java.util.List;

/** The data is a parameter: written into every task, and read out of it again by the worker. */
final class ByValue implements Arrangement {
    /** As much as goes through the pipes in a time that a person waits for. */
    private static final long MAX_PIPED_BYTES = 1L << 30;

    /** A message is an array of bytes in both processes, and so must be small enough for one. */
    private static final long MAX_ELEMENTS = 64 << 20;

    /** What a worker's heap must hold: the message as it comes, as it came, and the array that is read out of it. */
    private static final long COPIES_IN_WORKER = 4;

    private static final long COPIES_FOR_WORKER = 4;

    private static final long ROOM_TO_WORK = 64 << 20;

    /** A parameter of the library's {@code map}. */
    record Task(Kernel kernel, int parameter, int[] data) {}

    @Override
    public String name() {
        return "by-value";
    }

    @Override
    public String meaning() {
        return "workers are sent all the data, anew for each job";
    }

    @Override
    public String explanation() {
        return "The data is an argument of each job, so it is serialized, pushed through the worker's pipe and rebuilt"
                + " there, for every job anew."
                + " This is what a pool does with whatever it is handed, and why it is suddenly so slow.";
    }

    @Override
    public Work portion(Work whole) {
        Work some = whole.withElements(MAX_ELEMENTS);
        return some.withJobs(
                Math.clamp(MAX_PIPED_BYTES / some.bytes(), Math.min(whole.procs(), whole.jobs()), whole.jobs()));
    }

    /** The data, and for each worker what is encoded for it, is being sent, and waits to be sent next. */
    @Override
    public long heapBytes(Work work) {
        return (1 + COPIES_FOR_WORKER * work.procs()) * work.bytes() + ROOM_TO_WORK;
    }

    @Override
    public void run(Work work, Results results) throws Exception {
        int[] data = HeapCopy.read(work.data(), work.elements());
        List<Task> tasks = work.parameters().stream()
                .map(parameter -> new Task(work.kernel(), parameter, data))
                .toList();
        long memory = COPIES_IN_WORKER * work.bytes() + ROOM_TO_WORK;
        try (var pool =
                WorkerPool.open(Pools.options(work).withWorkerMemory(memory).withLargestCapture(Long.MAX_VALUE))) {
            Pools.awaitStart(work, results);
            Pools.pass(
                    pool.stream(tasks, (_, task) -> task.kernel.of(HeapCopy.block(task.data), task.parameter)),
                    results);
            results.hold();
        }
    }
}
