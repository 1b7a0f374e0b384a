package io.github.forkless.common.wire;

import java.io.InputStream;

/** A stream that has these bytes and stays open: asking for more would be waiting for ever, so it fails. */
final class OpenStream extends InputStream {
    private final byte[] bytes;
    private int position;

    OpenStream(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public int available() {
        return bytes.length - position;
    }

    @Override
    public int read() {
        if (available() == 0) {
            throw new AssertionError("waits for bytes that never come, after " + position);
        }
        return bytes[position++] & 0xff;
    }
}
