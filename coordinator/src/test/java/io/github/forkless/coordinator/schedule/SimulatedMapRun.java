package io.github.forkless.coordinator.schedule;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.value.ValueReader;
import io.github.forkless.common.value.ValueWriter;
import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.coordinator.result.Failure;
import io.github.forkless.coordinator.run.MapPump;
import io.github.forkless.coordinator.run.MapRun;
import io.github.forkless.coordinator.run.Run;
import io.github.forkless.coordinator.run.RunContext;
import io.github.forkless.coordinator.run.RunOutcome;
import io.github.forkless.coordinator.run.RunOutcome.EncodedResults;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** A function over its parameters' own numbers, all of them there at once, or fed and taken as it goes. */
final class SimulatedMapRun extends SimulatedRun {
    /** A pump is fed so many before the run begins, and then needs nobody. */
    private static final int FED_AT_ONCE = 4_096;

    private final EventLoop loop;
    private final Scheduler scheduler;
    private final int parameters;
    private final boolean keepsFailures;
    private final MapRun run;
    private final Object[] results;

    /** Null for a run that is fed here. */
    private MapPump pump;

    SimulatedMapRun(EventLoop loop, Scheduler scheduler, RunContext context, SimulatedJob job, int parameters) {
        super(context, job);
        this.loop = loop;
        this.scheduler = scheduler;
        this.parameters = loop.chance(0.05) ? 0 : parameters;
        this.keepsFailures = context.settings().skipFailed();
        this.results = new Object[this.parameters];
        var source = new JobSource.Function(new byte[0], JobSource.Code.onClassPath(List.of()));
        long expected = loop.chance(0.5) ? this.parameters : 0;
        if (this.parameters <= FED_AT_ONCE && loop.chance(0.5)) {
            List<Integer> all = IntStream.range(0, this.parameters).boxed().toList();
            pump = new MapPump(
                    all,
                    List.of(new Slice(0, this.parameters)),
                    Long.MAX_VALUE,
                    TypeFinder.NONE,
                    MapPump.Window.UNLIMITED);
            run = new MapRun(context, source, expected, pump, keepsFailures);
            pump.connect(run, change -> scheduler.change(run, change));
        } else {
            var feeder = new Feeder();
            run = new MapRun(context, source, expected, feeder, keepsFailures);
            feeder.run = run;
            feeder.feed(Runnable::run);
        }
    }

    @Override
    Run run() {
        return run;
    }

    /** A user who is slow at giving and at taking. */
    private final class Feeder implements MapRun.Listener {
        private final int window = loop.chance(0.5) ? Integer.MAX_VALUE : 1 + loop.random.nextInt(8);
        private MapRun run;
        private int fed;
        private int waiting;

        void feed(Consumer<Runnable> change) {
            int count = Math.min(parameters - fed, 1 + loop.random.nextInt(loop.chance(0.1) ? 100 : 5));
            if (count > 0) {
                var bytes = new ByteWriter();
                var values = new ValueWriter(bytes);
                int[] ends = new int[count];
                for (int i = 0; i < count; i++) {
                    values.write(fed + i);
                    ends[i] = bytes.size();
                }
                var chunk = new MapRun.Parameters(fed, bytes.toByteArray(), ends);
                fed += count;
                change.accept(() -> run.feed(chunk));
            }
            if (fed == parameters) {
                change.accept(run::endOfParameters);
            }
        }

        @Override
        public void arrived(EncodedResults arrived) {
            int count = arrived.end() - arrived.first();
            waiting += count;
            var values = new ValueReader(new ByteReader(arrived.content()), TypeFinder.NONE);
            for (int i = arrived.first(); i < arrived.end(); i++) {
                put(i, values.read());
            }
            loop.after(loop.delay(Duration.ofMillis(20)), () -> {
                boolean hadRoom = hasRoom();
                waiting -= count;
                if (!hadRoom && hasRoom()) {
                    scheduler.change(run, () -> {});
                }
            });
        }

        @Override
        public void failed(int parameter, Failure failure) {
            put(parameter, failure);
        }

        @Override
        public void isHungry() {
            loop.after(loop.delay(Duration.ofMillis(20)), () -> feed(change -> scheduler.change(run, change)));
        }

        @Override
        public boolean hasRoom() {
            return waiting < window;
        }
    }

    private void put(int parameter, Object result) {
        if (results[parameter] != null) {
            throw new AssertionError(this + ": parameter " + parameter + " has a result twice");
        }
        results[parameter] = result;
    }

    @Override
    void verify(RunOutcome outcome) {
        try {
            while (pump != null && pump.next()) {
                put(pump.index(), pump.failure() != null ? pump.failure() : pump.value());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        for (int i = 0; i < parameters; i++) {
            if (!("f(" + i + ")").equals(results[i]) && !(keepsFailures && results[i] instanceof Failure)) {
                throw new AssertionError(this + ": result " + i + " of " + Arrays.toString(results));
            }
        }
    }
}
