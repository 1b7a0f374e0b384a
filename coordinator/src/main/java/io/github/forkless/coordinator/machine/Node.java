package io.github.forkless.coordinator.machine;

import java.util.List;

/**
 * A memory node: memory, and the processors close to it. There are nodes without the one and nodes without the other.
 *
 * @param id the kernel's number; there may be holes
 * @param cpus those of its processors that this process may use
 * @param totalBytes its memory; 0 if it has none
 * @param freeBytes how much of it is free
 * @param cachedBytes what of it holds files that the kernel can drop
 * @param isAllowed whether this process may have memory of it
 * @param distances to each node of {@link Machine#nodes()}, in its order; 10 to itself
 */
public record Node(
        int id,
        List<Cpu> cpus,
        long totalBytes,
        long freeBytes,
        long cachedBytes,
        boolean isAllowed,
        List<Integer> distances) {

    public Node {
        cpus = List.copyOf(cpus);
        distances = List.copyOf(distances);
    }

    /** Whether this process can have memory here. */
    public boolean hasMemory() {
        return isAllowed && totalBytes > 0;
    }

    /** What this process could have of it, if all that can be dropped was. */
    public long availableBytes() {
        return isAllowed ? freeBytes + cachedBytes : 0;
    }

    /** Its processors as the kernel writes them: {@code 0-3,8}. */
    public String cpuList() {
        return Machine.list(cpus);
    }
}
