package io.github.forkless.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.forkless.common.dataset.arrow.ArrowFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that other programs have written: the stream in each has the same values as the file, which another test compares with
 * what is right. Skipped where there are none; {@code -Dforkless.corpus} says where they are.
 */
class ArrowCorpusTest {
    private static final Path CORPUS =
            Path.of(System.getProperty("forkless.corpus", "../../shared/data")).resolve("arrow");
    private static final int HEAD_BYTES = 8;
    private static final int TAIL_BYTES = 10;

    @TempDir
    private Path folder;

    @Test
    void theStreamInEveryFileIsImported() throws Exception {
        assumeThat(CORPUS)
                .as("the folder of Arrow files by other programs; -Dforkless.corpus says where its parent is")
                .isDirectory();
        int streams = 0;
        try (Stream<Path> files = Files.list(CORPUS)) {
            for (Path path : files.filter(it -> it.toString().endsWith(".arrow_file"))
                    .sorted()
                    .toList()) {
                MemorySegment bytes = MemorySegment.ofArray(Files.readAllBytes(path));
                ArrowFile file = ArrowFile.read(bytes);
                if (file.obstacle().isEmpty()) {
                    Path stream = Files.write(folder.resolve("it.arrows"), stream(bytes));
                    ArrowFile table =
                            Tables.imported(Importer.of(stream, List.of(), Listener.NONE), folder.resolve("it.arrow"));

                    assertThat(table.columns()).as("%s", path).isEqualTo(file.columns());
                    assertThat(Tables.rows(table)).as("%s", path).isEqualTo(Tables.rows(file));
                    streams++;
                }
            }
        }
        assertThat(streams).isPositive();
    }

    /** What is between its head and its footer. */
    private static byte[] stream(MemorySegment file) {
        long end = file.byteSize() - TAIL_BYTES;
        int footer = file.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), end);
        return file.asSlice(HEAD_BYTES, end - footer - HEAD_BYTES).toArray(ValueLayout.JAVA_BYTE);
    }
}
