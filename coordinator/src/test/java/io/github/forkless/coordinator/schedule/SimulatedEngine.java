package io.github.forkless.coordinator.schedule;

import io.github.forkless.coordinator.engine.Engine;
import io.github.forkless.coordinator.engine.Worker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Starts simulated workers, and remembers them all. */
final class SimulatedEngine implements Engine {
    private static final int MOST_MEANWHILE = 6;

    private final EventLoop loop;
    private final Faults faults;
    private final Map<Long, SimulatedJob> jobs;
    final Map<Long, SimulatedWorker> workers = new HashMap<>();
    /** In the order of their pids, and perhaps some who have been reported since. */
    private final List<SimulatedWorker> notReported = new ArrayList<>();

    Scheduler scheduler;
    private boolean isClosed;

    SimulatedEngine(EventLoop loop, Faults faults, Map<Long, SimulatedJob> jobs) {
        this.loop = loop;
        this.faults = faults;
        this.jobs = jobs;
    }

    @Override
    public Worker start(int place) throws IOException {
        loop.require(!Thread.holdsLock(scheduler), "a worker is started under the lock");
        loop.require(!isClosed, "a worker is started after the engine was closed");
        for (int i = loop.random.nextInt(MOST_MEANWHILE); i > 0 && loop.step(); i--) {} // it takes long
        if (loop.chance(faults.noStart)) {
            faults.failedStarts++;
            if (loop.chance(0.3)) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            throw new IOException("error=11, Resource temporarily unavailable");
        }
        for (SimulatedWorker it : alive()) {
            loop.require(it.place() != place || !it.isOnDuty(), "place " + place + " is taken: " + it);
        }
        var worker = new SimulatedWorker(loop, faults, jobs, place, workers.size() + 1);
        workers.put(worker.pid(), worker);
        notReported.add(worker);
        return worker;
    }

    /** Those that have not ended as far as anybody was told. */
    List<SimulatedWorker> alive() {
        notReported.removeIf(SimulatedWorker::isReported);
        return List.copyOf(notReported);
    }

    @Override
    public void close() {
        loop.require(alive().isEmpty(), "the engine is closed while there are workers: " + alive());
        isClosed = true;
    }
}
