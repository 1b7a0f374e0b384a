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

/** A file that is mapped as a whole. */
public final class MappedFile implements MappedDataset {
    /**
     * No file at all: what a job sees that was started without data. It is not the interface's: then, of two threads of which one
     * came to this class first and the other to the interface, each would wait for the other to initialize its own.
     */
    public static final MappedFile EMPTY = empty(
            new DatasetFile(Path.of(""), new Layout.Numbers(ElementType.UINT8, 0, 0), new FileIdentity(0, 0, 0, 0, 0)));

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

    private MappedFile(
            DatasetFile file, long first, MemorySegment elements, RecordIndex index, TableIndex table, Arena mapping) {
        this.file = file;
        this.first = first;
        this.elements = elements;
        this.index = index;
        this.table = table;
        this.mapping = mapping;
    }

    /** @param mapped the whole file */
    private static MappedFile of(DatasetFile file, long first, MemorySegment mapped, Arena mapping) {
        if (isTable(file)) {
            TableIndex table = TableIndex.of(file.path(), file.layout(), mapped, first);
            return new MappedFile(file, first, mapped, null, table, mapping);
        }
        RecordIndex index = file.type() == ElementType.RECORDS
                ? RecordIndex.of(file.path(), (Layout.Records) file.layout(), mapped)
                : null;
        return new MappedFile(file, first, mapped.asSlice(file.offset(), file.bytes()), index, null, mapping);
    }

    private static MappedFile empty(DatasetFile file) {
        return new MappedFile(file, 0, MemorySegment.NULL, null, null, null);
    }

    private static boolean isEmpty(DatasetFile file) {
        return file.bytes() == 0 && !isTable(file);
    }

    /** Or one column of it. Looks at no class of tables, which others need not load. */
    private static boolean isTable(DatasetFile file) {
        return !(file.layout() instanceof Layout.Numbers)
                && !file.layout().details().isEmpty();
    }

    /** @throws DatasetException when the file is no longer what it was when it was looked at, or cannot be mapped */
    static MappedFile map(DatasetFile file) {
        return map(file, true);
    }

    /**
     * Maps one of several files. What the file's name led to is not looked up among this process's mappings, which would take
     * longer than all else: a file that is moved aside and back has another time of change.
     *
     * @param first where its first element is in the dataset
     * @param mapping is closed to unmap it
     */
    static MappedFile mapPart(DatasetFile file, long first, Arena mapping) {
        file.requireUnchanged();
        return of(file, first, mapUnchanged(file, false, mapping), null);
    }

    /** The same for a file that only we write, and remove: nobody puts another in its place. Quick where much is mapped. */
    public static MappedFile mapOurs(DatasetFile file) {
        return map(file, false);
    }

    private static MappedFile map(DatasetFile file, boolean isOfOthers) {
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
    public static MappedFile mapWhileRead(DatasetFile file) {
        file.requireUnchanged();
        return isEmpty(file) ? empty(file) : of(file, 0, mapUnchanged(file, true, Arena.ofAuto()), null);
    }

    /** The same for a file that this process has written and has open. */
    public static MappedFile mapWhileRead(DatasetFile file, FileChannel channel) throws IOException {
        return isEmpty(file) ? empty(file) : of(file, 0, map(file, channel, Arena.ofAuto()), null);
    }

    @Override
    public void close() {
        if (mapping != null) {
            mapping.close();
        }
    }

    @Override
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

    @Override
    public Dataset dataset() {
        return file;
    }

    @Override
    public void requireUnchanged() {
        if (this != EMPTY) {
            file.requireUnchanged();
        }
    }

    @Override
    public Block whole() {
        return table == null
                ? new Block(
                        file.layout().storedType(),
                        first,
                        file.count(),
                        elements,
                        index,
                        null,
                        file.layout().rowShape())
                : table.whole(file.layout());
    }

    @Override
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
        WiderNumbers wider = file.type() == whole.type() ? null : new WiderNumbers(file.path(), first, "element %d");
        PresentTimes times = file.layout() instanceof Layout.Numbers numbers
                        && !numbers.times().isEmpty()
                ? new PresentTimes(file.path(), first, recordLength > 1)
                : null;
        long step = (long) Math.max(1, blockBytes / file.type().width() / recordLength) * recordLength;
        long from = recordStart(slice.from(), recordLength);
        long end = recordStart(slice.to(), recordLength);
        while (from < end) {
            long to = Math.min(from + step, end);
            if (file.layout() instanceof Layout.Text && to < end) {
                to = endOfLastLine(whole, from, to, end);
            }
            Block part = whole.part(from, to);
            if (times != null) {
                part = times.of(part);
            }
            if (part.count() > 0) {
                consumer.accept(wider == null ? part : wider.of(part));
            }
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
