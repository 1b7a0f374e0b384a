package io.github.forkless.coordinator.process;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.coordinator.engine.Engine;
import io.github.forkless.coordinator.engine.Worker;
import io.github.forkless.coordinator.placement.WorkerPlaces;
import io.github.forkless.worker.WorkerMain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Workers that are child JVMs of this one. */
public class ProcessEngine implements Engine {
    private final WorkerLaunch launch;
    private final WorkerPlaces places;
    private final Consumer<String> sink;
    private final PrivateFolder folder;
    private final ProcessSweeper sweeper;

    /**
     * @param places where they are kept, and what they map
     * @param sink takes what they print, line by line; called by many threads
     * @throws IOException when there is no folder for what they leave behind
     */
    public ProcessEngine(WorkerSettings settings, WorkerPlaces places, Consumer<String> sink) throws IOException {
        this(EarlyWorkers.folder(), settings, places, sink);
    }

    private ProcessEngine(PrivateFolder folder, WorkerSettings settings, WorkerPlaces places, Consumer<String> sink)
            throws IOException {
        this(folder, launch(settings, folder), places, sink);
    }

    /** One of several that share a folder and a sweeper, and do not close them. */
    ProcessEngine(
            PrivateFolder folder,
            ProcessSweeper sweeper,
            WorkerLaunch launch,
            WorkerPlaces places,
            Consumer<String> sink) {
        this.folder = folder;
        this.sweeper = sweeper;
        this.launch = launch;
        this.places = places;
        this.sink = sink;
    }

    /** The folder has no owner yet who would remove it. */
    private static WorkerLaunch launch(WorkerSettings settings, PrivateFolder folder) throws IOException {
        if (settings.sharedFolder().isPresent()) { // no lambda, as that would be one more class at every start
            folder.putContentsIn(settings.sharedFolder().get());
        }
        try {
            return new WorkerLaunch(
                    WorkerCommand.of(settings, folder), settings.environment(), settings.workingFolder());
        } catch (IOException | RuntimeException e) {
            folder.remove();
            throw e;
        }
    }

    /** With a command of its own, for tests. */
    ProcessEngine(PrivateFolder folder, WorkerLaunch launch, WorkerPlaces places, Consumer<String> sink) {
        this(folder, new ProcessSweeper(folder), launch, places, sink);
    }

    @Override
    public Worker start(int place) throws IOException {
        return start(place, launch(place), sink);
    }

    final WorkerProcess start(int place, WorkerLaunch launch, Consumer<String> sink) throws IOException {
        Process process = EarlyWorkers.process(launch);
        sweeper.watch(process.pid());
        var worker = new WorkerProcess(place, process, folder, sweeper, sink);
        worker.start();
        return worker;
    }

    /** How the worker of a place is started. */
    final WorkerLaunch launch(int place) {
        List<String> prefix = places.prefix(place);
        if (prefix.isEmpty()) {
            return launch;
        }
        List<String> pinned = new ArrayList<>(launch.command());
        // Behind the shell that moves the streams: what it starts next is what is kept somewhere.
        pinned.addAll(WorkerMain.shellPrefix(folder.nonce(), 0).size(), prefix);
        return launch.withCommand(pinned);
    }

    @Override
    public int node(int place) {
        return places.node(place);
    }

    @Override
    public Dataset dataFor(int place, Dataset dataset) {
        return places.dataFor(place, dataset);
    }

    @Override
    public String named(String message) {
        return places.named(message);
    }

    @Override
    public void removeIfKilled(Path file) {
        folder.removeWithIt(file);
    }

    @Override
    public void forget(Path file) {
        folder.forget(file);
    }

    /** Another process, which may outlive this one, ends what jobs have started; it is not waited for. */
    @Override
    public void close() {
        if (sweeper.close()) {
            folder.remove();
        }
    }
}
