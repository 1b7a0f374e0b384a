package io.github.forkless.common.value;

import io.github.forkless.common.text.Text;

/**
 * A value arrived as it was sent, but this process does not make it: a class of its own refused, as the cause says, or it
 * would take more memory or time than it may. To have it sent again would not help.
 */
public final class ValueRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int LONGEST_MESSAGE = 1000;

    public ValueRefusedException(String message) {
        this(message, null);
    }

    /** @param message may quote what was sent, whatever that is */
    public ValueRefusedException(String message, Throwable cause) {
        super(Text.oneLine(message, LONGEST_MESSAGE), cause);
    }
}
