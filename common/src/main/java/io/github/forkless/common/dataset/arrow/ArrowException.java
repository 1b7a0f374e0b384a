package io.github.forkless.common.dataset.arrow;

import io.github.forkless.common.text.Text;

/** An Arrow file cannot be read: broken, or of a kind that cannot be read in place. The message does not name the file. */
public final class ArrowException extends Exception {
    private static final long serialVersionUID = 1L;

    public ArrowException(String problem) {
        super(problem);
    }

    public static ArrowException broken(String format, Object... arguments) {
        return new ArrowException(
                "its Arrow metadata is broken: " + Text.format(format, arguments) + "; write it again");
    }

    /** @param failure what a read beyond the bytes, or of nonsense, has thrown */
    public static ArrowException broken(RuntimeException failure) {
        return broken("it leads to where nothing is (%s)", failure.getMessage());
    }
}
