package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.cli.Launcher.Running;
import io.github.forkless.coordinator.cli.TestData.Oracle;
import io.github.forkless.coordinator.cli.TestJobs.Gate;
import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Thorough;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operating system keeps one copy of the dataset for all workers, however large it is. */
class SharedMemoryIT {
    private static final int GIB = 1 << 30;

    @TempDir
    private Path folder;

    @Test
    void everyWorkerMapsTheOneFileReadOnlyAndSharesItsPages() throws Exception {
        int procs = 3;
        int bytes = 16 << 20;
        byte[] elements = TestData.random(ElementType.INT32, bytes / 4, 1);
        Path data = Files.write(folder.toRealPath().resolve("data.bin"), elements);
        long sum = Oracle.of(ElementType.INT32, elements).integerSum().longValueExact();
        Gate gate = Gate.in(folder);
        try (Running running = new Launcher(folder)
                .start(TestJobs.job(
                        "GateAtEnd",
                        "--procs",
                        "" + procs,
                        "--sweep",
                        "times=1:3",
                        "--param",
                        gate.parameter(),
                        "data.bin"))) {
            List<Long> pids = gate.awaitWaiting(procs);

            assertThat(running.workers()).extracting(ProcessHandle::pid).containsExactlyInAnyOrderElementsOf(pids);
            assertThat(running.workers())
                    .extracting(worker -> worker.parent().map(ProcessHandle::pid))
                    .containsOnly(Optional.of(running.process().pid()));
            for (long pid : pids) {
                Map<String, Long> mapping = mappings(pid, data);
                assertThat(mapping).containsEntry("r--s", 1L).containsEntry("mappings", 1L);
                assertThat(mapping).containsEntry("Size", (long) bytes).containsEntry("Rss", (long) bytes);
                assertThat(mapping).containsEntry("Private_Dirty", 0L).containsEntry("Private_Clean", 0L);
                assertThat(mapping.get("Pss")).isCloseTo(bytes / procs, withinPercentage(5));
            }
            assertThat(mappings(running.process().pid(), data))
                    .as("the coordinator's")
                    .isEmpty();

            gate.open();
            assertThat(running.await().answer().lines())
                    .containsExactly(
                            "gate=%s times=1  %d".formatted(gate.folder(), sum),
                            "gate=%s times=2  %d".formatted(gate.folder(), 2 * sum),
                            "gate=%s times=3  %d".formatted(gate.folder(), 3 * sum));
        }
    }

    @LongTest
    @Test
    void moreThanFourGibibytesAreSummedWhole() throws Exception {
        // Beside the run folder, for /tmp may be memory.
        Path disk = Files.createTempDirectory(Launcher.HOME.getParent(), "large");
        Path data = disk.resolve("data.bin");
        try {
            TestData.sparse(data, 4L * GIB + (64 << 20));
            long perGib = GIB / 4;
            long last = 4 * perGib + (64 << 20) / 4 - 1;
            long[] places = {0, 2 * perGib - 1, 2 * perGib, 4 * perGib - 1, 4 * perGib, last};
            long sum = 0;
            for (int i = 0; i < places.length; i++) {
                TestData.putInt32(data, places[i], Integer.MAX_VALUE - i);
                sum += Integer.MAX_VALUE - i;
            }
            // The first one has the page cache filled with zeros, which takes most of the time: all hands to it.
            for (String procs : Thorough.IS_WHOLE ? List.of("4", "2", "1") : List.of("4", "1")) {
                assertThat(new Launcher(disk)
                                .run("--procs", procs, "--job", "sum", "data.bin")
                                .answer())
                        .as("--procs " + procs)
                        .isEqualTo(sum + "\n");
            }
        } finally {
            Files.deleteIfExists(data);
            Files.delete(disk);
        }
    }

    /** How a process has mapped a file: the sums over its mappings of what smaps says, in bytes; empty if not at all. */
    private static Map<String, Long> mappings(long pid, Path file) throws IOException {
        Map<String, Long> sums = new HashMap<>();
        boolean isFile = false;
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps"))) {
            String[] fields = line.split("\\s+");
            if (!fields[0].endsWith(":")) {
                isFile = line.endsWith(" " + file);
                if (isFile) {
                    sums.merge("mappings", 1L, Long::sum);
                    sums.merge(fields[1], 1L, Long::sum);
                }
            } else if (isFile && line.endsWith(" kB")) {
                sums.merge(fields[0].replace(":", ""), Long.parseLong(fields[1]) << 10, Long::sum);
            }
        }
        return sums;
    }
}
