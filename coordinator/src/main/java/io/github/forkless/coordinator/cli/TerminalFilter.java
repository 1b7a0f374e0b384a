package io.github.forkless.coordinator.cli;

import io.github.forkless.common.text.Printable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What stands between everything that this program prints and a terminal. It passes UTF-8 on, with escapes for characters
 * that are not {@linkplain Printable plain}: what a worker printed, a file's name or the data itself must not be orders to
 * the terminal. Tabs and line ends pass. Not safe for use by several threads: the print stream before it is.
 */
final class TerminalFilter extends OutputStream {
    private static final int REPLACEMENT = 0xfffd;

    private final OutputStream terminal;
    private final ByteArrayOutputStream passed = new ByteArrayOutputStream();

    /** The bits so far of a character of several bytes. */
    private int character;

    /** How many of its bytes are still to come. */
    private int missing;

    /** A carriage return is part of a line's end, or moves the cursor: what comes next tells. */
    private boolean isAfterReturn;

    TerminalFilter(OutputStream terminal) {
        this.terminal = terminal;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            decode(bytes[i] & 0xff);
        }
        try {
            passed.writeTo(terminal);
        } finally {
            passed.reset();
        }
    }

    private void decode(int b) {
        if (missing > 0 && (b & 0xc0) == 0x80) {
            character = character << 6 | b & 0x3f;
            if (--missing == 0) {
                pass(character);
            }
            return;
        }
        if (missing > 0) {
            missing = 0;
            pass(REPLACEMENT);
        }
        if (b < 0x80) {
            pass(b);
        } else if (b < 0xc2 || b > 0xf4) {
            pass(REPLACEMENT);
        } else {
            missing = b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
            character = b & (0x3f >> missing);
        }
    }

    private void pass(int c) {
        if (isAfterReturn) {
            isAfterReturn = false;
            if (c == '\n') {
                passed.write('\r');
            } else {
                append(Printable.escape('\r'));
            }
        }
        if (c == '\r') {
            isAfterReturn = true;
        } else if (c == '\n' || c == '\t' || Printable.isPlain(c)) {
            append(Character.toString(c));
        } else {
            append(Printable.escape(c));
        }
    }

    private void append(String text) {
        passed.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void flush() throws IOException {
        terminal.flush();
    }
}
