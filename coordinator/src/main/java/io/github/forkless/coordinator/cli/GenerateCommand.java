package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.ElementType;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator generate --count N DATA}. */
@Command(
        name = "generate",
        description = "Writes a dataset of random or regular numbers.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class GenerateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DATA", description = "the file to write")
    private Path data;

    @Option(
            names = "--count",
            required = true,
            paramLabel = "N[K|M|G]",
            converter = Converters.Count.class,
            description = "how many elements; K, M and G are powers of 1024")
    private long count;

    @Option(
            names = "--type",
            paramLabel = "T",
            converter = Converters.Type.class,
            description = "element type: int8 uint8 int16 int32 int64 float32 float64 (default: from DATA's extension)")
    private ElementType type;

    @Mixin
    private GenerateOptions generate;

    @Option(names = "--force", description = "replace DATA if it exists")
    private boolean force;

    @Override
    public Integer call() throws InterruptedException {
        generate.generate(data, count, Optional.ofNullable(type), force);
        return ExitCode.OK;
    }
}
