package io.github.forkless.coordinator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.wire.Message;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.run.RunContext;
import io.github.forkless.coordinator.run.RunSettings;
import io.github.forkless.coordinator.schedule.SimulatedJob.Harm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;

/**
 * A pool whose workers, time and users are simulated, from its opening to its end. What happens, and in which order, is
 * decided by a seed alone. The scheduler and the runs are the real ones.
 */
final class Simulation {
    /** So many elements make a block, which is not halved. */
    private static final int BLOCK = 32_768;

    private static final int MOST_RUNS = 6;

    private final EventLoop loop;
    private final Faults faults;
    private final SimulatedEngine engine;
    private final Scheduler scheduler;
    private final int procs;
    private final Path file;
    private final FileIdentity identity;
    private final Map<Long, SimulatedJob> jobs = new HashMap<>();
    private final List<SimulatedRun> runs = new ArrayList<>();
    /** Datasets that somebody has opened, by number, and not closed. */
    private final List<OpenDataset> opened = new ArrayList<>();

    private long planned;
    private boolean isClosing;
    private boolean isClosed;

    private record OpenDataset(int number, DatasetFile file) {}

    /** @param file any file, which is looked at and never read */
    Simulation(long seed, Path file, FileIdentity identity) {
        this.file = file;
        this.identity = identity;
        loop = new EventLoop(new Random(seed * 0x9e3779b97f4a7c15L));
        faults = new Faults(loop);
        engine = new SimulatedEngine(loop, faults, jobs);
        procs = 1 + loop.random.nextInt(5);
        var settings = new Scheduler.Settings(
                procs,
                loop.chance(0.3) ? OptionalInt.of(1 + loop.random.nextInt(6)) : OptionalInt.empty(),
                loop.chance(0.2) ? Duration.ZERO : Duration.ofMillis(1 + loop.random.nextInt(2000)),
                1 + loop.random.nextInt(4));
        scheduler = new Scheduler(engine, settings, Recording.NONE, new SimulatedClock(loop, faults), _ -> {});
        engine.scheduler = scheduler;
    }

    /** Plays it to its end, and looks whether all is well that has to be. */
    int play() {
        if (loop.chance(0.7)) {
            openDataset(true);
        }
        planUsers();
        try {
            scheduler.start();
        } catch (RunFailedException noWorker) {
            loop.requireNoViolation();
            assertThat(faults.failedStarts).isGreaterThanOrEqualTo(3);
            close();
        }
        while (!(planned == 0 && runs.stream().allMatch(SimulatedRun::isOver))) {
            if (!loop.step()) {
                throw new AssertionError("nothing happens any more, but there are unfinished runs");
            }
        }
        if (!isClosing) {
            close();
        }
        while (!isClosed && loop.step()) {}
        assertThat(isClosed).as("the pool closes").isTrue();
        while (loop.step()) {}
        assertThat(engine.alive()).as("alive after the end").isEmpty();
        runs.forEach(run -> run.verify(engine));
        return loop.count();
    }

    private List<SimulatedRun> waiting() {
        return runs.stream().filter(run -> !run.isOver()).toList();
    }

    /** What is there, for whoever looks for a fault. */
    @Override
    public String toString() {
        return procs + " places, workers " + engine.alive() + ", unfinished runs " + waiting();
    }

    // ---- what users do

    private void planUsers() {
        Duration soon = Duration.ofMillis(loop.chance(0.3) ? 2_000 : 40);
        for (int i = 1 + loop.random.nextInt(MOST_RUNS); i > 0; i--) {
            plan(soon, this::submit);
        }
        for (int i = loop.random.nextInt(3); i > 0; i--) {
            plan(soon, () -> openDataset(false));
            plan(soon, this::closeDataset);
        }
        if (loop.chance(0.4)) {
            for (int i = 1 + loop.random.nextInt(3); i > 0; i--) {
                plan(soon, this::killSome);
            }
        }
        if (loop.chance(0.1)) {
            plan(soon, () -> loop.sleep(Duration.ofMinutes(1 + loop.random.nextInt(20))));
        }
        if (loop.chance(0.2)) {
            plan(soon, this::close);
        }
    }

