package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.cli.Arguments.Argument;
import io.github.forkless.coordinator.process.WorkerTraining;
import java.io.IOException;
import java.nio.file.Path;

/** {@code coordinator train FILE}: for the launcher, after a build; not for users. */
final class TrainCommand implements Command {
    private final Arguments arguments = new Arguments("train", "Makes the AOT cache that workers start from.");
    private final Argument<Path> cache = arguments.parameter("FILE", true, Parsers::file, "the cache to write");

    @Override
    public Arguments arguments() {
        return arguments;
    }

    @Override
    public int run() throws IOException, InterruptedException {
        WorkerTraining.run(cache.get());
        return ExitCode.OK;
    }
}
