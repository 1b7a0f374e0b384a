package io.github.forkless.importer;

import io.github.forkless.common.text.Printable;

/** What was asked for is not possible, whatever the file has; the message says why, in one line. */
final class ImportRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ImportRequestException(String message) {
        super(Printable.line(message));
    }
}
