package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.coordinator.WorkerPool.Indexed;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.worker.WorkerMain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Code of the user's that runs in the coordinator, and takes its time or throws: it holds up nobody but its own run, and ends
 * no other and no worker.
 */
@Execution(ExecutionMode.SAME_THREAD)
class UserCodeIT {
    /** Open where no test holds anything up. */
    private static volatile CountDownLatch gate = new CountDownLatch(0);

    private static volatile CountDownLatch reached = new CountDownLatch(0);

    @TempDir
    static Path folder;

    private static WorkerPool pool;
    private static Set<Long> workers;

    @BeforeAll
    static void open() throws IOException {
        pool = WorkerPool.open(PoolOptions.defaults()
                .withProcs(2)
                .withRunOptions(RunOptions.defaults().withRetries(0)));
        assertOthersGoOn();
        workers = TestData.awaitWorkers(pool, 2, folder);
    }

    @AfterAll
    static void noWorkerWasLost() {
        assertThat(TestData.workers()).containsAll(workers);
        pool.close();
        TestData.assertNoWorkerIsLeft();
    }

    @BeforeEach
    void closeGate() {
        gate = new CountDownLatch(1);
        reached = new CountDownLatch(1);
    }

    @AfterEach
    void openGate() {
        gate.countDown();
    }

    private static boolean isCoordinator() {
        return System.getenv(WorkerMain.MARK) == null;
    }

    private static void passGate() {
        if (isCoordinator()) {
            reached.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void assertOthersGoOn() {
        List<Integer> many = IntStream.range(0, 5000).boxed().toList();
        assertThat(pool.map(many, (_, n) -> n + 1)).hasSize(5000).endsWith(5000);
    }

    /** What is held up is so while others go on, and has its answer then. */
    private static void assertHoldsUpNobody(CompletableFuture<?> held) throws Exception {
        reached.await();
        assertOthersGoOn();
        assertThat(held).isNotDone();
        gate.countDown();
        held.get();
    }

    record Made(int n) {
        Made {
            passGate();
        }
    }

    private static Made make(Block data, int n) {
        return new Made(n);
    }

    @Test
    void aResultsConstructorHoldsUpNobody() throws Exception {
        assertHoldsUpNobody(pool.submitMap(List.of(1, 2), UserCodeIT::make));
    }

    record Read(int n) {
        @Override
        public int n() {
            passGate();
            return n;
        }
    }

    @Test
    void aParametersAccessorHoldsUpNobody() throws Exception {
        assertHoldsUpNobody(CompletableFuture.supplyAsync(() -> pool.map(List.of(new Read(1)), (_, read) -> read.n())));
    }

    @Test
    void anIteratorHoldsUpNobody() throws Exception {
        Iterable<Integer> slow = () -> Stream.iterate(1, n -> n <= 3, n -> {
                    passGate();
                    return n + 1;
                })
                .iterator();
        assertHoldsUpNobody(CompletableFuture.supplyAsync(() -> {
            try (Stream<Indexed<Integer>> results = pool.stream(slow, (_, n) -> n)) {
                return results.toList();
            }
        }));
    }

    @Test
    void whatHangsOnAFutureHoldsUpNobody() throws Exception {
        String answers = folder.resolve("answers").toString();
        CompletableFuture<?> held = pool.submitMap(List.of(1), (_, n) -> {
                    TestData.await(Path.of(answers));
                    return n;
                })
                .thenApply(list -> {
                    passGate();
                    return list;
                });
        TestData.give(Path.of(answers)); // what is hung on a future that is done runs in the thread that hangs it
        assertHoldsUpNobody(held);
    }

    /** None of its methods can be called here. */
    record Hostile(int n) {
        private static <T> T refuse() {
            if (isCoordinator()) {
                throw new StackOverflowError("on purpose");
            }
            return null;
        }

        @Override
        public String toString() {
            refuse();
            return "hostile";
        }

        @Override
        public boolean equals(Object other) {
            refuse();
            return false;
        }

        @Override
        public int hashCode() {
            refuse();
            return 0;
        }
    }

    private static Hostile same(Block data, Hostile parameter) {
        return parameter;
    }

    private static int divide(Block data, Hostile parameter) {
        return parameter.n / (parameter.n - parameter.n);
    }

    @Test
    void nobodyAsksParametersAndResultsForTheirWordsOrEquality() {
        List<Hostile> hostile = List.of(new Hostile(1), new Hostile(2));
        assertThat(pool.map(hostile, UserCodeIT::same).stream().mapToInt(Hostile::n))
                .containsExactly(1, 2);
        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(() -> pool.map(hostile, UserCodeIT::divide))
                .withMessageContaining("/ by zero");
        var options = PoolOptions.defaults()
                .withProcs(1)
                .withRunOptions(RunOptions.defaults().withJournal(folder.resolve("journal")));
        try (var journaled = WorkerPool.open(options)) {
            assertThat(journaled.map(hostile, UserCodeIT::same)).hasSize(2);
        }
    }

    private static final class Refusing implements Iterator<Integer> {
        private final AtomicInteger drawn = new AtomicInteger();

        @Override
        public boolean hasNext() {
            return true;
        }

        @Override
        public Integer next() {
            if (drawn.incrementAndGet() > 10) {
                throw new IllegalStateException("no more");
            }
            return drawn.get();
        }
    }

    @Test
    void anIteratorThatThrowsEndsItsStreamAlone() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> pool.stream(Refusing::new, (_, n) -> n).toList())
                .withMessage("no more");
        gate.countDown();
        assertOthersGoOn();
    }
}
