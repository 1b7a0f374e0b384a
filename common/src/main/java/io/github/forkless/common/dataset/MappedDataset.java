package io.github.forkless.common.dataset;

import io.github.forkless.common.text.Text;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * A dataset mapped read-only: a file as a whole, until it is closed; of {@link MappedFiles several} those that are read. Pages that
 * this process reads are the ones every other process that maps the file reads: nothing is copied. Safe for use by several threads.
 */
public sealed class MappedDataset permits MappedFiles {
    /** No file at all: what a job sees that was started without data. */
    public static final MappedDataset EMPTY = new MappedDataset(
            new DatasetFile(Path.of(""), new Layout.Numbers(ElementType.UINT8, 0, 0), new FileIdentity(0, 0, 0, 0, 0)),
            0,
            MemorySegment.NULL,
            null,
            null,
            null);

    /** A line each: addresses, rights, offset, device, inode, path. */
    private static final Path MAPPINGS = Path.of("/proc/self/maps");

    private final DatasetFile file;
    /** Which element of the dataset is the file's first: 0, unless this is a part of several. */
    private final long first;

    private final MemorySegment elements;
    /** Null for what is not records, and where there are none. */
    private final RecordIndex index;
    /** Null for what is no table. */
    private final TableIndex table;
    /** Null where nothing is mapped. */
    private final Arena mapping;

    private MappedDataset(
            DatasetFile file, long first, MemorySegment elements, RecordIndex index, TableIndex table, Arena mapping) {
        this.file = file;
        this.first = first;
        this.elements = elements;
        this.index = index;
        this.table = table;
        this.mapping = mapping;
    }

    /** Of several files. */
    MappedDataset() {
        this(null, 0, null, null, null, null);
    }

    /** @param mapped the whole file */
    private static MappedDataset of(DatasetFile file, long first, MemorySegment mapped, Arena mapping) {
        if (isTable(file)) {
            TableIndex table = TableIndex.of(file.path(), file.layout(), mapped, first);
            return new MappedDataset(file, first, mapped, null, table, mapping);
        }
        RecordIndex index = file.type() == ElementType.RECORDS
                ? RecordIndex.of(file.path(), (Layout.Records) file.layout(), mapped)
                : null;
        return new MappedDataset(file, first, mapped.asSlice(file.offset(), file.bytes()), index, null, mapping);
    }

    private static MappedDataset empty(DatasetFile file) {
        return new MappedDataset(file, 0, MemorySegment.NULL, null, null, null);
    }

    private static boolean isEmpty(DatasetFile file) {
        return file.bytes() == 0 && !isTable(file);
    }

    /** Or one column of it. Looks at no class of tables, which others need not load. */
    private static boolean isTable(DatasetFile file) {
        return !(file.layout() instanceof Layout.Numbers)
                && !file.layout().details().isEmpty();
    }

    /**
     * Maps {@code dataset}; of several files, each when it is read.
     *
     * @throws DatasetException when the file is no longer what it was when {@code dataset} was made, or cannot be mapped
     */
    public static MappedDataset map(Dataset dataset) {
        return dataset instanceof DatasetFile file ? map(file, true) : MappedFiles.of(dataset);
    }

    /**
     * Maps one of several files. What the file's name led to is not looked up among this process's mappings, which would take
     * longer than all else: a file that is moved aside and back has another time of change.
     *
     * @param first where its first element is in the dataset
     * @param mapping is closed to unmap it
     */
    static MappedDataset mapPart(DatasetFile file, long first, Arena mapping) {
        file.requireUnchanged();
        return of(file, first, mapUnchanged(file, false, mapping), null);
    }

    /** The same for a file that only we write, and remove: nobody puts another in its place. Quick where much is mapped. */
    public static MappedDataset mapOurs(DatasetFile file) {
        return map(file, false);
    }

    private static MappedDataset map(DatasetFile file, boolean isOfOthers) {
        file.requireUnchanged();
        if (isEmpty(file)) {
            return empty(file);
        }
        Arena mapping = Arena.ofShared();
        try {
            return of(file, 0, mapUnchanged(file, isOfOthers, mapping), mapping);
        } catch (DatasetException e) {
            mapping.close();
            throw e;
        }
    }

    /** The same for as long as somebody has a block of it; {@link #close} does nothing. */
    public static MappedDataset mapWhileRead(DatasetFile file) {
        file.requireUnchanged();
        return isEmpty(file) ? empty(file) : of(file, 0, mapUnchanged(file, true, Arena.ofAuto()), null);
    }

    /** The same for a file that this process has written and has open. */
    public static MappedDataset mapWhileRead(DatasetFile file, FileChannel channel) throws IOException {
        return isEmpty(file) ? empty(file) : of(file, 0, map(file, channel, Arena.ofAuto()), null);
    }

    /** Unmaps it. Whoever still reads a block of it gets an {@link IllegalStateException}. */
    public void close() {
        if (mapping != null) {
            mapping.close();
        }
    }

    /** Whether its blocks can still be read. */
    public boolean isOpen() {
        return mapping == null || mapping.scope().isAlive();
    }

