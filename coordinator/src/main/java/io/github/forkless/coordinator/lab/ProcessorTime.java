package io.github.forkless.coordinator.lab;

import io.github.forkless.common.process.ProcessStat;
import io.github.forkless.coordinator.machine.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the processors that this process may use have done since the machine was started, whoever for.
 *
 * @param ticks how many hundredths of a second they were at work, what a hypervisor gave to others included
 * @param processors how many they are
 */
record ProcessorTime(long ticks, int processors) {
    /** What a line of /proc/stat begins with that is about a processor of ours. */
    private static final Set<String> NAMES = Machine.read().nodes().stream()
            .flatMap(node -> node.cpus().stream())
            .map(cpu -> "cpu" + cpu.id())
            .collect(Collectors.toSet());

    /** After its name: the times of user, nice, system, idle, waiting for disks, and more. */
    private static final List<Integer> AT_WORK = List.of(1, 2, 3, 6, 7, 8);

    private static final long TICK_NANOS = 10_000_000;

    static ProcessorTime now() {
        try {
            return of(Files.readAllLines(Path.of("/proc/stat")), NAMES);
        } catch (IOException e) {
            return new ProcessorTime(0, 1); // then nobody tells
        }
    }

    static ProcessorTime of(List<String> lines, Set<String> names) {
        List<String[]> ours = lines.stream()
                .map(line -> line.split(" +"))
                .filter(words -> names.contains(words[0]))
                .toList();
        long ticks = ours.stream()
                .flatMapToLong(words -> AT_WORK.stream().mapToLong(field -> Long.parseLong(words[field])))
                .sum();
        return new ProcessorTime(ticks, Math.max(1, ours.size()));
    }

    /** What this process has used, and its children that have ended. */
    static Duration ofThisProcess() {
        return Duration.ofNanos(TICK_NANOS * ProcessStat.ofSelf().cpuTicks());
    }

    /** Which part of the time of all processors others than we have had since {@code before}. */
    double othersSince(ProcessorTime before, Duration ours, long nanos) {
        long others = (ticks - before.ticks) * TICK_NANOS - ours.toNanos();
        return Math.clamp((double) others / processors / nanos, 0, 1);
    }
}
