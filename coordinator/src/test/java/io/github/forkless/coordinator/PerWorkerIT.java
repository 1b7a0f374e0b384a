package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.SerializableCallable;
import io.github.forkless.common.shared.PerWorker;
import io.github.forkless.coordinator.code.Serialization;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Patience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Objects that each worker makes for itself. */
@Execution(ExecutionMode.SAME_THREAD)
class PerWorkerIT {
    private static final PoolOptions ONE = PoolOptions.defaults()
            .withProcs(1)
            .withGracePeriod(Patience.of(Duration.ofSeconds(10)))
            .withRunOptions(RunOptions.defaults().withRetries(0));

    @TempDir
    Path folder;

    @AfterEach
    void nothingIsLeft() throws Exception {
        Marked.assertNoneIsLeft(Duration.ofSeconds(2));
    }

    /** Writes down what becomes of it. Not serializable. */
    private static final class Engine {
        private final Path log;
        private final String name;
        private final AtomicInteger uses = new AtomicInteger();

        Engine(String log, String name) {
            this.log = Path.of(log);
            this.name = name;
            write("made");
        }

        int use() {
            return uses.incrementAndGet();
        }

        void close() {
            write("closed");
        }

        private void write(String what) {
            try {
                Files.writeString(log, what + " " + name + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private String log() {
        return folder.resolve("log").toString();
    }

    private List<String> logged() throws IOException {
        return Files.readAllLines(folder.resolve("log"));
    }

    private PerWorker<Engine> engine(WorkerPool pool, String name) {
        String log = log();
        return pool.perWorker(() -> new Engine(log, name), Engine::close);
    }

    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void allTasksOfAWorkerHaveTheSameObjectAndItIsClosedAtTheEnd(EngineKind kind) throws IOException {
        try (var pool = WorkerPool.open(ONE.withEngine(kind))) {
            PerWorker<Engine> engine = engine(pool, "a");
            assertThat(pool.map(List.of(1, 2, 3), _ -> engine.get().use())).containsExactly(1, 2, 3);
            assertThat(pool.map(List.of(1), _ -> engine.get().use())).containsExactly(4);
            assertThat(logged()).containsExactly("made a");
        }
        assertThat(logged()).containsExactly("made a", "closed a");
    }

    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void eachWorkerHasItsOwn(EngineKind kind) throws Exception {
        try (var pool = WorkerPool.open(ONE.withProcs(2).withEngine(kind))) {
            PerWorker<Engine> engine = engine(pool, "a");
            String met = folder.resolve("met").toString();
            pool.map(List.of(0, 1), it -> {
                engine.get();
                Files.createFile(Path.of(met + it));
                TestData.await(Path.of(met + (1 - it))); // so that it takes two workers
                return it;
            });
            assertThat(logged()).containsExactly("made a", "made a");
        }
        assertThat(logged()).containsExactly("made a", "made a", "closed a", "closed a");
    }

    private record Counted(PerWorker<Engine> engine) implements Job<Integer, Integer> {
        @Override
        public Integer start() {
            return 0;
        }

        @Override
        public Integer accept(Integer partial, Block block) {
            return Math.max(partial, engine.get().use());
        }

        @Override
        public Integer merge(Integer left, Integer right) {
            return Math.max(left, right);
        }

        @Override
        public Integer finish(Integer partial) {
            return partial;
        }
    }

    private record Parameter(List<PerWorker<Engine>> engines, int n) {}

    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void theHandleTravelsInJobsParametersAndRecords(EngineKind kind) throws IOException {
        Path data = TestData.ints(folder.resolve("data.bin"), 4000, i -> i);
        try (var pool = WorkerPool.open(data, ONE.withEngine(kind))) {
            PerWorker<Engine> engine = engine(pool, "a");
            int used = pool.run(new Counted(engine));
            assertThat(used).isPositive();
            assertThat(pool.map(List.of(engine), it -> it.get().use())).containsExactly(used + 1);
            assertThat(pool.map(
                            List.of(new Parameter(List.of(engine), 5)),
                            it -> it.engines.getFirst().get().use() + it.n))
                    .containsExactly(used + 7);
            assertThat(logged()).containsExactly("made a");
        }
    }

    @Test
    void whatWasMadeLastIsClosedFirst() throws IOException {
        String log = log();
        try (var pool = WorkerPool.open(ONE)) {
            PerWorker<Engine> a = engine(pool, "a");
            PerWorker<Engine> b = pool.perWorker(() -> new Engine(log, "b of " + a.get().name), Engine::close);
            PerWorker<Engine> c = engine(pool, "c");
            pool.map(List.of(1), _ -> c.get().use() + b.get().use());
        }
        assertThat(logged())
                .containsExactly("made c", "made a", "made b of a", "closed b of a", "closed a", "closed c");
    }

    @Test
    void anObjectThatIsNotNeededIsNotMade() {
        try (var pool = WorkerPool.open(ONE)) {
            engine(pool, "a");
            pool.map(List.of(1), it -> it);
        }
        assertThat(folder.resolve("log")).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void aMakerThatThrowsFailsTheTaskAndIsCalledAgain(EngineKind kind) {
        String flag = folder.resolve("flag").toString();
        try (var pool = WorkerPool.open(ONE.withEngine(kind))) {
            PerWorker<String> licence = pool.perWorker(() -> {
                if (Files.notExists(Path.of(flag))) {
                    throw new IOException("no licence");
                }
                return "licence";
            });
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> pool.map(List.of(1), _ -> licence.get()))
                    .withMessageContaining("java.io.IOException: no licence");
            assertThat(pool.map(List.of(1), _ -> Files.createFile(Path.of(flag)).isAbsolute()))
                    .containsExactly(true);
            assertThat(pool.map(List.of(1), _ -> licence.get())).containsExactly("licence");
        }
    }

    @Test
    void aMakerThatNeedsItsOwnObjectIsTold() {
        try (var pool = WorkerPool.open(ONE)) {
            PerWorker<List<?>> own = pool.perWorker(() -> List.of(OwnHandle.handle.get()));
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> pool.map(List.of(own), it -> {
                        OwnHandle.handle = it;
                        return it.get().size();
                    }))
                    .withMessageContaining("asked for by what makes it");
        }
    }

    private static final class OwnHandle {
        static PerWorker<?> handle;
    }

    @Test
    void aCloserThatThrowsIsPrintedAndCostsNoAnswer() {
        var printed = new ByteArrayOutputStream();
        try (var pool = WorkerPool.open(ONE.withWorkerOutput(new PrintStream(printed, true)))) {
            PerWorker<String> bad = pool.perWorker(() -> "x", _ -> {
                throw new IOException("the line is dead");
            });
            assertThat(pool.map(List.of(1), _ -> bad.get())).containsExactly("x");
            bad.close();
            assertThat(pool.map(List.of(1), it -> it)).containsExactly(1);
        }
        assertThat(printed.toString()).contains("could not be closed").contains("the line is dead");
    }

    @Test
    void aCloserThatHangsHoldsUpNobodyForLong() {
        try (var pool = WorkerPool.open(ONE.withGracePeriod(Duration.ofMillis(100)))) {
            PerWorker<String> bad = pool.perWorker(() -> "x", _ -> {
                while (true) {
                    LockSupport.park();
                }
            });
            pool.map(List.of(1), _ -> bad.get());
        }
    }

    @LongTest
    @Test
    void aWorkerThatReplacesAnotherMakesItsOwn() throws IOException {
        try (var pool = WorkerPool.open(ONE)) {
            PerWorker<Engine> engine = engine(pool, "a");
            assertThat(pool.map(List.of(1), _ -> engine.get().use())).containsExactly(1);
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> pool.map(List.of(1), it -> {
                        Runtime.getRuntime().halt(9);
                        return it;
                    }));
            assertThat(pool.map(List.of(1), _ -> engine.get().use())).containsExactly(1);
        }
        assertThat(logged()).containsExactly("made a", "made a", "closed a");
    }

    @LongTest
    @Test
    void aWorkerThatHasDoneItsTasksClosesItsOwn() throws IOException {
        try (var pool = WorkerPool.open(ONE.withTasksPerWorker(1))) {
            PerWorker<Engine> engine = engine(pool, "a");
            pool.map(List.of(1), _ -> engine.get().use());
            pool.map(List.of(1), _ -> engine.get().use());
        }
        assertThat(logged()).containsExactlyInAnyOrder("made a", "closed a", "made a", "closed a");
    }

    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void aClosedHandleIsClosedInWorkersAndRefused(EngineKind kind) throws IOException {
        try (var pool = WorkerPool.open(ONE.withEngine(kind))) {
            PerWorker<Engine> a = engine(pool, "a");
            PerWorker<Engine> b = engine(pool, "b");
            pool.map(List.of(1), _ -> a.get().use() + b.get().use());
            a.close();
            a.close();
            assertThat(pool.map(List.of(1), _ -> b.get().use())).containsExactly(2);
            assertThat(logged()).containsExactly("made a", "made b", "closed a");
            assertThatIllegalStateException()
                    .isThrownBy(() -> pool.map(List.of(1), _ -> a.get().use()))
                    .withMessageContaining("was closed");
            assertThatIllegalStateException().isThrownBy(a::get).withMessageContaining("was closed");
        }
        assertThat(logged()).containsExactly("made a", "made b", "closed a", "closed b");
    }

    @Test
    void aHandleOfAnotherPoolIsRefused() {
        try (var pool = WorkerPool.open(ONE);
                var other = WorkerPool.open(ONE)) {
            PerWorker<Engine> engine = engine(other, "a");
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> pool.map(List.of(1), _ -> engine.get().use()))
                    .withMessageContaining("belongs to another pool");
        }
    }

