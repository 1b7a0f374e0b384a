package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.InvalidRequestException;
import io.github.forkless.coordinator.generate.Sizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Refuses what this machine cannot hold before it is tried. */
final class MachineLimits {
    /** About what a worker's JVM needs beside the dataset that it shares. */
    private static final long WORKER_BYTES = 40L << 20;

    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final String AVAILABLE = "MemAvailable:";

    /** @throws InvalidRequestException when {@code procs} is none, or more than fit into the memory that is free */
    static void requireRoomFor(int procs) throws IOException {
        if (procs < 1) {
            throw new InvalidRequestException("--procs " + procs + ": a run needs 1 worker or more");
        }
        if (procs <= Runtime.getRuntime().availableProcessors() || !Files.exists(MEMINFO)) {
            return;
        }
        for (String line : Files.readAllLines(MEMINFO)) {
            if (line.startsWith(AVAILABLE)) {
                long available = Long.parseLong(line.replaceAll("\\D", "")) << 10;
                if (procs > available / WORKER_BYTES) {
                    throw new InvalidRequestException("--procs " + procs + ": workers need about "
                            + Sizes.format(WORKER_BYTES) + " each, and " + Sizes.format(available)
                            + " are free; this machine holds " + available / WORKER_BYTES);
                }
            }
        }
    }

    private MachineLimits() {}
}
