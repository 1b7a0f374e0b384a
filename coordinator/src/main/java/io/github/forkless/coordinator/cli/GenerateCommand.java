package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.cli.Arguments.Argument;
import io.github.forkless.coordinator.generate.Existing;
import java.nio.file.Path;

/** {@code coordinator generate --count N DATA}. */
final class GenerateCommand implements Command {
    private final Arguments arguments = new Arguments(
                    "generate", "Writes a dataset of random or regular numbers, or of records.")
            .answeredByResident();
    private final Argument<Path> data = arguments.parameter(
            "DATA",
            true,
            Parsers::file,
            "the file to write; a name that ends in .records is for events of an order book");
    private final Argument<Long> count = arguments.requiredOption(
            "--count", "N[K|M|G]", Parsers::count, "how many elements; K, M and G are powers of 1024");
    private final Argument<ElementType> type = arguments.option(
            "--type",
            "T",
            Parsers::elementType,
            "element type: int8 to int64, uint8 to uint64, float16 to float64 (default: from DATA's extension)");
    private final GenerateOptions generate = new GenerateOptions(arguments);
    private final Argument<Boolean> force = arguments.flag("--force", "replace DATA if it exists");

    @Override
    public Arguments arguments() {
        return arguments;
    }

    @Override
    public int run() throws InterruptedException {
        generate.generate(
                data.get(), count.get(), type.value(), force.or(false) ? Existing.REPLACED : Existing.REFUSED);
        return ExitCode.OK;
    }
}