    @Test
    void theProgramHasItsOwnToo() throws IOException {
        try (var pool = WorkerPool.open(ONE)) {
            PerWorker<Engine> a = engine(pool, "a");
            PerWorker<Engine> b = engine(pool, "b");
            assertThat(b.get().use() + a.get().use() + a.get().use()).isEqualTo(4);
            assertThat(a.get()).isSameAs(a.get());
        }
        assertThat(logged()).containsExactly("made b", "made a", "closed a", "closed b");
    }

    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void allThreadsOfAWorkerHaveTheSame(EngineKind kind) throws IOException {
        try (var pool = WorkerPool.open(ONE.withEngine(kind))) {
            PerWorker<Engine> engine = engine(pool, "a");
            List<Integer> uses = pool.map(List.of(1), _ -> {
                        var objects = new LinkedBlockingQueue<Integer>();
                        List<Thread> threads = IntStream.range(0, 8)
                                .mapToObj(_ -> Thread.ofPlatform()
                                        .start(() -> objects.add(System.identityHashCode(engine.get()))))
                                .toList();
                        for (Thread thread : threads) {
                            thread.join();
                        }
                        return List.copyOf(objects);
                    })
                    .getFirst();
            assertThat(uses).hasSize(8).containsOnly(uses.getFirst());
            assertThat(logged()).containsExactly("made a");
        }
    }

