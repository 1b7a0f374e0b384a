package io.github.forkless.common.dataset;

import io.github.forkless.common.text.Text;
import java.nio.file.Path;

/** Nothing says what the elements of a file are: a mistake in the command (exit code 2), not in the data. */
public final class UnknownTypeException extends DatasetException {
    private static final long serialVersionUID = 1L;

    private UnknownTypeException(String message) {
        super(message, null);
    }

    /** When no {@link ElementType} has that name. */
    public static UnknownTypeException ofLabel(String label) {
        return new UnknownTypeException(
                Text.format("no such element type: %s; it is one of %s", label, ElementType.labels()));
    }

    /** For a file whose name does not tell its type, and none is given. */
    public static UnknownTypeException ofName(Path file) {
        return new UnknownTypeException(Text.format(
                "%s: its name does not say what its elements are; use DatasetFile.open(path, type) with one of %s",
                file, ElementType.labels()));
    }
}
