package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.UnknownTypeException;
import io.github.forkless.coordinator.cli.Arguments.Argument;
import io.github.forkless.coordinator.generate.DatasetGenerator;
import io.github.forkless.coordinator.generate.Distribution;
import io.github.forkless.coordinator.generate.Existing;
import io.github.forkless.coordinator.generate.GenerateSpec;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** What a dataset is generated from; for {@code generate}, and for a run with {@code --generate}. */
final class GenerateOptions {
    private final Argument<Distribution> distribution;
    private final Argument<Long> seed;

    /** Adds them to what a command takes. */
    GenerateOptions(Arguments arguments) {
        distribution = arguments.optionOr(
                "uniform",
                "--dist",
                "D",
                Parsers::distribution,
                "when generating: uniform, normal, sequence or constant (default: ${DEFAULT-VALUE})");
        seed = arguments.optionOr(
                "1",
                "--seed",
                "S",
                Parsers::longNumber,
                "when generating: the same seed gives the same bytes (default: ${DEFAULT-VALUE})");
    }

    /**
     * @return whether it was written
     * @throws InvalidRequestException when there is no such dataset, or {@code path} is the name of another kind
     */
    boolean generate(Path path, long count, Optional<ElementType> given, Existing existing)
            throws InterruptedException {
        String name = path.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".npy")) {
            throw new InvalidRequestException(
                    path + ": raw numbers only are generated, and .npy is not raw; give it another extension");
        }
        if (given.isPresent() && given.get() == ElementType.RECORDS) {
            throw new InvalidRequestException("records of one length are not generated: give a numeric type, or no"
                    + " type and a name that ends in .records");
        }
        ElementType type = given.or(() ->
                        name.endsWith(".records") ? Optional.of(ElementType.RECORDS) : DatasetFile.typeByName(path))
                .orElseThrow(() -> UnknownTypeException.ofName(path));
        return DatasetGenerator.generate(
                path, spec(count, type), existing, Runtime.getRuntime().availableProcessors());
    }

    private GenerateSpec spec(long count, ElementType type) {
        try {
            return new GenerateSpec(count, type, distribution.get(), seed.get());
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(e.getMessage());
        }
    }
}
