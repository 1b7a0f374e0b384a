package io.github.forkless.coordinator.cli;

/** How the program ends. 130 and 143, for SIGINT and SIGTERM, are the JVM's own. */
final class ExitCode {
    /** The answer is complete. */
    static final int OK = 0;
    /** The job failed, or its answer is not complete. */
    static final int FAILED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** The data cannot be used: missing, unreadable, truncated, wrong type, changed while running. */
    static final int DATA = 3;
    /** Whoever reads the answer had enough of it: what the shell makes of SIGPIPE, by which other programs end then. */
    static final int READER_GONE = 141;

    private ExitCode() {}
}
