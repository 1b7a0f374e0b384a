package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.job.GroupJob;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.OrderedJob;
import io.github.forkless.common.value.RecordValue;
import io.github.forkless.coordinator.generate.DatasetGenerator;
import io.github.forkless.coordinator.generate.Distribution;
import io.github.forkless.coordinator.generate.Existing;
import io.github.forkless.coordinator.generate.GenerateSpec;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.worker.jobs.Histogram;
import io.github.forkless.worker.jobs.Stats;
import io.github.forkless.worker.jobs.Sum;
import io.github.forkless.worker.jobs.Wc;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The library as programs use it, with real workers. */
@Execution(ExecutionMode.SAME_THREAD)
class WorkerPoolIT {
    private static final int COUNT = 100_000;
    private static final PoolOptions TWO = PoolOptions.defaults()
            .withProcs(2)
            .withRunOptions(RunOptions.defaults().withTasks(8));

    @TempDir
    Path folder;

    private Path data;

    @BeforeEach
    void writeData() {
        data = TestData.ints(folder.resolve("data.bin"), COUNT, i -> i % 1000);
    }

    @AfterEach
    void noWorkerIsLeft() {
        TestData.assertNoWorkerIsLeft();
    }

    /** How many elements are above a limit. */
    record CountAbove(int limit) implements Job<Long, Long> {
        @Override
        public Long start() {
            return 0L;
        }

