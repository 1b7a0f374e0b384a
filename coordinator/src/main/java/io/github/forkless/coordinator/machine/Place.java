package io.github.forkless.coordinator.machine;

/**
 * Where a worker is kept.
 *
 * @param node its memory node
 * @param cpuList the processors that it may run on, as the kernel writes them: {@code 0-3,8}
 */
public record Place(int node, String cpuList) {}