    @Test
    void whatIsCapturedIsBounded() {
        byte[] large = new byte[1 << 20];
        try (var pool = WorkerPool.open(ONE.withLargestCapture(1 << 19))) {
            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> pool.perWorker(() -> large))
                    .withMessageContaining("carries more than")
                    .withMessageContaining("pool.share");
            Object stuck = new Object();
            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> pool.perWorker(() -> stuck))
                    .withMessageContaining("not Serializable");
        }
    }

    /** What the maker captures is not in the handle. */
    @Test
    void theHandleIsSmall() {
        byte[] large = new byte[1 << 20];
        try (var pool = WorkerPool.open(ONE.withLargestCapture(2 << 20))) {
            PerWorker<byte[]> engine = pool.perWorker(() -> large);
            SerializableCallable<Integer> task = () -> engine.get().length;
            assertThat(Serialization.pack(task, "the task", Long.MAX_VALUE).bytes())
                    .hasSizeLessThan(2000);
            assertThat(pool.supplyAsync(task).join()).isEqualTo(1 << 20);
        }
    }

    @Test
    void aClosedPoolMakesNone() {
        var pool = WorkerPool.open(ONE);
        PerWorker<Engine> engine = engine(pool, "a");
        pool.close();
        assertThatIllegalStateException().isThrownBy(() -> engine(pool, "b"));
        assertThatIllegalStateException().isThrownBy(engine::get);
    }

    @LongTest
    @Test
    void aJournalKnowsItByHowItIsMade() throws IOException {
        Path journal = folder.resolve("journal");
        for (String name : List.of("a", "a", "b")) {
            try (var pool =
                    WorkerPool.open(ONE.withRunOptions(RunOptions.defaults().withJournal(journal)))) {
                PerWorker<Engine> engine = engine(pool, name);
                if (name.equals("a")) {
                    assertThat(pool.map(List.of(1), _ -> engine.get().use())).containsExactly(1);
                } else {
                    assertThatExceptionOfType(RuntimeException.class)
                            .isThrownBy(
                                    () -> pool.map(List.of(1), _ -> engine.get().use()))
                            .withMessageContaining("captured values");
                }
            }
        }
        assertThat(logged()).as("the second was in the journal").containsExactly("made a", "closed a");
    }
}
