package io.github.forkless.coordinator.threads;

import io.github.forkless.coordinator.engine.Engine;
import io.github.forkless.coordinator.engine.Worker;
import io.github.forkless.coordinator.machine.ProgramClassPath;
import io.github.forkless.worker.SharedMappings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** Workers that are threads of this JVM. They share the mapping of a dataset, and the classes of jobs. */
public final class ThreadEngine implements Engine {
    private final SharedMappings mappings = new SharedMappings();
    private final URLClassLoader loader;
    /** Gives up workers that do not end; never under a lock of the scheduler's. */
    private final ScheduledThreadPoolExecutor givingUp;

    /** @param classPath where workers look for classes after those of this program */
    public ThreadEngine(List<Path> classPath) {
        ClassLoader program = Thread.currentThread().getContextClassLoader();
        this.loader = new URLClassLoader(
                ProgramClassPath.urls(classPath), program != null ? program : ClassLoader.getSystemClassLoader());
        this.givingUp = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("forkless-giving-up").factory());
        givingUp.prestartCoreThread(); // when it is needed, there may be no memory for one
    }

    @Override
    public Worker start(int place) {
        return ThreadWorker.start(place, mappings, loader, givingUp);
    }

    @Override
    public void close() {
        givingUp.shutdown();
        mappings.close();
        try {
            loader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
