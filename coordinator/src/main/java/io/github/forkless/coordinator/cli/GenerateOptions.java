package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.UnknownTypeException;
import io.github.forkless.coordinator.InvalidRequestException;
import io.github.forkless.coordinator.generate.DatasetGenerator;
import io.github.forkless.coordinator.generate.Distribution;
import io.github.forkless.coordinator.generate.GenerateSpec;
import java.nio.file.Path;
import java.util.Locale;
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

    /** @throws InvalidRequestException when there is no such dataset, or {@code path} is the name of another kind */
    void generate(Path path, long count, Optional<ElementType> given, boolean force) throws InterruptedException {
        if (path.toString().toLowerCase(Locale.ROOT).endsWith(".npy")) {
            throw new InvalidRequestException(
                    path + ": raw numbers only are generated, and .npy is not raw; give it another extension");
        }
        ElementType type =
                given.or(() -> DatasetFile.typeByName(path)).orElseThrow(() -> UnknownTypeException.ofName(path));
        DatasetGenerator.generate(
                path, spec(count, type), force, Runtime.getRuntime().availableProcessors());
    }

    private GenerateSpec spec(long count, ElementType type) {
        try {
            return new GenerateSpec(count, type, distribution, seed);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(e.getMessage());
        }
    }
}
