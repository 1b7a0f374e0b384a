package io.github.forkless.common.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a job runs on, looked at and not mapped: one file or more, of one layout. Elements are counted through all of them. Slices
 * may have several whole files; blocks are within one.
 */
public sealed interface Dataset permits DatasetFile, DatasetFiles {
    /** Of a file its path, see {@link DatasetFile}; of several the folder that all of them are in, or below. */
    Path path();

    /** What all of it is made of. Of several files, its offset means nothing. */
    Layout layout();

    /** The files, in the order of their elements. */
    List<DatasetFile> parts();

    /** Where the first element of a part is, counted from the dataset's first. */
    long start(int part);

    /** Which part has an element; the last one for what is behind all elements. */
    int partOf(long element);

    /** What messages call it. */
    String name();

    /**
     * Cuts a slice into parts, where such data may be cut: see {@link Slices#split}.
     *
     * @param parts how many at most, from 1 to the slice's length; of several files there may be more
     */
    List<Slice> cut(Slice slice, int parts);

    /**
     * Looks at all files again. Texts, which may be logs that others add to, may have become longer: who reads them as they were
     * when they were opened still can.
     *
     * @return by how many bytes they have
     * @throws DatasetException if a file is no longer what it was, saying what happened to it
     */
    long requireUnchanged();

    /**
     * One column of a table, for jobs over numbers: nulls are left out.
     *
     * @param name that of one column, or {@code #0} for the first, {@code #1} for the next, and so on
     * @throws IllegalArgumentException when this is no table, has no such column, or one that is no numbers, naming those that
     *     there are
     */
    Dataset column(String name);

    /** What its elements are. */
    default ElementType type() {
        return layout().type();
    }

    /** Elements, or bytes for text. */
    default long count() {
        return layout().count();
    }

    /** Bytes of all elements, without headers. */
    default long bytes() {
        return layout().bytes();
    }

    /** The slice that is all of it. */
    default Slice whole() {
        return new Slice(0, count());
    }

    /** Whether a slice has elements of one file alone. */
    default boolean isInOnePart(Slice slice) {
        return partOf(slice.from()) == partOf(Math.max(slice.from(), slice.to() - 1));
    }

    /**
     * Looks at a file, see {@link DatasetFile#open}, or at the files in a folder, see {@link #open(List, Optional)}.
     *
     * @throws DatasetException if it cannot be used
     */
    static Dataset open(Path fileOrFolder, Optional<ElementType> type) {
        return Files.isDirectory(fileOrFolder)
                ? open(List.of(fileOrFolder), type)
                : DatasetFile.open(fileOrFolder, type);
    }

    /**
     * Looks at files that are one dataset, in the order of their paths. A folder stands for the files in it, but for those whose names begin with
     * a dot. All have numbers of one type, or text, or the same columns; empty files may be among them.
     *
     * @throws DatasetException if there is no file, if one is given twice, or if one cannot be used, or has something else than the
     *     first; records are in one file
     */
    static Dataset open(List<Path> filesAndFolders, Optional<ElementType> type) {
        return DatasetFiles.open(filesAndFolders, type);
    }

    /** Of files that were looked at before, in their order. */
    static Dataset of(List<DatasetFile> parts) {
        return parts.size() == 1 ? parts.getFirst() : new DatasetFiles(parts);
    }
}
