package io.github.forkless.coordinator.info;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.coordinator.process.ImportProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The files of {@link ArrowCorpusTest} that have to be imported. */
@Execution(ExecutionMode.SAME_THREAD)
class ArrowCorpusIT {
    @TempDir
    private Path folder;

    @Test
    void compressedFilesAreReadRightWhenTheyAreImported() throws Exception {
        assumeThat(ArrowCorpusTest.CORPUS)
                .as("the folder of Arrow files by other programs; -Dforkless.corpus says where its parent is")
                .isDirectory();
        try (Stream<Path> paths = Files.list(ArrowCorpusTest.CORPUS)) {
            for (Path file : paths.filter(path -> path.toString().matches(".*compression.*arrow_file"))
                    .sorted()
                    .toList()) {
                Path table = Files.createFile(folder.resolve(file.getFileName() + ".arrow"));
                new ImportProcess(file, List.of(), 256 << 20, Duration.ofMinutes(2), System.err::println)
                        .writeTo(table);

                DatasetFile imported = DatasetFile.open(table, Optional.empty());
                assertThat(ArrowCorpusTest.compare(imported, ArrowCorpusTest.json(file)))
                        .isPositive();
            }
        }
    }
}
