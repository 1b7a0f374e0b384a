package io.github.forkless.importer;

import io.github.forkless.common.dataset.DatasetException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Makes a table of one file, whose format it knows. */
interface Importer {
    byte[] PARQUET = {'P', 'A', 'R', '1'};
    int HEAD_BYTES = 16;

    /**
     * The one for a file, by what that begins with.
     *
     * @param options what was typed of it
     * @throws DatasetException if it cannot be read, or is none
     * @throws ImportRequestException if an option is not for such a file
     */
    static Importer of(Path source, List<String> options, Listener listener) {
        byte[] head = head(source);
        boolean isParquet = Arrays.equals(head, 0, 4, PARQUET, 0, 4);
        if (!isParquet && !ArrowImport.begins(head)) {
            return new CsvImport(source, CsvOptions.parse(options), listener);
        }
        if (!options.isEmpty()) {
            throw new ImportRequestException(options.getFirst() + " is for CSV files, and " + source + " is "
                    + (isParquet ? "a Parquet" : "an Arrow") + " file, which says what it has");
        }
        return isParquet ? new ParquetImport(source, listener) : new ArrowImport(source, listener);
    }

    /** The first bytes; zeros if there are fewer. */
    private static byte[] head(Path source) {
        if (!Files.isRegularFile(source)) {
            return new byte[HEAD_BYTES];
        }
        try (InputStream in = Files.newInputStream(source)) {
            return Arrays.copyOf(in.readNBytes(HEAD_BYTES), HEAD_BYTES);
        } catch (IOException e) {
            throw DatasetException.unreadable(source, e);
        }
    }

    /**
     * Writes the table.
     *
     * @param out empty
     * @throws IOException if it cannot be written; what is amiss with the file that is read is another exception
     */
    void writeTo(FileChannel out) throws IOException;

    /** What the table has, in one line: rows, columns and their types. */
    String summary();
}
