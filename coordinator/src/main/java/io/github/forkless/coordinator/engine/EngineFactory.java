package io.github.forkless.coordinator.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** An engine that is not part of the coordinator: a cluster's. Pools are given one with {@code PoolOptions.withEngine}. */
public interface EngineFactory {

    /** What reports and messages call it: {@code spark}. */
    String label();

    /**
     * Says how many workers a pool will have. Waits until that is known, which may mean to connect to what carries them out.
     *
     * @param wanted how many the user has asked for; empty for as many as there is room for
     * @throws IOException when there is nothing that can carry out tasks; the message says what to do
     */
    int workers(OptionalInt wanted) throws IOException;

    /** @throws IOException as {@link #workers} does */
    Engine open(Request request) throws IOException;

    /**
     * What a pool asks for.
     *
     * @param workers as many as {@link #workers} has said, or fewer
     * @param classPath where workers look for classes after this program's own class path
     * @param workerMemory how large the heap of a worker that is a process of its own may grow, in bytes
     * @param jvmOptions of workers that are processes of their own
     * @param warnings takes what is worth a line to the user
     */
    record Request(
            int workers,
            List<Path> classPath,
            OptionalLong workerMemory,
            List<String> jvmOptions,
            Consumer<String> warnings) {}
}
