package io.github.forkless.common.dataset;

import io.github.forkless.common.text.Text;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.RandomAccess;

/**
 * How a dataset is cut into slices. The cut depends on the data and on the number of slices asked for, never on how
 * many workers there are: whoever works on a slice, and in whatever order, the same slices are merged.
 *
 * <p>Numbers are cut on the boundaries of blocks, counted from the first element, as long as there are blocks enough.
 * The blocks of a slice are counted from the slice's start, so then they are the same blocks for every cut, all of them
 * whole but the dataset's last, and two workers do not share a page of a raw file. What is summed with what, and with
 * it the last bit of a floating-point answer, thus depends on the cut alone.
 *
 * <p>Records are cut where their index, or a block, says that one begins, as long as that gives enough slices. Text is cut where lines start. A line is never cut, however long.
 *
 * <p>Of several files each is cut for itself. A slice has a part of one of them, or several whole ones that are small.
 */
public final class Slices {

    /**
     * Bytes of one block of numbers, a power of two: it stays in a core's cache while the jobs of several parameter sets read
     * it. Slices are made of such blocks.
     */
    public static final int BLOCK_BYTES = 128 << 10;

    /**
     * Bytes of one block in a run that has only one parameter set, a multiple of {@link #BLOCK_BYTES}. What is done for each
     * block is not done often enough to be compiled, which on a machine whose cores are all at work is 5 to 10 % of {@code
     * sum}, {@code stats} and {@code wc} (with 16 MiB another 2 %); and a second pass over it still finds it in most cores'
     * caches.
     */
    public static final int LONE_BLOCK_BYTES = 1 << 20;

    /** No dataset is cut into more slices than this, whatever is asked for: each costs the coordinator some memory. */
    public static final int MAX_SLICES = 1 << 20;

    private static final int DEFAULT_SLICES = 32;
    private static final long SMALLEST_DEFAULT = 1 << 20;

    private Slices() {}

    /**
     * Cuts a whole dataset: the slices, in order, cover it without a gap or an overlap, and none is empty.
     *
     * @param tasks how many slices, 1 or more. There are fewer if there are fewer elements or lines, or if long lines
     *     leave no other choice, and may be more of several files. By default slices of a 32nd of the data, but of 1 MiB at least, and of no more than
     *     16 MiB for numbers and 32 MiB for text
     * @return no slice at all for an empty dataset
     * @throws DatasetException if it is text and cannot be read, or is shorter than it was
     */
    public static List<Slice> cut(Dataset dataset, OptionalInt tasks) {
        return cut(dataset, dataset.whole(), tasks);
    }

    /**
     * Cuts a range of a dataset in the same way.
     *
     * @param range of text: it starts where a line does, and of numbers where a row does, see {@link #wholeLines}
     */
    public static List<Slice> cut(Dataset dataset, Slice range, OptionalInt tasks) {
        long slices = tasks.isPresent() ? tasks.getAsInt() : defaultSlices(dataset.layout(), range);
        return split(dataset, range, (int) Math.min(slices, MAX_SLICES));
    }

    /**
     * Of a range of text the lines that begin in it, which may be none, and so of numbers the rows; of other data the range itself.
     *
     * @throws IllegalArgumentException if the range ends beyond the data
     * @throws DatasetException if it is text and cannot be read, or is shorter than it was
     */
    public static Slice wholeLines(Dataset dataset, Slice range) {
        requireWithin(dataset, range);
        long row = dataset.layout().rowLength();
        if (row > 1) {
            return new Slice(Math.ceilDiv(range.from(), row) * row, Math.ceilDiv(range.to(), row) * row);
        }
        if (!(dataset.layout() instanceof Layout.Text) || range.length() == 0) {
            return range;
        }
        long from = lineStart(dataset, range.from());
        return new Slice(from, Math.max(from, lineStart(dataset, range.to())));
    }

    /** The first line start at or after a byte, or the end. */
    private static long lineStart(Dataset dataset, long at) {
        int part = dataset.partOf(at);
        DatasetFile file = dataset.parts().get(part);
        long start = dataset.start(part);
        return at == start
                ? at
                : start
                        + reading(
                                file,
                                reader -> cutter(reader, file.offset(), file.count())
                                        .lineStart(at - start));
    }

