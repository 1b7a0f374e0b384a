package io.github.forkless.common.dataset.arrow;

import com.google.flatbuffers.FlatBufferBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;

/**
 * Writes what an Arrow file consists of, as {@link ArrowFile} draws it: messages with their bodies, and a footer that says where these
 * are. Each buffer of a body begins at a multiple of 64.
 */
public final class ArrowMessages {
    private static final byte[] MAGIC = {'A', 'R', 'R', 'O', 'W', '1'};
    private static final int ALIGNMENT = 64;
    private static final byte[] ZEROS = new byte[ALIGNMENT];

    /** Aligned writes of so much are mapped in large pages. */
    private static final int WRITE_BYTES = 2 << 20;

    private final WritableByteChannel file;
    private final short version;
    private final ByteBuffer out = ByteBuffer.allocateDirect(WRITE_BYTES);
    private final List<Place> batches = new ArrayList<>();
    private final List<Place> dictionaries = new ArrayList<>();
    private long written;

    private record Place(long at, int metadata, long body) {}

    /**
     * Begins the file.
     *
     * @param file empty
     * @param version of Arrow's format
     */
    public ArrowMessages(WritableByteChannel file, short version) throws IOException {
        this.file = file;
        this.version = version;
        write(MAGIC, MAGIC.length);
        write(ZEROS, 2);
    }

    /** Bytes of a buffer and the zeros behind it. */
    public static long padded(long length) {
        return length + ALIGNMENT - 1 & -ALIGNMENT;
    }

    /**
     * Writes a message, so long that its body is aligned.
     *
     * @param header what the builder has so far
     * @param body how many bytes are written next, as its buffers
     * @param metadata of its own; 0 for none
     */
    public void message(FlatBufferBuilder builder, byte type, int header, long body, int metadata) throws IOException {
        builder.finish(Message.createMessage(builder, version, type, header, body, metadata));
        byte[] message = builder.sizedByteArray();
        int length = (int) (padded(written + 8 + message.length) - written - 8);
        if (type != MessageHeader.Schema) {
            (type == MessageHeader.RecordBatch ? batches : dictionaries).add(new Place(written, length + 8, body));
        }
        ByteBuffer prefix = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        write(prefix.putInt(0, -1).putInt(4, length).array(), 8);
        write(message, message.length);
        write(ZEROS, length - message.length);
    }

    /** Writes a part of a body. */
    public void write(byte[] bytes, int length) throws IOException {
        write(ByteBuffer.wrap(bytes, 0, length));
    }

    public void write(ByteBuffer bytes) throws IOException {
        written += bytes.remaining();
        while (bytes.hasRemaining()) {
            int part = Math.min(out.remaining(), bytes.remaining());
            out.put(bytes.slice(bytes.position(), part));
            bytes.position(bytes.position() + part);
            if (!out.hasRemaining()) {
                flush();
            }
        }
    }

    /** Ends a buffer of a body. */
    public void pad() throws IOException {
        write(ZEROS, (int) (padded(written) - written));
    }

    /**
     * Writes the footer. The file is whole then, and stays open.
     *
     * @param schema what the builder has so far
     * @param metadata the file's own; 0 for none
     */
    public void finish(FlatBufferBuilder builder, int schema, int metadata) throws IOException {
        // A reader of the stream in the file finds its end here.
        write(new byte[] {-1, -1, -1, -1, 0, 0, 0, 0}, 8);
        Footer.startDictionariesVector(builder, dictionaries.size());
        blocks(builder, dictionaries);
        int ofDictionaries = builder.endVector();
        Footer.startRecordBatchesVector(builder, batches.size());
        blocks(builder, batches);
        int ofBatches = builder.endVector();
        builder.finish(Footer.createFooter(builder, version, schema, ofDictionaries, ofBatches, metadata));
        byte[] footer = builder.sizedByteArray();
        write(footer, footer.length);
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        write(length.putInt(0, footer.length).array(), Integer.BYTES);
        write(MAGIC, MAGIC.length);
        flush();
    }

    private static void blocks(FlatBufferBuilder builder, List<Place> places) {
        for (Place place : places.reversed()) {
            Block.createBlock(builder, place.at, place.metadata, place.body);
        }
    }

    private void flush() throws IOException {
        out.flip();
        while (out.hasRemaining()) {
            file.write(out);
        }
        out.clear();
    }
}
