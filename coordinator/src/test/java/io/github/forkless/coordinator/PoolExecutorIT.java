package io.github.forkless.coordinator;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.forkless.common.job.SerializableCallable;
import io.github.forkless.common.job.SerializableRunnable;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.result.TaskException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What every caller of an {@link ExecutorService} may rely on, over the workers of one pool. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class PoolExecutorIT {
    private static final String SUCCEEDED = "succeeded";

    @TempDir
    static Path folder;

    private WorkerPool pool;
    private PoolExecutor executor;

    /** A pool grants it. */
    public static final class NoSuchPriceException extends Exception {
        private static final long serialVersionUID = 1L;

        public NoSuchPriceException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** No pool grants it. */
    public static final class UngrantedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public UngrantedException(String message) {
            super(message);
        }
    }

    record Trade(String symbol, double price) {}

    @BeforeAll
    void openPool() {
        pool = WorkerPool.open(PoolOptions.defaults()
                .withProcs(2)
                .withRunOptions(RunOptions.defaults().withRetries(0))
                .withResultTypes(NoSuchPriceException.class));
    }

    @BeforeEach
    void makeExecutor() {
        executor = pool.executor();
    }

    @AfterEach
    void endTasks() {
        executor.shutdownNow();
    }

    @AfterAll
    void closePool() {
        pool.close();
    }

    private static SerializableCallable<String> succeeding() {
        return () -> SUCCEEDED;
    }

    private static SerializableCallable<String> failing() {
        return () -> {
            throw new ArithmeticException("no");
        };
    }

    /** Says that it has begun, by a file of this name, and never ends. */
    private static SerializableCallable<String> endless(String begun) {
        String file = folder.resolve(begun).toString();
        return () -> {
            Files.createFile(Path.of(file));
            new CountDownLatch(1).await();
            return "never";
        };
    }

    private static void awaitFile(String name) {
        TestData.await(folder.resolve(name));
    }

    // ---- submit

    @Test
    void submitReturnsWhatTheTaskReturns() throws Exception {
        Future<String> future = executor.submit(succeeding());

        assertThat(future.get()).isEqualTo(SUCCEEDED);
        assertThat(future.isDone()).isTrue();
        assertThat(future.state()).isEqualTo(Future.State.SUCCESS);
    }

    @Test
    void tasksAreDoneInOtherProcesses() throws Exception {
        assertThat(executor.submit(() -> ProcessHandle.current().pid()).get())
                .isNotEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void aRecordComesBackAsWhatItWas() throws Exception {
        assertThat(executor.submit(() -> new Trade("A", 2.5)).get()).isEqualTo(new Trade("A", 2.5));
    }

    @Test
    void submitOfARunnableReturnsNullOrTheGivenResult() throws Exception {
        Path file = folder.resolve("ran");
        String name = file.toString();
        SerializableRunnable task = () -> {
            try {
                Files.createFile(Path.of(name));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };

        assertThat(executor.submit(task).get()).isNull();
        assertThat(file).exists();
        var result = new Object();
        SerializableRunnable nothing = () -> {};
        assertThat(executor.submit(nothing, result).get()).isSameAs(result);
    }

    @Test
    void executeRunsTheTask() {
        String name = folder.resolve("executed").toString();
        executor.execute(() -> {
            try {
                Files.createFile(Path.of(name));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        awaitFile("executed");
    }

    @Test
    void nullTasksAreRefused() {
        assertThatNullPointerException().isThrownBy(() -> executor.submit((Callable<?>) null));
        assertThatNullPointerException().isThrownBy(() -> executor.submit((Runnable) null));
        assertThatNullPointerException().isThrownBy(() -> executor.submit((Runnable) null, 1));
        assertThatNullPointerException().isThrownBy(() -> executor.execute((Runnable) null));
        assertThatNullPointerException().isThrownBy(() -> pool.supplyAsync(null));
    }

    @Test
    void aTaskThatCannotTravelIsRefusedWithTheReason() {
        Callable<Integer> plain = () -> 1;
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> executor.submit(plain))
                .withMessageContaining("is not Serializable")
                .withMessageContaining("SerializableCallable");
        var notSerializable = new Object();
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> executor.submit(() -> notSerializable.hashCode()))
                .withMessageContaining("captures 'notSerializable'");
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> CompletableFuture.supplyAsync(() -> 1, executor))
                .withMessageContaining("use supplyAsync(task) of the WorkerPool");
        executor.shutdown();
        assertThat(executor.isTerminated()).as("nothing is left of them").isTrue();
    }

    @Test
    void getWithTimeoutGivesUpWaitingAndNotTheTask() throws Exception {
        String go = folder.resolve("go").toString();
        Future<String> future = executor.submit(() -> {
            while (Files.notExists(Path.of(go))) {
                Thread.sleep(1);
            }
            return SUCCEEDED;
        });

        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> future.get(1, MILLISECONDS));
        TestData.give(Path.of(go));
        assertThat(future.get()).isEqualTo(SUCCEEDED);
    }

    @Test
    void interruptingAWaitingThreadInterruptsItsWaitAlone() throws Exception {
        Future<String> future = executor.submit(endless("interrupted"));
        awaitFile("interrupted");

        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(future::get);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(future.isDone()).isFalse();
    }

    // ---- what tasks throw

    @Test
    void anExceptionOfTheJdkArrivesAsItselfWithTheWorkersTrace() {
        var failed = catchThrowableOfType(
                ExecutionException.class, () -> executor.submit(failing()).get());

        assertThat(failed.getCause())
                .isExactlyInstanceOf(ArithmeticException.class)
                .hasMessage("no")
                .hasNoCause();
        assertThat(failed.getCause().getSuppressed())
                .singleElement()
                .satisfies(trace -> assertThat(trace.toString())
                        .startsWith("java.lang.ArithmeticException: no\n\tat " + PoolExecutorIT.class.getName()));
    }

    @Test
    void causesArriveToo() {
        SerializableCallable<Integer> task = () -> {
            throw new UncheckedIOException("outer", new FileNotFoundException("inner"));
        };
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> executor.submit(task).get())
                .havingCause()
                .isExactlyInstanceOf(UncheckedIOException.class)
                .withMessage("outer")
                .havingCause()
                .isExactlyInstanceOf(FileNotFoundException.class)
                .withMessage("inner");
    }

    @Test
    void anExceptionThatIsGrantedArrivesAsItself() {
        SerializableCallable<Integer> task = () -> {
            throw new NoSuchPriceException("none", new IllegalStateException());
        };
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> executor.submit(task).get())
                .havingCause()
                .isExactlyInstanceOf(NoSuchPriceException.class)
                .withMessage("none")
                .havingCause()
                .isExactlyInstanceOf(IllegalStateException.class)
                .withMessage(null);
    }

    @Test
    void anotherExceptionIsDescribed() {
        SerializableCallable<Integer> task = () -> {
            throw new UngrantedException("secret");
        };
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> executor.submit(task).get())
                .havingCause()
                .isInstanceOfSatisfying(
                        TaskException.class, it -> assertThat(it.type()).isEqualTo(UngrantedException.class.getName()))
                .withMessage(UngrantedException.class.getName() + ": secret");
    }

    @Test
    void aTaskThatEndsItsWorkerFailsAlone() throws Exception {
        SerializableCallable<Integer> task = () -> {
            Runtime.getRuntime().halt(9);
            return 1;
        };
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> executor.submit(task).get())
                .havingCause()
                .isExactlyInstanceOf(RunFailedException.class)
                .withMessageContaining("exited with code 9");
        assertThat(executor.submit(succeeding()).get()).isEqualTo(SUCCEEDED);
    }

    @Test
    void aResultThatIsNoDataFailsTheTask() {
        SerializableCallable<Object> task = Object::new;
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> executor.submit(task).get())
                .havingCause()
                .isExactlyInstanceOf(RunFailedException.class)
                .withMessageContaining("java.lang.Object");
    }

    // ---- cancelling

    @Test
    void cancellingEndsTheAttempt() throws Exception {
        Future<String> future = executor.submit(endless("cancelled"));
        awaitFile("cancelled");

        assertThat(future.cancel(true)).isTrue();
        assertThat(future.isCancelled()).isTrue();
        assertThat(future.cancel(true)).isFalse();
        assertThatExceptionOfType(CancellationException.class).isThrownBy(future::get);
        executor.shutdown();
        assertThat(executor.awaitTermination(1, DAYS)).isTrue();
        assertThat(pool.executor().submit(succeeding()).get()).isEqualTo(SUCCEEDED);
    }

    @Test
    void cancellingWithoutInterruptLetsATaskGoOn() throws Exception {
        String go = folder.resolve("go on").toString();
        String begun = folder.resolve("begun").toString();
        String done = folder.resolve("gone on").toString();
        Future<String> future = executor.submit(() -> {
            Files.createFile(Path.of(begun));
            while (Files.notExists(Path.of(go))) {
                Thread.sleep(1);
            }
            Files.createFile(Path.of(done));
            return SUCCEEDED;
        });
        awaitFile("begun");

        assertThat(future.cancel(false)).isTrue();
        executor.shutdown();
        assertThat(executor.isTerminated()).isFalse();
        TestData.give(Path.of(go));
        assertThat(executor.awaitTermination(1, DAYS)).isTrue();
        assertThat(Path.of(done)).exists();
        assertThat(future.isCancelled()).isTrue();
    }

    // ---- invokeAny

    @Test
    void invokeAnyReturnsTheResultOfOneThatSucceeds() throws Exception {
        assertThat(executor.invokeAny(List.of(failing(), succeeding(), endless("any"))))
                .isEqualTo(SUCCEEDED);
        executor.shutdown();
        assertThat(executor.awaitTermination(1, DAYS))
                .as("the others are ended")
                .isTrue();
    }

    @Test
    void invokeAnyOfFailingTasksFails() {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> executor.invokeAny(List.of(failing(), failing())))
                .withCauseExactlyInstanceOf(ArithmeticException.class);
    }

    @Test
    void invokeAnyGivesUpWhenTheTimeIsOver() {
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> executor.invokeAny(List.of(endless("any in time")), 1, MILLISECONDS));
    }

    @Test
    void invokeAnyRefusesNothingAndNull() {
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAny(null));
        assertThatIllegalArgumentException().isThrownBy(() -> executor.invokeAny(List.of()));
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAny(Arrays.asList(succeeding(), null)));
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAny(null, 1, DAYS));
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAny(List.of(succeeding()), 1, null));
        assertThatIllegalArgumentException().isThrownBy(() -> executor.invokeAny(List.of(), 1, DAYS));
    }

    // ---- invokeAll

    @Test
    void invokeAllReturnsFuturesThatAreDoneInOrder() throws Exception {
        List<SerializableCallable<Integer>> tasks = IntStream.range(0, 1000)
                .<SerializableCallable<Integer>>mapToObj(i -> () -> i * i)
                .toList();

        List<Future<Integer>> futures = executor.invokeAll(tasks);

        assertThat(futures).allMatch(Future::isDone);
        assertThat(futures.stream().map(Future::resultNow))
                .containsExactlyElementsOf(
                        IntStream.range(0, 1000).map(i -> i * i).boxed().toList());
        assertThat(executor.invokeAll(List.<Callable<Integer>>of())).isEmpty();
    }

    @Test
    void invokeAllHasFuturesOfFailingTasksToo() throws Exception {
        List<Future<String>> futures = executor.invokeAll(List.of(succeeding(), failing()));

        assertThat(futures.stream().map(Future::state)).containsExactly(Future.State.SUCCESS, Future.State.FAILED);
        assertThat(futures.getLast().exceptionNow()).isExactlyInstanceOf(ArithmeticException.class);
    }

    @Test
    void invokeAllCancelsWhatIsNotDoneInTime() throws Exception {
        List<Future<String>> futures =
                executor.invokeAll(List.of(endless("all 1"), endless("all 2"), endless("all 3")), 1, MILLISECONDS);

        assertThat(futures).hasSize(3).allMatch(Future::isCancelled);
    }

    @Test
    void invokeAllRefusesNull() {
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAll(null));
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAll(Arrays.asList(succeeding(), null)));
        Collection<Callable<String>> one = List.of(succeeding());
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAll(one, 1, null));
    }

    // ---- shutting down

    @Test
    void afterShutdownTasksAreRejectedAndThoseBeforeAreDone() throws Exception {
        Future<String> before = executor.submit(succeeding());
        executor.shutdown();

        assertThat(executor.isShutdown()).isTrue();
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> executor.submit(succeeding()))
                .withMessageContaining("shut down");
        assertThat(executor.awaitTermination(1, DAYS)).isTrue();
        assertThat(executor.isTerminated()).isTrue();
        assertThat(before.resultNow()).isEqualTo(SUCCEEDED);
        assertThat(pool.executor().submit(succeeding()).get())
                .as("the pool goes on")
                .isEqualTo(SUCCEEDED);
    }

    @Test
    void anExecutorThatIsNotShutDownDoesNotTerminate() throws Exception {
        assertThat(executor.isShutdown()).isFalse();
        assertThat(executor.isTerminated()).isFalse();
        assertThat(executor.awaitTermination(1, MILLISECONDS)).isFalse();
    }

    @Test
    void shutdownNowEndsAttemptsAndReturnsTasksThatNobodyHasBegun() throws Exception {
        List<Future<String>> busy = List.of(executor.submit(endless("now 1")), executor.submit(endless("now 2")));
        awaitFile("now 1");
        awaitFile("now 2");
        Future<String> waiting = executor.submit(succeeding());

        List<Runnable> unbegun = executor.shutdownNow();

        assertThat(unbegun).containsExactly((Runnable) waiting);
        assertThat(executor.awaitTermination(1, DAYS)).isTrue();
        assertThat(busy).allMatch(Future::isCancelled);
        assertThat(waiting.isDone()).isFalse();
        unbegun.getFirst().run();
        assertThat(waiting.get()).isEqualTo(SUCCEEDED);
    }

    @Test
    void closingWaitsForTasks() {
        Future<String> future;
        try (ExecutorService closed = pool.executor()) {
            future = closed.submit(succeeding());
        }
        assertThat(future.resultNow()).isEqualTo(SUCCEEDED);
    }

    @Test
    void aClosedPoolRejectsTasks() {
        PoolExecutor late;
        try (var other = WorkerPool.open(PoolOptions.defaults().withProcs(1))) {
            late = other.executor();
        }
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> late.submit(succeeding()))
                .withMessageContaining("the pool is closed");
        late.shutdown();
        assertThat(late.isTerminated()).isTrue();
    }

    // ---- completable futures

    @Test
    void supplyAsyncHasAFutureToHangThingsOn() {
        int two = 2;
        assertThat(pool.supplyAsync(() -> two * 3)
                        .thenCombine(pool.supplyAsync(() -> two * 4), Integer::sum)
                        .join())
                .isEqualTo(14);
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> pool.supplyAsync(failing()).join())
                .withCauseExactlyInstanceOf(ArithmeticException.class);
    }

    @Test
    void aFutureThatTimesOutEndsItsAttempt() throws Exception {
        CompletableFuture<String> late =
                executor.supplyAsync(endless("timed out")).orTimeout(1, MILLISECONDS);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(late::get)
                .withCauseExactlyInstanceOf(TimeoutException.class);
        executor.shutdown();
        assertThat(executor.awaitTermination(1, DAYS)).isTrue();
    }
}
