package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.OrderedJob;
import io.github.forkless.common.job.Parameter;
import io.github.forkless.coordinator.WorkerPool.Outcome;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.result.RunReport;
import io.github.forkless.coordinator.result.RunResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What fails is named, and nothing else: one parameter of many, one parameter set of a sweep, or the data. */
@Execution(ExecutionMode.SAME_THREAD)
class BlameIT {
    private static final int BLOCK = 1 << 15;
    private static final int ELEMENTS = 8 * BLOCK;
    private static final List<Integer> MANY = IntStream.range(0, 20_000).boxed().toList();
    private static final int FATAL = 12_345;

    @TempDir
    static Path folder;

    private static WorkerPool strict;
    private static final Recording SKIPPING = Recording.ofTotals();
    private static WorkerPool skipping;

    @BeforeAll
    static void open() {
        Path data = TestData.ints(folder.resolve("data.bin"), ELEMENTS, i -> i);
        var options = PoolOptions.defaults()
                .withProcs(2)
                .withRunOptions(RunOptions.defaults().withTasks(4).withRetries(1));
        strict = WorkerPool.open(data, options);
        skipping = WorkerPool.open(data, Runs.with(options.withRecording(SKIPPING), run -> run.withSkipFailed(true)));
    }

    @AfterAll
    static void noWorkerIsLeft() {
        strict.close();
        skipping.close();
        TestData.assertNoWorkerIsLeft();
    }

    // ---- parameters

    @Test
    void theParameterAtWhichAFunctionThrowsIsNamed() {
        var failed = catchThrowableOfType(RunFailedException.class, () -> strict.map(MANY, (_, n) -> 1 / (n - FATAL)));

        assertThat(failed).hasMessageContaining(", parameter 12345, ").hasMessageContaining("/ by zero");
        assertThat(failed.failures().getLast().what()).isEqualTo("parameter 12345");
    }

    @Test
    void theParameterThatEndsWorkersIsNamed() {
        var failed = catchThrowableOfType(RunFailedException.class, () -> strict.map(MANY, BlameIT::haltAtTheFatalOne));

        assertThat(failed)
                .hasMessageStartingWith("every attempt at parameter 12345 ended its worker")
                .hasMessageContaining("exited with code 9");
        assertThat(failed.failures())
                .hasSizeBetween(2, 5)
                .allSatisfy(failure -> assertThat(failure.what()).isEqualTo("parameter 12345"));
    }

    private static int haltAtTheFatalOne(Block data, int n) {
        if (n == FATAL) {
            Runtime.getRuntime().halt(9);
        }
        return n;
    }

