package io.github.forkless.common.shared;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Columns in the making, which grow together, row by row. Of a known number of rows each column goes where it stays, and the heap
 * of strings behind them. Of an unknown number only the heap does, and columns are in scratch files until all are
 * there. Every column begins at a multiple of 64 bytes. Not safe for use by several threads.
 */
final class ColumnFile implements AutoCloseable {
    /** As a count: nobody knows. */
    static final long UNKNOWN = -1;

    private static final long ALIGNMENT = 64;

    private static final long MOST_ROWS = 1L << 50;

    private static final long BUFFERS = 16 << 20;
    private static final long LARGEST_BUFFER = 1 << 20;
    private static final long SMALLEST_BUFFER = 1 << 12;

    private final Arena arena = Arena.ofConfined(); // which frees at once: a program may share much, one after another
    private final FileChannel out;
    /** Null for a known number of rows. */
    private final Shareable.Scratch scratch;

    private final long bufferBytes;
    private final List<FileChannel> scratches = new ArrayList<>();
    /** Of columns that are where they stay. */
    private final List<Long> offsets = new ArrayList<>();

    private final List<ElementWriter> writers = new ArrayList<>();
    private final List<Runnable> flushes = new ArrayList<>();
    private int columns;
    private StringHeap heap;
    private long heapOffset;
    /** Behind the last column. */
    private long end;

    /** Counts rows, as a collection may not have as many as it said. */
    static final class Rows {
        private final long expected;
        private long count;

        /** @param expected {@link #UNKNOWN}, or how many */
        Rows(long expected) {
            this.expected = expected;
        }

        /** Another one. */
        void next() {
            if (count++ == expected) {
                throw wrong("more");
            }
        }

        /** Returns how many there were. */
        long end() {
            if (expected != UNKNOWN && count != expected) {
                throw wrong("only " + count);
            }
            return count;
        }

        private IllegalStateException wrong(String found) {
            return new IllegalStateException("what is shared said that it has " + expected + " elements, and has "
                    + found + "; does a thread change it?");
        }
    }

    /** @param expected how many columns about, for what memory each may take */
    ColumnFile(FileChannel out, Shareable.Scratch scratch, long count, int expected) {
        this.out = out;
        this.scratch = count == UNKNOWN ? scratch : null;
        long most = count == UNKNOWN ? LARGEST_BUFFER : count * Long.BYTES;
        this.bufferBytes = Math.clamp(Math.min(most, BUFFERS / Math.max(expected, 1)), SMALLEST_BUFFER, LARGEST_BUFFER);
    }

    /** @throws IllegalArgumentException when there cannot be so many */
    static void requireCount(long count) {
        if (count < 0 || count > MOST_ROWS) {
            throw new IllegalArgumentException("from 0 to " + MOST_ROWS + " rows can be shared, not " + count);
        }
    }

    static long aligned(long offset) {
        return Math.ceilDiv(offset, ALIGNMENT) * ALIGNMENT;
    }

    /** Adds a column, of {@code bytes} if the number of rows is known. */
    ElementWriter add(long bytes) throws IOException {
        columns++;
        if (scratch == null) {
            end = aligned(end);
            offsets.add(end);
            writers.add(new ElementWriter(out, end, arena.allocate(bufferBytes)));
            end += bytes;
        } else {
            FileChannel file = scratch.file();
            scratches.add(file);
            writers.add(new ElementWriter(file, 0, arena.allocate(bufferBytes)));
        }
        return writers.getLast();
    }

    /** How many were added. */
    int columns() {
        return columns;
    }

    /** Runs {@code flush} before all that is left is written. */
    void atEnd(Runnable flush) {
        flushes.add(flush);
    }

    /** The one heap of strings, to be asked for when all columns are added. */
    StringHeap heap() {
        if (heap == null) {
            heapOffset = aligned(end);
            var writer = new ElementWriter(out, heapOffset, arena.allocate(LARGEST_BUFFER));
            writers.add(writer);
            heap = new StringHeap(writer);
        }
        return heap;
    }

    /** Where the heap begins; 0 if there is none. */
    long heapOffset() {
        return heapOffset;
    }

    /**
     * Writes what is left.
     *
     * @return where the columns are, in the order in which they were added
     */
    List<Long> finish() throws IOException {
        flushes.forEach(Runnable::run);
        writers.forEach(ElementWriter::flush);
        for (FileChannel file : scratches) {
            long offset = aligned(out.size());
            append(file, offset);
            offsets.add(offset);
        }
        return offsets;
    }

    private void append(FileChannel from, long offset) throws IOException {
        long size = from.size();
        out.position(offset);
        for (long done = 0; done < size; ) {
            done += from.transferTo(done, size - done, out);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
