package io.github.forkless.coordinator.files;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A file that was to be written to, or replaced, belongs to somebody else. The reason says whom. */
public final class ForeignFileException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    ForeignFileException(Path file, String reason) {
        super(file.toString(), null, reason);
    }
}
