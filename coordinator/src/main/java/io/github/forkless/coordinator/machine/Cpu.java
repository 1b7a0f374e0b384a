package io.github.forkless.coordinator.machine;

/**
 * A processor as the kernel counts them: one hardware thread.
 *
 * @param id the kernel's number
 * @param node the memory node that it is part of
 * @param socket the processor package
 * @param core the lowest number of the processors that share its core
 */
public record Cpu(int id, int node, int socket, int core) {}
