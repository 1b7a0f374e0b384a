package io.github.forkless.common.dataset.arrow;

import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.TableColumn;
import io.github.forkless.common.column.TextColumn;
import io.github.forkless.common.dataset.arrow.ArrowParts.Part;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;

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
    private final ArrowParts parts;
    private final ArrowSchema schema;
    private final Part[] batches;
    /** Of each batch, and behind the last one. */
    private final long[] firstRows;

    private final boolean isBigEndian;
    private final Optional<String> obstacle;
    private final Map<Long, List<Part>> dictionaries = new HashMap<>();
    private final Map<Long, TextColumn> readDictionaries = new HashMap<>();
    private final long bodyBytes;

    /** The batch that was read last: its next block is likely the next one that is asked for. */
    private volatile Read lastRead;

    private record Read(int number, ArrowBatch batch) {}

    private ArrowFile(ArrowParts parts) throws ArrowException {
        this.parts = parts;
        batches = parts.batches().toArray(new Part[0]);
        short version = parts.version();
        schema = new ArrowSchema(parts.schema(), version, parts.head().capacity());
        firstRows = new long[batches.length + 1];
        long bytes = 0;
        isBigEndian = parts.schema().endianness() != Endianness.Little;
        String why = isBigEndian ? "its numbers are big-endian" : null;
        for (int i = 0; i < batches.length; i++) {
            Message message = parts.message(batches[i]);
            RecordBatch batch = ArrowParts.header(message, MessageHeader.RecordBatch, new RecordBatch());
            if (message.version() != version) {
                throw ArrowException.broken(
                        "batch %d is of version %d, and the first of %d", i, message.version(), version);
            }
            byte codec = ArrowParts.codec(message, batch);
            why = why == null ? compression(codec) : why;
            firstRows[i + 1] = Math.addExact(firstRows[i], requireRows(batch, batches[i].body(), codec));
            bytes += batches[i].body();
        }
        for (Part part : parts.dictionaries()) {
            Message message = parts.message(part);
            DictionaryBatch batch = ArrowParts.header(message, MessageHeader.DictionaryBatch, new DictionaryBatch());
            dictionaries.computeIfAbsent(batch.id(), _ -> new ArrayList<>(1)).add(part);
            if (batch.data() == null) {
                throw ArrowException.broken("a dictionary without its values at byte %d", part.at());
            }
            why = why == null ? compression(ArrowParts.codec(message, batch.data())) : why;
        }
        obstacle = Optional.ofNullable(why);
        bodyBytes = bytes;
    }

    /**
     * Reads what the file says of itself.
     *
     * @param file all of it
     */
    public static ArrowFile read(MemorySegment file) throws ArrowException {
        if (!ArrowParts.isFile(file)) {
            throw new ArrowException("it does not begin as an Arrow file does; write it again");
        }
        return of(ArrowParts.read(file));
    }

    /** The same of a file, or a stream, whose parts are found. */
    public static ArrowFile of(ArrowParts parts) throws ArrowException {
        try {
            return new ArrowFile(parts);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
            throw ArrowException.broken(e);
        }
    }

    private long requireRows(RecordBatch batch, long body, byte codec) throws ArrowException {
        long rows = batch.length();
        // A column has a bit for each at least, before it is compressed; one without any values has none.
        boolean mayBeFew =
                codec != ArrowParts.NO_CODEC || rows <= batch.getByteBuffer().capacity();
        if (rows < 0 || rows > 8 * body && !mayBeFew) {
            throw ArrowException.broken("%d rows in a batch of %d bytes", rows, body);
        }
        if (batch.nodesLength() != schema.nodes()) {
            throw ArrowException.broken("a batch of %d nodes, for %d fields", batch.nodesLength(), schema.nodes());
        }
        return rows;
    }

    /** Null for none. */
    private static String compression(byte codec) {
        return switch (codec) {
            case ArrowParts.NO_CODEC -> null;
            case CompressionType.LZ4_FRAME -> "its values are compressed (lz4)";
            case CompressionType.ZSTD -> "its values are compressed (zstd)";
            default -> "its values are compressed (codec " + codec + ")";
        };
    }

    /** Its columns, those that cannot be read too. */
    public List<TableColumn> columns() {
        return schema.fields().stream().map(ArrowField::column).toList();
    }

    /** Why its values cannot be read in place, in words. */
    public Optional<String> obstacle() {
        return obstacle;
    }

    /** Whether import is no way out. */
    public boolean isBigEndian() {
        return isBigEndian;
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
        Part part = batches[number];
        RecordBatch header = ArrowParts.header(parts.message(part), MessageHeader.RecordBatch, new RecordBatch());
        var batch = new ArrowBatch(this, header, parts.body(part));
        lastRead = new Read(number, batch);
        return batch;
    }

    /** What is in the dictionary of a column. */
    synchronized TextColumn dictionary(ArrowField field) throws ArrowException {
        TextColumn known = readDictionaries.get(field.dictionary());
        if (known != null) {
            return known;
        }
        List<Part> found = dictionaries.getOrDefault(field.dictionary(), List.of());
        if (found.size() != 1) {
            throw new ArrowException("the dictionary of its column "
                    + field.column().name() + " is in " + found.size()
                    + " parts, and one in one part is read; write it again with one dictionary for all");
        }
        Part part = found.getFirst();
        RecordBatch batch = ArrowParts.header(parts.message(part), MessageHeader.DictionaryBatch, new DictionaryBatch())
                .data();
        long rows = batch.length();
        if (rows < 0 || rows > Integer.MAX_VALUE) {
            throw ArrowException.broken("a dictionary of %d texts", rows);
        }
        var values = (TextColumn) new ArrowBatch(this, batch, parts.body(part)).column(field.values(), 0, rows);
        readDictionaries.put(field.dictionary(), values);
        return values;
    }

    /** The columns that have this dictionary; those within others are not among them. */
    public List<String> columnsOf(long dictionary) {
        List<String> names = new ArrayList<>();
        for (ArrowField field : schema.fields()) {
            if (field.values() != null && field.dictionary() == dictionary) {
                names.add(field.column().name());
            }
        }
        return names;
    }
}