    @Test
    void parametersThatFailCostNoOtherItsResult() {
        List<Outcome<Integer>> outcomes = strict.mapEach(MANY, BlameIT::failAtThree);

        for (int n : MANY) {
            if (n == 7 || n == FATAL || n == 19_999) {
                assertThat(outcomes.get(n)).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                    assertThat(failed.failure().what()).isEqualTo("parameter " + n);
                    assertThat(failed.failure().cause()).contains(n == FATAL ? "exited with code 9" : "/ by zero");
                });
            } else {
                assertThat(outcomes.get(n)).isEqualTo(new Outcome.Result<>(n * 2));
            }
        }
    }

    private static int failAtThree(Block data, int n) {
        haltAtTheFatalOne(data, n);
        return n == 7 || n == 19_999 ? n / (n - n) : n * 2;
    }

    @Test
    void whereEveryParameterFailsEachHasItsFailure() {
        List<Integer> some = MANY.subList(0, 600); // more than a run of a job would try in a row
        DataFunction<Integer, Integer> refuse = (_, n) -> n / (n - n);

        assertThat(strict.mapEach(some, refuse))
                .hasSize(600)
                .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Failed.class));
    }

    // ---- parameter sets

    /** Counts multiples of a number, which cannot be 0; ends its worker at -1, and throws at an element that is not good. */
    record Multiples(int of, @Parameter(defaultValue = "-1") int bad) implements Job<Long, Long> {
        @Override
        public Long start() {
            return 0L;
        }

        @Override
        public Long accept(Long before, Block block) {
            if (of == -1) {
                Runtime.getRuntime().halt(9);
            }
            long count = before;
            for (long i = 0; i < block.count(); i++) {
                int value = block.intAt(i);
                if (value == bad) {
                    throw new IllegalStateException("bad element " + bad);
                }
                count += value % of == 0 ? 1 : 0;
            }
            return count;
        }

        @Override
        public Long merge(Long left, Long right) {
            return left + right;
        }

        @Override
        public Long finish(Long count) {
            return count;
        }
    }

    private static Long multiples(int of) {
        return IntStream.range(0, ELEMENTS).filter(i -> i % of == 0).count();
    }

    private static NamedJob sweep(Class<?> job, int... divisors) {
        return new NamedJob(
                job.getName(),
                Map.of(),
                IntStream.of(divisors)
                        .mapToObj(of -> Map.of("of", Integer.toString(of)))
                        .toList());
    }

    @Test
    void aSweepNamesTheParameterSetThatThrows() {
        var failed = catchThrowableOfType(
                CompletionException.class,
                () -> strict.submitReported(sweep(Multiples.class, 3, 2, 0, 1)).join());

        assertThat(failed.getCause())
                .isInstanceOf(RunFailedException.class)
                .hasMessageContaining(", of=0, elements ")
                .hasMessageContaining("/ by zero");
    }

    @Test
    void aSweepNamesTheParameterSetThatEndsWorkers() {
        var failed = catchThrowableOfType(
                CompletionException.class,
                () -> strict.submitReported(sweep(Multiples.class, 3, 2, -1, 1)).join());

        assertThat(failed.getCause())
                .isInstanceOf(RunFailedException.class)
                .hasMessageStartingWith("every attempt at of=-1, elements ")
                .hasMessageContaining("while other parameter sets had an answer: exited with code 9");
    }

    private static void assertOnlyFailed(int failedSet, RunResult result, Object... expected) {
        assertThat(result.results()).containsExactly(expected);
        for (int set = 0; set < expected.length; set++) {
            assertThat(result.report().hasFailed(set)).isEqualTo(set == failedSet);
        }
        assertThat(result.report().leftOut()).singleElement().satisfies(part -> {
            assertThat(part.firstSet()).isEqualTo(failedSet);
            assertThat(part.endSet()).isEqualTo(failedSet + 1);
            assertThat(part.isWhole()).isTrue();
        });
        assertThat(result.report().isComplete()).isFalse();
        assertThat(result.report().attempts()).isLessThan(20);
        assertIsAtTheEnd();
    }

    /** However it was parted, what there was to do was done once. */
    private static void assertIsAtTheEnd() {
        assertThat(SKIPPING.totals().donePassBytes())
                .isEqualTo(SKIPPING.totals().passBytes());
    }

    @Test
    void aParameterSetThatAlwaysThrowsHasFailedAndNoOther() {
        RunResult result =
                skipping.submitReported(sweep(Multiples.class, 3, 2, 0, 1)).join();

        assertOnlyFailed(2, result, multiples(3), multiples(2), null, multiples(1));
    }

    @Test
    void aParameterSetThatAlwaysEndsWorkersHasFailedAndNoOther() {
        RunResult result =
                skipping.submitReported(sweep(Multiples.class, -1, 3, 2)).join();

        assertOnlyFailed(0, result, null, multiples(3), multiples(2));
    }

    /** Each parameter set is then a task of its own. */
    @Test
    void soItIsWithDataOfASingleSlice() {
        try (var small = skipping.on(TestData.ints(folder.resolve("small.bin"), 100, i -> i))) {
            RunResult result =
                    small.submitReported(sweep(Multiples.class, 0, 3, 2)).join();

            assertOnlyFailed(0, result, null, 34L, 50L);
        }
    }

    @Test
    void severalParameterSetsMayFail() {
        RunResult result =
                skipping.submitReported(sweep(Multiples.class, 0, 0, 3, 0, 2)).join();

        assertThat(result.results()).containsExactly(null, null, multiples(3), null, multiples(2));
        assertThat(result.report().failed()).isLessThan(30);
        assertIsAtTheEnd();
    }

    /** Counts elements in units; where one is 0, merging throws, and where it is -1, finishing. */
    record Units(int unit) implements Job<Long, Long> {
        @Override
        public Long start() {
            return 0L;
        }

        @Override
        public Long accept(Long before, Block block) {
            return before + block.count();
        }

        @Override
        public Long merge(Long left, Long right) {
            return unit == -2 ? haltAtTheFatalOne(null, FATAL) : unit == 0 ? left / unit : left + right;
        }

        @Override
        public Long finish(Long count) {
            return count / (unit + 1);
        }
    }

    private static NamedJob units(int... units) {
        return new NamedJob(
                Units.class.getName(),
                Map.of(),
                IntStream.of(units)
                        .mapToObj(unit -> Map.of("unit", Integer.toString(unit)))
                        .toList());
    }

    @Test
    void aParameterSetWhoseMergingThrowsHasFailedAndNoOther() {
        assertOnlyFailed(1, skipping.submitReported(units(1, 0, 3)).join(), ELEMENTS / 2L, null, ELEMENTS / 4L);
    }

    @Test
    void soHasOneWhoseFinishingThrows() {
        assertOnlyFailed(1, skipping.submitReported(units(1, -1, 3)).join(), ELEMENTS / 2L, null, ELEMENTS / 4L);
        try (var single = skipping.on(TestData.ints(folder.resolve("single.bin"), 100, i -> i))) {
            assertOnlyFailed(0, single.submitReported(units(-1, 1)).join(), null, 50L);
        }
    }

    @Test
    void soHasOneWhoseMergingEndsWorkers() {
        assertOnlyFailed(2, skipping.submitReported(units(1, 3, -2)).join(), ELEMENTS / 2L, ELEMENTS / 4L, null);
    }

    @Test
    void everyParameterSetMayFailWhereItIsMerged() {
        int[] sets = IntStream.range(0, 300).map(i -> i % 2 == 0 ? 0 : -1).toArray();
        RunResult result = skipping.submitReported(units(sets)).join();

        assertThat(result.results()).hasSize(300).containsOnlyNulls();
        assertThat(result.report().leftOut()).hasSize(300).allMatch(RunReport.LeftOut::isWhole);
        assertIsAtTheEnd();
    }

    @Test
    void whereNothingMayFailMergingNamesTheParameterSet() {
        var failed = catchThrowableOfType(
                CompletionException.class,
                () -> strict.submitReported(units(1, 0, 3)).join());

        assertThat(failed.getCause())
                .hasMessageContaining(", unit=0, merging elements ")
                .hasMessageContaining("/ by zero");
    }

    /** Sees the data in order, and divides. */
    record Remainders(int of) implements OrderedJob<Long, Long> {
        @Override
        public Long start() {
            return 0L;
        }

        @Override
        public Long accept(Long before, Block block) {
            return before + block.count() % of;
        }

        @Override
        public Long finish(Long sum) {
            return sum;
        }
    }

    @Test
    void aParameterSetOfAnOrderedJobMayFailToo() {
        RunResult result =
                skipping.submitReported(sweep(Remainders.class, 1, 0, 1)).join();

        assertOnlyFailed(1, result, 0L, null, 0L);
    }

    @Test
    void whereTheDataIsAtFaultAllSetsLoseTheSameBlocks() {
        List<Map<String, String>> sets = new ArrayList<>();
        for (int of = 1; of <= 6; of++) {
            sets.add(Map.of("of", Integer.toString(of), "bad", Integer.toString(5 * BLOCK + 7)));
        }
        RunResult result = skipping.submitReported(new NamedJob(Multiples.class.getName(), Map.of(), sets))
                .join();

        assertThat(result.report().leftOut())
                .isNotEmpty()
                .allSatisfy(part -> assertThat(part.slice().from()).isEqualTo(5 * BLOCK))
                .allSatisfy(part -> assertThat(part.slice().to()).isEqualTo(6 * BLOCK))
                .noneMatch(RunReport.LeftOut::isWhole);
        assertThat(result.report().leftOut().stream()
                        .mapToInt(part -> part.endSet() - part.firstSet())
                        .sum())
                .isEqualTo(6);
        assertIsAtTheEnd();
        for (int of = 1; of <= 6; of++) {
            int divisor = of;
            assertThat(result.results().get(of - 1))
                    .isEqualTo(IntStream.range(0, ELEMENTS)
                            .filter(i -> i / BLOCK != 5 && i % divisor == 0)
                            .count());
        }
    }

    /** What a job makes of nothing would pass for an answer. */
    @Test
    void whereNothingCouldBeReadThereIsNoAnswer() {
        RunResult alone = skipping.submitReported(sweep(Multiples.class, 0)).join();
        assertOnlyFailed(0, alone, new Object[] {null});

        RunResult all =
                skipping.submitReported(sweep(Multiples.class, 0, 0, 0, 0, 0)).join();
        assertThat(all.results()).hasSize(5).allMatch(Objects::isNull);
        assertThat(all.report().leftOut()).allMatch(RunReport.LeftOut::isWhole);
    }
}
