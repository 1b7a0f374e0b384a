package io.github.forkless.common.dataset;

import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.IntColumn;
import io.github.forkless.common.column.LongColumn;
import io.github.forkless.common.column.TableColumn;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Where in a mapped table each batch and column is. Safe for use by several threads. */
public final class TableIndex {
    /** So many rows have a word that says which of them are null. */
    private static final int FEWEST_ROWS = 64;

    private final Path file;
    private final Layout.Table table;
    private final MemorySegment mapped;
    /** Which row of the dataset is this file's first: blocks count from there, and batches from here. */
    private final long first;

    private final TableRows rows;

    private TableIndex(Path file, Layout.Table table, MemorySegment mapped, long first, TableRows rows) {
        this.file = file;
        this.table = table;
        this.mapped = mapped;
        this.first = first;
        this.rows = rows;
    }

    /**
     * @param file named by errors
     * @param mapped all of it
     * @param first which row of the dataset is its first
     */
    static TableIndex of(Path file, Layout layout, MemorySegment mapped, long first) {
        Layout.Table table = layout instanceof Layout.Column column ? column.table() : (Layout.Table) layout;
        TableRows rows = table.places().isEmpty() ? new ArrowRows(file, mapped) : new NpyRows(file, table, mapped);
        return new TableIndex(file, table, mapped, first, rows);
    }

    /** Rows of a block: a power of two, so that words that say which rows are null are not cut. */
    static long blockRows(Layout layout, int blockBytes) {
        double rowBytes = layout.count() == 0 ? 1 : (double) layout.bytes() / layout.count();
        return Long.highestOneBit(Math.max(FEWEST_ROWS, (long) (blockBytes / Math.max(rowBytes, 1))));
    }

    /**
     * Cuts between batches, or between blocks, which are counted from the batch's first row.
     *
     * @param parts how many at most; there are fewer where there are fewer blocks of 64 rows
     */
    static List<Slice> cut(DatasetFile file, Slice slice, int parts) {
        long rows = blockRows(file.layout(), Slices.BLOCK_BYTES);
        while (rows > FEWEST_ROWS && slice.length() / rows < parts) {
            rows /= 2;
        }
        try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            MemorySegment mapped = channel.map(
                    FileChannel.MapMode.READ_ONLY, 0, file.identity().size(), arena);
            return of(file.path(), file.layout(), mapped, 0).cut(slice, parts, rows);
        } catch (InternalError e) {
            throw ArrowFormat.truncated(file.path());
        } catch (IOException e) {
            // A file that was truncated is better told so than by where the read ended.
            file.requireUnchanged();
            throw DatasetException.unreadable(file.path(), e);
        }
    }

    private List<Slice> cut(Slice slice, int parts, long blockRows) {
        List<Long> cuts = new ArrayList<>();
        long last = slice.from();
        long blocks = Math.ceilDiv(slice.length(), blockRows);
        for (int i = 1; i < parts; i++) {
            // Of one batch, the same slices as of raw numbers.
            long wanted = slice.from() + Slices.share(blocks, i, parts) * blockRows;
            if (wanted >= slice.to()) {
                break;
            }
            long cut = nextCut(Math.max(last, wanted - 1), blockRows);
            if (cut > last && cut < slice.to()) {
                cuts.add(cut);
                last = cut;
            }
        }
        return Slices.between(slice, cuts);
    }

    /** The first row of the block behind the one that a row is in. */
    private long nextCut(long row, long blockRows) {
        int batch = rows.batchOf(row);
        long start = rows.firstRow(batch);
        return Math.min(rows.firstRow(batch + 1), start + ((row - start) / blockRows + 1) * blockRows);
    }

    /** All rows as one block. */
    Block whole(Layout layout) {
        if (layout instanceof Layout.Column column) {
            return wholeColumn(column);
        }
        return new Block(ElementType.TABLE, first, table.count(), mapped, null, this, List.of());
    }

    private Block wholeColumn(Layout.Column layout) {
        if (table.count() == 0) {
            return new Block(layout.type(), first, 0, MemorySegment.NULL);
        }
        if (rows.batches() > 1) {
            throw new DatasetException(
                    file,
                    "it is in " + rows.batches()
                            + " batches, and so no column is one block; use a job, which gets several" + " blocks");
        }
        return new ColumnNumbers(file, first, layout, table.count())
                .block(column(layout.index(), 0, table.count()), first);
    }

    /** Feeds the blocks of a slice of this file to {@code consumer}, in order. */
    void forEachBlock(Layout layout, Slice slice, int blockBytes, Consumer<Block> consumer) {
        long most = blockRows(layout, blockBytes);
        ColumnNumbers numbers =
                layout instanceof Layout.Column column ? new ColumnNumbers(file, first, column, most) : null;
        long to;
        for (long from = slice.from(); from < slice.to(); from = to) {
            to = Math.min(nextCut(from, most), slice.to());
            if (numbers == null) {
                consumer.accept(new Block(ElementType.TABLE, first + from, to - from, mapped, null, this, List.of()));
                continue;
            }
            Block block = numbers.block(column(((Layout.Column) layout).index(), from, to), first + from);
            if (block.count() > 0) {
                consumer.accept(block);
            }
        }
    }

    /** What columns there are. */
    List<TableColumn> columns() {
        return table.columns();
    }

    /** The rows of each batch that are in a block. */
    List<Block> batches(Block block) {
        List<Block> parts = new ArrayList<>();
        long begin = block.start() - first;
        long end = begin + block.count();
        long to;
        for (long from = begin; from < end; from = to) {
            to = Math.min(rows.firstRow(rows.batchOf(from) + 1), end);
            parts.add(block.part(from - begin, to - begin));
        }
        return parts;
    }

    /** A column's rows that are in a block. */
    Column column(Block block, String name) {
        return column(table.indexOf(name), block);
    }

    /**
     * @param accessor the method of a block that was called
     * @throws IllegalArgumentException if that reads other types than the column's
     */
    Column column(Block block, String name, String accessor) {
        int index = table.indexOf(name);
        TableColumn column = table.columns().get(index);
        boolean isWidened = accessor.equals("longs") && column.type().accessor().equals("ints");
        if (!column.type().accessor().equals(accessor) && !isWidened) {
            throw new IllegalArgumentException("the column '" + name + "' is " + column.label() + ", which "
                    + (column.type() == ColumnType.UNSUPPORTED
                            ? "is not read; there are " + table.names()
                            : accessor + " does not read; use " + column.type().accessor()));
        }
        Column found = column(index, block);
        return isWidened ? LongColumn.of((IntColumn) found) : found;
    }

    private Column column(int index, Block block) {
        long from = block.start() - first;
        return column(index, from, from + block.count());
    }

    private Column column(int index, long from, long to) {
        TableColumn column = table.columns().get(index);
        if (column.type() == ColumnType.UNSUPPORTED) {
            throw new IllegalArgumentException("the column '" + column.name() + "' is " + column.label()
                    + ", which is not read" + table.remedy(index));
        }
        if (from == to) {
            return Column.empty(column.type());
        }
        int batch = rows.batchOf(from);
        long start = rows.firstRow(batch);
        if (to > rows.firstRow(batch + 1)) {
            throw new IllegalStateException(
                    "this block has rows of several batches, and no column of it is in one place;"
                            + " take the rows of each: block.batches()");
        }
        return rows.column(index, batch, from - start, to - start);
    }
}
