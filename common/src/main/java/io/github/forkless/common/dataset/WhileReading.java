package io.github.forkless.common.dataset;

import java.nio.file.Path;

/** Says in another exception's trace which of several files was read. */
public final class WhileReading extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WhileReading(Path file, long start) {
        super("while " + file + " was read, whose first element is " + start + " of all", null, false, false);
    }

    /** What was read when {@code failure} was thrown, in words; empty if that is not known, as of the only file. */
    public static String in(Throwable failure) {
        for (Throwable each : failure.getSuppressed()) {
            if (each instanceof WhileReading) {
                return each.getMessage();
            }
        }
        return "";
    }
}
