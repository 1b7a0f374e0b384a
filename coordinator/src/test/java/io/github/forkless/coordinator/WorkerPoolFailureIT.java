package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.job.Job;
import io.github.forkless.coordinator.result.Failure;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.testing.LongTest;
import io.github.forkless.worker.WorkerMain;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a program sees of a job that throws, prints or exits. */
@Execution(ExecutionMode.SAME_THREAD)
class WorkerPoolFailureIT {
    private static final PoolOptions TWO = PoolOptions.defaults()
            .withProcs(2)
            .withRunOptions(RunOptions.defaults().withTasks(4));

    @TempDir
    Path folder;

    private Path data;

    @BeforeEach
    void writeData() {
        data = TestData.ints(folder.resolve("data.bin"), 4000, i -> i);
    }

    @AfterEach
    void noWorkerIsLeft() {
        TestData.assertNoWorkerIsLeft();
    }

    static final class NoSuchPriceException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoSuchPriceException(int price) {
            super("no price " + price);
        }
    }

    /** Throws at one element. */
    record Picky(int refused) implements Job<Long, Long> {
        @Override
        public Long start() {
            return 0L;
        }

        @Override
        public Long accept(Long count, Block block) {
            for (long i = 0; i < block.count(); i++) {
                if (block.intAt(i) == refused) {
                    throw new NoSuchPriceException(refused);
                }
            }
            return count + block.count();
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
    void anExceptionComesBackWithItsTypeTraceWorkerAndSlice() throws IOException {
        try (var pool = WorkerPool.open(data, TWO)) {
            assertThat(pool.run(new Picky(-1))).isEqualTo(4000);
            Set<Long> workers = TestData.awaitWorkers(pool, 2, folder);

            var failed = catchThrowableOfType(RunFailedException.class, () -> pool.run(new Picky(2500)));

            assertThat(failed.failures()).hasSize(1);
            Failure failure = failed.failures().getLast();
            assertThat(failure.error()).isEqualTo(NoSuchPriceException.class.getName());
            assertThat(failure.cause()).isEqualTo(NoSuchPriceException.class.getName() + ": no price 2500");
            assertThat(failure.trace())
                    .startsWith(failure.cause())
                    .contains("at io.github.forkless.coordinator.WorkerPoolFailureIT$Picky.accept(");
            assertThat(failure.slice()).isEqualTo(new Slice(2000, 3000));
            assertThat(failure.task()).isEqualTo(2);
            assertThat(failure.attempt()).isEqualTo(1);
            assertThat(failure.exitCode()).isEqualTo(OptionalInt.empty());
            assertThat(failure.pid()).isIn(workers);
            assertThat(failed).hasMessage("the job failed at " + failure);
            assertThat(failed.getMessage())
                    .startsWith("the job failed at task 2, elements 2")
                    .endsWith("worker pid " + failure.pid() + ": " + failure.cause());
            // The worker lives, and goes on.
            assertThat(pool.run(new Picky(-1))).isEqualTo(4000);
            assertThat(TestData.workers()).isEqualTo(workers);
        }
    }

    /** An exception that nobody catches has to tell its whole story by itself. */
    @Test
    void itsPrintedTraceNamesTheCallAndTheJobsCode() {
        try (var pool = WorkerPool.open(data, TWO)) {
            var failed = catchThrowableOfType(RunFailedException.class, () -> pool.run(new Picky(7)));
            var printed = new StringWriter();
            failed.printStackTrace(new PrintWriter(printed));
            assertThat(printed.toString())
                    .contains("at io.github.forkless.coordinator.WorkerPoolFailureIT."
                            + "itsPrintedTraceNamesTheCallAndTheJobsCode(")
                    .contains("Caused by: " + NoSuchPriceException.class.getName() + ": no price 7\n\tat ")
                    .contains("Picky.accept(WorkerPoolFailureIT.java:");
        }
    }

    @Test
    void aCheckedExceptionOrAnErrorOfAFunctionIsNoDifferent() {
        try (var pool = WorkerPool.open(TWO)) {
            var checked = catchThrowableOfType(
                    RunFailedException.class,
                    () -> pool.map(List.of(1), (_, _) -> {
                        throw new IOException("disk");
                    }));
            assertThat(checked.failures().getLast().error()).isEqualTo("java.io.IOException");
            var error =
                    catchThrowableOfType(RunFailedException.class, () -> pool.map(List.of(1), (_, n) -> endless(n)));
            assertThat(error.failures().getLast().error()).isEqualTo("java.lang.StackOverflowError");
        }
    }

    private static int endless(int n) {
        return endless(n + 1) + 1;
    }

    /** Fails where a worker asks whether it fits the data. */
    record Undecided(int n) implements Job<Long, Long> {
        @Override
        public boolean accepts(Layout layout) {
            throw new IllegalStateException("undecided");
        }

        @Override
        public Long start() {
            return 0L;
        }

        @Override
        public Long accept(Long before, Block block) {
            return before;
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
    void aJobThatThrowsBeforeItsFirstTaskHasATraceToo() {
        try (var pool = WorkerPool.open(data, TWO)) {
            var failed = catchThrowableOfType(RunFailedException.class, () -> pool.run(new Undecided(5)));
            assertThat(failed).hasMessageContaining("could not load the job").hasMessageContaining("undecided");
            assertThat(failed.failures().getLast().error()).isEqualTo("java.lang.IllegalStateException");
            assertThat(failed.failures().getLast().trace()).contains("Undecided.accepts(");
            assertThat(pool.run(new Picky(-1))).isEqualTo(4000);
        }
    }

    @LongTest
    @Test
    void aJobMayPrintALot() {
        var printed = new AtomicLong();
        var lines = new AtomicLong();
        var counting = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) {
                printed.incrementAndGet();
                lines.addAndGet(b == '\n' ? 1 : 0);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                printed.addAndGet(length);
                for (int i = offset; i < offset + length; i++) {
                    lines.addAndGet(bytes[i] == '\n' ? 1 : 0);
                }
            }
        });
        int wanted = 100_000;
        try (var pool = WorkerPool.open(TWO.withProcs(1).withWorkerOutput(counting))) {
            assertThat(pool.map(List.of(wanted), (_, n) -> {
                        String line = "x".repeat(1023);
                        for (int i = 0; i < n; i++) {
                            System.out.println(line);
                        }
                        return n;
                    }))
                    .containsExactly(wanted);
        }
        assertThat(printed.get()).isGreaterThan(wanted * 1024L);
        assertThat(lines.get()).isEqualTo(wanted);
    }

    @Test
    void whatJobsPrintArrivesLineByLineWithTheWorkersName() {
        var chatter = new ByteArrayOutputStream();
        long pid;
        try (var pool = WorkerPool.open(
                TWO.withProcs(1).withWorkerOutput(new PrintStream(chatter, true, StandardCharsets.UTF_8)))) {
            pid = pool.map(List.of(1), (_, _) -> {
                        System.out.println("to stdout");
                        System.err.print("to stderr, unfinished");
                        return ProcessHandle.current().pid();
                    })
                    .getFirst();
        }
        String name = "[worker 0, pid " + pid + "] ";
        assertThat(chatter.toString(StandardCharsets.UTF_8))
                .isEqualToNormalizingNewlines(name + "to stdout\n" + name + "to stderr, unfinished\n");
    }

    /** The usual accident: closing what was wrapped around it. */
    @Test
    void aJobThatClosesOrReplacesItsStreamsSilencesNoOther() {
        var chatter = new ByteArrayOutputStream();
        List<Long> pids;
        try (var pool = WorkerPool.open(
                TWO.withProcs(1).withWorkerOutput(new PrintStream(chatter, true, StandardCharsets.UTF_8)))) {
            pids = pool.map(List.of("close", "null", "nothing"), (_, deed) -> {
                System.out.println("out before " + deed);
                System.err.println("err before " + deed);
                if (deed.equals("close")) {
                    new PrintWriter(System.out).close();
                } else if (deed.equals("null")) {
                    System.setOut(null);
                    System.setErr(null);
                }
                return ProcessHandle.current().pid();
            });
        }
        String name = "[worker 0, pid " + pids.getFirst() + "] ";
        assertThat(pids).containsOnly(pids.getFirst());
        assertThat(chatter.toString(StandardCharsets.UTF_8).lines())
                .containsExactlyInAnyOrder(
                        name + "out before close",
                        name + "err before close",
                        name + "out before null",
                        name + "err before null",
                        name + "out before nothing",
                        name + "err before nothing");
    }

    /** It looks after the coordinator five times a second; interrupted for good, it would never rest again. */
    @Test
    void aJobThatInterruptsAllThreadsDoesNotKeepTheWatchBusy() {
        try (var pool = WorkerPool.open(TWO.withProcs(1))) {
            assertThat(pool.map(List.of(1), (_, n) -> {
                        for (Thread thread : Thread.getAllStackTraces().keySet()) {
                            if (thread.getName().equals("parent-watch")) {
                                thread.interrupt();
                                while (thread.isInterrupted()) {
                                    Thread.sleep(10);
                                }
                                return n;
                            }
                        }
                        return 0;
                    }))
                    .containsExactly(1);
        }
    }

    /** Its causes go round in a circle, which kept the worker busy for ever. */
    @Test
    void anExceptionThatIsItsOwnCauseFailsItsRun() {
        try (var pool = WorkerPool.open(TWO.withProcs(1))) {
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> pool.map(List.of(1), (_, _) -> {
                        var first = new IllegalStateException("first");
                        first.initCause(new IllegalStateException("second", first));
                        throw first;
                    }))
                    .withMessageContaining("IllegalStateException: first")
                    .withStackTraceContaining("CIRCULAR REFERENCE");
            assertThat(pool.map(List.of(1), (_, n) -> n)).containsExactly(1);
        }
    }

    @Test
    void aJobThatExitsIsTriedAgainAndThenNamed() {
        try (var pool = WorkerPool.open(data, Runs.with(TWO, run -> run.withRetries(1)))) {
            var failed = catchThrowableOfType(
                    RunFailedException.class,
                    () -> pool.map(List.of(1), (_, n) -> {
                        System.out.println("farewell");
                        System.out.flush();
                        System.exit(0);
                        return n;
                    }));
            assertThat(failed.failures()).hasSize(2);
            Failure last = failed.failures().getLast();
            assertThat(last.exitCode()).isEqualTo(OptionalInt.of(0));
            assertThat(last.attempt()).isEqualTo(2);
            assertThat(last.error()).isEmpty();
            assertThat(last.lastWords()).contains("farewell");
            assertThat(failed)
                    .hasNoCause()
                    .hasMessageContaining("pid " + last.pid())
                    .hasMessageContaining("exited with code 0, but without its answer")
                    .hasMessageContaining("farewell");
            assertThat(pool.run(new Picky(-1))).isEqualTo(4000);
        }
    }

    @Test
    void aJobThatExitsOnceIsRetried() {
        String marker = folder.resolve("marker").toString();
        try (var pool = WorkerPool.open(data, TWO)) {
            assertThat(pool.map(List.of(1, 2, 3), (_, n) -> {
                        if (n == 2 && Files.notExists(Path.of(marker))) {
                            TestData.give(Path.of(marker));
                            Runtime.getRuntime().halt(9);
                        }
                        return n;
                    }))
                    .containsExactly(1, 2, 3);
        }
    }

    /** Its class can be initialized in a worker alone. */
    record Abroad(int n) {
        static {
            if (System.getenv(WorkerMain.MARK) == null) {
                throw new IllegalStateException("not at home");
            }
        }
    }

    private static Abroad abroad(Block data, int n) {
        return new Abroad(n);
    }

    @Test
    void aResultThatCannotBeMadeHereFailsItsRun() {
        try (var pool = WorkerPool.open(data, Runs.with(TWO, run -> run.withRetries(1)))) {
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> pool.map(List.of(1), WorkerPoolFailureIT::abroad))
                    .withMessageContaining("is no result here: a value of the program's own classes cannot be made:"
                            + " java.lang.ExceptionInInitializerError, caused by java.lang.IllegalStateException:"
                            + " not at home");
            assertThat(pool.run(new Picky(-1))).isEqualTo(4000);
        }
    }

    @Test
    void onlyTheRunThatFailedIsAffected() throws Exception {
        String release = folder.resolve("release").toString();
        try (var pool = WorkerPool.open(data, TWO)) {
            var held = pool.submitMap(List.of(1), (_, n) -> {
                TestData.await(Path.of(release));
                return n;
            });
            assertThatExceptionOfType(RunFailedException.class).isThrownBy(() -> pool.run(new Picky(5)));
            TestData.give(Path.of(release));
            assertThat(held.get()).containsExactly(1);
        }
    }
}
