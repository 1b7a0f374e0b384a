package io.github.forkless.coordinator.machine;

import java.util.OptionalLong;

/**
 * The memory that this process, and what it starts, can have.
 *
 * @param totalBytes of the machine, or as much as a control group allows, if that is less
 * @param availableBytes of that, what is free or holds files that the kernel can drop
 */
public record Memory(long totalBytes, long availableBytes) {

    /** What the kernel says now; as much as can be where it does not. */
    public static Memory read() {
        return read(Kernel.HERE);
    }

    static Memory read(Kernel kernel) {
        var group = new Cgroup(kernel);
        long total = least(kernel.bytes("proc/meminfo", "MemTotal"), group.memoryLimit());
        long available = least(kernel.bytes("proc/meminfo", "MemAvailable"), group.memoryRoom());
        return new Memory(total, Math.min(available, total));
    }

    /** What is in memory of all files and not on their disks yet; as much as can be where the kernel does not say. */
    static long dirtyBytes() {
        return Kernel.HERE.bytes("proc/meminfo", "Dirty").orElse(Long.MAX_VALUE);
    }

    private static long least(OptionalLong ofMachine, OptionalLong ofGroup) {
        return Math.min(ofMachine.orElse(Long.MAX_VALUE), ofGroup.orElse(Long.MAX_VALUE));
    }
}
