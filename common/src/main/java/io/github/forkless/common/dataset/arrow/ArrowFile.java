package io.github.forkless.common.dataset.arrow;

import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.TableColumn;
import io.github.forkless.common.column.TextColumn;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;

/**
 * An Arrow IPC file, mapped. The footer says where its record batches are, and each of these, where its columns are:
 *
 * <pre>
 *   "ARROW1" 0 0
 *   schema                              again, as in the footer
 *   of each dictionary and record batch:
 *      FF FF FF FF                      not before Arrow 0.15
 *      length  4
 *      message                          nodes: rows and nulls of each column; buffers: where they are in the body
 *      body                             buffers
 *   footer                              schema; where dictionaries and record batches are
 *   length of the footer  4
 *   "ARROW1"
 * </pre>
 *
 * <p>Messages are read with Arrow's own classes, which check nothing: all their reads go through buffers of exactly the bytes that
 * they may read, and what these throw is an {@link ArrowException}. Counts are compared with the bytes that there are before
 * anything is made of them. Safe for use by several threads.
 */
public final class ArrowFile {
    private static final byte[] MAGIC = {'A', 'R', 'R', 'O', 'W', '1'};
    private static final int HEAD_BYTES = 8;
    private static final int TAIL_BYTES = 4 + MAGIC.length;
    private static final int BLOCK_BYTES = 24;

    private static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment file;
    private final long footerAt;
    private final ArrowSchema schema;
    private final Place[] batches;
    /** Of each batch, and behind the last one. */
    private final long[] firstRows;

    private final Optional<String> obstacle;
    private final Map<Long, List<Place>> dictionaries = new HashMap<>();
    private final Map<Long, TextColumn> readDictionaries = new HashMap<>();
    private final long bodyBytes;

    /** The batch that was read last: its next block is likely the next one that is asked for. */
    private volatile Read lastRead;

    /** Of a message and the body behind it. */
    private record Place(long at, int metadata, long body) {}

    private record Read(int number, ArrowBatch batch) {}

    private ArrowFile(MemorySegment file) throws ArrowException {
        this.file = file;
        if (!hasMagic(0)) {
            throw new ArrowException("it does not begin as an Arrow file does; write it again");
        }
        if (file.byteSize() < HEAD_BYTES + TAIL_BYTES || !hasMagic(file.byteSize() - MAGIC.length)) {
            throw new ArrowException("it does not end as an Arrow file does: it was cut off, or not written to its end;"
                    + " write it again");
        }
        int footerBytes = file.get(INT32, file.byteSize() - TAIL_BYTES);
        footerAt = file.byteSize() - TAIL_BYTES - footerBytes;
        if (footerBytes <= 0 || footerAt < HEAD_BYTES) {
            throw ArrowException.broken("a footer of %d bytes in a file of %d", footerBytes, file.byteSize());
        }
        Footer footer = Footer.getRootAsFooter(buffer(footerAt, footerBytes));
        batches = new Place[requireBlocks(footer.recordBatchesLength(), footerBytes)];
        for (int i = 0; i < batches.length; i++) {
            batches[i] = place(footer.recordBatches(i));
        }
        requireRoom(Arrays.asList(batches));
        // Files of the first versions have none in the footer.
        short version =
                batches.length == 0 ? MetadataVersion.V5 : message(batches[0]).version();
        Schema schemaOfFile = footer.schema();
        if (schemaOfFile == null) {
            throw ArrowException.broken("a footer without a schema");
        }
        schema = new ArrowSchema(schemaOfFile, version, footerBytes);
        firstRows = new long[batches.length + 1];
        long bytes = 0;
        Optional<String> why = Optional.empty();
        if (schemaOfFile.endianness() != Endianness.Little) {
            why = Optional.of("its numbers are big-endian");
        }
        for (int i = 0; i < batches.length; i++) {
            Message message = message(batches[i]);
            RecordBatch batch = header(message, MessageHeader.RecordBatch, new RecordBatch());
            if (message.version() != version) {
                throw ArrowException.broken(
                        "batch %d is of version %d, and the first of %d", i, message.version(), version);
            }
            if (batch.compression() != null && why.isEmpty()) {
                why = Optional.of("its values are compressed ("
                        + codec(batch.compression().codec()) + ")");
            }
            firstRows[i + 1] = firstRows[i] + requireRows(batch, batches[i].body, schema);
            bytes += batches[i].body;
        }
        List<Place> places = new ArrayList<>();
        int count = requireBlocks(footer.dictionariesLength(), footerBytes);
        for (int i = 0; i < count; i++) {
            Place place = place(footer.dictionaries(i));
            places.add(place);
            DictionaryBatch batch = header(message(place), MessageHeader.DictionaryBatch, new DictionaryBatch());
            dictionaries.computeIfAbsent(batch.id(), _ -> new ArrayList<>(1)).add(place);
        }
        requireRoom(places);
        obstacle = why;
        bodyBytes = bytes;
    }

