package io.github.forkless.coordinator.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Counts how often the kernel has ended a process for want of memory: in this process's cgroup, or on the machine. */
final class OomKills {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final Path OWN_CGROUPS = Path.of("/proc/self/cgroup");
    private static final String COUNTER = "oom_kill ";

    /** The count so far; 0 where the kernel does not tell. */
    static long count() {
        for (Path file : counters()) {
            try {
                for (String line : Files.readAllLines(file)) {
                    if (line.startsWith(COUNTER)) {
                        return Long.parseLong(line.substring(COUNTER.length()).strip());
                    }
                }
            } catch (IOException | NumberFormatException e) {
                // Not there, or not for us: the next one may be.
            }
        }
        return 0;
    }

    /** The closest first. Within a container the path of a cgroup may be the host's, and its files at the root. */
    private static List<Path> counters() {
        List<Path> files = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(OWN_CGROUPS)) {
                String[] fields = line.split(":", 3); // hierarchy, controllers, path
                String path = fields[2].substring(1);
                if (fields[1].isEmpty()) {
                    files.add(CGROUPS.resolve(path).resolve("memory.events"));
                    files.add(CGROUPS.resolve("memory.events"));
                } else if (List.of(fields[1].split(",")).contains("memory")) {
                    Path memory = CGROUPS.resolve("memory");
                    files.add(memory.resolve(path).resolve("memory.oom_control"));
                    files.add(memory.resolve("memory.oom_control"));
                }
            }
        } catch (IOException | IndexOutOfBoundsException e) {
            // No cgroups here.
        }
        files.add(Path.of("/proc/vmstat"));
        return files;
    }

    private OomKills() {}
}
