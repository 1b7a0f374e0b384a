package io.github.forkless.coordinator.process;

import java.util.Map;

/** Says how a process ended. */
final class ExitStatus {
    private static final int SIGNALLED = 128;

    /** The numbers of Linux on x86-64, AArch64 and most others. */
    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(6, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(14, "SIGALRM"),
            Map.entry(15, "SIGTERM"),
            Map.entry(24, "SIGXCPU"),
            Map.entry(25, "SIGXFSZ"));

    /** What {@link Process#exitValue()} means, as the end of a sentence. */
    static String describe(int exitValue) {
        if (exitValue <= SIGNALLED) {
            return "exited with code " + exitValue + (exitValue == 0 ? ", but without its answer" : "");
        }
        int signal = exitValue - SIGNALLED;
        return "killed by " + SIGNALS.getOrDefault(signal, "signal " + signal);
    }

    /** Whether a signal ended the process that lets a JVM run its shutdown hooks first. */
    static boolean isPolite(int exitValue) {
        return exitValue == SIGNALLED + 1 || exitValue == SIGNALLED + 15; // SIGHUP, SIGTERM
    }

    private ExitStatus() {}
}
