package io.github.forkless.importer;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** Makes a table of one file, whose format it knows. */
interface Importer {

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
