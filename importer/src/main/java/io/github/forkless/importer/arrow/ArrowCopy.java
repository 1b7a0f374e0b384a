package io.github.forkless.importer.arrow;

import com.google.flatbuffers.FlatBufferBuilder;
import io.github.forkless.common.dataset.arrow.ArrowException;
import io.github.forkless.common.dataset.arrow.ArrowMessages;
import io.github.forkless.common.dataset.arrow.ArrowParts;
import io.github.forkless.common.dataset.arrow.ArrowParts.Part;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;

/**
 * Writes an Arrow file or stream as a file whose values are not compressed, and whose buffers begin at multiples of 64. Schema and
 * metadata are kept, and what is in a batch, whatever the types. Memory is bounded by the metadata of a batch, and what a codec needs.
 */
public final class ArrowCopy {
    private static final int BUFFER_BYTES = 16;
    private static final int PIECE_BYTES = 1 << 20;
    /** Before a compressed buffer, how long it is without compression. */
    private static final int LENGTH_BYTES = 8;
    /** The bytes behind the length are those of the buffer. */
    private static final long NOT_COMPRESSED = -1;

    private static final ValueLayout.OfLong INT64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    // Which field of its table something is.
    private static final int SCHEMA_OF_FOOTER = 1;
    private static final int METADATA_OF_FOOTER = 4;
    private static final int HEADER_OF_MESSAGE = 2;
    private static final int METADATA_OF_MESSAGE = 4;
    private static final int DATA_OF_DICTIONARY = 1;
    private static final int NODES_OF_BATCH = 1;
    private static final int VARIADIC_COUNTS_OF_BATCH = 4;

    private final ArrowParts parts;
    private final ArrowMessages out;
    private final LongConsumer progress;
    private final Map<Byte, Unpacker> unpackers = new HashMap<>();
    private long read;

    private ArrowCopy(ArrowParts parts, WritableByteChannel file, LongConsumer progress) throws IOException {
        this.parts = parts;
        this.out = new ArrowMessages(file, parts.version());
        this.progress = progress;
    }

    /**
     * Writes all of it.
     *
     * @param file empty
     * @param progress is told how many bytes are read
     * @throws ArrowException if something is damaged, or of a kind that cannot be copied; what leads to where nothing is, is another
     *     exception
     */
    public static void write(ArrowParts parts, WritableByteChannel file, LongConsumer progress)
            throws ArrowException, IOException {
        var copy = new ArrowCopy(parts, file, progress);
        try {
            copy.write();
        } finally {
            copy.unpackers.values().forEach(Unpacker::close);
        }
    }

    private void write() throws ArrowException, IOException {
        var builder = new FlatBufferBuilder();
        var head = new Embedded(builder, parts.head());
        int schema = head.follow(head.root(), parts.isFile() ? SCHEMA_OF_FOOTER : HEADER_OF_MESSAGE);
        out.message(builder, MessageHeader.Schema, head.offset(schema), 0, 0);
        for (Part dictionary : parts.dictionaries()) {
            copy(dictionary);
        }
        for (Part batch : parts.batches()) {
            copy(batch);
        }
        builder = new FlatBufferBuilder();
        head = new Embedded(builder, parts.head());
        int metadata = parts.isFile() ? head.follow(head.root(), METADATA_OF_FOOTER) : 0;
        out.finish(builder, head.offset(schema), head.offset(metadata));
    }

    private void copy(Part part) throws ArrowException, IOException {
        Message message = parts.message(part);
        byte type = message.headerType();
        DictionaryBatch dictionary = null;
        RecordBatch batch;
        if (type == MessageHeader.DictionaryBatch) {
            dictionary = ArrowParts.header(message, type, new DictionaryBatch());
            batch = dictionary.data();
        } else {
            batch = ArrowParts.header(message, MessageHeader.RecordBatch, new RecordBatch());
        }
        byte codec = ArrowParts.codec(message, batch);
        MemorySegment[] buffers = buffers(batch, parts.body(part));
        long[] lengths = new long[buffers.length];
        long body = 0;
        for (int i = 0; i < buffers.length; i++) {
            lengths[i] = length(buffers[i], codec);
            body = Math.addExact(body, ArrowMessages.padded(lengths[i]));
        }

        var builder = new FlatBufferBuilder();
        var original = new Embedded(builder, message.getByteBuffer());
        int table = original.follow(original.root(), HEADER_OF_MESSAGE);
        table = dictionary == null ? table : original.follow(table, DATA_OF_DICTIONARY);
        RecordBatch.startBuffersVector(builder, buffers.length);
        long at = body;
        for (int i = buffers.length - 1; i >= 0; i--) {
            at -= ArrowMessages.padded(lengths[i]);
            Buffer.createBuffer(builder, at, lengths[i]);
        }
        int places = builder.endVector();
        int nodes = original.offset(original.follow(table, NODES_OF_BATCH));
        int counts = original.offset(original.follow(table, VARIADIC_COUNTS_OF_BATCH));
        int header = RecordBatch.createRecordBatch(builder, batch.length(), nodes, places, 0, counts);
        if (dictionary != null) {
            header = DictionaryBatch.createDictionaryBatch(builder, dictionary.id(), header, dictionary.isDelta());
        }
        // That of Arrow 0.17 says what is compressed.
        boolean isMetadataKept = codec == ArrowParts.NO_CODEC || batch.compression() != null;
        int metadata = isMetadataKept ? original.follow(original.root(), METADATA_OF_MESSAGE) : 0;
        out.message(builder, type, header, body, original.offset(metadata));
        read = part.at() + part.metadata();
        for (int i = 0; i < buffers.length; i++) {
            copy(buffers[i], lengths[i], codec);
            out.pad();
        }
    }

