package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.WorkerTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coordinator train FILE}: for the launcher, after a build; nobody types this. */
@Command(name = "train", hidden = true, description = "Makes the AOT cache that workers start from.")
final class TrainCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "the cache to write")
    private Path cache;

    @Override
    public Integer call() throws IOException, InterruptedException {
        WorkerTraining.run(cache);
        return ExitCode.OK;
    }
}
