package io.github.forkless.coordinator.generate;

import java.nio.file.Path;

/**
 * A dataset could not be written, though nothing was wrong with its name: the disk is full, or failed. Nothing was left
 * behind. The message is one line, {@code FILE: what happened}; the command line ends with exit code 1.
 */
public final class GenerateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GenerateException(Path target, String problem, Throwable cause) {
        // Control characters may be in a file's name, but a line end must not be in the message.
        super("%s: not written: %s".formatted(target, problem).replaceAll("\\p{Cntrl}", "?"), cause);
    }
}
