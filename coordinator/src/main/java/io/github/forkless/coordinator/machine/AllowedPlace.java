package io.github.forkless.coordinator.machine;

import java.util.Optional;

/**
 * Where the kernel lets a process be, whatever it was asked for.
 *
 * @param cpuList processors: {@code 0-3,8}
 * @param nodeList nodes that it may have memory of: {@code 0-1}
 */
public record AllowedPlace(String cpuList, String nodeList) {

    /** Reads /proc/PID/status; empty when the process is gone, or there is no /proc. */
    public static Optional<AllowedPlace> read(long pid) {
        String status = "proc/" + pid + "/status";
        return Kernel.HERE
                .field(status, "Cpus_allowed_list")
                .map(cpus -> new AllowedPlace(
                        cpus, Kernel.HERE.field(status, "Mems_allowed_list").orElse("")));
    }
}
