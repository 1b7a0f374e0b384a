package io.github.forkless.coordinator.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.wire.Message;
import io.github.forkless.coordinator.TestData;
import io.github.forkless.coordinator.code.Serialization;
import io.github.forkless.coordinator.engine.Worker;
import io.github.forkless.coordinator.placement.WorkerPlaces;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.run.MapPump;
import io.github.forkless.coordinator.run.MapRun;
import io.github.forkless.coordinator.run.RunContext;
import io.github.forkless.coordinator.run.RunSettings;
import io.github.forkless.coordinator.schedule.Scheduler;
import io.github.forkless.coordinator.schedule.SystemClock;
import io.github.forkless.testing.LongTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The kernel gives a user who has many pipes only small ones. */
@Execution(ExecutionMode.SAME_THREAD)
class SmallPipesIT {
    /** Makes the pipes of what it then becomes as small as they get; 1031 is F_SETPIPE_SZ. */
    private static final String SHRINK = """
        import fcntl, os, sys
        for pipe in 0, 1:
            assert fcntl.fcntl(pipe, 1031, 4096) == 4096
        os.execvp(sys.argv[1], sys.argv[1:])
        """;

    private static final int PROCS = 2;

    /** With a thread that reads answers waiting for a pipe to take what it sends, both sides would wait for each other. */
    @LongTest
    @Test
    void parametersAndResultsOfAnySizePassThroughPipesOfOnePage() throws Exception {
        var random = new Random(11);
        List<byte[]> parameters = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            int most = i % 1000 == 500 ? 1 << 20 : i % 10 == 5 ? 20_000 : 1_500;
            byte[] parameter = new byte[random.nextInt(most)];
            random.nextBytes(parameter);
            parameters.add(parameter);
        }
        PrivateFolder folder = PrivateFolder.create();
        List<String> command = new ArrayList<>(List.of("python3", "-c", SHRINK));
        command.addAll(WorkerCommand.of(WorkerSettings.defaults(PROCS), folder));
        var scheduler = new Scheduler(
                new ProcessEngine(folder, new WorkerLaunch(command), WorkerPlaces.NONE, _ -> {}),
                new Scheduler.Settings(PROCS, OptionalInt.empty(), Duration.ofSeconds(2), PROCS),
                Recording.NONE,
                new SystemClock(),
                _ -> {});
        DataFunction<byte[], byte[]> echo = (_, parameter) -> parameter;
        try {
            scheduler.start();
            var pump = new MapPump(
                    parameters,
                    List.of(new Slice(0, parameters.size())),
                    Long.MAX_VALUE,
                    TypeFinder.NONE,
                    MapPump.Window.UNLIMITED);
            var settings = new RunSettings(PROCS, 0, false, Optional.empty(), 1, true);
            var context = new RunContext(
                    1, "echo", Message.NO_DATASET, Optional.empty(), settings, Recording.NONE, Optional.empty());
            var source = Serialization.pack(echo, 1 << 20).function(List.of());
            var run = new MapRun(context, source, parameters.size(), pump, false);
            pump.connect(run, change -> scheduler.change(run, change));
            scheduler.submit(run);
            while (pump.next()) {
                assertThat((byte[]) pump.value()).isEqualTo(parameters.set(pump.index(), null));
            }
            assertThat(run.result().join().report().failures()).isEmpty();
            assertThat(parameters).containsOnlyNulls();
        } finally {
            scheduler.close();
        }
    }

    /** It may be the thread that reads the answers of another worker, or of this one. */
    @Test
    void whoSendsToAWorkerThatDoesNotReadDoesNotWait(@TempDir Path temporary) throws Exception {
        Path isSmall = temporary.resolve("is-small");
        var launch = new WorkerLaunch(
                List.of("python3", "-c", SHRINK, "/bin/sh", "-c", "echo >" + isSmall + "; exec sleep 600"));
        var engine = new ProcessEngine(PrivateFolder.create(), launch, WorkerPlaces.NONE, _ -> {});
        Worker worker = engine.start(0);
        try {
            TestData.await(isSmall);
            Thread sender = Thread.ofPlatform().daemon().start(() -> {
                for (int i = 0; i < 1000; i++) {
                    var assignment = new Message.Assignment(1, i, 1, i, i + 1, new Slice(0, 0), true);
                    worker.send(new Message.Work(assignment, new byte[i * 37 % 5000]));
                }
            });
            sender.join();
        } finally {
            worker.kill();
            engine.close();
        }
    }
}
