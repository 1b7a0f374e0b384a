package io.github.forkless.worker.jobs.brc;

import io.github.forkless.common.job.MalformedDataException;
import io.github.forkless.common.text.Printable;
import java.nio.charset.StandardCharsets;

/** A line that is not {@code name;value}. The message is one line and names the byte at which the line starts. */
public final class MalformedRowException extends MalformedDataException {
    private static final long serialVersionUID = 1L;

    /** How many bytes of the line are shown. */
    static final int SHOWN = 60;

    private MalformedRowException(String message) {
        super(message);
    }

    /** @param offset where in the dataset the line starts */
    static MalformedRowException at(long offset, byte[] line, String problem) {
        return new MalformedRowException("the line at byte " + offset + " " + problem + ": " + shown(line));
    }

    /** The start of the line, in quotes, with whatever is not plain text as escapes. */
    private static String shown(byte[] line) {
        var text = new StringBuilder("\"");
        new String(line, 0, Math.min(line.length, SHOWN), StandardCharsets.UTF_8)
                .codePoints()
                .forEach(c -> {
                    switch (c) {
                        case '\r' -> text.append("\\r");
                        case '\t' -> text.append("\\t");
                        case '"', '\\' -> text.append('\\').appendCodePoint(c);
                        default -> text.append(Printable.line(Character.toString(c)));
                    }
                });
        return text.append(line.length > SHOWN ? "\"..." : "\"").toString();
    }
}