        @Override
        public Long accept(Long count, Block block) {
            long n = count;
            for (long i = 0; i < block.count(); i++) {
                n += block.intAt(i) > limit ? 1 : 0;
            }
            return n;
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

    private static long above(int limit) {
        return IntStream.range(0, COUNT).filter(i -> i % 1000 > limit).count();
    }

    /** A digest that depends on the order of the elements. */
    record Digest(int factor) implements OrderedJob<Long, Long> {
        @Override
        public Long start() {
            return 1L;
        }

        @Override
        public Long accept(Long digest, Block block) {
            long d = digest;
            for (long i = 0; i < block.count(); i++) {
                d = d * factor + block.intAt(i);
            }
            return d;
        }

        @Override
        public Long finish(Long digest) {
            return digest;
        }

        /** The answer over {@link #data}. */
        static long expected(int factor) {
            long d = 1;
            for (int i = 0; i < COUNT; i++) {
                d = d * factor + i % 1000;
            }
            return d;
        }
    }

    @Test
    void runsABuiltInJobAndOneOfTheProgramsOwn() {
        try (var pool = WorkerPool.open(data, TWO)) {
            assertThat(pool.run(new Sum()).longValue())
                    .isEqualTo(
                            IntStream.range(0, COUNT).mapToLong(i -> i % 1000).sum());
            assertThat(pool.run(new CountAbove(700))).isEqualTo(above(700));
        }
    }

    @Test
    void runsManyJobsInTheirOrder() {
        try (var pool = WorkerPool.open(data, TWO)) {
            List<CountAbove> jobs = IntStream.range(0, 300)
                    .mapToObj(i -> new CountAbove(i * 7 % 1000))
                    .toList();
            assertThat(pool.runAll(jobs))
                    .isEqualTo(jobs.stream().map(job -> above(job.limit)).toList());
            assertThat(pool.<Long>runAll(List.of())).isEmpty();
        }
    }

    /** Which of these jobs have been fed a block in this worker, in that order. */
    record Witness(int number) implements Job<List<Integer>, List<Integer>> {
        private static final List<Integer> FED = new ArrayList<>();

        @Override
        public List<Integer> start() {
            return List.of();
        }

        @Override
        public List<Integer> accept(List<Integer> before, Block block) {
            FED.add(number);
            return List.copyOf(FED);
        }

        @Override
        public List<Integer> merge(List<Integer> left, List<Integer> right) {
            return right;
        }

        @Override
        public List<Integer> finish(List<Integer> fed) {
            return fed;
        }
    }

    @Test
    void feedsABlockToAllJobsBeforeTheNextBlock() {
        Path large = TestData.ints(folder.resolve("large.bin"), 1 << 20, i -> i);
        try (var pool = WorkerPool.open(large, Runs.with(TWO.withProcs(1), run -> run.withTasks(2)))) {
            List<Integer> fed = pool.runAll(List.of(new Witness(0), new Witness(1), new Witness(2)))
                    .getLast();
            assertThat(fed).hasSizeGreaterThan(6);
            assertThat(fed)
                    .isEqualTo(IntStream.range(0, fed.size())
                            .map(i -> i % 3)
                            .boxed()
                            .toList());
        }
    }

    @Test
    void runsJobsOfDifferentClassesTogether() {
        try (var pool = WorkerPool.open(data, TWO)) {
            List<Number> answers = pool.runAll(List.of(new Sum(), new CountAbove(10), new Digest(3)));
            assertThat(answers.getFirst().longValue()).isEqualTo(49_950_000);
            assertThat(answers.subList(1, 3)).containsExactly(above(10), Digest.expected(3));
        }
    }

    /** Counts elements; in a group, as many times as its number says, unless that is 13. */
    record Together(int times) implements GroupJob<Long, Long> {
        @Override
        public Long start() {
            return 0L;
        }

        @Override
        public Long accept(Long count, Block block) {
            return count + block.count();
        }

        @Override
        public Scan<Long> scan(List<? extends GroupJob<Long, Long>> group) {
            return new Scan<>() {
                private long elements;

                @Override
                public void accept(Block block) {
                    elements += block.count();
                }

                @Override
                public List<Long> partials() {
                    return group.stream()
                            .filter(job -> ((Together) job).times != 13)
                            .map(job -> ((Together) job).times * elements)
                            .toList();
                }
            };
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

    @Test
    void handsABlockToAGroupJobOnceForAllSets() {
        try (var pool = WorkerPool.open(data, Runs.with(TWO, run -> run.withTasks(5)))) {
            assertThat(pool.runAll(List.of(new Together(2), new Together(3), new Together(5))))
                    .containsExactly(200_000L, 300_000L, 500_000L);
            assertThat(pool.run(new Together(7))).isEqualTo(COUNT); // one set has no group
            assertThat(pool.runAll(List.<Job<Long, Long>>of(new Together(7), new CountAbove(10))))
                    .containsExactly((long) COUNT, above(10)); // nor have jobs of different classes
        }
    }

    @Test
    void saysThatAGroupJobMissesASet() {
        try (var pool = WorkerPool.open(data, TWO)) {
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> pool.runAll(List.of(new Together(2), new Together(13))))
                    .withMessageContaining("Together for a group of 2 made 1 partials");
        }
    }

    @Test
    void neverSplitsAnOrderedJobByData() {
        try (var pool = WorkerPool.open(data, TWO)) {
            assertThat(pool.runAll(List.of(new Digest(3), new Digest(5), new Digest(7))))
                    .containsExactly(Digest.expected(3), Digest.expected(5), Digest.expected(7));
        }
    }

    @Test
    void reducesWithLambdasThatCaptureLocals() {
        int limit = 321;
        var weights = new ArrayList<>(List.of(1L, 2L));
        try (var pool = WorkerPool.open(data, TWO)) {
            long found = pool.reduce(
                    () -> 0L,
                    (count, block) -> {
                        long n = count;
                        for (long i = 0; i < block.count(); i++) {
                            n += block.intAt(i) > limit ? weights.get(1) : 0;
                        }
                        return n;
                    },
                    Long::sum);
            assertThat(found).isEqualTo(2 * above(limit));
        }
    }

    /** The article's point: the worker function stands in the scope of the data, and just uses it. */
    @Test
    void mapsWithALambdaInTheScopeOfItsData() {
        int[] weights = {3, 1, 2};
        String unit = "points";
        List<Integer> limits = IntStream.range(0, 100).mapToObj(i -> i * 10).toList();
        try (var pool = WorkerPool.open(data, TWO)) {
            List<String> answers = pool.map(limits, (all, limit) -> {
                long n = 0;
                for (long i = 0; i < all.count(); i++) {
                    n += all.intAt(i) > limit ? weights[0] : 0;
                }
                return limit + ": " + n + " " + unit;
            });
            assertThat(answers)
                    .isEqualTo(limits.stream()
                            .map(limit -> limit + ": " + 3 * above(limit) + " points")
                            .toList());
        }
    }

    private record Window(int fast, int slow) {}

    @Test
    void mapsRecordsOfWhichATaskMayHaveAny() {
        List<Window> windows =
                IntStream.range(0, 1000).mapToObj(i -> new Window(i, i % 7)).toList();

        try (var pool = WorkerPool.open(PoolOptions.defaults().withProcs(2))) {
            assertThat(pool.map(windows, (_, window) -> window.fast * 10 + window.slow))
                    .isEqualTo(
                            windows.stream().map(it -> it.fast * 10 + it.slow).toList());
        }
    }

    @Test
    void mapsManyShortCallsAndNullsAndNothing() {
        try (var pool = WorkerPool.open(TWO)) {
            List<Integer> numbers = IntStream.range(0, 20_000).boxed().toList();
            assertThat(pool.map(numbers, (nothing, n) -> nothing.count() + n))
                    .isEqualTo(LongStream.range(0, 20_000).boxed().toList());
            assertThat(pool.map(Arrays.asList(1, null, 3), (_, n) -> n == null ? "none" : null))
                    .containsExactly(null, "none", null);
            assertThat(pool.map(List.<Integer>of(), (_, n) -> n)).isEmpty();
        }
    }

    /** Bytes of the largest block. */
    record LargestBlock(int number) implements Job<Long, Long> {
        @Override
        public Long start() {
            return 0L;
        }

        @Override
        public Long accept(Long largest, Block block) {
            return merge(largest, block.segment().byteSize());
        }

        @Override
        public Long merge(Long left, Long right) {
            return Math.max(left, right);
        }

        @Override
        public Long finish(Long largest) {
            return largest;
        }
    }

    @Test
    void blocksStayInTheCacheWhereSeveralParameterSetsReadThem() throws Exception {
        Path file = folder.resolve("blocks.bin");
        DatasetGenerator.generate(
                file, new GenerateSpec(8 << 20, ElementType.INT32, Distribution.SEQUENCE, 1), Existing.REFUSED, 1);
        try (var pool = WorkerPool.open(DatasetFile.open(file, Optional.empty()), TWO)) {
            assertThat(pool.run(new LargestBlock(1))).isEqualTo(1 << 20);
            assertThat(pool.runAll(List.of(new LargestBlock(1), new LargestBlock(2))))
                    .containsExactly(128L << 10, 128L << 10);
        }
    }

    @Test
    void aFunctionTravelsWithTheStateThatItHasAtEachCall() {
        int[] state = {1};
        DataFunction<Integer, Integer> capturing = (_, n) -> n + state[0]++;
        DataFunction<Integer, Integer> doubling = (_, n) -> 2 * n;
        DataFunction<Integer, Integer> squaring = (_, n) -> n * n;
        try (var pool = WorkerPool.open(PoolOptions.defaults().withProcs(1))) {
            assertThat(pool.map(List.of(10), capturing)).containsExactly(11);
            assertThat(pool.map(List.of(10), capturing)).containsExactly(11);
            state[0] = 5;
            assertThat(pool.map(List.of(10), capturing)).containsExactly(15);
            for (int round = 0; round < 3; round++) {
                assertThat(pool.map(List.of(10), doubling)).containsExactly(20);
                assertThat(pool.map(List.of(10), doubling)).containsExactly(20);
                assertThat(pool.map(List.of(10), squaring)).containsExactly(100);
            }
        }
    }

    /** Leaves a file in its folder wherever it arrives. */
    private record LeavesATrace(String folder) implements Serializable {
        private Object readResolve() {
            try {
                Files.createFile(
                        Path.of(folder, Long.toString(ProcessHandle.current().pid())));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }
    }

    @Test
    void aFunctionIsSentOnlyToWorkersThatHaveSomethingToDoForIt() throws IOException {
        Path traces = Files.createDirectory(folder.resolve("traces"));
        var traced = new LeavesATrace(traces.toString());
        try (var pool = WorkerPool.open(TWO)) {
            assertThat(pool.map(List.of(1), (_, p) -> traced.folder().length() + p))
                    .containsExactly(traces.toString().length() + 1);
        }

        try (Stream<Path> files = Files.list(traces)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void streamsResultsAsTheyCome() {
        String release = folder.resolve("release").toString();
        try (var pool = WorkerPool.open(TWO);
                var results = pool.stream(List.of(0, 1, 2, 3), (_, n) -> {
                    if (n == 0) {
                        TestData.await(Path.of(release));
                    }
                    return n * n;
                })) {
            List<Integer> order = new ArrayList<>();
            results.forEach(result -> {
                order.add(result.index());
                assertThat(result.value()).isEqualTo(result.index() * result.index());
                if (order.size() == 3) {
                    TestData.give(Path.of(release));
                }
            });
            assertThat(order).containsExactlyInAnyOrder(0, 1, 2, 3).endsWith(0);
        }
    }

    @Test
    void closingAStreamCancelsWhatIsLeft() {
        try (var pool = WorkerPool.open(TWO.withProcs(1))) {
            try (var results = pool.stream(List.of(1, 2), (_, n) -> {
                while (n == 2) {
                    Thread.onSpinWait();
                }
                return n;
            })) {
                assertThat(results.findFirst().orElseThrow().value()).isEqualTo(1);
            }
            assertThat(pool.map(List.of(5), (_, n) -> n)).containsExactly(5);
        }
    }

    @Test
    void aStreamThrowsWhatTheJobThrew() {
        try (var pool = WorkerPool.open(TWO);
                var results = pool.stream(List.of(1, 2, 0), (_, n) -> 6 / n)) {
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> results.forEach(_ -> {}))
                    .withMessageContaining("/ by zero");
        }
    }

    @Test
    void futuresComposeAndMayWaitForThePool() throws Exception {
        try (var pool = WorkerPool.open(data, TWO)) {
            // Each of these callbacks waits for another run: none may sit on a thread that listens to a worker.
            CompletableFuture<Long> chained = pool.submit(new CountAbove(10))
                    .thenApply(n -> n + pool.run(new CountAbove(20)))
                    .thenCombine(pool.submitMap(List.of(1, 2), (_, n) -> n), (n, list) -> n + list.getLast());
            assertThat(chained.get()).isEqualTo(above(10) + above(20) + 2);

            CompletableFuture<Long> rescued = pool.submitMap(List.of(0), (_, n) -> 1L / n)
                    .handle((_, failure) -> failure == null ? -1L : pool.run(new CountAbove(30)));
            assertThat(rescued.get()).isEqualTo(above(30));
            assertThat(pool.submitAll(List.of(new CountAbove(1), new CountAbove(2)))
                            .get())
                    .containsExactly(above(1), above(2));
        }
    }

    @Test
    void runsGoOnSideBySide() throws Exception {
        String release = folder.resolve("release").toString();
        try (var pool = WorkerPool.open(data, TWO)) {
            CompletableFuture<List<Integer>> held = pool.submitMap(List.of(7), (_, n) -> {
                TestData.await(Path.of(release));
                return n;
            });
            List<CompletableFuture<Long>> others = IntStream.range(0, 20)
                    .mapToObj(i -> pool.submit(new CountAbove(i)))
                    .toList();
            for (int i = 0; i < others.size(); i++) {
                assertThat(others.get(i).get()).isEqualTo(above(i));
            }
            assertThat(held).isNotDone();
            TestData.give(Path.of(release));
            assertThat(held.get()).containsExactly(7);
        }
    }

    @Test
    void manyThreadsUseOnePool() throws Exception {
        try (var pool = WorkerPool.open(data, TWO)) {
            List<CompletableFuture<Long>> answers = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> pool.run(new CountAbove(i * 100)),
                            task -> Thread.ofPlatform().start(task)))
                    .toList();
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo(above(i * 100));
            }
        }
    }

    @Test
    void severalDatasetsShareTheSameWarmWorkers() throws Exception {
        Path text = Files.writeString(folder.resolve("words.txt"), "one two\nthree\n");
        Path odd = TestData.ints(folder.resolve("odd.dat"), 10, i -> 2 * i + 1);
        try (var pool = WorkerPool.open(data, TWO)) {
            pool.run(new Sum());
            Set<Long> before = TestData.awaitWorkers(pool, 2, folder);

            assertThat(pool.on(text).run(new Wc())).isEqualTo(new Wc.Counts(2, 3, 14));
            var odds = pool.on(DatasetFile.open(odd, Optional.of(ElementType.INT32)));
            assertThat(odds.run(new CountAbove(9))).isEqualTo(5);
            odds.close();
            assertThat(pool.run(new CountAbove(9))).isEqualTo(above(9));

            assertThat(TestData.awaitWorkers(pool, 2, folder)).isEqualTo(before);
            assertThat(TestData.workers()).isEqualTo(before);
        }
    }

    @Test
    void workersMapADatasetOnce() {
        String file = data.toString();
        try (var pool = WorkerPool.open(TWO.withProcs(1))) {
            for (int i = 0; i < 50; i++) {
                assertThat(pool.on(data).run(new CountAbove(i))).isEqualTo(above(i));
            }
            assertThat(pool.map(
                            List.of(0),
                            (_, _) -> Files.readAllLines(Path.of("/proc/self/maps")).stream()
                                    .filter(line -> line.contains(file))
                                    .count()))
                    .containsExactly(1L);
        }
    }

    @Test
    void aJobOverNothingGetsItsAnswer() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.bin"));
        try (var pool = WorkerPool.open(TWO)) {
            assertThat(pool.run(new CountAbove(1))).isZero();
            assertThat(pool.on(empty).run(new Digest(3))).isEqualTo(1);
            assertThat(pool.on(empty).run(new Sum())).isEqualTo(BigInteger.ZERO);
            WorkerPool floats = pool.on(DatasetFile.open(empty, Optional.of(ElementType.FLOAT32)));
            assertThat(floats.run(new Sum())).isEqualTo(0.0);
            assertThat(parts(floats.run(new Stats()))).containsEntry("nan", 0L).containsEntry("sum", 0.0);
            assertThat((double[])
                            parts(floats.run(new Histogram(10, null, null))).get("edges"))
                    .contains(0.1f);
            assertThat(pool.on(empty).map(List.of(1), (all, n) -> all.count() + n))
                    .containsExactly(1L);
        }
    }

