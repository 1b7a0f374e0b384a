package io.github.forkless.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.forkless.common.dataset.DatasetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that other programs have written, some malformed: all are imported, or refused by name. Skipped where there are none; {@code
 * -Dforkless.corpus} says where they are.
 */
class ParquetCorpusTest {
    private static final Path CORPUS =
            Path.of(System.getProperty("forkless.corpus", "../../shared/data")).resolve("parquet");

    /** Has its reader loop for ever: the command ends the importer's process. */
    private static final String ENDLESS = "nation.dict-malformed.parquet";

    @TempDir
    private Path folder;

    @Test
    void everyFileIsImportedOrRefusedByName() throws Exception {
        assumeThat(CORPUS)
                .as("the folder of Parquet files by other programs; -Dforkless.corpus says where its parent is")
                .isDirectory();
        Map<String, String> refused = new LinkedHashMap<>();
        long rows = 0;
        try (Stream<Path> files = Files.list(CORPUS)) {
            for (Path file : files.filter(it -> it.toString().endsWith(".parquet"))
                    .filter(it -> !it.toString().endsWith(ENDLESS))
                    .sorted()
                    .toList()) {
                try {
                    rows += Tables.rows(Tables.imported(
                                    Importer.of(file, List.of(), Listener.NONE), folder.resolve("it.arrow")))
                            .size();
                } catch (DatasetException e) {
                    refused.put(file.getFileName().toString(), e.getMessage());
                }
            }
        }

        refused.forEach((file, why) -> assertThat(why)
                .as(file)
                .matches(
                        file.startsWith("bad_data") || file.contains("corrupt")
                                ? ".*: it is damaged, or of a kind that is not read: .*"
                                : ".*: it has no column that a table can have; these are nested: .*"));
        assertThat(refused).hasSizeLessThan(12);
        assertThat(rows).isPositive();
    }
}
