package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.coordinator.generate.Sizes;
import io.github.forkless.coordinator.machine.Memory;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.OptionalLong;

/** Says what the memory of this machine, or of the control group around us, is too small for. */
final class MachineLimits {
    /** About what a JVM of ours needs beside its heap and the dataset that it shares. */
    private static final long JVM_BYTES = 40L << 20;

    /**
     * Refuses what cannot be held before it is tried.
     *
     * @param heap of each worker, if it is given; otherwise workers share what there is
     * @throws InvalidRequestException when {@code procs} is none, or the workers need more than is available
     */
    static void requireRoomFor(int procs, OptionalLong heap) {
        if (procs < 1) {
            throw new InvalidRequestException("--procs " + procs + ": a run needs 1 worker or more");
        }
        if (heap.isPresent() || procs > Runtime.getRuntime().availableProcessors()) {
            requireRoomFor(procs, heap, Memory.read());
        }
    }

    static void requireRoomFor(int procs, OptionalLong heap, Memory memory) {
        long available = memory.availableBytes();
        if (procs > available / JVM_BYTES) {
            throw new InvalidRequestException("--procs " + procs + ": workers need about " + Sizes.format(JVM_BYTES)
                    + " each, and " + Sizes.format(available) + " are free; this machine holds "
                    + available / JVM_BYTES);
        }
        long forHeap = available / procs - JVM_BYTES;
        if (heap.isPresent() && heap.getAsLong() > forHeap) {
            throw new InvalidRequestException("--worker-memory " + heap.getAsLong() + ": heaps of "
                    + Sizes.format(heap.getAsLong()) + " for " + procs + (procs == 1 ? " worker" : " workers")
                    + ", and about " + Sizes.format(JVM_BYTES) + " beside each, do not fit into the "
                    + Sizes.format(available) + " that are available; give " + (forHeap >> 20)
                    + "M or less, or fewer --procs");
        }
    }

    /**
     * What to say when a dataset is too large to stay in memory while it is worked on. Looks at the machine only when it
     * is larger than the heap that this JVM may have: by default that is a quarter of the memory.
     */
    static Optional<String> warningFor(Dataset dataset, int procs) throws IOException {
        return dataset.bytes() <= Runtime.getRuntime().maxMemory() || isInMemory(dataset)
                ? Optional.empty()
                : warningFor(dataset, procs, Memory.read());
    }

    private static boolean isInMemory(Dataset dataset) throws IOException {
        String type = Files.getFileStore(dataset.path()).type();
        return type.equals("tmpfs") || type.equals("ramfs");
    }

    static Optional<String> warningFor(Dataset dataset, int procs, Memory memory) {
        long jvms = JVM_BYTES * (procs + 1L);
        if (dataset.bytes() + jvms <= memory.availableBytes()) {
            return Optional.empty();
        }
        return Optional.of(dataset.name() + " (" + Sizes.format(dataset.bytes()) + ") will not stay in memory: "
                + Sizes.format(memory.availableBytes()) + " of " + Sizes.format(memory.totalBytes())
                + " are available, and the JVMs take about " + Sizes.format(jvms)
                + "; what does not fit is read from the disk each time");
    }

    private MachineLimits() {}
}
