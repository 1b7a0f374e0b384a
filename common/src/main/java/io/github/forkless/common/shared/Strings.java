package io.github.forkless.common.shared;

import io.github.forkless.common.dataset.Block;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Shared strings, each made when it is asked for. They are exactly what they were, null included. One that comes several
 * times takes the room of one, if the same comes again soon. Positions count from 0 and are 64 bits wide. Safe for use by
 * several threads.
 */
public final class Strings {
    private final Longs positions;
    private final MemorySegment heap;

    /** @param heap a {@link StringHeap} */
    Strings(Longs positions, MemorySegment heap) {
        this.positions = positions;
        this.heap = heap;
    }

    /** As which bytes are seen as strings. */
    record Shape(long count, long positions, long heap) implements View {
        @Override
        public Object of(Block whole) {
            return Strings.of(whole.segment(), positions, count, heap);
        }
    }

    /**
     * @param position where positions are
     * @param heap where that is
     */
    static Strings of(MemorySegment whole, long position, long count, long heap) {
        return new Strings((Longs) Elements.LONGS.of(whole, position, count), heap(whole, heap));
    }

    /** Behind the end where no string is anything but null. */
    private static MemorySegment heap(MemorySegment whole, long offset) {
        return whole.asSlice(Math.min(offset, whole.byteSize()));
    }

    /** The same strings as those of an array, of which some may be null. */
    public static Shareable<Strings> of(String... values) {
        return of(Arrays.asList(values));
    }

    /** The same strings as those of a collection, in its order, of which some may be null. */
    public static Shareable<Strings> of(Collection<String> values) {
        return of(values.iterator(), values.size());
    }

    /** Strings of which nobody knows how many there are, to be made while they are shared. */
    public static Shareable<Strings> of(Stream<String> values) {
        return of(values.sequential().iterator(), ColumnFile.UNKNOWN);
    }

    private static Shareable<Strings> of(Iterator<String> values, long count) {
        return Shareable.of(
                Math.max(count, 0) * Long.BYTES, false, (out, scratch) -> write(values, count, out, scratch));
    }

    private static View write(Iterator<String> values, long count, FileChannel out, Shareable.Scratch scratch)
            throws IOException {
        try (var file = new ColumnFile(out, scratch, count, 1)) {
            ElementWriter positions = file.add(count * Long.BYTES);
            StringHeap heap = file.heap();
            var rows = new ColumnFile.Rows(count);
            while (values.hasNext()) {
                rows.next();
                positions.put(heap.put(values.next()));
            }
            List<Long> offsets = file.finish();
            return new Shape(rows.end(), offsets.getFirst(), file.heapOffset());
        }
    }

    /** How many there are. */
    public long count() {
        return positions.count();
    }

    /**
     * The string at an index, or null.
     *
     * @throws IndexOutOfBoundsException when {@code index} is not from 0 to {@code count() - 1}
     */
    public String at(long index) {
        return StringHeap.read(heap, positions.at(index));
    }

    /**
     * Those from {@code from} up to, not including, {@code to}; a view, not a copy.
     *
     * @throws IndexOutOfBoundsException when not all of them are there
     */
    public Strings part(long from, long to) {
        return new Strings(positions.part(from, to), heap);
    }
}
