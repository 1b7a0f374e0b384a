package io.github.forkless.importer;

import dev.hardwood.HardwoodContext;
import dev.hardwood.InputFile;
import dev.hardwood.metadata.ColumnMetaData;
import dev.hardwood.metadata.CompressionCodec;
import dev.hardwood.metadata.Encoding;
import dev.hardwood.metadata.RowGroup;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.schema.ColumnSchema;
import dev.hardwood.schema.SchemaNode;
import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.common.dataset.arrow.ArrowOutput;
import io.github.forkless.common.dataset.arrow.ArrowWriter;
import io.github.forkless.common.text.Printable;
import io.github.forkless.common.text.Text;
import io.github.forkless.common.wire.ImportMessage.Note;
import io.github.forkless.importer.ParquetColumn.MisfitException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a table of the flat columns of a Parquet file; nested ones are left out, and that is told. Memory is bounded by the batches of
 * both sides, the dictionaries, and a page of each column.
 */
final class ParquetImport implements Importer {
    /** Rows that are read at once. */
    private static final int BATCH_ROWS = 1 << 15;

    /** With more texts, numbers for them gain little. */
    private static final int MOST_TEXTS = 1 << 16;

    private final Path source;
    private final Listener listener;
    private final FileIdentity identity;
    private final List<ParquetColumn> columns = new ArrayList<>();
    private long rows;

    ParquetImport(Path source, Listener listener) {
        this.source = source;
        this.listener = listener;
        this.identity = FileIdentity.of(source);
    }

    @Override
    public String summary() {
        return rows + " rows: "
                + String.join(
                        ", ",
                        columns.stream()
                                .map(column -> Printable.line(column.name()) + " " + column.label())
                                .toList());
    }

    @Override
    public void writeTo(FileChannel out) throws IOException {
        try (HardwoodContext context = HardwoodContext.create();
                ParquetFileReader file = ParquetFileReader.open(InputFile.of(source), context)) {
            chooseColumns(file);
            while (!copy(file, out)) {
                out.position(0).truncate(0);
                columns.forEach(ParquetColumn::begin);
            }
        } catch (DatasetException e) {
            throw e;
        } catch (TargetException e) {
            throw e.failure;
        } catch (IOException | RuntimeException | InternalError | StackOverflowError e) {
            throw new DatasetException(source, "it is damaged, or of a kind that is not read: " + reasons(e));
        }
        Optional<String> change = identity.changeTo(FileIdentity.of(source));
        if (change.isPresent()) {
            throw new DatasetException(
                    source, change.get() + " while it was read; do it again when nothing writes to it");
        }
    }

    private static String reasons(Throwable failure) {
        String reason = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return failure.getCause() == null || reason.contains(failure.getCause().toString())
                ? reason
                : reason + ": " + reasons(failure.getCause());
    }

    /** The table cannot be written, which is no fault of the file that is read. */
    private static final class TargetException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient IOException failure;

        TargetException(IOException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    private void chooseColumns(ParquetFileReader file) {
        List<String> leftOut = new ArrayList<>();
        Set<CompressionCodec> codecs = EnumSet.noneOf(CompressionCodec.class);
        List<RowGroup> groups = file.getFileMetaData().rowGroups();
        List<ColumnSchema> all = file.getFileSchema().getColumns();
        for (SchemaNode field : file.getFileSchema().getRootNode().children()) {
            Optional<ParquetColumn> column = Optional.empty();
            if (field instanceof SchemaNode.PrimitiveNode leaf && leaf.maxRepetitionLevel() == 0) {
                List<ColumnMetaData> chunks = groups.stream()
                        .map(group -> group.columns().get(leaf.columnIndex()).metaData())
                        .toList();
                column = ParquetColumn.of(
                        all.get(leaf.columnIndex()), chunks.stream().allMatch(ParquetImport::hasDictionary));
                if (column.isPresent()) {
                    chunks.forEach(chunk -> codecs.add(chunk.codec()));
                }
            }
            column.ifPresentOrElse(columns::add, () -> leftOut.add(Printable.line(field.name())));
        }
        if (columns.isEmpty()) {
            throw new DatasetException(
                    source,
                    "it has no column that a table can have; these are nested: " + String.join(", ", leftOut)
                            + "; write what is in them as columns");
        }
        if (!leftOut.isEmpty()) {
            listener.tell(new Note(Printable.line(source.toString())
                    + ": left out, as nested columns are not imported: " + String.join(", ", leftOut)));
        }
        Codecs.load(source, codecs);
    }

    private static boolean hasDictionary(ColumnMetaData chunk) {
        return chunk.encodings().contains(Encoding.RLE_DICTIONARY)
                || chunk.encodings().contains(Encoding.PLAIN_DICTIONARY);
    }

    /** False if it has to be done again, as a dictionary has become too large. */
    private boolean copy(ParquetFileReader file, FileChannel out) {
        List<ColumnReader> readers = new ArrayList<>();
        try {
            for (ParquetColumn column : columns) {
                readers.add(file.buildColumnReader(column.index())
                        .batchSize(BATCH_ROWS)
                        .build());
            }
            return copy(readers, file.getFileMetaData().numRows(), out);
        } catch (IOException e) {
            throw new TargetException(e);
        } finally {
            readers.forEach(ColumnReader::close);
        }
    }

    private boolean copy(List<ColumnReader> readers, long expected, FileChannel out) throws IOException {
        List<ArrowOutput> outputs = columns.stream().map(ParquetColumn::output).toList();
        var writer = new ArrowWriter(out, outputs);
        for (int count = next(readers, writer.rows()); count > 0; count = next(readers, writer.rows())) {
            int part;
            for (int from = 0; from < count; from += part) {
                part = Math.min(writer.room(), count - from);
                for (int i = 0; i < columns.size(); i++) {
                    put(i, readers.get(i), from, from + part, writer.rows() - from);
                }
                writer.endRows(part);
            }
            listener.read((long) ((double) identity.size() * writer.rows() / Math.max(1, expected)), identity.size());
            if (hasTooManyTexts(writer.rows())) {
                return false;
            }
        }
        if (writer.rows() != expected) {
            throw new DatasetException(
                    source, Text.format("it is damaged: it has %d rows, and says %d", writer.rows(), expected));
        }
        writer.finish();
        rows = writer.rows();
        return true;
    }

    private void put(int column, ColumnReader reader, int from, int to, long first) {
        try {
            columns.get(column).put(reader, from, to);
        } catch (MisfitException e) {
            throw new DatasetException(
                    source,
                    Text.format(
                            "row %d, column %s: %s",
                            first + e.row + 1, columns.get(column).name(), e.getMessage()));
        }
    }

    /** How many rows all have next; 0 at the end. */
    private int next(List<ColumnReader> readers, long before) {
        int count = -1;
        for (int i = 0; i < readers.size(); i++) {
            int of = readers.get(i).nextBatch() ? readers.get(i).getRecordCount() : 0;
            if (count >= 0 && of != count) {
                throw new DatasetException(
                        source,
                        Text.format(
                                "it is damaged: behind row %d, column %s has %d rows, and %s has %d",
                                before,
                                columns.get(0).name(),
                                count,
                                columns.get(i).name(),
                                of));
            }
            count = of;
        }
        return count;
    }

    private boolean hasTooManyTexts(long soFar) {
        boolean isOver = false;
        for (ParquetColumn column : columns) {
            int texts = column.output().texts();
            if (texts > MOST_TEXTS || soFar <= BATCH_ROWS && 2L * texts > soFar) {
                column.giveUpDictionary();
                isOver = true;
            }
        }
        return isOver;
    }
}
