package io.github.forkless.common.dataset;

import io.github.forkless.common.text.Printable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The data cannot be used: missing, unreadable, truncated, of the wrong type, or changed while in use.
 *
 * <p>The message is always one line, {@code FILE: what is wrong; what to do}, whatever the file is called: control
 * characters in it are written as escapes. The command line prints it as it is and ends with exit code 3, except for
 * {@link UnknownTypeException}, which is a mistake in the command.
 */
public sealed class DatasetException extends RuntimeException permits UnknownTypeException {
    private static final long serialVersionUID = 1L;

    public DatasetException(Path file, String problem) {
        this(file + ": " + problem, (Throwable) null);
    }

    DatasetException(String message, Throwable cause) {
        super(Printable.line(message), cause);
    }

    /** What {@code failure}, met while opening or reading {@code file}, means in plain words. */
    public static DatasetException unreadable(Path file, IOException failure) {
        String problem = switch (failure) {
            case NoSuchFileException _ ->
                Files.isSymbolicLink(file)
                        ? "a link to a file that does not exist; restore the file it points to"
                        : "no such file; check the name";
            case AccessDeniedException _ -> "permission denied; it must be readable by the user who runs this";
            case FileSystemException e when e.getReason() != null -> "cannot be read: " + e.getReason();
            default -> "cannot be read: " + failure;
        };
        return new DatasetException(file + ": " + problem, failure);
    }

    /** A fault that another process found and put into words. */
    public static DatasetException reported(String message) {
        return new DatasetException(message, (Throwable) null);
    }
}
