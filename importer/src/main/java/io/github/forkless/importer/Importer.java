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

    /**
     * The one for a file, by what that begins with.
     *
     * @param options what was typed of it
     * @throws DatasetException if it cannot be read, or is none
     * @throws ImportRequestException if an option is not for such a file
     */
    static Importer of(Path source, List<String> options, Listener listener) {
        if (!startsWith(PARQUET, source)) {
            return new CsvImport(source, CsvOptions.parse(options), listener);
        }
        if (!options.isEmpty()) {
            throw new ImportRequestException(options.getFirst() + " is for CSV files, and " + source
                    + " is a Parquet file, which says what it has");
        }
        return new ParquetImport(source, listener);
    }

    private static boolean startsWith(byte[] magic, Path source) {
        if (!Files.isRegularFile(source)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(source)) {
            return Arrays.equals(in.readNBytes(magic.length), magic);
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
