package io.github.forkless.coordinator.lab;

import io.github.forkless.coordinator.WorkerPool;

/** The jobs are a lambda that captures an array, which Java's serialization carries to every worker. */
final class Serialized implements Arrangement {
    /** A serialized lambda is an array of bytes in both processes, and so must be small enough for one. */
    private static final long MAX_ELEMENTS = 64 << 20;

    /** What a worker's heap must hold: the message as it comes, as it came, and the array that is read out of it. */
    private static final long COPIES_IN_WORKER = 4;

    /** What is captured, and serialized while its room grows. */
    private static final long COPIES_IN_PROGRAM = 4;

    /** What is encoded for it while its room grows. */
    private static final long COPIES_FOR_WORKER = 4;

    private static final long ROOM_TO_WORK = 64 << 20;

    @Override
    public String name() {
        return "serialized";
    }

    @Override
    public String meaning() {
        return "workers are sent all the data once, with the function";
    }

    @Override
    public String explanation() {
        return "A job is a lambda that captures the array itself, so Java's serialization writes all of it into the"
                + " pipe of each worker, once, and each rebuilds it on its heap."
                + " The pool refuses that above 16 MiB unless it is told not to.";
    }

    @Override
    public Work portion(Work whole) {
        return whole.withElements(MAX_ELEMENTS);
    }

    @Override
    public long heapBytes(Work work) {
        return (COPIES_IN_PROGRAM + COPIES_FOR_WORKER * work.procs()) * work.bytes() + ROOM_TO_WORK;
    }

    @Override
    public void run(Work work, Results results) throws Exception {
        int[] data = HeapCopy.read(work.data(), work.elements());
        Kernel kernel = work.kernel();
        var options = Pools.options(work)
                .withWorkerMemory(COPIES_IN_WORKER * work.bytes() + ROOM_TO_WORK)
                .withLargestCapture(Integer.MAX_VALUE);
        try (var pool = WorkerPool.open(options)) {
            Pools.awaitStart(work, results);
            Pools.pass(
                    pool.stream(work.parameters(), (_, parameter) -> kernel.of(HeapCopy.block(data), parameter)),
                    results);
            results.hold();
        }
    }
}
