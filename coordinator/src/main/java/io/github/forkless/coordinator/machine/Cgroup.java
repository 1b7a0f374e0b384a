package io.github.forkless.coordinator.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What the control groups around a process leave it: versions 1 and 2. The tightest limit counts, of the group that it
 * is in and of those around that one.
 */
public final class Cgroup {
    private static final String MOUNT = "sys/fs/cgroup";

    /** Version 1 writes this or something near it where there is no limit. */
    private static final long UNLIMITED = Long.MAX_VALUE / 2;

    private final Kernel kernel;
    private final String process;

    Cgroup(Kernel kernel) {
        this(kernel, "self");
    }

    private Cgroup(Kernel kernel, String process) {
        this.kernel = kernel;
        this.process = process;
    }

    /**
     * The groups around a process that have a limit of memory or processor time, with these limits: what is the same for two
     * processes if both take from the same. Groups without limits, which each terminal of a desktop has, are none of it.
     */
    public static List<String> limits(long pid) {
        return limits(Kernel.HERE, pid);
    }

    static List<String> limits(Kernel kernel, long pid) {
        var cgroup = new Cgroup(kernel, Long.toString(pid));
        List<String> limits = new ArrayList<>();
        cgroup.addLimits(limits, "", "memory.max", "memory.high", "memory.swap.max", "cpu.max");
        cgroup.addLimits(limits, "memory", "memory.limit_in_bytes", "memory.memsw.limit_in_bytes");
        cgroup.addLimits(limits, "cpu", "cpu.cfs_quota_us");
        return limits;
    }

    private void addLimits(List<String> limits, String controller, String... files) {
        for (String group : groups(controller)) {
            for (String file : files) {
                kernel.text(group + "/" + file)
                        .filter(Cgroup::isLimit)
                        .ifPresent(limit -> limits.add(group + "/" + file + " " + limit));
            }
        }
    }

    /** Not {@code max}, {@code max 100000}, {@code -1} or what stands for no limit in version 1. */
    private static boolean isLimit(String text) {
        return !text.startsWith("max") && !text.startsWith("-") && Long.parseLong(text.split("\\s")[0]) < UNLIMITED;
    }

    /** Processors' worth of time: 1.5 is three halves of one processor. */
    OptionalDouble cpuQuota() {
        List<Double> quotas = new ArrayList<>();
        for (String group : groups("")) {
            kernel.text(group + "/cpu.max").flatMap(Cgroup::quota).ifPresent(quotas::add);
        }
        for (String group : groups("cpu")) {
            OptionalLong quota = kernel.number(group + "/cpu.cfs_quota_us");
            OptionalLong period = kernel.number(group + "/cpu.cfs_period_us");
            if (quota.isPresent() && quota.getAsLong() > 0 && period.isPresent() && period.getAsLong() > 0) {
                quotas.add((double) quota.getAsLong() / period.getAsLong());
            }
        }
        return quotas.stream().mapToDouble(Double::doubleValue).min();
    }

    /** {@code 150000 100000}: quota and period; {@code max} for none. */
    private static Optional<Double> quota(String cpuMax) {
        String[] fields = cpuMax.split("\\s+");
        return fields.length < 2 || fields[0].equals("max")
                ? Optional.empty()
                : Optional.of(Double.parseDouble(fields[0]) / Double.parseDouble(fields[1]));
    }

    /** The least that any of the groups may have. */
    OptionalLong memoryLimit() {
        return groupsWithMemory().stream().mapToLong(MemoryGroup::limit).min();
    }

    /** What is left of it: what is used counts, but not files that can be dropped. */
    OptionalLong memoryRoom() {
        return groupsWithMemory().stream()
                .mapToLong(group -> Math.max(0, group.limit - Math.max(0, group.used - group.cached)))
                .min();
    }

    private record MemoryGroup(long limit, long used, long cached) {}

    private List<MemoryGroup> groupsWithMemory() {
        List<MemoryGroup> limited = new ArrayList<>();
        for (String group : groups("")) {
            add(limited, group, "memory.max", "memory.current", "inactive_file ", "active_file ");
        }
        for (String group : groups("memory")) {
            add(
                    limited,
                    group,
                    "memory.limit_in_bytes",
                    "memory.usage_in_bytes",
                    "total_inactive_file ",
                    "total_active_file ");
        }
        return limited;
    }

    private void add(
            List<MemoryGroup> limited, String group, String limitFile, String usedFile, String... cachedNames) {
        OptionalLong limit = kernel.number(group + "/" + limitFile);
        if (limit.isEmpty() || limit.getAsLong() >= UNLIMITED) {
            return;
        }
        long cached = kernel.lines(group + "/memory.stat").stream()
                .filter(line -> Arrays.stream(cachedNames).anyMatch(line::startsWith))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                .sum();
        limited.add(new MemoryGroup(
                limit.getAsLong(), kernel.number(group + "/" + usedFile).orElse(0), cached));
    }

    /**
     * The folders of the group that this process is in and of those around it. Within a container the path may be the
     * host's, of which only the mount is to be seen.
     *
     * @param controller of version 1; empty for version 2
     */
    private List<String> groups(String controller) {
        for (String line : kernel.lines("proc/" + process + "/cgroup")) {
            String[] fields = line.split(":", 3); // hierarchy, controllers, path
            if (fields.length == 3 && Arrays.asList(fields[1].split(",")).contains(controller)) {
                return groups(controller.isEmpty() ? MOUNT : MOUNT + "/" + controller, fields[2]);
            }
        }
        return List.of();
    }

    private static List<String> groups(String mount, String path) {
        List<String> groups = new ArrayList<>();
        for (String at = path; at.length() > 1; at = at.substring(0, at.lastIndexOf('/'))) {
            groups.add(mount + at);
        }
        groups.add(mount);
        return groups;
    }
}
