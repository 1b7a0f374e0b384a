package io.github.forkless.coordinator.process;

import io.github.forkless.coordinator.files.ShutdownHook;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Worker processes that are started before it is known what for. Digesting the command line takes this JVM longer than
 * a worker takes to start, so the command line has the workers start first. Safe for use by several threads.
 */
public final class EarlyWorkers {
    private static final Queue<CompletableFuture<Process>> STARTING = new ArrayDeque<>();
    /** A field, so that it is in the AOT cache though the run that made that needed all its workers. */
    private static final Consumer<Process> END = Process::destroyForcibly;

    private static List<String> startedCommand = List.of();
    /** Theirs, until a pool takes it over. */
    private static PrivateFolder folder;

    private static boolean isHooked;

    /**
     * Starts workers in the background, for the next pool of this JVM whose options suit them; no more than there are
     * processors.
     *
     * @param procs of that pool; none are started for 0
     */
    public static synchronized void start(int procs) {
        if (!NestedPools.areAllowed()) {
            return; // the pool will say so
        }
        // The hook comes before the folder, so that there is no moment at which the folder would stay.
        if (!isHooked) {
            Runtime.getRuntime().addShutdownHook(ShutdownHook.of("early-workers-end", EarlyWorkers::endRest));
            isHooked = true;
        }
        PrivateFolder theirs;
        try {
            theirs = PrivateFolder.create();
        } catch (IOException e) {
            return; // the pool will say so
        }
        folder = theirs;
        List<CompletableFuture<Process>> starting = Stream.generate(CompletableFuture<Process>::new)
                .limit(Math.min(procs, Runtime.getRuntime().availableProcessors()))
                .toList();
        STARTING.addAll(starting);
        Thread.ofPlatform().daemon().name("early-workers").start(() -> startAll(procs, theirs, starting));
    }

    private static void startAll(int procs, PrivateFolder folder, List<CompletableFuture<Process>> starting) {
        if (starting.isEmpty()) {
            return;
        }
        try {
            List<String> command = WorkerCommand.of(WorkerSettings.defaults(procs), folder);
            synchronized (EarlyWorkers.class) {
                startedCommand = command;
            }
            for (CompletableFuture<Process> process : starting) {
                process.complete(new ProcessBuilder(command).start());
            }
            folder.claim();
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            starting.forEach(process -> process.completeExceptionally(e)); // no one must wait for what will not come
        }
    }

    /** The folder of the next pool: that of the workers that were started early, or a new one. */
    static synchronized PrivateFolder folder() throws IOException {
        PrivateFolder theirs = folder;
        folder = null;
        return theirs != null ? theirs : PrivateFolder.create();
    }

    /** A process that is started so: one that was started early, or a new one. */
    static Process process(WorkerLaunch launch) throws IOException {
        CompletableFuture<Process> early;
        synchronized (EarlyWorkers.class) {
            early = STARTING.poll();
        }
        if (early == null) {
            return launch.start();
        }
        try {
            Process process = early.join();
            if (isStartedLike(launch) && process.isAlive()) {
                return process;
            }
            process.destroyForcibly();
        } catch (CompletionException e) {
            // Tried again below, where its failure has somebody to tell.
        }
        return launch.start();
    }

    private static synchronized boolean isStartedLike(WorkerLaunch launch) {
        return launch.isLike(startedCommand);
    }

    /** Ends those that were not needed. */
    public static synchronized void endRest() {
        for (CompletableFuture<Process> process : STARTING) {
            process.thenAccept(END);
        }
        STARTING.clear();
        if (folder != null) {
            folder.remove();
            folder = null;
        }
    }

    private EarlyWorkers() {}
}
