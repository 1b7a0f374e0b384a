package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a program has set in its static fields is not there in a worker, which says so instead of going on with nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class StaticFieldsIT {
    private static final int CONSTANT = 3;
    private static final int[] MADE_BY_THE_CLASS = {4, 5};

    /** As a program's {@code main} would set them. */
    private static int[] prices;

    private static double factor;

    /** Set by the class itself, in each process. */
    private static int limit = 7;

    private static Integer kept;

    private WorkerPool pool;

    @BeforeAll
    void open() {
        prices = new int[] {1, 2, 3};
        factor = 0.5;
        kept = 1;
        pool = WorkerPool.open(PoolOptions.defaults()
                .withProcs(1)
                .withRunOptions(RunOptions.defaults().withRetries(0)));
    }

    @AfterAll
    void close() {
        pool.close();
        TestData.assertNoWorkerIsLeft();
    }

    private static int price(int i) {
        return prices[i];
    }

    private static int computed() {
        if (kept == null) {
            kept = 42;
        }
        return kept;
    }

    private static int deep(int i) {
        return IntStream.of(i).map(n -> price(n)).sum();
    }

    @Test
    void whatALambdaReadsIsRefusedByName() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> pool.map(List.of(1), i -> prices[i]))
                .withMessageContaining(
                        "the static field " + StaticFieldsIT.class.getName() + ".prices is read in a worker")
                .withMessageContaining("copy it into a local variable first");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> pool.map(List.of(1), i -> i * factor))
                .withMessageContaining(".factor is read");
    }

    @Test
    void soIsWhatItReadsByWayOfMethodsAndOtherLambdas() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> pool.map(List.of(1), i -> price(i) + 1))
                .withMessageContaining(".prices is read");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> pool.map(List.of(1), StaticFieldsIT::deep))
                .withMessageContaining(".prices is read");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> pool.stream(List.of(1), (_, i) -> price(i)).toList())
                .withMessageContaining(".prices is read");
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> pool.supplyAsync(() -> price(1)).join())
                .withMessageContaining(".prices is read");
    }

    record Weighted() implements Job<Double, Double> {
        @Override
        public Double start() {
            return 0.0;
        }

        @Override
        public Double accept(Double sum, Block block) {
            return sum + block.count() * factor;
        }

        @Override
        public Double merge(Double left, Double right) {
            return left + right;
        }

        @Override
        public Double finish(Double sum) {
            return sum;
        }
    }

    /** It reads the field of another class: its program's. */
    @Test
    void soIsWhatAJobReads() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> pool.run(new Weighted()))
                .withMessageContaining(".factor is read");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> pool.reduce(() -> 0.0, (sum, block) -> sum + block.count() * factor, Double::sum))
                .withMessageContaining(".factor is read");
    }

    @Test
    void whatTheClassSetsInEachProcessIsFine() {
        assertThat(pool.map(List.of(1), i -> i * CONSTANT + MADE_BY_THE_CLASS[i] + limit))
                .containsExactly(15);
    }

    @Test
    void whatTheSameCodeSetsWhereItIsMissingIsFine() {
        assertThat(pool.map(List.of(1), i -> computed())).containsExactly(42);
    }

    @Test
    void aLocalCopyIsTheWayOut() {
        int[] local = prices;
        assertThat(pool.map(List.of(1), i -> local[i])).containsExactly(2);
    }

    @Test
    void threadsOfTheProgramSeeWhatItHasSet() {
        var threads = PoolOptions.defaults().withProcs(1).withEngine(EngineKind.THREADS);
        try (var other = WorkerPool.open(threads)) {
            assertThat(other.map(List.of(1), i -> prices[i])).containsExactly(2);
        }
    }
}
