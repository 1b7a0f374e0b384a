package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.UnknownTypeException;
import io.github.forkless.coordinator.generate.DatasetGenerator;
import io.github.forkless.coordinator.generate.Distribution;
import io.github.forkless.coordinator.generate.GenerateSpec;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a dataset is generated from; for {@code generate}, and for a run with {@code --generate}. */
final class GenerateOptions {
    @Option(
            names = "--dist",
            paramLabel = "D",
            defaultValue = "uniform",
            description = "when generating: uniform, normal, sequence or constant (default: ${DEFAULT-VALUE})")
    private Distribution distribution;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "when generating: the same seed gives the same bytes (default: ${DEFAULT-VALUE})")
    private long seed;

    void generate(Path path, long count, Optional<ElementType> given, boolean force) throws InterruptedException {
        ElementType type =
                given.or(() -> DatasetFile.typeByName(path)).orElseThrow(() -> UnknownTypeException.ofName(path));
        DatasetGenerator.generate(
                path,
                new GenerateSpec(count, type, distribution, seed),
                force,
                Runtime.getRuntime().availableProcessors());
    }
}
