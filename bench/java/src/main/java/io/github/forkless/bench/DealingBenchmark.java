package io.github.forkless.bench;

import io.github.forkless.common.job.DataFunction;
import io.github.forkless.coordinator.PoolOptions;
import io.github.forkless.coordinator.WorkerPool;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a task that does nothing takes, from two real workers. {@code bench/run --jmh DealingBenchmark}. Before anything
 * is timed, the answers are compared with what was asked for.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DealingBenchmark {
    private static final int TASKS = 1_000;
    private static final DataFunction<Integer, Integer> NOTHING = (_, parameter) -> parameter;

    private final List<Integer> parameters = IntStream.range(0, TASKS).boxed().toList();
    private WorkerPool pool;

    @Setup
    public void open() {
        pool = WorkerPool.open(PoolOptions.defaults().withProcs(2));
        if (!packed().equals(parameters)
                || !oneByOne().equals(parameters)
                || !roundTrip().equals(List.of(0))) {
            throw new IllegalStateException("the tasks did not answer what they were given");
        }
    }

    @TearDown
    public void close() {
        pool.close();
    }

    @Benchmark
    @OperationsPerInvocation(TASKS)
    public List<Integer> packed() {
        return pool.map(parameters, NOTHING);
    }

    @Benchmark
    @OperationsPerInvocation(TASKS)
    public List<Integer> oneByOne() {
        List<CompletableFuture<List<Integer>>> inFlight = parameters.stream()
                .map(parameter -> pool.submitMap(List.of(parameter), NOTHING))
                .toList();
        return inFlight.stream().map(future -> future.join().getFirst()).toList();
    }

    @Benchmark
    public List<Integer> roundTrip() {
        return pool.map(List.of(0), NOTHING);
    }
}
