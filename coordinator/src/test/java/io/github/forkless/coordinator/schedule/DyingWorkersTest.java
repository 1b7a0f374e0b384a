package io.github.forkless.coordinator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.wire.Message;
import io.github.forkless.coordinator.engine.Engine;
import io.github.forkless.coordinator.engine.Worker;
import io.github.forkless.coordinator.engine.WorkerEnd;
import io.github.forkless.coordinator.engine.WorkerProgress;
import io.github.forkless.coordinator.result.Recording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What is said of workers that die: the first at once, and a line every few seconds, however many there are. */
class DyingWorkersTest {
    private final ManualClock clock = new ManualClock();
    private final List<String> said = new ArrayList<>();
    private SlowWorker worker;
    private final Scheduler scheduler = new Scheduler(
            new ReplacingEngine(),
            new Scheduler.Settings(1, OptionalInt.empty(), Duration.ofSeconds(2), 1),
            Recording.NONE,
            clock,
            said::add);

    private final ShortRun run = new ShortRun(1);

    @Test
    void theFirstIsSaidAtOnceAndTheOthersTogether() {
        begin();
        for (int i = 0; i < 1_000; i++) {
            die("killed by SIGKILL");
        }
        assertThat(said).containsExactly("[workers] a worker died, pid 1: killed by SIGKILL; another takes its place");

        clock.pass(Duration.ofSeconds(5));
        assertThat(said)
                .hasSize(2)
                .last()
                .isEqualTo("[workers] 999 more died within 5 s, the last one pid 1: killed by SIGKILL");

        die("exited with code 1");
        clock.pass(Duration.ofSeconds(5));
        assertThat(said).hasSize(3).last().asString().contains("1 more died", "exited with code 1");
    }

    @Test
    void afterAWhileWithoutDeathsTheNextIsSaidAtOnceAgain() {
        begin();
        die("killed by SIGKILL");
        clock.pass(Duration.ofSeconds(5));

        die("killed by SIGKILL");

        assertThat(said).hasSize(2).allMatch(line -> line.startsWith("[workers] a worker died"));
    }

    @Test
    void aWorkerThatIsEndedWithItsRunIsNotSaid() {
        begin();
        run.result.cancel(false);

        die("ended with its run");
        clock.pass(Duration.ofSeconds(5));

        assertThat(said).isEmpty();
    }

    /** To look is to read a file. */
    @Test
    void whoeverEndsWithThePoolHasNobodyLookedAt() {
        List<SlowWorker> many = new ArrayList<>();
        Engine engine = new Engine() {
            @Override
            public Worker start(int place) {
                many.add(new SlowWorker(place));
                return many.getLast();
            }

            @Override
            public void close() {}
        };
        var settings = new Scheduler.Settings(100, OptionalInt.empty(), Duration.ofSeconds(2), 100);
        var pool = new Scheduler(engine, settings, Recording.NONE, clock, said::add);
        pool.start();
        assertThat(many).hasSize(100);
        pool.close();

        for (SlowWorker each : many) {
            pool.ended(each, end("ended with its pool"));
        }

        assertThat(many.stream().mapToInt(each -> each.fitnessChecks).sum()).isZero();
    }

    private void begin() {
        scheduler.start();
        scheduler.submit(run);
    }

    /** At loading the job; there is another then. */
    private void die(String cause) {
        SlowWorker dying = worker;
        scheduler.received(dying, new Message.Ready(0));
        scheduler.ended(dying, end(cause));
    }

    private static WorkerEnd end(String cause) {
        var progress = new WorkerProgress(1, -1);
        return new WorkerEnd(OptionalInt.of(1), cause, List.of(), Optional.empty(), 0, progress);
    }

    private final class ReplacingEngine implements Engine {
        @Override
        public Worker start(int place) {
            worker = new SlowWorker(place);
            return worker;
        }

        @Override
        public void close() {}
    }
}
