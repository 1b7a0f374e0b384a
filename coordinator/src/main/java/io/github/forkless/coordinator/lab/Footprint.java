package io.github.forkless.coordinator.lab;

import io.github.forkless.common.process.ProcessStat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process and all that descend from it have and have used, by the kernel's accounts in /proc.
 *
 * @param processes how many they are
 * @param residentBytes the sum of their resident sizes, which counts a page once for each process that maps it
 * @param proportionalBytes the sum of their proportional sizes, which counts each page once
 * @param writtenBytes what all of them have written so far: to pipes and sockets, where they write no files
 * @param cpu what all of them have used, their children that have ended included
 */
record Footprint(int processes, long residentBytes, long proportionalBytes, long writtenBytes, Duration cpu) {
    /** The unit of times in /proc, the same on every Linux. */
    private static final Duration TICK = Duration.ofMillis(10);

    static Footprint of(ProcessHandle root) {
        List<ProcessHandle> all =
                Stream.concat(Stream.of(root), root.descendants()).toList();
        int processes = 0;
        long resident = 0;
        long proportional = 0;
        long written = 0;
        long ticks = 0;
        for (ProcessHandle process : all) {
            Path folder = Path.of("/proc", Long.toString(process.pid()));
            try {
                List<String> memory = Files.readAllLines(folder.resolve("smaps_rollup"));
                resident += number(memory, "Rss:") << 10;
                proportional += number(memory, "Pss:") << 10;
                written += number(Files.readAllLines(folder.resolve("io")), "wchar:");
                ticks += Math.max(0, ProcessStat.of(process.pid()).cpuTicks());
                processes++;
            } catch (IOException e) {
                // It has ended since it was listed: its parent has its times.
            }
        }
        return new Footprint(processes, resident, proportional, written, TICK.multipliedBy(ticks));
    }

    /** {@code Rss:     512 kB}, in whatever the line has it in. */
    private static long number(List<String> lines, String name) throws IOException {
        for (String line : lines) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.substring(name.length()).strip().split(" ")[0]);
            }
        }
        throw new IOException("no " + name);
    }
}
