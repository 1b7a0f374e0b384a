package io.github.forkless.common.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One message on a worker's stdin or stdout: a header of fixed size, what the message says, and its tail, which is whatever
 * may be large. Integers are little-endian.
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
 *  32              36              40              44              48
 *   +---------------+---------------+---------------+---------------+
 *   | length        | tail's length | payload CRC   | header CRC    |  payload ...  tail ...
 *   +---------------+---------------+---------------+---------------+
 * </pre>
 *
 * Both checksums are CRC-32C. That of the payload is over the tail, too. The header has one of its own, over its first 44
 * bytes, so that a damaged length is
 * found at once and not after waiting for bytes that nobody will send.
 *
 * @param type what the payload is; see {@link Message}
 * @param attempt which try of the task this is, from 1; 0 where there is none
 * @param task the task, or what else the message is about
 * @param from first element of the slice
 * @param to element after the slice's last
 * @param payload what the type says, but for the tail
 * @param tail in an array that is nobody else's
 */
record Frame(int type, int attempt, long task, long from, long to, ByteSpan payload, byte[] tail) {
    static final int MAGIC = 0x534c4b46; // "FKLS" as it stands in the stream
    static final int VERSION = 1;
    static final int HEADER_BYTES = 48;

    private static final int LENGTH_OFFSET = 32;
    private static final int TAIL_LENGTH_OFFSET = 36;
    private static final int PAYLOAD_CRC_OFFSET = 40;
    private static final int HEADER_CRC_OFFSET = 44;

    /**
     * So much room for a payload is kept from one frame to the next. For this and for a tail, more is made only when so much
     * has arrived: a lie about a length cannot exhaust the heap.
     */
    private static final int KEPT_BYTES = 8 << 20;

    /** The room for a payload doubles. That for a tail, which is copied then, grows faster, so that it is never there twice. */
    private static final int TAIL_GROWTH = 8;

    private static final byte[] NOTHING = {};

    /** Starts a frame at the end of {@code out}; the payload is written behind it, then {@link #finish} is called. */
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

    /**
     * Fills in the length and the checksums of the last frame in {@code out}.
     *
     * @param start where {@link #begin} started it
     * @param tail is sent behind it
     */
    static void finish(ByteWriter out, int start, ByteSpan tail) {
        int length = out.size() - start - HEADER_BYTES;
        ByteWriter.requireFits(tail.length(), ByteWriter.MAX_BYTES);
        var crc = new CRC32C();
        crc.update(out.array(), start + HEADER_BYTES, length);
        crc.update(tail.array(), tail.from(), tail.length());
        out.setInt(start + LENGTH_OFFSET, length);
        out.setInt(start + TAIL_LENGTH_OFFSET, tail.length());
        out.setInt(start + PAYLOAD_CRC_OFFSET, (int) crc.getValue());
        out.setInt(start + HEADER_CRC_OFFSET, crc(out.array(), start, HEADER_CRC_OFFSET));
    }

    /**
     * The receiving end of a stream of frames. Payloads are put in the same place one after another: each is valid until
     * the next frame is asked for. A tail is the receiver's. Not safe for use by several threads.
     */
    static final class Reader {
        private final InputStream stream;
        private final byte[] header = new byte[HEADER_BYTES];
        private byte[] room = new byte[1 << 10];

        Reader(InputStream stream) {
            this.stream = stream;
        }

        /**
         * The next frame, or empty at the stream's end.
         *
         * @throws WireException when what stands there is not a frame
         * @throws EOFException when the stream ends within one
         * @throws IOException when the stream cannot be read
         */
        Optional<Frame> next() throws IOException {
            if (room.length > KEPT_BYTES) { // waiting for the next frame needs none of it
                room = new byte[KEPT_BYTES];
            }
            int got = readHeader();
            if (got == 0) {
                return Optional.empty();
            }
            if (got < HEADER_BYTES) {
                throw new EOFException(foreign("the stream ended within a frame's header", got));
            }
            var fields = new ByteReader(header);
            fields.getInt(); // the magic
            int version = fields.getUnsignedByte();
            if (crc(header, 0, HEADER_CRC_OFFSET) != headerInt(HEADER_CRC_OFFSET)) {
                throw new WireException(foreign("a frame's header has a wrong checksum", got));
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
            int length = possible(fields.getInt(), got);
            int tailLength = possible(fields.getInt(), got);
            if (room.length < Math.min(length, KEPT_BYTES)) {
                room = new byte[Math.min(Math.max(length, 2 * room.length), KEPT_BYTES)];
            }
            var crc = new CRC32C();
            room = filled(room, length, 2, crc);
            byte[] tail = tailLength == 0
                    ? NOTHING
                    : filled(new byte[Math.min(tailLength, KEPT_BYTES)], tailLength, TAIL_GROWTH, crc);
            if ((int) crc.getValue() != headerInt(PAYLOAD_CRC_OFFSET)) {
                throw new WireException("the payload of a frame (type " + type + ", task " + task + ", " + length
                        + " and "
                        + tailLength + " bytes) has a wrong checksum; it begins with "
                        + (length > 0 ? WireException.dump(room, 0, length) : WireException.dump(tail, 0, tailLength)));
            }
            return Optional.of(new Frame(type, attempt, task, from, to, new ByteSpan(room, 0, length), tail));
        }

        private int possible(int length, int got) throws IOException {
            if (length < 0 || length > ByteWriter.MAX_BYTES) {
                throw new WireException(foreign("a frame claims " + Integer.toUnsignedString(length) + " bytes", got));
            }
            return length;
        }

        /** Checks every byte as it comes: something else that writes to the stream may write less than a header. */
        private int readHeader() throws IOException {
            int got = 0;
            while (got < HEADER_BYTES) {
                int more = stream.read(header, got, HEADER_BYTES - got);
                if (more < 0) {
                    break;
                }
                got += more;
                for (int i = 0; i < Math.min(got, Integer.BYTES); i++) {
                    if (header[i] != (byte) (MAGIC >>> (Byte.SIZE * i))) {
                        throw new WireException(foreign("no frame starts here", got));
                    }
                }
            }
            return got;
        }

        /** Reads so many bytes into an array, or into one that has grown out of it, and returns that. */
        private byte[] filled(byte[] start, int length, int growth, CRC32C crc) throws IOException {
            byte[] into = start;
            int filled = 0;
            while (filled < length) {
                if (filled == into.length) {
                    into = Arrays.copyOf(into, (int) Math.min(length, (long) growth * into.length));
                }
                // In pieces: each is checked while it is in the processor's cache.
                int got = stream.read(
                        into, filled, Math.min(ByteSpan.PIECE_BYTES, Math.min(length, into.length) - filled));
                if (got < 0) {
                    throw new EOFException(
                            "the stream ended within a frame: " + filled + " of " + length + " payload bytes arrived");
                }
                crc.update(into, filled, got);
                filled += got;
            }
            return into;
        }

        private String foreign(String fault, int got) throws IOException {
            // What else is already there makes the culprit's text readable; never wait for more.
            byte[] more = stream.readNBytes(Math.min(stream.available(), WireException.SHOWN_BYTES - got));
            byte[] shown = Arrays.copyOf(header, got + more.length);
            System.arraycopy(more, 0, shown, got, more.length);
            return fault + "; the bytes are " + WireException.dump(shown, 0, shown.length)
                    + " - did something other than Forkless write to this stream?";
        }

        private int headerInt(int offset) {
            return new ByteReader(header, offset, Integer.BYTES).getInt();
        }
    }

    private static int crc(byte[] bytes, int offset, int length) {
        var crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