    private static MemorySegment mapUnchanged(DatasetFile file, boolean isOfOthers, Arena mapping) {
        MemorySegment mapped = mapWhole(file, isOfOthers, mapping);
        file.requireUnchanged();
        return mapped;
    }

    private static MemorySegment mapWhole(DatasetFile file, boolean isOfOthers, Arena mapping) {
        try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ)) {
            MemorySegment mapped = map(file, channel, mapping);
            if (isOfOthers) {
                requireMapped(file, mapped.address());
            }
            return mapped;
        } catch (IOException e) {
            throw DatasetException.unreadable(file.path(), e);
        }
    }

    private static MemorySegment map(DatasetFile file, FileChannel channel, Arena mapping) throws IOException {
        try {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, file.identity().size(), mapping);
        } catch (IOException e) {
            if (e.getCause() instanceof OutOfMemoryError) {
                throw e;
            }
            throw new DatasetException(
                    Text.format(
                            "%s: cannot be mapped into memory: %s; copy it to a disk first",
                            file.path(), e.getMessage()),
                    e);
        }
    }

    /**
     * Asks the kernel what is mapped there: the file's name may have led to another just then, and lead back since. Searches
     * what it says as one text, since taking it line by line costs a JVM that has just started 2 ms.
     */
    private static void requireMapped(DatasetFile file, long address) throws IOException {
        if (!Files.exists(MAPPINGS)) {
            return;
        }
        String mappings;
        try (var in = new FileInputStream(MAPPINGS.toFile())) {
            mappings = '\n' + new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
        int mapping = mappings.indexOf('\n' + Long.toHexString(address) + '-');
        if (mapping < 0) {
            return;
        }
        String line = mappings.substring(mapping, mappings.indexOf('\n', mapping + 1));
        if (!line.contains(" " + file.identity().inode() + " ")) {
            throw new DatasetException(
                    file.path(),
                    "replaced by another file while it was being opened; run again when nothing writes to it");
        }
    }

    /** What is mapped. */
    public Dataset dataset() {
        return file;
    }

    /** @throws DatasetException when a file is no longer what it was when {@link #dataset} was made */
    public void requireUnchanged() {
        if (this == EMPTY) {
            return;
        }
        file.requireUnchanged();
    }

    /**
     * All of it as one block.
     *
     * @throws IllegalStateException where it is in several files
     */
    public Block whole() {
        return table == null
                ? new Block(
                        file.type(),
                        first,
                        file.count(),
                        elements,
                        index,
                        null,
                        file.layout().rowShape())
                : table.whole(file.layout());
    }

    /** One slice as one block. */
    public Block block(Slice slice) {
        return whole().part(slice.from(), slice.to());
    }

    /**
     * Feeds a slice, cut into cache-sized blocks, to {@code consumer}, in order. Numbers are cut every {@code blockBytes}
     * from the slice's start; a text block ends with the last line that ends within that many bytes, or, where a line is
     * longer, with that line.
     *
     * <p>Rows of a table are cut every so many, a power of two, from the first row of their batch, and where that ends.
     *
     * <p>Records are not cut, neither those of a file nor those that a job makes of several elements. The slice has those that
     * begin in it: however a dataset is cut into slices, each record is in one of them. A record that is longer than a block is
     * a block. Nor has a block elements of several files; one is valid while it is consumed.
     *
     * @param blockBytes a power of two, 8 or more
     * @param recordLength elements of a record, counted from the dataset's first; 1 for text and records
     */
    public void forEachBlock(Slice slice, int blockBytes, int recordLength, Consumer<Block> consumer) {
        if (slice.length() == 0) {
            return;
        }
        if (table != null) {
            table.forEachBlock(file.layout(), slice, blockBytes, consumer);
            return;
        }
        Block whole = whole();
        if (index != null) {
            long to;
            for (long from = slice.from(); from < slice.to(); from = to) {
                to = index.blockEnd(from, slice.to(), blockBytes);
                consumer.accept(whole.part(from, to));
            }
            return;
        }
        long step = (long) Math.max(1, blockBytes / file.type().width() / recordLength) * recordLength;
        long from = recordStart(slice.from(), recordLength);
        long end = recordStart(slice.to(), recordLength);
        while (from < end) {
            long to = Math.min(from + step, end);
            if (file.layout() instanceof Layout.Text && to < end) {
                to = endOfLastLine(whole, from, to, end);
            }
            consumer.accept(whole.part(from, to));
            from = to;
        }
    }

    /** Where the first record begins that does not begin before {@code element}. */
    private long recordStart(long element, int recordLength) {
        return Math.min(Math.ceilDiv(element, recordLength) * recordLength, file.count());
    }

    private static long endOfLastLine(Block text, long from, long to, long limit) {
        for (long i = to - 1; i >= from; i--) {
            if (text.byteAt(i) == '\n') {
                return i + 1;
            }
        }
        var rest = text.part(to, limit).lines();
        rest.next();
        return Math.min(limit, to + rest.length() + 1);
    }
}