    private static Map<String, Object> parts(Object record) {
        return ((RecordValue) record).components();
    }

    /** Finishes with nothing. */
    record Nothing() implements Job<Object, Object> {
        @Override
        public Object start() {
            return null;
        }

        @Override
        public Object accept(Object before, Block block) {
            return before;
        }

        @Override
        public Object merge(Object left, Object right) {
            return null;
        }

        @Override
        public Object finish(Object partial) {
            return partial;
        }
    }

    @Test
    void aJobMayReturnNull() throws Exception {
        try (var pool = WorkerPool.open(data, TWO)) {
            assertThat(pool.run(new Nothing())).isNull();
            assertThat(pool.submit(new Nothing()).get()).isNull();
            assertThat(pool.runAll(List.of(new Nothing(), new Nothing()))).containsExactly(null, null);
        }
    }

    /** A job that no data is good enough for. */
    public record Choosy() implements Job<Long, Long> {
        @Override
        public Optional<String> refusal(Layout layout) {
            return Optional.of("there is no column 'y' in " + layout.label());
        }

        @Override
        public Long start() {
            throw new AssertionError("it was refused");
        }

        @Override
        public Long accept(Long partial, Block block) {
            return partial;
        }

        @Override
        public Long merge(Long left, Long right) {
            return left;
        }

