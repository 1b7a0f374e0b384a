package io.github.forkless.common.dataset;

import java.util.function.Consumer;

/**
 * A dataset mapped read-only: a file as a whole, until it is closed; of several those that are read. Pages that this process reads
 * are the ones every other process that maps the file reads: nothing is copied. Safe for use by several threads.
 */
public sealed interface MappedDataset permits MappedFile, MappedFiles {
    /**
     * Maps {@code dataset}; of several files, each when it is read.
     *
     * @throws DatasetException when the file is no longer what it was when {@code dataset} was made, or cannot be mapped
     */
    static MappedDataset map(Dataset dataset) {
        return dataset instanceof DatasetFile file ? MappedFile.map(file) : MappedFiles.of(dataset);
    }

    /** What is mapped. */
    Dataset dataset();

    /** Whether its blocks can still be read. */
    boolean isOpen();

    /** Unmaps it. Whoever still reads a block of it gets an {@link IllegalStateException}. */
    void close();

    /** @throws DatasetException when a file is no longer what it was when {@link #dataset} was made */
    void requireUnchanged();

    /**
     * All of it as one block, of the type that is in the file.
     *
     * @throws IllegalStateException where it is in several files
     */
    Block whole();

    /** One slice as one block. */
    default Block block(Slice slice) {
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
     * @throws DatasetException if a number is too large for the type that {@linkplain ElementType#readAs it is read as}
     */
    void forEachBlock(Slice slice, int blockBytes, int recordLength, Consumer<Block> consumer);
}
