package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.generate.Sizes;
import io.github.forkless.coordinator.machine.Cpu;
import io.github.forkless.coordinator.machine.Machine;
import io.github.forkless.coordinator.machine.Memory;
import io.github.forkless.coordinator.machine.Node;
import java.io.PrintStream;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints what this machine has and what of it this process may use. */
final class MachineInfo {
    private static final String ROW = "%-5s %-8s %-6s %-14s %10s %10s  %s%n";

    static void print(PrintStream out, Machine machine) {
        Memory memory = machine.memory();
        out.println("processors  " + machine.cpus().size() + " of " + machine.onlineCpus()
                + (machine.cpuQuota().isPresent()
                        ? ", for " + trimmed(machine.cpuQuota().getAsDouble()) + " processors' time (control group)"
                        : ""));
        out.println("workers     " + machine.processors() + " without --procs");
        out.println("memory      " + Sizes.format(memory.availableBytes()) + " available of "
                + Sizes.format(memory.totalBytes()));
        out.println();
        out.printf(Locale.ROOT, ROW, "node", "sockets", "cores", "processors", "memory", "free", "distances");
        for (Node node : machine.nodes()) {
            out.printf(
                    Locale.ROOT,
                    ROW,
                    node.id(),
                    node.cpus().stream().map(Cpu::socket).distinct().count(),
                    node.cpus().stream().map(Cpu::core).distinct().count(),
                    node.cpus().isEmpty() ? "none" : node.cpuList(),
                    node.totalBytes() == 0 ? "none" : node.isAllowed() ? Sizes.format(node.totalBytes()) : "not for us",
                    node.hasMemory() ? Sizes.format(node.availableBytes()) : "-",
                    node.distances().stream().map(String::valueOf).collect(Collectors.joining(" ")));
        }
    }

    /** {@code 1.5} and {@code 2}. */
    private static String trimmed(double processors) {
        String text = String.format(Locale.ROOT, "%.2f", processors);
        return text.replaceAll("\\.?0+$", "");
    }

    private MachineInfo() {}
}
