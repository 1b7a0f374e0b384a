package io.github.forkless.common.dataset;

import io.github.forkless.common.column.Column;
import io.github.forkless.common.dataset.arrow.ArrowException;
import io.github.forkless.common.dataset.arrow.ArrowFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Those of an Arrow file, which says itself where they are. */
final class ArrowRows implements TableRows {
    private final Path file;
    private final ArrowFile arrow;

    /**
     * @param file named by errors
     * @param mapped all of it
     */
    ArrowRows(Path file, MemorySegment mapped) {
        this.file = file;
        try {
            this.arrow = ArrowFile.read(mapped);
        } catch (ArrowException e) {
            throw new DatasetException(file, e.getMessage());
        }
    }

    @Override
    public int batches() {
        return arrow.batches();
    }

    @Override
    public long firstRow(int batch) {
        return arrow.firstRow(batch);
    }

    @Override
    public int batchOf(long row) {
        return arrow.batchOf(row);
    }

    @Override
    public Column column(int column, int batch, long from, long to) {
        try {
            return arrow.column(column, batch, from, to);
        } catch (ArrowException e) {
            throw new DatasetException(file, e.getMessage());
        }
    }
}
