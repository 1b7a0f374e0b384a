package io.github.forkless.coordinator.generate;

import io.github.forkless.common.text.Printable;
import java.nio.file.Path;

/**
 * A dataset could not be written, though nothing was wrong with its name: the disk is full, or failed. Nothing was left
 * behind. The message is one line, {@code FILE: what happened}; the command line ends with exit code 1.
 */
public final class GenerateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GenerateException(Path target, String problem, Throwable cause) {
        super(Printable.line(target + ": not written: " + problem), cause);
    }
}
