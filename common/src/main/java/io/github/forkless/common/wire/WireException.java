package io.github.forkless.common.wire;

import io.github.forkless.common.text.Text;
import java.util.HexFormat;

/** Bytes that are not what the protocol says they must be. The message is one line and shows the bytes. */
public final class WireException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_MESSAGE = 1000;

    /** How much of what is wrong is shown. */
    static final int SHOWN_BYTES = 64;

    /** @param message may quote what the other side sent, whatever that is: it is cut, and control characters go */
    public WireException(String message) {
        super(Text.oneLine(message, LONGEST_MESSAGE));
    }

    /** Up to 64 bytes from {@code offset} as hex and, where printable, as characters. */
    static String dump(byte[] bytes, int offset, int length) {
        int shown = Math.min(length, SHOWN_BYTES);
        var text = new StringBuilder(shown);
        for (int i = offset; i < offset + shown; i++) {
            char c = (char) (bytes[i] & 0xff);
            text.append(c >= ' ' && c < 0x7f ? c : '.');
        }
        return HexFormat.ofDelimiter(" ").formatHex(bytes, offset, offset + shown) + " |" + text + "|";
    }
}