    private static MemorySegment[] buffers(RecordBatch batch, MemorySegment body) throws ArrowException {
        int count = batch.buffersLength();
        if (count < 0 || count > batch.getByteBuffer().capacity() / BUFFER_BYTES) {
            throw ArrowException.broken("%d buffers of a batch", count);
        }
        MemorySegment[] buffers = new MemorySegment[count];
        long left = body.byteSize();
        for (int i = 0; i < count; i++) {
            Buffer buffer = batch.buffers(i);
            buffers[i] = buffer.length() == 0 ? MemorySegment.NULL : body.asSlice(buffer.offset(), buffer.length());
            left -= buffer.length();
        }
        if (left < 0) { // Without that, a file could become many times as large.
            throw ArrowException.broken("the buffers of a batch have more than its %d bytes", body.byteSize());
        }
        return buffers;
    }

    /** How long a buffer becomes. */
    private static long length(MemorySegment buffer, byte codec) throws ArrowException {
        if (codec == ArrowParts.NO_CODEC || buffer.byteSize() == 0) {
            return buffer.byteSize();
        }
        long length = buffer.get(INT64, 0);
        long packed = buffer.byteSize() - LENGTH_BYTES;
        if (length == NOT_COMPRESSED) {
            return packed;
        }
        // As much as a byte can stand for: a run in LZ4, and a block of one byte repeated in zstd.
        long most = codec == CompressionType.LZ4_FRAME ? 255 : 128 << 10;
        if (length < 0 || length / most > packed) {
            throw ArrowException.broken("%d bytes in %d, compressed", length, packed);
        }
        return length;
    }

    private void copy(MemorySegment buffer, long length, byte codec) throws ArrowException, IOException {
        if (buffer.byteSize() == 0) {
            return;
        }
        long begin = read;
        if (codec == ArrowParts.NO_CODEC) {
            copy(buffer);
        } else if (buffer.get(INT64, 0) == NOT_COMPRESSED) {
            copy(buffer.asSlice(LENGTH_BYTES));
        } else if (length > 0) {
            unpacker(codec).unpack(buffer.asSlice(LENGTH_BYTES), length, (bytes, done) -> {
                out.write(bytes);
                progress.accept(begin + done);
            });
        }
        read = begin + buffer.byteSize();
        progress.accept(read);
    }

    private void copy(MemorySegment bytes) throws IOException {
        for (long from = 0; from < bytes.byteSize(); from += PIECE_BYTES) {
            long count = Math.min(PIECE_BYTES, bytes.byteSize() - from);
            out.write(bytes.asSlice(from, count).asByteBuffer());
            progress.accept(read + from);
        }
    }

    private Unpacker unpacker(byte codec) throws ArrowException {
        Unpacker unpacker = unpackers.get(codec);
        if (unpacker == null) {
            unpacker = switch (codec) {
                case CompressionType.LZ4_FRAME -> new Lz4Frame();
                case CompressionType.ZSTD -> new ZstdFrame();
                default ->
                    throw new ArrowException("its values are compressed with codec " + codec
                            + ", which is not read; write it with zstd or lz4, or without compression");
            };
            unpackers.put(codec, unpacker);
        }
        return unpacker;
    }

    /**
     * The bytes of a message, at the end of a new one, which leads to tables and vectors in them: so nothing of these has to be known.
     * All that leads anywhere in a FlatBuffer leads forward, by how far that is.
     */
    private static final class Embedded {
        private static final int ALIGNMENT = 8;
        private static final int MOST_BYTES = 256 << 20;

        private final ByteBuffer bytes;
        private final int length;

        Embedded(FlatBufferBuilder builder, ByteBuffer bytes) {
            if (bytes.capacity() > MOST_BYTES) {
                throw new IllegalArgumentException(bytes.capacity() + " bytes of metadata");
            }
            this.bytes = bytes;
            this.length = Math.ceilDiv(bytes.capacity(), ALIGNMENT) * ALIGNMENT;
            builder.prep(ALIGNMENT, length);
            for (int i = length - 1; i >= 0; i--) {
                builder.putByte(i < bytes.capacity() ? bytes.get(i) : 0);
            }
        }

        int root() {
            return bytes.getInt(0);
        }

        /** Where that is what a field of a table leads to; 0 if it has none. */
        int follow(int table, int field) {
            int shape = table - bytes.getInt(table);
            int entry = 4 + 2 * field;
            int at = entry < bytes.getShort(shape) ? bytes.getShort(shape + entry) : 0;
            return at == 0 ? 0 : table + at + bytes.getInt(table + at);
        }

        /** What a builder calls it. */
        int offset(int position) {
            if (position < 0 || position >= bytes.capacity()) {
                throw new IndexOutOfBoundsException("byte " + position + " of " + bytes.capacity());
            }
            return position == 0 ? 0 : length - position;
        }
    }
}
