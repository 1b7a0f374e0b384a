package io.github.forkless.common.dataset;

import io.github.forkless.common.text.Text;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where in a mapped dataset each record is. What the file says is believed only as far as it fits together. Safe for use by
 * several threads.
 */
public final class RecordIndex {
    /** Of so many records the file says where the first one begins. From there on, their headers lead to the others. */
    static final int STRIDE = 64;

    private static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong INT64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final Layout.Records layout;
    private final MemorySegment records;
    private final MemorySegment offsets;
    private final List<String> classes;

    private RecordIndex(
            Path file, Layout.Records layout, MemorySegment records, MemorySegment offsets, List<String> classes) {
        this.file = file;
        this.layout = layout;
        this.records = records;
        this.offsets = offsets;
        this.classes = classes;
    }

    /**
     * @param file named by errors
     * @param mapped all of it
     * @throws DatasetException if its table of classes is broken
     */
    static RecordIndex of(Path file, Layout.Records layout, MemorySegment mapped) {
        MemorySegment records = mapped.asSlice(layout.offset(), layout.bytes());
        if (layout.width() > 0) {
            return new RecordIndex(file, layout, records, MemorySegment.NULL, List.of());
        }
        MemorySegment offsets = mapped.asSlice(layout.offset() + layout.bytes(), bytes(layout.count()));
        long classesAt = layout.offset() + layout.bytes() + offsets.byteSize();
        MemorySegment table = mapped.asSlice(classesAt, mapped.byteSize() - RecordsFormat.TAIL_BYTES - classesAt);
        return new RecordIndex(file, layout, records, offsets, classes(file, table));
    }

    private static List<String> classes(Path file, MemorySegment table) {
        int count = table.get(INT32, 0);
        if (count < 0 || count > table.byteSize() / Integer.BYTES - 1) {
            throw new DatasetException(file, Text.format("cannot have the names of %d classes", count));
        }
        List<String> classes = new ArrayList<>();
        long at = Integer.BYTES;
        for (int i = 0; i < count; i++) {
            int length = at > table.byteSize() - Integer.BYTES ? -1 : table.get(INT32, at);
            at += Integer.BYTES;
            if (length < 0 || length > table.byteSize() - at) {
                throw new DatasetException(file, Text.format("the name of its class %d is broken", i));
            }
            byte[] name = table.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
            classes.add(new String(name, StandardCharsets.UTF_8));
            at += length;
        }
        return List.copyOf(classes);
    }

    /** All records of the file as one block. */
    Block whole() {
        return new Block(ElementType.RECORDS, 0, layout.count(), records, this, null, List.of());
    }

    /** Of an index of so many records. */
    static long bytes(long records) {
        return (Math.ceilDiv(records, STRIDE) + 1) * Long.BYTES;
    }

    /** Whether each record has a header. */
    boolean hasHeaders() {
        return layout.width() == 0;
    }

    /** Bytes of each record, where it has no header. */
    int width() {
        return layout.width();
    }

    /** The names of the classes that records are of, by their numbers. */
    List<String> classes() {
        return classes;
    }

    /** Where a record begins, its header included, counted from the first one. */
    long start(long record) {
        if (!hasHeaders()) {
            return record * layout.width();
        }
        if (record == layout.count()) {
            return group(Math.ceilDiv(record, STRIDE));
        }
        long group = record / STRIDE;
        long at = group(group);
        if (record % STRIDE == 0) {
            return at;
        }
        var header = new RecordHeader(records);
        for (long i = group * STRIDE; i < record; i++) {
            at = end(header, i, at);
        }
        if (at > group(group + 1)) {
            throw broken(record - 1);
        }
        return at;
    }

    /**
     * The records from one on that are a block.
     *
     * @param to one past the last that may be in it, more than {@code from}
     * @param bytes of all of them, unless already the first is longer
     * @return one past the last
     */
    long blockEnd(long from, long to, int bytes) {
        if (!hasHeaders()) {
            return Math.min(to, from + Math.max(1, bytes / layout.width()));
        }
        long start = start(from);
        long group = from / STRIDE;
        while ((group + 1) * STRIDE <= to && group(group + 1) - start <= bytes) {
            group++;
        }
        if (group * STRIDE > from) {
            // Whole groups, as long as any fits: who counts in records walks no headers.
            boolean isRest = to - group * STRIDE < STRIDE && start(to) - start <= bytes;
            return isRest ? to : group * STRIDE;
        }
        var header = new RecordHeader(records);
        long record = from;
        long at = start;
        while (record < to) {
            long end = end(header, record, at);
            if (record > from && end - start > bytes) {
                break;
            }
            record++;
            at = end;
        }
        return record;
    }

    private long end(RecordHeader header, long record, long at) {
        if (!header.read(at)) {
            throw broken(record);
        }
        return header.from() + header.length();
    }

    /** Where the first record of a group begins; the end of all where there is no more. */
    private long group(long number) {
        long start = offsets.getAtIndex(INT64, number) - layout.offset();
        long before = number == 0 ? 0 : offsets.getAtIndex(INT64, number - 1) - layout.offset();
        boolean isLast = number == Math.ceilDiv(layout.count(), STRIDE);
        long least = number == 0 ? 0 : before + (isLast ? 1L : STRIDE) * RecordHeader.SHORTEST;
        if (before < 0
                || start < least
                || start > layout.bytes()
                || number == 0 && start != 0
                || isLast && start != layout.bytes()) {
            throw new DatasetException(
                    file,
                    Text.format(
                            "its index is broken: record %d cannot begin at %d",
                            Math.min(number * STRIDE, layout.count()), start + layout.offset()));
        }
        return start;
    }

    /** What to say of a record that is not where the index says, or does not end there. */
    DatasetException broken(long record) {
        return new DatasetException(
                file,
                Text.format(
                        "record %d is broken: it does not end where the next one begins; the file was changed since it"
                                + " was written",
                        record));
    }

    /** What to say of a record that cannot be read as an object. */
    DatasetException unreadable(long record, String problem) {
        return new DatasetException(file, Text.format("record %d %s", record, problem));
    }
}