    private void plan(Duration within, Runnable action) {
        planned++;
        loop.after(loop.delay(within), () -> {
            planned--;
            action.run();
        });
    }

    private void openDataset(boolean isAhead) {
        var dataset = new DatasetFile(file, Layout.of(ElementType.INT32, 0, elements()), identity);
        opened.add(new OpenDataset(scheduler.openDataset(dataset, isAhead), dataset));
    }

    private long elements() {
        int blocks = loop.random.nextInt(12);
        return blocks * (long) BLOCK + (loop.chance(0.5) ? 0 : loop.random.nextInt(BLOCK));
    }

    private void closeDataset() {
        if (!opened.isEmpty()) {
            scheduler.closeDataset(
                    opened.remove(loop.random.nextInt(opened.size())).number());
        }
    }

    /** Together, as when memory runs out. */
    private void killSome() {
        for (SimulatedWorker worker : engine.alive()) {
            if (loop.chance(0.6)) {
                worker.kill("killed from outside");
            }
        }
    }

    private void close() {
        if (isClosing) {
            return;
        }
        isClosing = true;
        loop.begin(() -> {
            scheduler.close();
            Thread.interrupted();
            assertThat(engine.alive()).as("alive after close()").isEmpty();
            assertThat(waiting()).as("not told of close()").isEmpty();
            isClosed = true;
        });
    }

    private void submit() {
        long number = runs.size() + 1;
        Optional<OpenDataset> dataset = opened.isEmpty() || loop.chance(0.1)
                ? Optional.empty()
                : Optional.of(opened.get(loop.random.nextInt(opened.size())));
        Optional<Duration> timeout =
                loop.chance(0.3) ? Optional.of(Duration.ofMillis(200 + loop.random.nextInt(3_000))) : Optional.empty();
        var settings = new RunSettings(
                procs,
                loop.random.nextInt(4),
                loop.chance(0.3),
                timeout,
                loop.chance(0.6) ? 1 : 0.2 + loop.random.nextDouble() * 4,
                loop.chance(0.8));
        var context = new RunContext(
                number,
                "job " + number,
                dataset.map(OpenDataset::number).orElse(Message.NO_DATASET),
                dataset.map(OpenDataset::file),
                settings,
                Recording.NONE,
                Optional.empty());
        boolean isFunction = dataset.isEmpty() || loop.chance(0.4);
        int items = 1 + loop.random.nextInt(loop.chance(0.1) ? 300 : 8);
        SimulatedJob job =
                job(isFunction, items, dataset.map(it -> it.file().count()).orElse(0L), timeout);
        jobs.put(number, job);
        SimulatedRun run = isFunction
                ? new SimulatedMapRun(loop, scheduler, context, job, items * (loop.chance(0.1) ? 20 : 1))
                : new SimulatedJobRun(loop, context, job);
        runs.add(run);
        run.mayBeClosed = () -> isClosing;
        run.mayLackWorkers = () -> faults.failedStarts > 0;
        run.mayLackThreads = () -> faults.missingThreads > 0;
        run.slots = procs;
        scheduler.submit(run.run());
        if (loop.chance(0.15)) {
            plan(Duration.ofMillis(100), run::cancel);
        }
    }

    private SimulatedJob job(boolean isFunction, int items, long elements, Optional<Duration> timeout) {
        Harm harm = loop.chance(0.6) ? Harm.NONE : Harm.values()[loop.random.nextInt(Harm.values().length)];
        if (harm == Harm.STALLS && timeout.isEmpty()) {
            harm = Harm.DIES;
        }
        Set<Integer> harmful = new HashSet<>();
        for (int i = loop.chance(0.7) ? 1 : 3; i > 0; i--) {
            harmful.add(loop.random.nextInt(items));
        }
        boolean isData = !isFunction && elements > 0 && loop.chance(0.4);
        return new SimulatedJob(
                isFunction ? 0 : items,
                loop.chance(0.3),
                harm,
                isData ? Set.of() : harmful,
                isData ? loop.random.nextLong(elements) : -1,
                !isFunction && !isData && loop.chance(0.3),
                loop.chance(0.7),
                1 + loop.delay(Duration.ofMillis(loop.chance(0.8) ? 1 : 30)),
                timeout);
    }
}
