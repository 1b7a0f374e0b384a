package io.github.forkless.common.dataset.arrow;

import com.google.flatbuffers.Table;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.BodyCompressionMethod;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;

/**
 * What an Arrow file or stream consists of. A stream is what a file has between its first 8 bytes and its footer, as {@link ArrowFile}
 * draws it; 8 bytes, FF FF FF FF 00 00 00 00, are its end, or the last 4 of them before Arrow 0.15. Safe for use by several threads.
 */
public final class ArrowParts {
    /** What {@link #codec} is of values that are not compressed. */
    public static final byte NO_CODEC = -1;

    private static final byte UNKNOWN_CODEC = Byte.MAX_VALUE;
    /** As Arrow 0.17 said it. */
    private static final byte[] OLD_COMPRESSION = "ARROW:experimental_compression".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] MAGIC = {'A', 'R', 'R', 'O', 'W', '1'};
    private static final int HEAD_BYTES = 8;
    private static final int TAIL_BYTES = 4 + MAGIC.length;
    private static final int BLOCK_BYTES = 24;
    private static final int CONTINUATION = -1;

    private static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment file;
    private final ByteBuffer head;
    private final boolean isFile;
    private final Schema schema;
    private final short version;
    private final boolean isEnded;
    private final List<Part> dictionaries = new ArrayList<>();
    private final List<Part> batches = new ArrayList<>();

    /** A message, and the body behind it. */
    public record Part(long at, int metadata, long body) {}

    private ArrowParts(MemorySegment file, boolean isFile) throws ArrowException {
        this.file = file;
        this.isFile = isFile;
        if (isFile) {
            long end = file.byteSize() - TAIL_BYTES;
            if (end < HEAD_BYTES || !hasMagic(file, file.byteSize() - MAGIC.length)) {
                throw new ArrowException("it does not end as an Arrow file does: it was cut off, or not written to its"
                        + " end; write it again");
            }
            int length = file.get(INT32, end);
            long footerAt = end - length;
            if (length <= 0 || footerAt < HEAD_BYTES) {
                throw ArrowException.broken("a footer of %d bytes in a file of %d", length, file.byteSize());
            }
            head = buffer(footerAt, length);
            Footer footer = Footer.getRootAsFooter(head);
            readBlocks(footer, footerAt);
            schema = footer.schema();
            // Files of the first versions have none in the footer.
            version = batches.isEmpty()
                    ? MetadataVersion.V5
                    : message(batches.getFirst()).version();
            isEnded = true;
        } else {
            Part first = next(0);
            if (first == null) {
                throw new ArrowException("it is an Arrow stream without anything in it; write it again");
            }
            head = bytes(first);
            Message message = message(first);
            schema = header(message, MessageHeader.Schema, new Schema());
            version = message.version();
            isEnded = readStream(first.metadata + first.body);
        }
        if (schema == null) {
            throw ArrowException.broken("a footer without a schema");
        }
    }

    /**
     * Finds where everything is.
     *
     * @param file all of it: a file if it begins as one, else a stream
     */
    public static ArrowParts read(MemorySegment file) throws ArrowException {
        try {
            return new ArrowParts(file, isFile(file));
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
            throw ArrowException.broken(e);
        }
    }

    static boolean isFile(MemorySegment file) {
        return file.byteSize() >= MAGIC.length && hasMagic(file, 0);
    }

    private static boolean hasMagic(MemorySegment file, long at) {
        return file.asSlice(at, MAGIC.length).mismatch(MemorySegment.ofArray(MAGIC)) < 0;
    }

    private void readBlocks(Footer footer, long footerAt) throws ArrowException {
        int count = requireBlocks(footer.recordBatchesLength());
        for (int i = 0; i < count; i++) {
            batches.add(part(footer.recordBatches(i), footerAt));
        }
        requireRoom(batches, footerAt);
        count = requireBlocks(footer.dictionariesLength());
        for (int i = 0; i < count; i++) {
            dictionaries.add(part(footer.dictionaries(i), footerAt));
        }
        requireRoom(dictionaries, footerAt);
    }

    private int requireBlocks(int count) throws ArrowException {
        if (count < 0 || count > head.capacity() / BLOCK_BYTES) {
            throw ArrowException.broken("%d batches in a footer of %d bytes", count, head.capacity());
        }
        return count;
    }

    private static Part part(Block block, long footerAt) throws ArrowException {
        long at = block.offset();
        int metadata = block.metaDataLength();
        long body = block.bodyLength();
        if (at < HEAD_BYTES
                || metadata < 8
                || body < 0
                || at > footerAt - metadata
                || body > footerAt - metadata - at) {
            throw ArrowException.broken(
                    "a batch of %d and %d bytes at %d, and the footer at %d", metadata, body, at, footerAt);
        }
        return new Part(at, metadata, body);
    }

    /** Without that, one batch could be said to be there many times. */
    private static void requireRoom(List<Part> parts, long footerAt) throws ArrowException {
        long left = footerAt;
        for (Part part : parts) {
            left -= part.metadata + part.body;
            if (left < 0) {
                throw ArrowException.broken("%d batches have more bytes than the file", parts.size());
            }
        }
    }

    /** Whether the stream says that it has ended. */
    private boolean readStream(long begin) throws ArrowException {
        long at = begin;
        while (at < file.byteSize()) {
            Part part = next(at);
            if (part == null) {
                at += file.get(INT32, at) == CONTINUATION ? 8 : 4;
                if (at < file.byteSize()) {
                    throw new ArrowException("its stream ends at byte " + at + ", and the file has "
                            + (file.byteSize() - at) + " bytes more; write one stream into one file");
                }
                return true;
            }
            byte type = message(part).headerType();
            switch (type) {
                case MessageHeader.DictionaryBatch -> dictionaries.add(part);
                case MessageHeader.RecordBatch -> batches.add(part);
                default -> throw ArrowException.broken("a message of type %d at byte %d of a stream", type, at);
            }
            at += part.metadata + part.body;
        }
        return false;
    }

    /** What is there in a stream; null at its end. */
    private Part next(long at) throws ArrowException {
        long left = file.byteSize() - at;
        int prefix = left >= 4 && file.get(INT32, at) == CONTINUATION ? 8 : 4;
        if (left < prefix) {
            throw cutOff(at);
        }
        int length = file.get(INT32, at + prefix - 4);
        if (length == 0) {
            return null;
        }
        if (length < 0 || length > left - prefix) {
            throw cutOff(at);
        }
        long body = message(new Part(at, prefix + length, 0)).bodyLength();
        if (body < 0 || body > left - prefix - length) {
            throw cutOff(at);
        }
        return new Part(at, prefix + length, body);
    }

    private ArrowException cutOff(long at) {
        return new ArrowException("it ends within the message that begins at byte " + at + " of " + file.byteSize()
                + ": it was cut off, or is broken; write it again");
    }

    private ByteBuffer buffer(long at, long length) {
        return file.asSlice(at, length).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer bytes(Part part) throws ArrowException {
        ByteBuffer bytes = buffer(part.at, part.metadata);
        int prefix = bytes.getInt(0) == CONTINUATION ? 8 : 4;
        int length = bytes.getInt(prefix - 4);
        if (length <= 0 || length > part.metadata - prefix) {
            throw ArrowException.broken("a message of %d bytes in %d at %d", length, part.metadata - prefix, part.at);
        }
        return bytes.slice(prefix, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Its message, whose reads end with its bytes. */
    public Message message(Part part) throws ArrowException {
        Message message = Message.getRootAsMessage(bytes(part));
        if (message.version() < MetadataVersion.V4 || message.version() > MetadataVersion.V5) {
            throw new ArrowException("it is of version V" + (message.version() + 1)
                    + " of Arrow's format, and V4 and V5 are read; write it again with another version of Arrow");
        }
        return message;
    }

    /** What a message has, which has to be of that type. */
    public static <T extends Table> T header(Message message, byte type, T header) throws ArrowException {
        if (message.headerType() != type || message.header(header) == null) {
            throw ArrowException.broken("a message of type %d where one of %d must be", message.headerType(), type);
        }
        return header;
    }

    /** What the values are compressed with: a {@link CompressionType}, another number that is not known, or {@link #NO_CODEC}. */
    public static byte codec(Message message, RecordBatch batch) {
        if (batch.compression() != null) {
            boolean isKnown = batch.compression().method() == BodyCompressionMethod.BUFFER;
            return isKnown ? batch.compression().codec() : UNKNOWN_CODEC;
        }
        for (int i = 0; i < message.customMetadataLength(); i++) {
            KeyValue entry = message.customMetadata(i);
            ByteBuffer key = entry.keyAsByteBuffer();
            if (key != null && key.equals(ByteBuffer.wrap(OLD_COMPRESSION))) {
                String name = String.valueOf(entry.value()).toLowerCase(Locale.ROOT);
                return switch (name) {
                    case "uncompressed" -> NO_CODEC;
                    case "lz4", "lz4_frame" -> CompressionType.LZ4_FRAME;
                    case "zstd" -> CompressionType.ZSTD;
                    default -> UNKNOWN_CODEC;
                };
            }
        }
        return NO_CODEC;
    }

    public MemorySegment body(Part part) {
        return file.asSlice(part.at + part.metadata, part.body);
    }

    /** What {@link #schema} is in: a file's footer, or the first message of a stream. */
    public ByteBuffer head() {
        return head.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether it is a file, and not a stream. */
    public boolean isFile() {
        return isFile;
    }

    public Schema schema() {
        return schema;
    }

    /** Of the batches. */
    public short version() {
        return version;
    }

    /** False of a stream that just stops, as it is when it has been cut off between two messages. */
    public boolean isEnded() {
        return isEnded;
    }

    public List<Part> dictionaries() {
        return dictionaries;
    }

    public List<Part> batches() {
        return batches;
    }
}