        @Override
        public Long finish(Long partial) {
            return partial;
        }
    }

    @Test
    void refusesAJobThatDoesNotReadSuchData() {
        try (var pool = WorkerPool.open(data, TWO)) {
            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> pool.run(new Choosy()))
                    .withMessageContaining("Choosy: there is no column 'y' in int32");
            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> pool.run(new Wc()))
                    .withMessageContaining("Wc does not work on int32 data");
            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> pool.runAll(List.<Job<?, ?>>of(new Stats(), new Wc())))
                    .withMessageContaining("Wc does not work on int32 data");
            assertThat(pool.run(new CountAbove(0))).isEqualTo(above(0));
        }
    }

    @Test
    void refusesOptionsOutOfRange() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> TWO.withProcs(0))
                .withMessageContaining("not 0");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> Runs.with(TWO, run -> run.withTasks(0)))
                .withMessageContaining("not 0");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> Runs.with(TWO, run -> run.withRetries(-1)))
                .withMessageContaining("-1");
    }

    @Test
    void cancellingARunFreesItsWorkerAndLeavesOtherRunsAlone() throws Exception {
        String started = folder.resolve("started").toString();
        String release = folder.resolve("release").toString();
        try (var pool = WorkerPool.open(data, TWO)) {
            CompletableFuture<List<Integer>> other = pool.submitMap(List.of(7), (_, n) -> {
                TestData.await(Path.of(release));
                return n;
            });
            CompletableFuture<List<Integer>> endless = pool.submitMap(List.of(1), (_, n) -> {
                TestData.give(Path.of(started));
                while (n > 0) {
                    Thread.onSpinWait();
                }
                return n;
            });
            TestData.await(Path.of(started));
            assertThat(endless.cancel(true)).isTrue();
            assertThatExceptionOfType(CancellationException.class).isThrownBy(endless::join);
            assertThat(pool.run(new CountAbove(5))).isEqualTo(above(5));
            assertThat(other).isNotDone();
            TestData.give(Path.of(release));
            assertThat(other.get()).containsExactly(7);
        }
    }

    /** Further tasks of the cancelled run are with the worker already, behind the one that it is at. */
    @Test
    void cancellingARunAlsoCancelsWhatWaitsInFrontOfAWorker() throws Exception {
        String started = folder.resolve("started").toString();
        try (var pool = WorkerPool.open(TWO.withProcs(1))) {
            CompletableFuture<List<Integer>> run =
                    pool.submitMap(IntStream.range(0, 1000).boxed().toList(), (_, n) -> {
                        if (n == 100) {
                            TestData.give(Path.of(started));
                        }
                        while (n >= 100) {
                            Thread.onSpinWait();
                        }
                        return n;
                    });
            TestData.await(Path.of(started));
            run.cancel(true);
            assertThat(pool.map(List.of(1, 2, 3), (_, n) -> n)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void interruptingAThreadThatWaitsCancelsItsRun() throws Exception {
        String started = folder.resolve("started").toString();
        var thrown = new AtomicReference<Throwable>();
        var isInterrupted = new AtomicReference<Boolean>();
        try (var pool = WorkerPool.open(TWO.withProcs(1))) {
            Thread waiting = Thread.ofPlatform().start(() -> {
                try {
                    pool.map(List.of(1), (_, n) -> {
                        TestData.give(Path.of(started));
                        while (n > 0) {
                            Thread.onSpinWait();
                        }
                        return n;
                    });
                } catch (CancellationException e) {
                    thrown.set(e);
                    isInterrupted.set(Thread.currentThread().isInterrupted());
                }
            });
            TestData.await(Path.of(started));
            waiting.interrupt();
            waiting.join();
            assertThat(thrown.get()).hasMessageContaining("interrupted");
            assertThat(isInterrupted.get()).isTrue();
            assertThat(pool.map(List.of(5), (_, n) -> n)).containsExactly(5);
        }
    }

    @Test
    void closingThePoolFailsWhatIsRunningAndWhatComesAfter() throws Exception {
        var pool = WorkerPool.open(data, TWO);
        CompletableFuture<List<Integer>> endless = pool.submitMap(List.of(1), (_, n) -> {
            while (n > 0) {
                Thread.onSpinWait();
            }
            return n;
        });
        var failed = new CountDownLatch(1);
        endless.whenComplete((_, _) -> failed.countDown());
        pool.close();
        pool.close();
        failed.await();
        assertThat(endless).isCompletedExceptionally();
        assertThatIllegalStateException().isThrownBy(() -> pool.run(new Sum())).withMessageContaining("closed");
        TestData.assertNoWorkerIsLeft();
    }
}