    /**
     * Reads what the file says of itself.
     *
     * @param file all of it
     */
    public static ArrowFile read(MemorySegment file) throws ArrowException {
        try {
            return new ArrowFile(file);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
            throw ArrowException.broken(e);
        }
    }

    private boolean hasMagic(long at) {
        return file.asSlice(at, MAGIC.length).mismatch(MemorySegment.ofArray(MAGIC)) < 0;
    }

    private ByteBuffer buffer(long at, long length) {
        return file.asSlice(at, length).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int requireBlocks(int count, int footerBytes) throws ArrowException {
        if (count < 0 || count > footerBytes / BLOCK_BYTES) {
            throw ArrowException.broken("%d batches in a footer of %d bytes", count, footerBytes);
        }
        return count;
    }

    private Place place(Block block) throws ArrowException {
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
        return new Place(at, metadata, body);
    }

    /** Without that, one batch could be said to be there many times. */
    private void requireRoom(List<Place> places) throws ArrowException {
        long left = footerAt;
        for (Place place : places) {
            left -= place.metadata + place.body;
            if (left < 0) {
                throw ArrowException.broken("%d batches have more bytes than the file", places.size());
            }
        }
    }

    private Message message(Place place) throws ArrowException {
        ByteBuffer bytes = buffer(place.at, place.metadata);
        int prefix = bytes.getInt(0) == -1 ? 8 : 4;
        int length = bytes.getInt(prefix - 4);
        if (length <= 0 || length > place.metadata - prefix) {
            throw ArrowException.broken("a message of %d bytes in %d at %d", length, place.metadata - prefix, place.at);
        }
        Message message = Message.getRootAsMessage(bytes.slice(prefix, length).order(ByteOrder.LITTLE_ENDIAN));
        if (message.version() < MetadataVersion.V4 || message.version() > MetadataVersion.V5) {
            throw new ArrowException("it is of version V" + (message.version() + 1)
                    + " of Arrow's format, and V4 and V5 are read; write it again with another version of Arrow");
        }
        return message;
    }

    private static <T extends com.google.flatbuffers.Table> T header(Message message, byte type, T header)
            throws ArrowException {
        if (message.headerType() != type || message.header(header) == null) {
            throw ArrowException.broken("a message of type %d where one of %d must be", message.headerType(), type);
        }
        return header;
    }

    private static long requireRows(RecordBatch batch, long body, ArrowSchema schema) throws ArrowException {
        long rows = batch.length();
        // A column has a bit for each at least; one without any values has none.
        if (rows < 0 || rows > 8 * body && rows > batch.getByteBuffer().capacity()) {
            throw ArrowException.broken("%d rows in a batch of %d bytes", rows, body);
        }
        if (batch.nodesLength() != schema.nodes()) {
            throw ArrowException.broken("a batch of %d nodes, for %d fields", batch.nodesLength(), schema.nodes());
        }
        return rows;
    }

    private static String codec(byte codec) {
        return codec == CompressionType.ZSTD ? "zstd" : codec == CompressionType.LZ4_FRAME ? "lz4" : "codec " + codec;
    }

    /** Its columns, those that cannot be read too. */
    public List<TableColumn> columns() {
        return schema.fields().stream().map(ArrowField::column).toList();
    }

    /** Why its values cannot be read in place, in words. */
    public Optional<String> obstacle() {
        return obstacle;
    }

    /** How many record batches it has. */
    public int batches() {
        return batches.length;
    }

    /** How many rows they have. */
    public long rows() {
        return firstRows[batches.length];
    }

    /** The first row of a batch; of the number of batches, the number of rows. */
    public long firstRow(int batch) {
        return firstRows[batch];
    }

    /** The batch that a row is in. */
    public int batchOf(long row) {
        int found = Arrays.binarySearch(firstRows, row);
        if (found < 0) {
            return -found - 2;
        }
        while (found < batches.length && firstRows[found + 1] == row) { // those before have no rows
            found++;
        }
        return found;
    }

    /** Bytes of all values. */
    public long bytes() {
        return bodyBytes;
    }

    /** How many rows of each column are null, as the file says; -1 where it does not. */
    public long[] nulls() throws ArrowException {
        List<ArrowField> fields = schema.fields();
        long[] nulls = new long[fields.size()];
        try {
            for (int i = 0; i < batches.length; i++) {
                ArrowBatch batch = batch(i);
                for (int column = 0; column < nulls.length; column++) {
                    long inBatch = batch.nulls(fields.get(column));
                    nulls[column] = nulls[column] < 0 || inBatch < 0 ? -1 : nulls[column] + inBatch;
                }
            }
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw ArrowException.broken(e);
        }
        return nulls;
    }

    /**
     * Some rows of a column.
     *
     * @param column which one, of a type that is read
     * @param from the first row, counted from the batch's first
     * @param to one past the last
     */
    public Column column(int column, int batch, long from, long to) throws ArrowException {
        try {
            return batch(batch).column(schema.fields().get(column), from, to);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
            throw ArrowException.broken(e);
        }
    }

    private ArrowBatch batch(int number) throws ArrowException {
        Read last = lastRead;
        if (last != null && last.number == number) {
            return last.batch;
        }
        Place place = batches[number];
        RecordBatch header = header(message(place), MessageHeader.RecordBatch, new RecordBatch());
        var batch = new ArrowBatch(this, header, body(place));
        lastRead = new Read(number, batch);
        return batch;
    }

    private MemorySegment body(Place place) {
        return file.asSlice(place.at + place.metadata, place.body);
    }

    /** What is in the dictionary of a column. */
    synchronized TextColumn dictionary(ArrowField field) throws ArrowException {
        TextColumn known = readDictionaries.get(field.dictionary());
        if (known != null) {
            return known;
        }
        List<Place> parts = dictionaries.getOrDefault(field.dictionary(), List.of());
        if (parts.size() != 1) {
            throw new ArrowException(
                    "the dictionary of its column " + field.column().name() + " is in " + parts.size()
                            + " parts, and one in one part is read; write it again with one dictionary for all");
        }
        Place place = parts.getFirst();
        RecordBatch batch = header(message(place), MessageHeader.DictionaryBatch, new DictionaryBatch())
                .data();
        if (batch == null || batch.compression() != null) {
            throw new ArrowException("the dictionary of its column "
                    + field.column().name() + " is missing or compressed; write it again uncompressed");
        }
        long rows = batch.length();
        if (rows < 0 || rows > Integer.MAX_VALUE) {
            throw ArrowException.broken("a dictionary of %d texts", rows);
        }
        var values = (TextColumn) new ArrowBatch(this, batch, body(place)).column(field.values(), 0, rows);
        readDictionaries.put(field.dictionary(), values);
        return values;
    }
}
