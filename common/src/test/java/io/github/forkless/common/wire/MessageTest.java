package io.github.forkless.common.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.TableColumn;
import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.wire.Message.Assignment;
import io.github.forkless.common.wire.Message.FailureKind;
import io.github.forkless.testing.Thorough;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
    private static final byte[] BYTES = {0, 1, -1, 127, -128, '\n'};
    private static final Content FILE = file("/dev/shm/größe/1-2", 1 << 30, -7);
    private static final Assignment ASSIGNMENT =
            new Assignment(1L << 33, 1L << 34, 65_535, 1, Integer.MAX_VALUE, new Slice(1L << 35, 1L << 36), true);
    private static final Assignment FIRST = new Assignment(1, 0, 1, 0, 1, new Slice(0, 0), false);

    private static final JobSource.Code CODE = new JobSource.Code(
            List.of(), List.of("/lib/a b.jar"), Map.of("Überkreuz", BYTES), Map.of("Main#x", BYTES, "Main#y", BYTES));

    private static final byte[] NO_TAIL = {};

    /** At least one of every type; more where a field changes the form. */
    private static final List<Message> EXAMPLES = List.of(
            new Message.Open(Integer.MAX_VALUE, dataset(ElementType.FLOAT64)),
            new Message.Load(
                    1,
                    Message.NO_DATASET,
                    false,
                    new JobSource.Named("sum", Map.of(), List.of(Map.of("lone", "\ud83d")), BYTES)),
            new Message.Load(
                    Long.MAX_VALUE,
                    Integer.MAX_VALUE,
                    true,
                    new JobSource.Named(
                            "Überkreuz",
                            Map.of("Überkreuz", BYTES, "Überkreuz$1", new byte[0]),
                            List.of(Map.of("fast", "5", "slow", ""), Map.of("fast", "line\nbreak"), Map.of()))),
            new Message.Load(2, 1, false, new JobSource.Objects(BYTES, CODE)),
            new Message.Load(
                    3, 1, true, new JobSource.Function(BYTES, JobSource.Code.onClassPath(List.of("Main#prices")))),
            new Message.Load(
                    4,
                    1,
                    true,
                    new JobSource.LaterPass(
                            new JobSource.Objects(BYTES, CODE),
                            List.of(
                                    new JobSource.RefinedSet(0, Map.of("low", "1", "high", "")),
                                    new JobSource.RefinedSet(70_000, Map.of())))),
            new Message.Work(FIRST, new byte[0]),
            new Message.Work(ASSIGNMENT, BYTES),
            new Message.Merge(FIRST, List.of(), List.of()),
            new Message.Merge(
                    ASSIGNMENT,
                    List.of(1, 300),
                    List.of(ByteSpan.of(BYTES), ByteSpan.NOTHING, FILE, ByteSpan.of(new byte[70_000]))),
            new Message.Release(Long.MAX_VALUE),
            new Message.Reset(),
            new Message.Ready(Long.MIN_VALUE),
            new Message.Close(3),
            new Message.SharedHere(Path.of("/data/x"), new FileIdentity(1, Long.MAX_VALUE, 3, Long.MIN_VALUE, 5)),
            new Message.CloseShared(Long.MIN_VALUE),
            new Message.OpenPerWorker(Long.MIN_VALUE, new JobSource.Function(BYTES, CODE)),
            new Message.ClosePerWorker(Long.MAX_VALUE),
            new Message.Loaded(3, true, 1, Long.MIN_VALUE, Long.MAX_VALUE),
            new Message.Loaded(4, false, Integer.MAX_VALUE, 1, 2),
            new Message.Partial(ASSIGNMENT, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40, 3, ByteSpan.of(BYTES)),
            new Message.Partial(FIRST, 0, 0, -1, -1, ByteSpan.NOTHING),
            new Message.Partial(FIRST, 0, 0, -1, -1, FILE),
            new Message.Failed(
                    ASSIGNMENT.run(),
                    Optional.of(ASSIGNMENT),
                    FailureKind.JOB,
                    Integer.MAX_VALUE,
                    "java.lang.Error",
                    "\ud83d\ude00",
                    "at\n\tx"),
            new Message.Failed(7, Optional.empty(), FailureKind.REQUEST, -1, "", "", ""));

    @ParameterizedTest
    @FieldSource("EXAMPLES")
    void whatIsSentIsReceived(Message message) throws IOException {
        var in = new ByteArrayInputStream(encode(message));

        Message received = new Message.Reader(in).next().orElseThrow();

        assertSame(received, message);
        assertThat(new Message.Reader(in).next()).isEmpty();
    }

    @Test
    void everyTypeOfMessageHasAnExample() {
        assertThat(EXAMPLES.stream().<Class<?>>map(Message::getClass).distinct())
                .containsExactlyInAnyOrder(Message.class.getPermittedSubclasses());
    }

    @Test
    void everyJobSourceHasAnExample() {
        assertThat(EXAMPLES.stream()
                        .filter(Message.Load.class::isInstance)
                        .<Class<?>>map(load -> ((Message.Load) load).source().getClass())
                        .distinct())
                .containsExactlyInAnyOrder(JobSource.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @EnumSource
    void everyElementTypeTravels(ElementType type) throws IOException {
        var open = new Message.Open(1, dataset(type));

        assertThat(receive(encode(open))).isEqualTo(open);
    }

    @ParameterizedTest
    @EnumSource
    void everyKindOfFailureTravels(FailureKind kind) throws IOException {
        var failed = new Message.Failed(1, Optional.of(FIRST), kind, 3, "error", "message", "trace");

        assertThat(receive(encode(failed))).isEqualTo(failed);
    }

    @Test
    void manyParameterSetsStayAsTheyHaveCome() throws IOException {
        List<Map<String, String>> sent = IntStream.range(0, 5_000)
                .mapToObj(i -> i % 7 == 0 ? Map.<String, String>of() : Map.of("above", Integer.toString(i)))
                .toList();

        var load = (Message.Load)
                receive(encode(new Message.Load(1, 1, false, new JobSource.Named("job", Map.of(), sent, BYTES))));

        var source = (JobSource.Named) load.source();
        assertThat(source.datasets()).isEqualTo(BYTES);
        assertThat(source.parameterSets()).isEqualTo(sent);
        assertThat(source.parameterSets().get(1)) // one is made when it is asked for
                .isNotSameAs(source.parameterSets().get(1));
    }

    @Test
    void parametersKeepTheirOrder() throws IOException {
        var parameters = new LinkedHashMap<String, String>();
        for (int i = 0; i < 100; i++) {
            parameters.put("p" + (i * 37 % 100), Integer.toString(i));
        }
        var load = new Message.Load(1, 1, false, new JobSource.Named("job", Map.of(), List.of(parameters)));

        var source = (JobSource.Named) ((Message.Load) receive(encode(load))).source();

        assertThat(source.parameterSets().getFirst()).containsExactlyEntriesOf(parameters);
    }

    @Test
    void messagesFollowEachOther() throws IOException {
        var stream = new ByteArrayOutputStream();
        var out = new ByteWriter(); // one for all, as a worker has
        for (Message message : EXAMPLES) {
            message.send(stream, out);
        }
        var in = new OpenStream(stream.toByteArray());

        for (Message message : EXAMPLES) {
            assertSame(new Message.Reader(in).next().orElseThrow(), message);
        }
        assertThat(in.available()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {65_536, 65_537, 141_072, 200_000})
    void aLargePartialSentFromWhereItIsIsTheSameFrame(int length) throws IOException {
        byte[] content = new byte[length + 5];
        new Random(9).nextBytes(content);
        var message = new Message.Partial(ASSIGNMENT, 1, 2, 3, 4, new ByteSpan(content, 5, length));
        var stream = new ByteArrayOutputStream();

        message.send(stream, new ByteWriter());

        assertThat(stream.toByteArray()).isEqualTo(encode(message));
        assertSame(receive(stream.toByteArray()), message);
    }

    @Test
    void aMessageThatFitsAPipesAtomicSizeIsOneWrite() throws IOException {
        for (Message message : EXAMPLES) {
            var stream = new CountingStream();
            message.send(stream, new ByteWriter());
            if (stream.size() <= 4096) {
                assertThat(stream.writes).as(message.toString()).isEqualTo(1);
            }
        }
    }

    private static final class CountingStream extends ByteArrayOutputStream {
        private int writes;

        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            writes++;
            super.write(bytes, from, length);
        }
    }

    @ParameterizedTest
    @FieldSource("EXAMPLES")
    void everyFlippedBitIsFoundWithoutWaitingForMore(Message message) {
        byte[] encoded = encode(message);
        int bytes = Math.min(encoded.length, 1_000); // the rest is payload like the payload before it
        for (int bit = 0; bit < bytes * 8; bit += Thorough.or(1, 5)) {
            byte[] flipped = encoded.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatExceptionOfType(WireException.class)
                    .as("bit %d of byte %d", bit % 8, bit / 8)
                    .isThrownBy(() -> new Message.Reader(new OpenStream(flipped)).next());
        }
    }

    /** As a frame that is whole, but whose sender stopped too early. */
    @ParameterizedTest
    @FieldSource("EXAMPLES")
    void aPayloadThatIsTooShortIsRefused(Message message) throws IOException {
        Frame frame = ownFrame(message);
        for (int length = 0; length < Math.min(frame.payload().length(), 1_000); length++) {
            byte[] shorter = behindParts(
                    message, encode(frame, Arrays.copyOf(frame.payload().copy(), length)));
            assertThatExceptionOfType(WireException.class)
                    .as("%d bytes", length)
                    .isThrownBy(() -> receive(shorter));
        }
    }

    @ParameterizedTest
    @FieldSource("EXAMPLES")
    void aPayloadThatIsTooLongIsRefused(Message message) throws IOException {
        Frame frame = ownFrame(message);
        byte[] longer = behindParts(
                message,
                encode(
                        frame,
                        Arrays.copyOf(frame.payload().copy(), frame.payload().length() + 3)));

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> receive(longer))
                .withMessageContaining("has 3 bytes too many");
    }

    /** Damage that a checksum cannot find, because the sender made it: an error or a message, and nothing else. */
    @ParameterizedTest
    @FieldSource("EXAMPLES")
    void aSenderThatErrsGetsAWireException(Message message) throws IOException {
        Frame frame = ownFrame(message);
        Random random = new Random(8);
        for (int i = 0; i < 3_000; i++) {
            byte[] payload = frame.payload().copy();
            for (int n = 1 + random.nextInt(3); n > 0 && payload.length > 0; n--) {
                payload[random.nextInt(Math.min(payload.length, 200))] = (byte) random.nextInt();
            }
            receiveOrRefuse(new Frame(
                    frame.type(),
                    random.nextInt(),
                    random.nextLong(),
                    random.nextLong(),
                    random.nextLong(),
                    ByteSpan.of(payload),
                    frame.tail()));
        }
    }

    /** As if the sender had flipped it before it made the checksum. */
    @ParameterizedTest
    @FieldSource("EXAMPLES")
    void everyFlippedBitOfAPayloadIsRefusedOrUnderstood(Message message) throws IOException {
        Frame frame = ownFrame(message);
        int bytes = Math.min(frame.payload().length(), 1_000);
        for (int bit = 0; bit < bytes * 8; bit++) {
            byte[] payload = frame.payload().copy();
            payload[bit / 8] ^= (byte) (1 << bit % 8);
            receiveOrRefuse(new Frame(
                    frame.type(),
                    frame.attempt(),
                    frame.task(),
                    frame.from(),
                    frame.to(),
                    ByteSpan.of(payload),
                    frame.tail()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Message.LOAD, Message.MERGE})
    void aCountThatLiesAllocatesNoMoreThanThereIs(int type) throws IOException {
        var payload = new ByteWriter();
        if (type == Message.MERGE) {
            payload.claim(Long.BYTES + 2 * Integer.BYTES + 1);
        } else {
            payload.putInt(1);
            payload.putByte(1);
            payload.putString("job");
            payload.putVarint(0);
        }
        int claimed = 16 << 20;
        payload.putVarint(claimed);
        int at = payload.claim(claimed);
        payload.array()[at] = -1; // a length that is broken
        Arrays.fill(payload.array(), at, at + 20, (byte) -1);
        byte[] encoded = encode(new Frame(type, 1, 1, 0, 1, ByteSpan.NOTHING, NO_TAIL), payload.toByteArray());
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        assertThatExceptionOfType(WireException.class).isThrownBy(() -> receive(encoded));

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(3L * claimed); // the payload, growing
    }

    @Test
    void randomPayloadsOfEveryTypeAreRefusedOrUnderstood() {
        Random random = new Random(9);
        int understood = 0;
        for (int i = 0; i < 30_000; i++) {
            byte[] payload = new byte[random.nextInt(100)];
            random.nextBytes(payload);
            int type = random.nextInt(32);
            var frame = new Frame(
                    type == Message.PART || type == Message.PART_IN_FILE ? 0 : type, // which need another behind them
                    1,
                    2,
                    random.nextInt(9),
                    random.nextInt(9),
                    ByteSpan.of(payload),
                    NO_TAIL);
            understood += receiveOrRefuse(frame) ? 1 : 0;
        }
        // Or else this tests only that everything is refused.
        assertThat(understood).isPositive();
    }

    /** Each part travels alone, from where it is. */
    @Test
    void aMergeOfMoreThanOneArrayHoldsIsSentAndCopiedNowhere() throws IOException {
        Content partial = ByteSpan.of(new byte[64 << 20]);
        var merge = new Message.Merge(ASSIGNMENT, List.of(), Collections.nCopies(40, partial));
        var stream = new DiscardingStream();
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        merge.send(stream, new ByteWriter());

        assertThat(stream.bytes).isGreaterThan(merge.largeBytes()).isGreaterThan(Integer.MAX_VALUE);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
    }

    private static final class DiscardingStream extends OutputStream {
        private long bytes;

        @Override
        public void write(int b) {
            bytes++;
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            bytes += length;
        }
    }

    @Test
    void aMergeMustHaveItsParts() throws IOException {
        byte[] encoded =
                encode(new Message.Merge(ASSIGNMENT, List.of(), List.of(ByteSpan.of(BYTES), ByteSpan.of(BYTES))));
        int part = Frame.HEADER_BYTES + BYTES.length;

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> receive(Arrays.copyOfRange(encoded, part, encoded.length)))
                .withMessageContaining("merges 2 parts, and 1 have come");
        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(() -> receive(Arrays.copyOf(encoded, 2 * part)))
                .withMessage("the stream ended behind 2 parts of a message");
    }

    /** Or its parts would pile up. */
    @Test
    void noRequestIsTakenFromAWorker() {
        for (Message request : EXAMPLES) {
            byte[] encoded = encode(request);
            if (encoded[5] < Message.READY) {
                assertThatExceptionOfType(WireException.class)
                        .as(request.toString())
                        .isThrownBy(() -> Message.Reader.ofAnswers(new OpenStream(encoded))
                                .next())
                        .withMessageEndingWith("is a request, and came from a worker");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 14, 16, 23, 255})
    void anUnknownTypeIsNamed(int type) {
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> receive(encode(new Frame(type, 0, 0, 0, 0, ByteSpan.NOTHING, NO_TAIL), new byte[0])))
                .withMessageContaining("is of message type %d, which this version does not know", type);
    }

    @Test
    void aSliceThatCannotBeIsRefused() {
        byte[] payload = new byte[Long.BYTES + 2 * Integer.BYTES + 1];

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(
                        () -> receive(encode(new Frame(Message.WORK, 1, 0, 5, 4, ByteSpan.NOTHING, NO_TAIL), payload)))
                .withMessageContaining("a message of type 3 is wrong (not a slice: from 5 to 4)");
    }

    /** That of the message itself, behind those of its parts. */
    private static Frame ownFrame(Message message) throws IOException {
        var frames = new Frame.Reader(new ByteArrayInputStream(encode(message)));
        for (int i = 0; i < message.parts().size(); i++) {
            assertThat(frames.next().orElseThrow().type()).isIn(Message.PART, Message.PART_IN_FILE);
        }
        return frames.next().orElseThrow();
    }

    private static byte[] behindParts(Message message, byte[] ownFrame) {
        var out = new ByteWriter();
        for (Content part : message.parts()) {
            int start = out.size();
            boolean isInFile = part instanceof ContentFile;
            Frame.begin(out, isInFile ? Message.PART_IN_FILE : Message.PART, 0, 0, 0, 0);
            ByteSpan tail = ByteSpan.NOTHING;
            if (isInFile) {
                ((ContentFile) part).write(out);
            } else {
                tail = (ByteSpan) part;
            }
            Frame.finish(out, start, tail);
            out.putRaw(tail);
        }
        out.putRaw(ByteSpan.of(ownFrame));
        return out.toByteArray();
    }

    private static boolean receiveOrRefuse(Frame frame) {
        try {
            receive(encode(frame, frame.payload().copy()));
            return true;
        } catch (WireException e) {
            assertThat(e.getMessage()).doesNotContainPattern("\\p{Cntrl}").hasSizeLessThan(2_000);
            return false;
        } catch (IOException | RuntimeException | Error e) {
            return fail(
                    "not ours, for " + frame + " "
                            + Arrays.toString(frame.payload().copy()),
                    e);
        }
    }

    private static Message receive(byte[] encoded) throws IOException {
        return new Message.Reader(new ByteArrayInputStream(encoded)).next().orElseThrow();
    }

    private static byte[] encode(Message message) {
        var out = new ByteWriter();
        message.encode(out);
        return out.toByteArray();
    }

    /** The frame with another payload, and with checksums that fit it. */
    private static byte[] encode(Frame frame, byte[] payload) {
        var out = new ByteWriter();
        Frame.begin(out, frame.type(), frame.attempt(), frame.task(), frame.from(), frame.to());
        out.putRaw(payload, 0, payload.length);
        Frame.finish(out, 0, ByteSpan.of(frame.tail()));
        out.putRaw(ByteSpan.of(frame.tail()));
        return out.toByteArray();
    }

    private static void assertSame(Message received, Message sent) {
        assertThat(received)
                .usingRecursiveComparison()
                .withEqualsForType(Path::equals, Path.class)
                .withEqualsForType((one, other) -> Arrays.equals(one.copy(), other.copy()), ByteSpan.class)
                .withStrictTypeChecking()
                .isEqualTo(sent);
    }

    private static ContentFile file(String path, int length, int crc) {
        var out = new ByteWriter();
        out.putString(path);
        out.putInt(length);
        out.putInt(crc);
        return ContentFile.read(out.span().reader());
    }

    @Test
    void aColumnOfATableTravels() throws IOException {
        DatasetFile column = dataset(ElementType.TABLE).column("#1");

        assertThat(receive(encode(new Message.Open(1, column)))).isEqualTo(new Message.Open(1, column));
    }

    @Test
    void severalFilesTravel() throws IOException {
        var identity = new FileIdentity(1, 2, 3, 4, 5);
        List<DatasetFile> files = IntStream.range(0, 1000)
                .mapToObj(i -> new DatasetFile(Path.of("/logs/" + i), new Layout.Text(0, i), identity))
                .toList();
        var open = new Message.Open(1, Dataset.of(files));

        assertThat(receive(encode(open))).isEqualTo(open);
        assertThat(open.largeBytes()).isGreaterThan(encode(open).length);
    }

    private static Layout.Table table(long rows) {
        var columns = List.of(
                new TableColumn("a \\\t\n\\n name", ColumnType.TEXT, "dictionary<int8, utf8>"),
                new TableColumn("", ColumnType.FLOAT64, "float64"));
        return new Layout.Table(columns, rows, rows * 9);
    }

    private static DatasetFile dataset(ElementType type) {
        var identity = new FileIdentity(-1, Long.MAX_VALUE, 1L << 50, Long.MIN_VALUE, -2);
        long count = (1L << 50) / 8;
        Layout layout = switch (type) {
            case RECORDS -> new Layout.Records(1 << 20, count, count * 24, 24);
            case TABLE -> table(count);
            case FLOAT64 -> new Layout.Numbers(type, 1 << 20, count, List.of(count / 8, 2L, 4L));
            default -> Layout.of(type, 1 << 20, count);
        };
        return new DatasetFile(Path.of("/data/größe \ud83d\ude00\n.bin"), layout, identity);
    }
}
