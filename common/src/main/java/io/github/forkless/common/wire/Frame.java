package io.github.forkless.common.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One message on a worker's stdin or stdout: a header of fixed size, then the payload. Integers are little-endian.
 *
 * <pre>
 *   0               4     5     6         8                16
 *   +---------------+-----+-----+---------+-----------------+
 *   | magic "FKLS"  | ver | type| attempt | task            |
 *   +---------------+-----+-----+---------+-----------------+
 *  16                              24                      32
 *   +-------------------------------+-----------------------+
 *   | slice from                    | slice to              |
 *   +---------------+---------------+---------------+-------+
 *  32              36              40              44
 *   +---------------+---------------+---------------+
 *   | length        | payload CRC   | header CRC    |  payload ...
 *   +---------------+---------------+---------------+
 * </pre>
 *
 * Both checksums are CRC-32C. The header has one of its own, over its first 40 bytes, so that a damaged length is
 * found at once and not after waiting for bytes that nobody will send.
 *
 * @param type what the payload is; see {@link Message}
 * @param attempt which try of the task this is, from 1; 0 where there is none
 * @param task the task, or what else the message is about
 * @param from first element of the slice
 * @param to element after the slice's last
 * @param payload what the type says
 */
record Frame(int type, int attempt, long task, long from, long to, byte[] payload) {
    static final int MAGIC = 0x534c4b46; // "FKLS" as it stands in the stream
    static final int VERSION = 1;
    static final int HEADER_BYTES = 44;

    private static final int LENGTH_OFFSET = 32;
    private static final int PAYLOAD_CRC_OFFSET = 36;
    private static final int HEADER_CRC_OFFSET = 40;

    /** A payload is read in steps of this size, so that a lie about its length cannot exhaust the heap. */
    private static final int READ_STEP = 8 << 20;

    /** Starts a frame in an empty {@code out}; the payload is written behind it, then {@link #finish} is called. */
    static void begin(ByteWriter out, int type, int attempt, long task, long from, long to) {
        out.putInt(MAGIC);
        out.putByte(VERSION);
        out.putByte(type);
        out.putShort(attempt);
        out.putLong(task);
        out.putLong(from);
        out.putLong(to);
        out.claim(HEADER_BYTES - LENGTH_OFFSET);
    }

    /** Fills in the length and the checksums of the frame that {@link #begin} started at byte 0 of {@code out}. */
    static void finish(ByteWriter out) {
        int length = out.size() - HEADER_BYTES;
        out.setInt(LENGTH_OFFSET, length);
        out.setInt(PAYLOAD_CRC_OFFSET, crc(out.array(), HEADER_BYTES, length));
        out.setInt(HEADER_CRC_OFFSET, crc(out.array(), 0, HEADER_CRC_OFFSET));
    }

    /**
     * The next frame of {@code stream}, or empty at its end.
     *
     * @throws WireException when what stands there is not a frame, or the stream ends within one
     * @throws IOException when the stream cannot be read
     */
    static Optional<Frame> receive(InputStream stream) throws IOException {
        byte[] header = new byte[HEADER_BYTES];
        int got = receiveHeader(stream, header);
        if (got == 0) {
            return Optional.empty();
        }
        if (got < HEADER_BYTES) {
            throw foreign("the stream ended within a frame's header", header, got, stream);
        }
        var fields = new ByteReader(header);
        fields.getInt(); // the magic
        int version = fields.getUnsignedByte();
        if (crc(header, 0, HEADER_CRC_OFFSET) != headerInt(header, HEADER_CRC_OFFSET)) {
            throw foreign("a frame's header has a wrong checksum", header, got, stream);
        }
        if (version != VERSION) {
            throw new WireException("the other side speaks protocol version " + version + ", this side " + VERSION
                    + "; use the same release of Forkless for both");
        }
        int type = fields.getUnsignedByte();
        int attempt = fields.getShort() & 0xffff;
        long task = fields.getLong();
        long from = fields.getLong();
        long to = fields.getLong();
        int length = fields.getInt();
        if (length < 0 || length > ByteWriter.MAX_BYTES) {
            throw foreign("a frame claims " + Integer.toUnsignedString(length) + " bytes", header, got, stream);
        }
        byte[] payload = readPayload(stream, length);
        if (crc(payload, 0, length) != headerInt(header, PAYLOAD_CRC_OFFSET)) {
            throw new WireException("the payload of a frame (type " + type + ", task " + task + ", " + length
                    + " bytes) has a wrong checksum; it begins with " + WireException.dump(payload, 0, length));
        }
        return Optional.of(new Frame(type, attempt, task, from, to, payload));
    }

    /** Looks at every byte as it comes: whoever else writes to the stream may write less than a header's worth. */
    private static int receiveHeader(InputStream stream, byte[] header) throws IOException {
        int got = 0;
        while (got < HEADER_BYTES) {
            int more = stream.read(header, got, HEADER_BYTES - got);
            if (more < 0) {
                break;
            }
            got += more;
            for (int i = 0; i < Math.min(got, Integer.BYTES); i++) {
                if (header[i] != (byte) (MAGIC >>> (Byte.SIZE * i))) {
                    throw foreign("no frame starts here", header, got, stream);
                }
            }
        }
        return got;
    }

    private static byte[] readPayload(InputStream stream, int length) throws IOException {
        byte[] payload = new byte[Math.min(length, READ_STEP)];
        int filled = 0;
        while (filled < length) {
            if (filled == payload.length) {
                payload = Arrays.copyOf(payload, (int) Math.min(length, 2L * payload.length));
            }
            int got = stream.readNBytes(payload, filled, payload.length - filled);
            if (got == 0) {
                throw new WireException(
                        "the stream ended within a frame: " + filled + " of " + length + " payload bytes arrived");
            }
            filled += got;
        }
        return payload;
    }

    private static WireException foreign(String fault, byte[] header, int got, InputStream stream) throws IOException {
        // What else is already there makes the culprit's text readable; never wait for more.
        byte[] more = stream.readNBytes(Math.min(stream.available(), WireException.SHOWN_BYTES - got));
        byte[] shown = Arrays.copyOf(header, got + more.length);
        System.arraycopy(more, 0, shown, got, more.length);
        return new WireException(fault + "; the bytes are " + WireException.dump(shown, 0, shown.length)
                + " - did something other than Forkless write to this stream?");
    }

    private static int headerInt(byte[] header, int offset) {
        return new ByteReader(header, offset, Integer.BYTES).getInt();
    }

    private static int crc(byte[] bytes, int offset, int length) {
        var crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
