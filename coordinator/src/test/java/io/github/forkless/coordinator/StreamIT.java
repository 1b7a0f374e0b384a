package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.WorkerPool.Indexed;
import io.github.forkless.testing.Patience;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A stream of results takes no more of its parameters, and holds no more of its results, than somebody needs. */
@Execution(ExecutionMode.SAME_THREAD)
class StreamIT {
    private static final int MEBIBYTE = 1 << 20;

    @TempDir
    static Path folder;

    private static WorkerPool pool;

    private final AtomicInteger drawn = new AtomicInteger();

    @BeforeAll
    static void open() {
        pool = WorkerPool.open(PoolOptions.defaults().withProcs(2));
    }

    @AfterAll
    static void noWorkerIsLeft() {
        pool.close();
        TestData.assertNoWorkerIsLeft();
    }

    /** 0, 1, 2, ... for ever, counted. */
    private Iterator<Integer> endless() {
        return Stream.generate(drawn::getAndIncrement).iterator();
    }

    @Test
    void parametersAreDrawnAsTheyAreNeeded() {
        var seen = new BitSet();
        try (Stream<Indexed<Integer>> results = pool.stream(this::endless, (_, n) -> n * 2)) {
            results.limit(100_000).forEach(result -> {
                assertThat(result.value()).isEqualTo(result.index() * 2);
                seen.set(result.index());
                // What workers are at, and a chunk for each of them.
                assertThat(drawn.get()).isLessThan(seen.cardinality() + 150_000);
            });
        }
        assertThat(seen.cardinality()).isEqualTo(100_000);

        int drawnAtTheEnd = drawn.get();
        assertThat(pool.map(List.of(1), (_, n) -> n)).containsExactly(1);
        assertThat(drawn.get()).isEqualTo(drawnAtTheEnd);
    }

    @Test
    void whoTakesNothingDrawsNothing() {
        try (Stream<Indexed<Integer>> results = pool.stream(this::endless, (_, n) -> n)) {
            assertThat(pool.map(List.of(1), (_, n) -> n)).containsExactly(1);
            assertThat(drawn.get()).isLessThan(10_000); // the first chunk
            assertThat(results.findFirst()).isPresent();
        }
    }

    /** Half a gibibyte of results, which this JVM would have to hold. */
    @Test
    void whileResultsAreNotTakenTheRunPauses() throws Exception {
        Path calls = Files.createFile(folder.resolve("calls"));
        String file = calls.toString();
        int count = 512;
        long mostHeld = Math.min(64, Runtime.getRuntime().maxMemory() / 16 / MEBIBYTE);
        try (Stream<Indexed<byte[]>> results =
                pool.stream(IntStream.range(0, count).boxed().toList(), (_, n) -> {
                    Files.write(Path.of(file), new byte[1], StandardOpenOption.APPEND);
                    byte[] large = new byte[MEBIBYTE];
                    large[n] = 1;
                    return large;
                })) {
            Iterator<Indexed<byte[]>> taken = results.iterator();
            assertThat(Patience.awaits(Duration.ofSeconds(20), () -> Files.size(calls) >= mostHeld))
                    .isTrue();
            for (int i = 0; i < count; i++) {
                // Those that were dealt ahead come in spite of that.
                assertThat(Files.size(calls)).isLessThan(i + mostHeld + 64);
                Indexed<byte[]> next = taken.next();
                assertThat(next.value()[next.index()]).isEqualTo((byte) 1);
            }
            assertThat(taken.hasNext()).isFalse();
        }
    }
}
