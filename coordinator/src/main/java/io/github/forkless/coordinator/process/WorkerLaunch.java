package io.github.forkless.coordinator.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a worker's process is started.
 *
 * @param command the program and its arguments
 * @param environment in what its variables differ from this process's
 * @param folder its working directory; empty for that of this process
 */
record WorkerLaunch(List<String> command, WorkerEnvironment environment, Optional<Path> folder) {
    /** As this process would be. */
    WorkerLaunch(List<String> command) {
        this(command, WorkerEnvironment.INHERITED, Optional.empty());
    }

    WorkerLaunch withCommand(List<String> other) {
        return new WorkerLaunch(other, environment, folder);
    }

    /** Whether a process that was started with {@code other}, in this process's environment and folder, is as good. */
    boolean isLike(List<String> other) {
        return command.equals(other) && environment.isInherited() && folder.isEmpty();
    }

    Process start() throws IOException {
        var builder = new ProcessBuilder(command);
        if (!environment.isInherited()) {
            environment.applyTo(builder.environment());
        }
        folder.map(Path::toFile).map(File::getAbsoluteFile).ifPresent(builder::directory);
        return builder.start();
    }
}
