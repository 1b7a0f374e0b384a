package io.github.forkless.common.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {
    private static final byte[] PAYLOAD = "a partial".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TAIL = "what is large".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION_OFFSET = 4;
    private static final int LENGTH_OFFSET = 32;
    private static final int TAIL_LENGTH_OFFSET = 36;
    private static final int PAYLOAD_CRC_OFFSET = 40;
    private static final int HEADER_CRC_OFFSET = 44;

    @Test
    void whatIsSentIsReceived() throws IOException {
        var in = new ByteArrayInputStream(frame(PAYLOAD));

        Frame frame = new Frame.Reader(in).next().orElseThrow();

        assertThat(frame.payload().copy()).isEqualTo(PAYLOAD);
        assertThat(frame).isEqualTo(new Frame(19, 0xfffe, -2, 1L << 40, 1L << 41, frame.payload(), frame.tail()));
        assertThat(frame.tail()).isEqualTo(TAIL);
        assertThat(in.available()).isZero();
    }

    @Test
    void aFrameIsLaidOutAsTheDiagramSays() {
        byte[] frame = frame(PAYLOAD);

        ByteBuffer fields = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(Arrays.copyOf(frame, 4)).isEqualTo("FKLS".getBytes(StandardCharsets.US_ASCII));
        assertThat(fields.get(4)).isEqualTo((byte) 1);
        assertThat(fields.get(5)).isEqualTo((byte) 19);
        assertThat(fields.getShort(6)).isEqualTo((short) 0xfffe);
        assertThat(fields.getLong(8)).isEqualTo(-2);
        assertThat(fields.getLong(16)).isEqualTo(1L << 40);
        assertThat(fields.getLong(24)).isEqualTo(1L << 41);
        assertThat(fields.getInt(32)).isEqualTo(PAYLOAD.length);
        assertThat(fields.getInt(36)).isEqualTo(TAIL.length);
        byte[] both = concat(PAYLOAD, TAIL);
        assertThat(fields.getInt(40)).isEqualTo(crc(both, both.length));
        assertThat(fields.getInt(44)).isEqualTo(crc(frame, 44));
        assertThat(Arrays.copyOfRange(frame, 48, frame.length)).isEqualTo(both);
    }

    @Test
    void framesFollowEachOtherWithoutAGap() throws IOException {
        var stream = new ByteArrayOutputStream();
        for (int i = 0; i < 1000; i++) {
            stream.writeBytes(frame(new byte[i]));
        }
        var in = new OpenStream(stream.toByteArray());

        for (int i = 0; i < 1000; i++) {
            assertThat(new Frame.Reader(in).next().orElseThrow().payload().length())
                    .isEqualTo(i);
        }
        assertThat(in.available()).isZero();
    }

    @Test
    void aFrameMayArriveByteByByte() throws IOException {
        byte[] bytes = frame(PAYLOAD);
        InputStream in = InputStream.nullInputStream();
        for (byte b : bytes) {
            in = new SequenceInputStream(in, new ByteArrayInputStream(new byte[] {b}));
        }

        assertThat(new Frame.Reader(in).next().orElseThrow().payload().copy()).isEqualTo(PAYLOAD);
    }

    @Test
    void oneReaderTakesSmallAndLargePayloadsInTurn() throws IOException {
        int[] lengths = {9, 100_000, 0, 20 << 20, 3, 8 << 20, (8 << 20) + 1, 70_000};
        var random = new Random(3);
        var stream = new ByteArrayOutputStream();
        List<byte[]> payloads = new ArrayList<>();
        for (int length : lengths) {
            byte[] payload = new byte[length];
            random.nextBytes(payload);
            payloads.add(payload);
            stream.writeBytes(frame(payload));
        }
        var reader = new Frame.Reader(new OpenStream(stream.toByteArray()));

        for (byte[] payload : payloads) {
            byte[] received = reader.next().orElseThrow().payload().copy();
            assertThat(Arrays.equals(received, payload))
                    .as("%d bytes", payload.length)
                    .isTrue();
        }
    }

    @Test
    void anEmptyStreamHasNoFrame() throws IOException {
        assertThat(new Frame.Reader(InputStream.nullInputStream()).next()).isEmpty();
    }

    @Test
    void aStreamThatEndsWithinAHeaderSaysSo() {
        byte[] frame = frame(PAYLOAD);
        for (int length = 1; length < Frame.HEADER_BYTES; length++) {
            byte[] start = Arrays.copyOf(frame, length);
            assertThatExceptionOfType(EOFException.class)
                    .as("%d bytes", length)
                    .isThrownBy(() -> new Frame.Reader(new ByteArrayInputStream(start)).next())
                    .withMessageStartingWith("the stream ended within a frame's header; the bytes are 46");
        }
    }

    @Test
    void aStreamThatEndsWithinAPayloadSaysHowMuchArrived() {
        byte[] frame = frame(PAYLOAD);
        for (int arrived = 0; arrived < PAYLOAD.length + TAIL.length; arrived++) {
            int part = arrived < PAYLOAD.length ? arrived : arrived - PAYLOAD.length;
            int of = arrived < PAYLOAD.length ? PAYLOAD.length : TAIL.length;
            byte[] start = Arrays.copyOf(frame, Frame.HEADER_BYTES + arrived);
            assertThatExceptionOfType(EOFException.class)
                    .isThrownBy(() -> new Frame.Reader(new ByteArrayInputStream(start)).next())
                    .withMessage("the stream ended within a frame: %d of %d payload bytes arrived", part, of);
        }
    }

    @Test
    void everyFlippedBitIsFoundWithoutWaitingForMore() {
        byte[] frame = frame(PAYLOAD);
        for (int bit = 0; bit < frame.length * 8; bit++) {
            byte[] flipped = frame.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatExceptionOfType(WireException.class)
                    .as("bit %d of byte %d", bit % 8, bit / 8)
                    .isThrownBy(() -> new Frame.Reader(new OpenStream(flipped)).next());
        }
    }

    @Test
    void aDamagedLengthIsFoundAtOnceInAPipeThatStaysOpen() throws IOException {
        byte[] frame = frame(PAYLOAD);
        frame[LENGTH_OFFSET + 1] ^= 0x10;
        try (var pipe = new PipedOutputStream();
                var in = new PipedInputStream(pipe, 1 << 10)) {
            pipe.write(frame);
            assertThatExceptionOfType(WireException.class)
                    .isThrownBy(() -> new Frame.Reader(in).next())
                    .withMessageStartingWith("a frame's header has a wrong checksum; the bytes are 46 4b 4c 53 01 13");
        }
    }

    @Test
    void randomBytesAreNoFrame() {
        Random random = new Random(6);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(200)];
            random.nextBytes(bytes);
            if (i % 2 == 0 && bytes.length >= 5) { // or else nothing gets past the magic
                System.arraycopy(frame(PAYLOAD), 0, bytes, 0, 5);
            }
            assertThatException()
                    .isThrownBy(() -> new Frame.Reader(new ByteArrayInputStream(bytes)).next())
                    .isInstanceOfAny(WireException.class, EOFException.class)
                    .withMessageEndingWith(" - did something other than Forkless write to this stream?")
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContainPattern("\\p{Cntrl}"));
        }
    }

    @Test
    void textInFrontOfAFrameIsShown() {
        byte[] text = "Hello from System.out\n".getBytes(StandardCharsets.US_ASCII);
        byte[] frame = frame(PAYLOAD);

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> new Frame.Reader(new OpenStream(concat(text, frame))).next())
                .withMessageStartingWith("no frame starts here; the bytes are 48 65 6c 6c 6f")
                .withMessageContaining("|Hello from System.out.FKLS")
                .withMessageEndingWith("did something other than Forkless write to this stream?");
    }

    @Test
    void moreOfALongTextIsShownThanAHeadersWorth() {
        byte[] text = "WARNING: A terminally deprecated method in sun.misc.Unsafe has been called\n"
                .getBytes(StandardCharsets.US_ASCII);

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> new Frame.Reader(new OpenStream(text)).next())
                .withMessageContaining("|WARNING: A terminally deprecated method in sun.misc.Unsafe has");
    }

    @Test
    void textAndTheEndIsShown() {
        byte[] text = "Killed\n".getBytes(StandardCharsets.US_ASCII);

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> new Frame.Reader(new ByteArrayInputStream(text)).next())
                .withMessageContaining("4b 69 6c 6c 65 64 0a |Killed.|")
                .withMessageEndingWith("did something other than Forkless write to this stream?");
    }

    @Test
    void anotherVersionIsNamedNextToOurs() {
        byte[] frame = frame(PAYLOAD);
        frame[VERSION_OFFSET] = 7;
        sealHeader(frame);

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> new Frame.Reader(new OpenStream(frame)).next())
                .withMessage("the other side speaks protocol version 7, this side 1;"
                        + " use the same release of Forkless for both");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, ByteWriter.MAX_BYTES + 1})
    void aLengthThatCannotBeIsRefused(int length) {
        for (int offset : new int[] {LENGTH_OFFSET, TAIL_LENGTH_OFFSET}) {
            byte[] frame = frame(PAYLOAD);
            ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, length);
            sealHeader(frame);

            assertThatExceptionOfType(WireException.class)
                    .isThrownBy(() -> new Frame.Reader(new OpenStream(frame)).next())
                    .withMessageStartingWith("a frame claims %s bytes;", Integer.toUnsignedString(length));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {LENGTH_OFFSET, TAIL_LENGTH_OFFSET})
    void aFrameThatClaims2GiBAllocatesNoMoreThanArrives(int offset) {
        byte[] frame = frame(PAYLOAD);
        ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, ByteWriter.MAX_BYTES);
        sealHeader(frame);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(() -> new Frame.Reader(new ByteArrayInputStream(frame)).next())
                .withMessageContaining(" of %d payload bytes arrived", ByteWriter.MAX_BYTES);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(32 << 20);
    }

    @Test
    void aPayloadOf100MegabytesComesThrough() throws IOException {
        byte[] payload = new byte[100_000_000];
        new Random(7).nextBytes(payload);
        var out = new ByteWriter(Frame.HEADER_BYTES + payload.length);
        Frame.begin(out, 1, 0, 0, 0, 0);
        out.putRaw(payload, 0, payload.length);
        Frame.finish(out, 0, ByteSpan.NOTHING);
        var in = new ByteArrayInputStream(out.array(), 0, out.size());

        byte[] received = new Frame.Reader(in).next().orElseThrow().payload().copy();

        assertThat(Arrays.equals(received, payload)).isTrue();
        assertThat(new Frame.Reader(in).next()).isEmpty();
    }

    @Test
    void theRoomForALargePayloadIsGivenBack() throws IOException {
        var reader = new Frame.Reader(new ByteArrayInputStream(frame(new byte[20 << 20])));
        var room = new WeakReference<>(reader.next().orElseThrow().payload().array());

        assertThat(reader.next()).isEmpty();

        for (int i = 0; i < 10 && room.get() != null; i++) {
            System.gc();
        }
        assertThat(room.get()).isNull();
    }

    /** A tail is there once while it arrives, and its growth is a small part of that. */
    @Test
    void aLargeTailIsCopiedNowhere() throws IOException {
        int length = 200_000_000;
        byte[] header = new byte[Frame.HEADER_BYTES];
        var crc = new CRC32C();
        byte[] piece = new byte[1 << 20];
        for (int at = 0; at < length; at += piece.length) {
            crc.update(piece, 0, Math.min(piece.length, length - at));
        }
        var out = new ByteWriter();
        Frame.begin(out, 19, 1, 2, 3, 4);
        Frame.finish(out, 0, ByteSpan.NOTHING);
        System.arraycopy(out.array(), 0, header, 0, header.length);
        ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        fields.putInt(TAIL_LENGTH_OFFSET, length).putInt(PAYLOAD_CRC_OFFSET, (int) crc.getValue());
        sealHeader(header);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        Frame frame = new Frame.Reader(new SequenceInputStream(new ByteArrayInputStream(header), new Zeros()))
                .next()
                .orElseThrow();

        assertThat(frame.tail()).hasSize(length);
        assertThat(ByteSpan.of(frame.tail()).toArray()).isSameAs(frame.tail());
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isBetween((long) length, length * 3L / 2);
    }

    private static final class Zeros extends InputStream {
        @Override
        public int read() {
            return 0;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            Arrays.fill(bytes, offset, offset + length, (byte) 0);
            return length;
        }
    }

    private static byte[] frame(byte[] payload) {
        var out = new ByteWriter();
        Frame.begin(out, 19, 0xfffe, -2, 1L << 40, 1L << 41);
        out.putRaw(payload, 0, payload.length);
        Frame.finish(out, 0, ByteSpan.of(TAIL));
        out.putRaw(TAIL, 0, TAIL.length);
        return out.toByteArray();
    }

    /** Makes the header's checksum right again, as a sender that means what it says. */
    private static void sealHeader(byte[] frame) {
        ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).putInt(HEADER_CRC_OFFSET, crc(frame, HEADER_CRC_OFFSET));
    }

    private static int crc(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static byte[] concat(byte[] left, byte[] right) {
        return ByteBuffer.allocate(left.length + right.length)
                .put(left)
                .put(right)
                .array();
    }
}
