package io.github.forkless.coordinator.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a worker ended.
 *
 * @param exitValue as {@link Process#exitValue()} has it; empty for what is no process
 * @param cause in a few words: {@code killed by SIGKILL from outside}
 * @param lastWords the last lines that it printed
 * @param crashLog what its JVM wrote when it crashed
 * @param nanos when it ended, see {@link System#nanoTime}
 * @param progress how far it had come
 */
public record WorkerEnd(
        OptionalInt exitValue,
        String cause,
        List<String> lastWords,
        Optional<Path> crashLog,
        long nanos,
        WorkerProgress progress) {}
