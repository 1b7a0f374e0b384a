package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.value.RecordValue;
import io.github.forkless.coordinator.code.Serialization;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.worker.WorkerMain;
import io.github.forkless.worker.jobs.Histogram;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What comes back from workers: data of any shape and size, and no class that was not agreed on. */
@Execution(ExecutionMode.SAME_THREAD)
class WorkerPoolResultsIT {
    private static final int PROCS = 2;

    @TempDir
    static Path folder;

    private static WorkerPool pool;
    private static WorkerPool onInts;

    @BeforeAll
    static void open() {
        pool = WorkerPool.open(PoolOptions.defaults()
                .withProcs(PROCS)
                .withRunOptions(RunOptions.defaults().withTasks(4).withRetries(0)));
        onInts = pool.on(TestData.ints(folder.resolve("data.bin"), 1000, i -> i));
    }

    @AfterAll
    static void noWorkerIsLeft() {
        pool.close();
        TestData.assertNoWorkerIsLeft();
    }

    enum Side {
        BUY,
        SELL
    }

    record Trade(Side side, double price, List<Fee> fees) {}

    record Fee(String name, BigDecimal amount) {}

    sealed interface Shape permits Circle, Square {}

    record Circle(double radius) implements Shape {}

    record Square(double side) implements Shape {}

    private static Trade trade(int n) {
        return new Trade(
                n % 2 == 0 ? Side.BUY : Side.SELL, n / 8.0, List.of(new Fee("fee " + n, BigDecimal.valueOf(n, 2))));
    }

    private static List<Trade> trades(Block data, int n) {
        return List.of(trade(n), trade(n + 1));
    }

    @Test
    void aRecordThatALambdaReturnsComesBackAsItself() {
        assertThat(pool.map(List.of(1, 2), (_, n) -> trade(n))).containsExactly(trade(1), trade(2));
    }

    @Test
    void soDoEnumsArraysAndSealedTypes() {
        assertThat(pool.map(List.of(0, 1), (_, n) -> Side.values()[n])).containsExactly(Side.BUY, Side.SELL);
        assertThat(pool.map(List.of(3), (_, n) -> new Trade[] {trade(n)}).getFirst())
                .containsExactly(trade(3));
        assertThat(pool.map(List.of(0, 1), (_, n) -> shape(n))).containsExactly(new Circle(1), new Square(2));
    }

    private static Shape shape(int n) {
        return n == 0 ? new Circle(1) : new Square(2);
    }

    @Test
    void aMethodReferenceKnowsTheTypesInAList() {
        assertThat(pool.map(List.of(5), WorkerPoolResultsIT::trades)).containsExactly(List.of(trade(5), trade(6)));
    }

    @Test
    void aConstructorReferenceKnowsItsType() {
        assertThat(pool.map(List.of(2.0), Scaled::new)).containsExactly(new Scaled(0, 2.0));
    }

    record Scaled(long count, double factor) {
        Scaled(Block data, double factor) {
            this(data.count(), factor);
        }
    }

    @Test
    void aLambdaThatReturnsAListNeedsTheTypesInItGranted() {
        try (var granting = WorkerPool.open(PoolOptions.defaults().withProcs(1).withResultTypes(Trade.class))) {
            assertThat(granting.map(List.of(5), (data, n) -> trades(data, n)))
                    .containsExactly(List.of(trade(5), trade(6)));
        }
    }

