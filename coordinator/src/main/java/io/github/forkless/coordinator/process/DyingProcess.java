package io.github.forkless.coordinator.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells whether a process is past saving, from what the kernel knows of it. */
final class DyingProcess {
    private static final Path PROC = Path.of("/proc");
    private static final String STATE = "State:";
    private static final String PENDING = "ShdPnd:";

    /** In the set of signals that the process as a whole has been sent. It stays there to the end. */
    private static final long SIGKILL = 1 << 9 - 1;

    /** Whether the process has been sent SIGKILL, or has ended and only awaits its parent. */
    static boolean is(long pid) {
        try {
            for (String line :
                    Files.readAllLines(PROC.resolve(Long.toString(pid)).resolve("status"))) {
                if (line.startsWith(STATE)
                        && "ZX".indexOf(line.substring(STATE.length()).strip().charAt(0)) >= 0) {
                    return true;
                }
                if (line.startsWith(PENDING)) {
                    return (Long.parseUnsignedLong(
                                            line.substring(PENDING.length()).strip(), 16)
                                    & SIGKILL)
                            != 0;
                }
            }
        } catch (IOException e) {
            // It is gone, and those that wait for it know.
        }
        return false;
    }

    private DyingProcess() {}
}
