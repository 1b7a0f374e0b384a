package io.github.forkless.coordinator.journal;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A journal that cannot be used: it belongs to another run, is in use, is damaged, is no journal, or cannot be read or
 * written. The message names the file and says what to do.
 */
public final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JournalException(Path file, String problem) {
        super("the journal " + file + " " + problem);
    }

    private JournalException(JournalException original) {
        super(original.getMessage());
    }

    /** The same with a stack trace of where it is called. */
    public JournalException copy() {
        return new JournalException(this);
    }

    /** What {@code failure} means in plain words. */
    static String reason(Throwable failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "there is no such folder";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            default -> failure.getMessage() == null ? failure.toString() : failure.getMessage();
        };
    }
}