    /** It would be a RecordValue, which the caller would take for a Trade. */
    @Test
    void withoutThatItIsRefusedOnArrival() {
        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(() -> pool.map(List.of(5), (data, n) -> trades(data, n)))
                .withMessageContaining("it holds a " + Trade.class.getName())
                .withMessageContaining("grant WorkerPoolResultsIT.Trade with PoolOptions.withResultTypes");
        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(() -> pool.map(List.of(5), (data, n) -> List.of(Side.SELL)))
                .withMessageContaining("it holds a " + Side.class.getName());
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> pool.supplyAsync(() -> List.of(trade(5))).join())
                .withMessageContaining("grant WorkerPoolResultsIT.Trade");
    }

    @Test
    void recordValuesMayBeGrantedInstead() {
        try (var granting = WorkerPool.open(PoolOptions.defaults().withProcs(1).withResultTypes(RecordValue.class))) {
            List<? extends List<?>> plain = granting.map(List.of(5), (data, n) -> trades(data, n));
            assertThat(plain.getFirst().getFirst())
                    .isEqualTo(new RecordValue(
                            Trade.class.getName(),
                            Map.of(
                                    "side",
                                    "SELL",
                                    "price",
                                    0.625,
                                    "fees",
                                    List.of(new RecordValue(
                                            Fee.class.getName(),
                                            Map.of("name", "fee 5", "amount", new BigDecimal("0.05")))))));
        }
    }

    record Order(
            UUID id, Instant at, Duration valid, Optional<LocalDate> until, Path file, Map<String, Trade> trades) {}

    @Test
    void valuesOfTheJdkTravelBothWays() {
        var order = new Order(
                new UUID(1, 2),
                Instant.parse("2026-01-02T03:04:05.000000006Z"),
                Duration.ofDays(1),
                Optional.of(LocalDate.EPOCH),
                Path.of("/orders/1"),
                Map.of("first", trade(5)));
        assertThat(pool.map(List.of(order), it -> it)).containsExactly(order);
        Instant at = order.at();
        assertThat(pool.supplyAsync(() -> List.of(at, ZoneId.of("Europe/Berlin"), DayOfWeek.MONDAY))
                        .join())
                .isEqualTo(List.of(at, ZoneId.of("Europe/Berlin"), DayOfWeek.MONDAY));
    }

    @Test
    void aReductionToARecord() {
        record Range(int low, int high) {}
        assertThat(onInts.reduce(
                        () -> new Range(Integer.MAX_VALUE, Integer.MIN_VALUE),
                        (range, block) -> new Range(
                                Math.min(range.low, block.intAt(0)),
                                Math.max(range.high, block.intAt(block.count() - 1))),
                        (a, b) -> new Range(Math.min(a.low, b.low), Math.max(a.high, b.high))))
                .isEqualTo(new Range(0, 999));
    }

    /** A job whose result type is a type variable of a class in between. */
    abstract static class Last<R> implements Job<Long, Map<String, R>> {
        private static final long serialVersionUID = 1L;

        @Override
        public Long start() {
            return 0L;
        }

        @Override
        public Long accept(Long before, Block block) {
            return block.integerAt(block.count() - 1);
        }

        @Override
        public Long merge(Long left, Long right) {
            return right;
        }
    }

    static final class LastTrade extends Last<Trade> {
        private static final long serialVersionUID = 1L;

        @Override
        public Map<String, Trade> finish(Long last) {
            return new TreeMap<>(Map.of("last", trade(last.intValue())));
        }
    }

    @Test
    void aJobsResultTypeIsFoundThroughItsSuperclasses() {
        assertThat(onInts.run(new LastTrade())).isEqualTo(Map.of("last", trade(999)));
    }

    @Test
    void plainData() {
        List<Object> values = Arrays.asList(
                null,
                true,
                'x',
                (byte) 1,
                (short) 2,
                3,
                4L,
                5f,
                6d,
                "sieben",
                new BigInteger("8".repeat(50)),
                new BigDecimal("9.90"),
                List.of(1, "a"),
                Set.of(2),
                new TreeMap<>(Map.of("k", List.of())));
        assertThat(pool.map(values, (_, value) -> value)).isEqualTo(values);
        int[][] nested =
                pool.map(List.of(1), (_, n) -> new int[][] {{n}, {2, 3}}).getFirst();
        assertThat(nested).isDeepEqualTo(new int[][] {{1}, {2, 3}});
    }

    @Test
    void anArrayOf100MB() {
        int size = 100 << 20;
        byte[] large = pool.map(List.of(size), (_, n) -> {
                    var bytes = new byte[n];
                    bytes[0] = 1;
                    bytes[n - 1] = 2;
                    return bytes;
                })
                .getFirst();
        assertThat(large.length).isEqualTo(size);
        assertThat(large[0] + 10 * large[size - 1] + 100 * large[size / 2]).isEqualTo(21);
    }

    /** Partials of 8 MB each, merged in workers. */
    @Test
    void largePartials() {
        long[] counts = onInts.reduce(
                () -> new long[1 << 20],
                (n, block) -> {
                    for (long i = 0; i < block.count(); i++) {
                        n[block.intAt(i)]++;
                    }
                    return n;
                },
                (a, b) -> {
                    for (int i = 0; i < a.length; i++) {
                        a[i] += b[i];
                    }
                    return a;
                });
        assertThat(Arrays.stream(counts).limit(1000)).containsOnly(1L);
        assertThat(Arrays.stream(counts).sum()).isEqualTo(1000);
    }

    /** Chronicle is no part of a program's own class path here, so this job is compiled on the spot. */
    private static final String SELF_WRITING_JOB = """
        import io.github.forkless.common.dataset.Block;
        import io.github.forkless.common.job.Job;
        import net.openhft.chronicle.bytes.*;

        public record SelfWriting(boolean isPartialOnly) implements Job<SelfWriting.Counter, Object> {
            public static final class Counter implements BytesMarshallable {
                private long count;

                public void writeMarshallable(BytesOut<?> bytes) { bytes.writeStopBit(count); }

                public void readMarshallable(BytesIn<?> bytes) { count = bytes.readStopBit(); }

                public String toString() { return "counted " + count; }
            }

            public Counter start() { return new Counter(); }

            public Counter accept(Counter counter, Block block) {
                BytesIn<?> bytes = block.bytes();
                for (; bytes.readRemaining() > 0; bytes.readSkip(4)) {
                    counter.count++;
                }
                return counter;
            }

            public Counter merge(Counter left, Counter right) { left.count += right.count; return left; }

            public Object finish(Counter counter) { return isPartialOnly ? counter.count : counter; }
        }
        """;

    @Test
    void aPartialMayWriteItsOwnBytesAndSoMayAResultWhoseClassIsGranted() throws Exception {
        Path source = Files.writeString(folder.resolve("SelfWriting.java"), SELF_WRITING_JOB);
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-proc:none", "-d", folder.toString(), source.toString()))
                .isZero();
        Path data = folder.resolve("data.bin");
        PoolOptions options = PoolOptions.defaults()
                .withProcs(1)
                .withRunOptions(RunOptions.defaults().withTasks(4).withRetries(0))
                .withClassPath(List.of(folder));
        try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            Class<?> type = loader.loadClass("SelfWriting");
            Job<?, ?> partialOnly = (Job<?, ?>) type.getConstructors()[0].newInstance(true);
            Job<?, ?> result = (Job<?, ?>) type.getConstructors()[0].newInstance(false);
            try (var pool = WorkerPool.open(data, options)) {
                assertThat((Object) pool.run(partialOnly)).isEqualTo(1000L);
                assertThatExceptionOfType(RunFailedException.class)
                        .isThrownBy(() -> pool.run(result))
                        .withMessageContaining("SelfWriting$Counter")
                        .withMessageContaining("BytesMarshallable");
            }
            Class<?> counter = loader.loadClass("SelfWriting$Counter");
            try (var pool = WorkerPool.open(data, options.withResultTypes(counter))) {
                assertThat((Object) pool.run(result)).hasToString("counted 1000");
            }
        }
    }

    @Test
    void aResultThatIsNoDataIsNamed() {
        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(() -> pool.map(List.of(1), (_, n) -> List.of(n, new BitSet())))
                .withMessageContaining("the value[1] is a java.util.BitSet, which cannot travel");
    }

    @Test
    void aFunctionThatDeclaresAResultThatIsNoDataIsNotCalled() throws Exception {
        Path called = folder.resolve("called");

        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> pool.map(List.of(called.toString()), (_, name) -> touched(name)))
                .withMessageStartingWith("the function returns java.util.BitSet, which cannot travel");
        try (var executor = pool.executor()) {
            assertThatExceptionOfType(RejectedExecutionException.class)
                    .isThrownBy(() -> executor.submit(() -> new BitSet()))
                    .withMessageStartingWith("the task returns java.util.BitSet, which cannot travel");
        }
        assertThat(called).doesNotExist();
    }

    private static BitSet touched(String name) throws IOException {
        Files.createFile(Path.of(name));
        return new BitSet();
    }

    @Test
    void aParameterThatIsNoDataIsNamed() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> pool.map(List.<Object>of(1, new BitSet()), (_, n) -> n))
                .withMessageContaining("parameter 1: the value is a java.util.BitSet, which cannot travel");
        assertThat(pool.map(List.of(1), (_, n) -> n)).containsExactly(1);
    }

    /** Whether this JVM is the one that the answer is for. */
    private static boolean isHere() {
        return System.getenv(WorkerMain.MARK) == null;
    }

    record Homesick(int x) {
        Homesick {
            if (isHere()) {
                throw new IllegalArgumentException("not at home");
            }
        }
    }

    /** The worker did as it was told: it is not blamed, and stays. */
    @Test
    void aResultThatItsOwnClassRefusesEndsItsRunAndNoWorker(@TempDir Path before, @TempDir Path after)
            throws IOException {
        pool.map(List.of(1, 2, 3, 4), TestData.untilAllArePresent(before.toString(), PROCS));

        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(() -> pool.map(List.of(1), (_, n) -> new Homesick(n)))
                .withMessageContaining("is no result here: a " + Homesick.class.getName() + " refused its components:"
                        + " java.lang.IllegalArgumentException: not at home");
        pool.map(List.of(1, 2, 3, 4), TestData.untilAllArePresent(after.toString(), PROCS));
        assertThat(TestData.present(after)).isEqualTo(TestData.present(before));
    }

    /** A worker that has gone bad sends an answer of its own making: the first result of run n, and never the real one. */
    @Test
    void aHostileResultIsAnErrorThatShowsItsBytes() {
        byte[] payload = {'r', 'm', ' ', '-', 'r', 'f'};
        try (var victim = WorkerPool.open(PoolOptions.defaults()
                .withProcs(1)
                .withRunOptions(RunOptions.defaults().withRetries(0)))) {
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> victim.map(List.of(1), (_, n) -> {
                        ForgedAnswer.send(1, payload);
                        Thread.sleep(Duration.ofMinutes(1));
                        return n;
                    }))
                    .withMessageContaining("a result of 6 bytes that begins with 72 6d 20 2d 72 66 cannot be read");
            assertThat(victim.map(List.of(1), (_, n) -> n)).containsExactly(1);
        }
    }

    /** Java's serialization is not understood, so no gadget in it can run. */
    @Test
    void serializedObjectsAreNotRead() throws IOException {
        byte[] payload = Serialization.pack(new LastTrade(), "this", 1 << 20).bytes();
        try (var victim = WorkerPool.open(PoolOptions.defaults()
                .withProcs(1)
                .withRunOptions(RunOptions.defaults().withRetries(0)))) {
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> victim.map(List.of(1), (_, n) -> {
                        ForgedAnswer.send(1, payload);
                        Thread.sleep(Duration.ofMinutes(1));
                        return n;
                    }))
                    .withMessageContaining("begins with ac ed 00 05");
        }
    }

    @Test
    void jobThatNeedsASecondPassIsRunAgainWithWhatItFound() {
        var bins = (RecordValue) onInts.run(new Histogram(4, null, null));

        assertThat((double[]) bins.components().get("edges")).containsExactly(0, 249.75, 499.5, 749.25, 999);
        assertThat((long[]) bins.components().get("counts")).containsExactly(250, 250, 250, 250);
    }

    @Test
    void secondPassIsMadeForTheParameterSetsThatAskForOne() {
        var job = new NamedJob(
                "histogram",
                Map.of(),
                List.of(Map.of("bins", "2"), Map.of("bins", "2", "low", "0", "high", "499"), Map.of("bins", "1")));

        assertThat(onInts.submitReported(job).join().results())
                .map(bins -> ((RecordValue) bins).components())
                .satisfiesExactly(
                        found -> assertThat((long[]) found.get("counts")).containsExactly(500, 500),
                        given -> assertThat(given.get("above")).isEqualTo(500L),
                        one -> assertThat((long[]) one.get("counts")).containsExactly(1000));
    }
}