    /**
     * Cuts one slice into parts as {@link #cut} does a whole dataset, with blocks counted from the slice's start.
     *
     * @param slice of text: it starts where a line does
     * @param parts how many at most, 1 or more
     */
    public static List<Slice> split(Dataset dataset, Slice slice, int parts) {
        if (parts < 1) {
            throw new IllegalArgumentException(Text.format("%d slices; it must be 1 or more", parts));
        }
        requireWithin(dataset, slice);
        if (slice.length() == 0) {
            return List.of();
        }
        int most = (int) Math.min(Math.min(parts, MAX_SLICES), slice.length());
        return dataset.cut(slice, most);
    }

    private static void requireWithin(Dataset dataset, Slice slice) {
        if (slice.to() > dataset.count()) {
            throw new IllegalArgumentException(Text.format("%s of %d elements", slice, dataset.count()));
        }
    }

    private static long defaultSlices(Layout layout, Slice range) {
        long bytes = layout.bytes(range.length());
        long sliceBytes = Math.clamp(bytes / DEFAULT_SLICES, SMALLEST_DEFAULT, layout.largestSliceBytes());
        return Math.max(1, Math.ceilDiv(bytes, sliceBytes));
    }

    /**
     * Where what is cut is a multiple of a block of elements, or else of a row.
     *
     * @param most how many parts at most; there are fewer where there are fewer rows
     */
    static List<Slice> multiples(Slice slice, long block, long row, int most) {
        long blocks = Math.ceilDiv(slice.length(), block);
        long unit = most <= blocks ? block : row;
        long units = most <= blocks ? blocks : Math.ceilDiv(slice.length(), row);
        int parts = (int) Math.min(most, units);
        long[] cuts = new long[parts + 1];
        for (int i = 0; i < parts; i++) {
            cuts[i] = slice.from() + share(units, i, parts) * unit;
        }
        cuts[parts] = slice.to();
        return new Consecutive(cuts);
    }

    /** @param cuts within the slice, in ascending order */
    static List<Slice> between(Slice slice, List<Long> cuts) {
        long[] all = new long[cuts.size() + 2];
        all[0] = slice.from();
        for (int i = 0; i < cuts.size(); i++) {
            all[i + 1] = cuts.get(i);
        }
        all[all.length - 1] = slice.to();
        return new Consecutive(all);
    }

    static List<Slice> lines(DatasetFile file, Slice slice, int parts) {
        return reading(file, reader -> lines(reader, file.offset(), slice, parts));
    }

    private interface Reading<T> {
        T with(LineCutter.PositionalReader reader) throws IOException;
    }

    private static <T> T reading(DatasetFile file, Reading<T> reading) {
        try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ)) {
            return reading.with(channel::read);
        } catch (IOException e) {
            // A file that was truncated is better told so than by where the read ended.
            file.requireUnchanged();
            throw DatasetException.unreadable(file.path(), e);
        }
    }

    static List<Slice> lines(LineCutter.PositionalReader reader, long offset, Slice slice, int parts)
            throws IOException {
        LineCutter cutter = cutter(reader, offset, slice.to());
        long[] cuts = new long[parts + 1];
        cuts[0] = slice.from();
        int last = 0;
        for (int i = 1; i < parts && cuts[last] < slice.to(); i++) {
            long cut = cutter.lineStart(slice.from() + share(slice.length(), i, parts));
            // Equal when both cuts were wanted within one long line.
            if (cut > cuts[last]) {
                cuts[++last] = cut;
            }
        }
        if (cuts[last] < slice.to()) {
            cuts[++last] = slice.to();
        }
        return new Consecutive(Arrays.copyOf(cuts, last + 1));
    }

    private static LineCutter cutter(LineCutter.PositionalReader reader, long offset, long end) {
        return new LineCutter((into, position) -> reader.read(into, offset + position), end);
    }

    /** Slices that begin where the one before ends: a long each, of which there may be a million. */
    private static final class Consecutive extends AbstractList<Slice> implements RandomAccess {
        private final long[] cuts;

        /** @param cuts where each slice begins, and where the last one ends */
        Consecutive(long[] cuts) {
            this.cuts = cuts;
        }

        @Override
        public Slice get(int index) {
            return new Slice(cuts[index], cuts[index + 1]);
        }

        @Override
        public int size() {
            return cuts.length - 1;
        }
    }

    /** {@code total * i / parts} rounded down, where the product may exceed 64 bits. */
    static long share(long total, int i, int parts) {
        return total / parts * i + total % parts * i / parts;
    }
}
