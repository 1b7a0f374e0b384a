package io.github.forkless.coordinator;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.forkless.common.job.SerializableCallable;
import io.github.forkless.common.job.SerializableRunnable;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every caller of an {@link ExecutorService} may rely on, over the two workers of one pool. The list follows the tests
 * that the JDK has for its own executors and futures.
 */
@ParameterizedClass
@EnumSource
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class PoolExecutorContractIT {
    private static final String SUCCEEDED = "succeeded";
    private static final int WORKERS = 2;

    @TempDir
    static Path folder;

    private static int signals;

    @Parameter
    EngineKind engine;

    private WorkerPool pool;
    private PoolExecutor executor;
    /** Keeps workers busy where the tested one has to wait. */
    private PoolExecutor other;

    @BeforeParameterizedClassInvocation
    void openPool() {
        pool = WorkerPool.open(PoolOptions.defaults()
                .withEngine(engine)
                .withProcs(WORKERS)
                .withRunOptions(RunOptions.defaults().withRetries(0)));
    }

    @AfterParameterizedClassInvocation
    void closePool() {
        pool.close();
    }

    @BeforeEach
    void makeExecutor() {
        executor = pool.executor();
        other = pool.executor();
    }

    @AfterEach
    void endTasks() {
        executor.shutdownNow();
        other.shutdownNow();
    }

    // ---- tasks, and signals from and to them

    private static SerializableCallable<String> succeeding() {
        return () -> SUCCEEDED;
    }

    private static SerializableCallable<String> failing() {
        return () -> {
            throw new ArithmeticException("no");
        };
    }

    /** Gives a signal when it has begun, and never ends. */
    private static SerializableCallable<String> endless(Signal begun) {
        return () -> {
            begun.give();
            new CountDownLatch(1).await();
            return "never";
        };
    }

    /** Gives a signal when it has begun, and ends at another one. */
    private static SerializableCallable<String> waiting(Signal begun, Signal end) {
        return () -> {
            begun.give();
            end.await();
            return SUCCEEDED;
        };
    }

    /** A file that one side waits for and the other makes. */
    private record Signal(String file) implements Serializable {
        void give() {
            TestData.give(Path.of(file));
        }

        void await() {
            TestData.await(Path.of(file));
        }

        boolean isGiven() {
            return Files.exists(Path.of(file));
        }
    }

    private static Signal signal() {
        return new Signal(folder.resolve("signal " + signals++).toString());
    }

    /** Has workers busy until {@code end} is given; returns when they are. */
    private static List<Future<String>> keepBusy(PoolExecutor executor, int workers, Signal end) {
        List<Future<String>> busy = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            Signal begun = signal();
            busy.add(executor.submit(waiting(begun, end)));
            begun.await();
        }
        return busy;
    }

    private void awaitTermination() throws InterruptedException {
        executor.shutdown();
        assertThat(executor.awaitTermination(1, DAYS)).isTrue();
    }

    /** Interrupts this thread as soon as it waits. */
    private static Thread interruptWhenWaiting() {
        Thread waiting = Thread.currentThread();
        Set<Thread.State> states = Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);
        return Thread.startVirtualThread(() -> {
            while (!states.contains(waiting.getState())) {
                Thread.yield();
            }
            waiting.interrupt();
        });
    }

    /** Whether the interrupt is there before the wait or comes in the middle. */
    private static void assertInterrupted(ThrowingConsumer<Void> wait) throws InterruptedException {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> wait.accept(null));
        assertThat(Thread.currentThread().isInterrupted()).isFalse();

        Thread interrupter = interruptWhenWaiting();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> wait.accept(null));
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        interrupter.join();
    }

    private static void assertCancelled(Future<?> future) {
        assertThat(future.isDone()).isTrue();
        assertThat(future.isCancelled()).isTrue();
        assertThat(future.state()).isEqualTo(Future.State.CANCELLED);
        assertThatExceptionOfType(CancellationException.class).isThrownBy(future::get);
        assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> future.get(0, NANOSECONDS));
        assertThatIllegalStateException().isThrownBy(future::resultNow);
        assertThatIllegalStateException().isThrownBy(future::exceptionNow);
        assertThat(future.cancel(true)).isFalse();
        assertThat(future.cancel(false)).isFalse();
    }

    private static void assertFailed(Future<?> future, Class<? extends Throwable> type) {
        var first = catchThrowableOfType(ExecutionException.class, future::get);
        assertThat(first.getCause()).isExactlyInstanceOf(type);
        assertThat(catchThrowableOfType(ExecutionException.class, () -> future.get(0, NANOSECONDS))
                        .getCause())
                .isSameAs(first.getCause());
        assertThat(future.isDone()).isTrue();
        assertThat(future.isCancelled()).isFalse();
        assertThat(future.state()).isEqualTo(Future.State.FAILED);
        assertThat(future.exceptionNow()).isSameAs(first.getCause());
        assertThatIllegalStateException().isThrownBy(future::resultNow);
        assertThat(future.cancel(true)).isFalse();
        assertThat(future.isCancelled()).isFalse();
    }

    // ---- submit and execute

    @Test
    void aFutureHasWhatTheTaskReturned() throws Exception {
        Future<String> future = executor.submit(succeeding());

        assertThat(future.get()).isEqualTo(SUCCEEDED);
        assertThat(future.get(Long.MIN_VALUE, NANOSECONDS)).isEqualTo(SUCCEEDED);
        assertThat(future.isDone()).isTrue();
        assertThat(future.isCancelled()).isFalse();
        assertThat(future.state()).isEqualTo(Future.State.SUCCESS);
        assertThat(future.resultNow()).isEqualTo(SUCCEEDED);
        assertThatIllegalStateException().isThrownBy(future::exceptionNow);
        assertThat(future.cancel(false)).isFalse();
        assertThat(future.cancel(true)).isFalse();
        assertThat(future.get()).isEqualTo(SUCCEEDED);
        assertThat(future.toString()).contains("Completed normally");
    }

    @Test
    void aFutureOfARunnableHasNullOrTheGivenResult() throws Exception {
        Signal ran = signal();
        SerializableRunnable task = ran::give;
        assertThat(executor.submit(task).get()).isNull();
        assertThat(ran.isGiven()).isTrue();

        var result = new Object();
        assertThat(executor.submit(() -> {}, result).get()).isSameAs(result);
        Runnable plain = (SerializableRunnable) () -> {};
        assertThat(executor.submit(plain, result).get()).isSameAs(result);
        assertThat(executor.submit(plain, (Object) null).get()).isNull();
    }

    @Test
    void executeRunsTheTask() {
        Signal ran = signal();
        executor.execute(ran::give);
        ran.await();
    }

    @Test
    void nullTasksAreRefusedAlsoAfterShutdown() {
        for (int i = 0; i < 2; i++) {
            assertThatNullPointerException().isThrownBy(() -> executor.submit((Callable<?>) null));
            assertThatNullPointerException().isThrownBy(() -> executor.submit((Runnable) null));
            assertThatNullPointerException().isThrownBy(() -> executor.submit((Runnable) null, 1));
            assertThatNullPointerException().isThrownBy(() -> executor.execute((Runnable) null));
            assertThatNullPointerException().isThrownBy(() -> executor.supplyAsync(null));
            executor.shutdown();
        }
        assertThat(executor.isTerminated()).isTrue();
    }

    @Test
    void tasksAreBegunInTheOrderOfTheirSubmission() throws Exception {
        Signal end = signal();
        keepBusy(other, WORKERS - 1, end);
        String file = folder.resolve(engine + " order").toString();
        List<Future<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String line = i + "\n";
            SerializableCallable<Boolean> task = () -> {
                Files.writeString(Path.of(file), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                return true;
            };
            tasks.add(executor.submit(task));
        }

        for (Future<?> task : tasks) {
            task.get();
        }
        assertThat(Path.of(file))
                .content()
                .isEqualTo(IntStream.range(0, 20).mapToObj(i -> i + "\n").reduce("", String::concat));
        end.give();
    }

    @Test
    void aTaskHasACopyOfWhatItCapturesAsThatWasWhenItWasHandedOver() throws Exception {
        Signal end = signal();
        keepBusy(other, WORKERS, end);
        int[] captured = {1};
        Future<Integer> task = executor.submit(() -> captured[0]++);
        captured[0] = 5;
        end.give();

        assertThat(task.get()).isEqualTo(1);
        assertThat(captured[0]).isEqualTo(5);
    }

    @Test
    void whatTasksOfExecuteThrowTheHandlerOfUncaughtExceptionsIsTold() throws Exception {
        var told = new CompletableFuture<Throwable>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, thrown) -> told.complete(thrown));
        try {
            executor.execute(() -> {
                throw new ArithmeticException("nobody asked");
            });
            assertThat(told.get())
                    .isExactlyInstanceOf(ArithmeticException.class)
                    .hasMessage("nobody asked");
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    // ---- waiting for a future

    @Test
    void getWithATimeoutGivesUpWaitingAndNotTheTask() throws Exception {
        Signal begun = signal();
        Signal end = signal();
        Future<String> future = executor.submit(waiting(begun, end));
        begun.await();

        for (long timeout : new long[] {Long.MIN_VALUE, -1, 0}) {
            assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> future.get(timeout, NANOSECONDS));
        }
        long started = System.nanoTime();
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> future.get(3, MILLISECONDS));
        assertThat(System.nanoTime() - started).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(3));
        assertThatNullPointerException().isThrownBy(() -> future.get(1, null));
        end.give();
        assertThat(future.get(Long.MAX_VALUE, NANOSECONDS)).isEqualTo(SUCCEEDED);
        assertThatNullPointerException().isThrownBy(() -> future.get(1, null));
    }

    @Test
    void aTaskThatIsNotDoneHasNeitherResultNorException() throws Exception {
        Signal begun = signal();
        Signal end = signal();
        Future<String> future = executor.submit(waiting(begun, end));
        begun.await();

        assertThat(future.isDone()).isFalse();
        assertThat(future.isCancelled()).isFalse();
        assertThat(future.state()).isEqualTo(Future.State.RUNNING);
        assertThatIllegalStateException().isThrownBy(future::resultNow);
        assertThatIllegalStateException().isThrownBy(future::exceptionNow);
        assertThat(future.toString()).contains("Not completed");
        end.give();
        future.get();
    }

    @Test
    void interruptingAThreadThatWaitsForATaskEndsTheWaitAlone() throws Exception {
        Signal begun = signal();
        Signal end = signal();
        Future<String> future = executor.submit(waiting(begun, end));
        begun.await();

        assertInterrupted(_ -> future.get());
        assertInterrupted(_ -> future.get(1, DAYS));
        assertThat(future.isDone()).isFalse();
        end.give();
        assertThat(future.get()).isEqualTo(SUCCEEDED);

        Thread.currentThread().interrupt();
        assertThat(future.get()).as("there is nothing to wait for").isEqualTo(SUCCEEDED);
        assertThat(Thread.interrupted()).isTrue();
    }

    // ---- what tasks throw

    @Test
    void whatATaskThrowsIsTheCauseOfItsFuturesFailure() {
        assertFailed(executor.submit(failing()), ArithmeticException.class);
        SerializableCallable<String> checked = () -> {
            throw new NoSuchFileException("none");
        };
        assertFailed(executor.submit(checked), NoSuchFileException.class);
        SerializableRunnable error = () -> {
            throw new AssertionError("wrong");
        };
        assertFailed(executor.submit(error), AssertionError.class);
        assertFailed(executor.submit((Runnable) error, SUCCEEDED), AssertionError.class);
    }

    @Test
    void aTaskThatThrowsTheExceptionsOfFuturesHasFailedWithThem() {
        SerializableCallable<String> cancellation = () -> {
            throw new CancellationException("by itself");
        };
        SerializableCallable<String> completion = () -> {
            throw new CompletionException("outer", new ArithmeticException());
        };
        SerializableCallable<String> execution = () -> {
            throw new ExecutionException("outer", new ArithmeticException());
        };
        SerializableCallable<String> interruption = () -> {
            throw new InterruptedException();
        };
        assertFailed(executor.submit(cancellation), CancellationException.class);
        assertFailed(executor.submit(completion), CompletionException.class);
        assertFailed(executor.submit(execution), ExecutionException.class);
        assertFailed(executor.submit(interruption), InterruptedException.class);
    }

    // ---- cancelling

    @Test
    void aTaskThatIsCancelledBeforeAWorkerHasBegunItIsNeverDone() throws Exception {
        Signal end = signal();
        keepBusy(other, WORKERS, end);
        Signal politely = signal();
        Signal firmly = signal();
        Future<String> one = executor.submit(endless(politely));
        Future<String> other = executor.submit(endless(firmly));

        assertThat(one.cancel(false)).isTrue();
        assertThat(other.cancel(true)).isTrue();
        assertCancelled(one);
        assertCancelled(other);
        end.give();
        awaitTermination();
        assertThat(politely.isGiven()).isFalse();
        assertThat(firmly.isGiven()).isFalse();
    }

    @Test
    void cancellingARunningTaskEndsItAndTheWaitForIt() throws Exception {
        Signal begun = signal();
        Future<String> future = executor.submit(endless(begun));
        begun.await();
        List<CompletableFuture<Throwable>> waits = List.of(new CompletableFuture<>(), new CompletableFuture<>());
        List<Thread> waiters = List.of(
                Thread.startVirtualThread(() -> waits.get(0).complete(thrownBy(future::get))),
                Thread.startVirtualThread(() -> waits.get(1).complete(thrownBy(() -> future.get(1, DAYS)))));

        assertThat(future.cancel(true)).isTrue();

        assertCancelled(future);
        for (int i = 0; i < waits.size(); i++) {
            assertThat(waits.get(i).get()).isInstanceOf(CancellationException.class);
            waiters.get(i).join();
        }
        awaitTermination();
    }

    private static Throwable thrownBy(Callable<?> action) {
        try {
            action.call();
            return null;
        } catch (Throwable e) {
            return e;
        }
    }

    @Test
    void cancellingWithoutInterruptLetsARunningTaskGoOn() throws Exception {
        Signal begun = signal();
        Signal end = signal();
        Signal goneOn = signal();
        Future<String> future = executor.submit(() -> {
            begun.give();
            end.await();
            goneOn.give();
            return SUCCEEDED;
        });
        begun.await();

        assertThat(future.cancel(false)).isTrue();
        assertCancelled(future);
        executor.shutdown();
        assertThat(executor.isTerminated()).isFalse();
        end.give();
        awaitTermination();
        assertThat(goneOn.isGiven()).isTrue();
        assertCancelled(future);
    }

    /** Who has awaited that may delete what the task was writing to. */
    @Test
    void noWorkerIsAtACancelledTaskAnyMoreWhenTheExecutorHasTerminated() throws Exception {
        Signal begun = signal();
        Signal left = signal();
        String pid = folder.resolve(engine + " pid").toString();
        Future<String> future = executor.submit(() -> {
            Files.writeString(Path.of(pid), "" + ProcessHandle.current().pid());
            try {
                return endless(begun).call();
            } finally {
                left.give();
            }
        });
        begun.await();

        future.cancel(true);
        awaitTermination();

        switch (engine) {
            case PROCESSES ->
                assertThat(ProcessHandle.of(Long.parseLong(Files.readString(Path.of(pid))))
                                .filter(ProcessHandle::isAlive))
                        .isEmpty();
            case THREADS -> assertThat(left.isGiven()).isTrue();
        }
    }

    @Test
    void runningAFutureThatIsAWorkersMatterDoesNothing() throws Exception {
        Signal begun = signal();
        Signal end = signal();
        Future<String> future = executor.submit(waiting(begun, end));
        begun.await();

        ((RunnableFuture<String>) future).run();
        executor.execute((Runnable) future);
        assertThat(future.isDone()).isFalse();
        end.give();
        assertThat(future.get()).isEqualTo(SUCCEEDED);
        ((RunnableFuture<String>) future).run();
        assertThat(future.resultNow()).isEqualTo(SUCCEEDED);
    }

    // ---- invokeAny

    @FunctionalInterface
    private interface Invocation<R> {
        R of(Collection<? extends Callable<String>> tasks) throws Exception;
    }

    private List<Invocation<String>> anys() {
        return List.of(executor::invokeAny, tasks -> executor.invokeAny(tasks, 1, DAYS));
    }

    @Test
    void invokeAnyRefusesNothingAndNull() throws Exception {
        for (Invocation<String> any : anys()) {
            assertThatNullPointerException().isThrownBy(() -> any.of(null));
            assertThatIllegalArgumentException().isThrownBy(() -> any.of(List.of()));
            assertThatNullPointerException().isThrownBy(() -> any.of(Arrays.asList(failing(), null)));
        }
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAny(List.of(succeeding()), 1, null));
        awaitTermination();
    }

    @Test
    void invokeAnyReturnsTheResultOfOneThatSucceedsAndEndsTheOthers() throws Exception {
        Signal begun = signal();
        SerializableCallable<String> late = () -> {
            begun.await();
            return SUCCEEDED;
        };
        for (Invocation<String> any : anys()) {
            assertThat(any.of(List.of(succeeding(), succeeding()))).isEqualTo(SUCCEEDED);
            assertThat(any.of(List.of(failing(), succeeding(), failing()))).isEqualTo(SUCCEEDED);
        }
        assertThat(executor.invokeAny(List.of(endless(begun), failing(), late))).isEqualTo(SUCCEEDED);
        awaitTermination();
    }

    @Test
    void invokeAnyOfTasksThatFailHasTheFailureOfOne() {
        for (Invocation<String> any : anys()) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> any.of(List.of(failing(), failing())))
                    .withCauseExactlyInstanceOf(ArithmeticException.class);
        }
    }

    @Test
    void invokeAnyEndsItsTasksWhenTheTimeIsOver() throws Exception {
        Signal one = signal();
        Signal other = signal();
        long started = System.nanoTime();
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> executor.invokeAny(List.of(endless(one), endless(other)), 3, MILLISECONDS));
        assertThat(System.nanoTime() - started).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(3));
        awaitTermination();
    }

    @Test
    void invokeAnyEndsItsTasksWhenItsThreadIsInterrupted() throws Exception {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> executor.invokeAny(List.of(endless(signal()))));
        assertThat(Thread.interrupted()).isFalse();

        Thread interrupter = interruptWhenWaiting();
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> executor.invokeAny(List.of(endless(signal())), 1, DAYS));
        assertThat(Thread.interrupted()).isFalse();
        interrupter.join();
        awaitTermination();
    }

    @Test
    void invokeAnyEndsItsTasksWhenOneIsRejected() throws Exception {
        Callable<String> plain = () -> SUCCEEDED;
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> executor.invokeAny(List.of(endless(signal()), plain)));
        awaitTermination();
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> executor.invokeAny(List.of(succeeding())));
    }

    // ---- invokeAll

    private List<Invocation<List<Future<String>>>> alls() {
        return List.of(executor::invokeAll, tasks -> executor.invokeAll(tasks, 1, DAYS));
    }

    @Test
    void invokeAllRefusesNullAndEndsWhatItHasBegun() throws Exception {
        for (Invocation<List<Future<String>>> all : alls()) {
            assertThatNullPointerException().isThrownBy(() -> all.of(null));
            assertThatNullPointerException().isThrownBy(() -> all.of(Arrays.asList(succeeding(), null)));
            assertThat(all.of(List.of())).isEmpty();
        }
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAll(List.of(succeeding()), 1, null));
        Callable<String> plain = () -> SUCCEEDED;
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> executor.invokeAll(List.of(endless(signal()), plain)));
        awaitTermination();
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> executor.invokeAll(List.of(succeeding())));
    }

    @Test
    void invokeAllReturnsFuturesThatAreDoneInTheOrderOfTheTasks() throws Exception {
        List<SerializableCallable<String>> tasks = IntStream.range(0, 100)
                .<SerializableCallable<String>>mapToObj(i -> () -> {
                    if (i % 10 == 3) {
                        throw new ArithmeticException("no");
                    }
                    return "task " + i;
                })
                .toList();
        for (Invocation<List<Future<String>>> all : alls()) {
            List<Future<String>> futures = all.of(tasks);

            assertThat(futures).hasSize(100).allMatch(Future::isDone);
            for (int i = 0; i < 100; i++) {
                if (i % 10 == 3) {
                    assertFailed(futures.get(i), ArithmeticException.class);
                } else {
                    assertThat(futures.get(i).resultNow()).isEqualTo("task " + i);
                }
            }
        }
    }

    @Test
    void invokeAllCancelsWhatIsNotDoneInTime() throws Exception {
        for (long none : new long[] {Long.MIN_VALUE, 0}) {
            assertThat(executor.invokeAll(List.of(succeeding(), succeeding()), none, NANOSECONDS))
                    .hasSize(2)
                    .allSatisfy(PoolExecutorContractIT::assertCancelled);
        }
        List<Future<String>> futures;
        long millis = 10;
        do { // longer and longer, until there is time enough for the first one
            millis *= 2;
            long started = System.nanoTime();
            futures = executor.invokeAll(
                    List.of(succeeding(), endless(signal()), endless(signal()), endless(signal())),
                    millis,
                    MILLISECONDS);
            assertThat(System.nanoTime() - started).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(millis));
        } while (futures.getFirst().isCancelled());
        assertThat(futures.getFirst().resultNow()).isEqualTo(SUCCEEDED);
        assertThat(futures).hasSize(4);
        futures.stream().skip(1).forEach(PoolExecutorContractIT::assertCancelled);
        awaitTermination();
    }

    @Test
    void invokeAllCancelsAllWhenItsThreadIsInterrupted() throws Exception {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> executor.invokeAll(List.of(succeeding(), endless(signal()))));
        assertThat(Thread.interrupted()).isFalse();

        Thread interrupter = interruptWhenWaiting();
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> executor.invokeAll(List.of(succeeding(), endless(signal())), 1, DAYS));
        assertThat(Thread.interrupted()).isFalse();
        interrupter.join();
        awaitTermination();
    }

    // ---- shutting down

    @Test
    void anExecutorThatIsNotShutDownDoesNotTerminate() throws Exception {
        assertThat(executor.isShutdown()).isFalse();
        assertThat(executor.isTerminated()).isFalse();
        for (long timeout : new long[] {Long.MIN_VALUE, -1, 0}) {
            for (TimeUnit unit : List.of(NANOSECONDS, MILLISECONDS, DAYS)) {
                assertThat(executor.awaitTermination(timeout, unit)).isFalse();
            }
        }
        for (long nanos : new long[] {999_999, 3_000_001}) {
            long started = System.nanoTime();
            assertThat(executor.awaitTermination(nanos, NANOSECONDS)).isFalse();
            assertThat(System.nanoTime() - started).isGreaterThanOrEqualTo(nanos);
        }
        assertThatNullPointerException().isThrownBy(() -> executor.awaitTermination(1, null));
        assertInterrupted(_ -> executor.awaitTermination(1, DAYS));

        executor.shutdown();
        assertThat(executor.isShutdown()).isTrue();
        assertThat(executor.isTerminated()).isTrue();
        assertThat(executor.awaitTermination(0, DAYS)).isTrue();
        assertThat(executor.awaitTermination(Long.MAX_VALUE, DAYS)).isTrue();
        executor.shutdown();
        assertThat(executor.shutdownNow()).isEmpty();
        assertThat(executor.isTerminated()).isTrue();
    }

    @Test
    void whatWasHandedOverBeforeShutdownIsDoneAndNothingIsTakenAfterIt() throws Exception {
        Signal end = signal();
        List<Future<String>> before = new ArrayList<>(keepBusy(executor, WORKERS, end));
        for (int i = 0; i < 5; i++) {
            before.add(executor.submit(succeeding()));
        }
        Signal executed = signal();
        executor.execute(executed::give);

        executor.shutdown();

        assertThat(executor.isShutdown()).isTrue();
        assertThat(executor.isTerminated()).isFalse();
        assertThat(executor.awaitTermination(1, MILLISECONDS)).isFalse();
        assertThat(executor.toString()).isEqualTo("PoolExecutor[shutting down, tasks = 8]");
        for (ThrowingConsumer<Void> late : List.<ThrowingConsumer<Void>>of(
                _ -> executor.submit(succeeding()),
                _ -> executor.submit(executed::give),
                _ -> executor.submit(executed::give, 1),
                _ -> executor.execute(executed::give),
                _ -> executor.supplyAsync(succeeding()))) {
            assertThatExceptionOfType(RejectedExecutionException.class)
                    .isThrownBy(() -> late.accept(null))
                    .withMessageStartingWith("the executor was shut down");
        }
        end.give();
        awaitTermination();
        assertThat(before).extracting(Future::resultNow).containsOnly(SUCCEEDED);
        assertThat(executed.isGiven()).isTrue();
        assertThat(pool.executor().submit(succeeding()).get())
                .as("the pool goes on")
                .isEqualTo(SUCCEEDED);
    }

    @Test
    void shutdownNowEndsWhatIsDoneAndReturnsTheRestInOrder() throws Exception {
        List<Future<String>> busy = keepBusy(executor, WORKERS, signal());
        SerializableRunnable executed = () -> {};
        List<Object> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            waiting.add(executor.submit(succeeding()));
            executor.execute(executed);
            waiting.add(executed);
        }

        List<Runnable> unbegun = executor.shutdownNow();

        assertThat(executor.isShutdown()).isTrue();
        assertThat(new ArrayList<Object>(unbegun)).isEqualTo(waiting);
        awaitTermination();
        busy.forEach(PoolExecutorContractIT::assertCancelled);
        assertThat(executor.shutdownNow()).isEmpty();
    }

    @Test
    void aTaskThatShutdownNowReturnedIsDoneByWhoeverRunsIt() throws Exception {
        Signal end = signal();
        keepBusy(other, WORKERS, end);
        Signal first = signal();
        Future<Long> here = executor.submit(() -> {
            first.give();
            return ProcessHandle.current().pid() + Thread.currentThread().threadId();
        });
        Future<String> failing = executor.submit(failing());
        Future<String> elsewhere = executor.submit(succeeding());
        Future<String> cancelled = executor.submit(succeeding());

        executor.shutdownNow();

        assertThat(here.isDone()).isFalse();
        ((Runnable) here).run();
        assertThat(here.resultNow())
                .isEqualTo(
                        ProcessHandle.current().pid() + Thread.currentThread().threadId());
        ((Runnable) here).run(); // would give the signal twice
        ((Runnable) failing).run();
        assertFailed(failing, ArithmeticException.class);
        end.give();
        other.execute((Runnable) elsewhere);
        assertThat(elsewhere.get()).isEqualTo(SUCCEEDED);
        assertThat(cancelled.cancel(false)).isTrue();
        ((Runnable) cancelled).run();
        assertCancelled(cancelled);
        awaitTermination();
        other.shutdown();
        assertThat(other.awaitTermination(1, DAYS)).isTrue();
    }

    @Test
    void cancellingATaskThatSomebodyRunsInterruptsHim() throws Exception {
        Signal end = signal();
        keepBusy(other, WORKERS, end);
        Signal begun = signal();
        Future<String> future = executor.submit(endless(begun));
        Runnable task = executor.shutdownNow().getFirst();
        Thread runner = Thread.startVirtualThread(task);
        begun.await();

        task.run(); // the other one is at it
        assertThat(future.isDone()).isFalse();
        assertThat(future.cancel(true)).isTrue();

        runner.join();
        assertCancelled(future);
        end.give();
    }

    @Test
    void closeWaitsForTasks() throws Exception {
        Signal begun = signal();
        Signal end = signal();
        Future<String> future = executor.submit(waiting(begun, end));
        begun.await();
        executor.shutdown();
        Thread.startVirtualThread(end::give);

        executor.close();

        assertThat(executor.isTerminated()).isTrue();
        assertThat(future.resultNow()).isEqualTo(SUCCEEDED);
        executor.close();
        assertThat(executor.awaitTermination(0, DAYS)).isTrue();
    }

    @Test
    void interruptingCloseEndsTasks() {
        Signal begun = signal();
        Future<String> future = executor.submit(endless(begun));
        begun.await();
        Thread.currentThread().interrupt();

        executor.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(executor.isTerminated()).isTrue();
        assertCancelled(future);
    }

    // ---- completion services

    @Test
    void aCompletionServiceHasTasksAsTheyAreDone() throws Exception {
        CompletionService<String> service = new ExecutorCompletionService<>(executor);
        assertThatNullPointerException().isThrownBy(() -> service.submit(null));
        assertThatNullPointerException().isThrownBy(() -> service.submit(null, SUCCEEDED));
        Signal begun = signal();
        Signal end = signal();
        Future<String> slow = service.submit(waiting(begun, end));
        begun.await();
        assertThat(service.poll()).isNull();
        assertThat(service.poll(1, MILLISECONDS)).isNull();

        Future<String> quick = service.submit(succeeding());
        assertThat(service.take()).isSameAs(quick);
        Future<String> failing = service.submit(failing());
        assertThat(service.take()).isSameAs(failing);
        SerializableRunnable nothing = () -> {};
        Future<String> fixed = service.submit(nothing, "fixed");
        assertThat(service.take()).isSameAs(fixed);
        end.give();
        assertThat(service.poll(1, DAYS)).isSameAs(slow);

        assertThat(quick.resultNow()).isEqualTo(SUCCEEDED);
        assertFailed(failing, ArithmeticException.class);
        assertThat(fixed.resultNow()).isEqualTo("fixed");
        assertThat(service.poll()).isNull();
    }

    @Test
    void aCompletionServiceHasCancelledTasksAndThoseThatShutdownNowReturnedToo() throws Exception {
        CompletionService<String> service = new ExecutorCompletionService<>(executor);
        Signal end = signal();
        keepBusy(other, WORKERS, end);
        Future<String> cancelled = service.submit(succeeding());
        Future<String> left = service.submit(succeeding());

        assertThat(cancelled.cancel(true)).isTrue();
        assertThat(service.take()).isSameAs(cancelled);
        executor.shutdownNow().forEach(Runnable::run);
        assertThat(service.take()).isSameAs(left);
        assertThat(left.resultNow()).isEqualTo(SUCCEEDED);
        end.give();
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> service.submit(succeeding()));
    }

    /** It has made futures of its own, which cannot travel. */
    @Test
    void aCompletionServiceThatDoesNotKnowTheExecutorIsRejected() throws Exception {
        executor.invokeAll(List.of(succeeding()), 0, NANOSECONDS); // makes a task that it does not hand over
        CompletionService<String> service = new ExecutorCompletionService<>(executor::execute);
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> service.submit(succeeding()))
                .withMessageContaining("is not Serializable");
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> executor.execute((Runnable) new FutureTask<>(succeeding())));
        awaitTermination();
    }

    // ---- completable futures

    @Test
    void aCompletableFutureOfATaskBehavesAsOneOfTheJdks() throws Exception {
        CompletableFuture<String> future = pool.supplyAsync(succeeding());
        assertThat(future.thenApply(String::length).get()).isEqualTo(SUCCEEDED.length());
        CompletableFuture<String> failed = executor.supplyAsync(failing());
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(failed::join)
                .withMessage("java.lang.ArithmeticException: no")
                .withCauseExactlyInstanceOf(ArithmeticException.class);
        assertThat(failed.handle((_, thrown) -> thrown).join()).isInstanceOf(CompletionException.class);
        assertThat(failed.isCompletedExceptionally()).isTrue();

        Signal end = signal();
        keepBusy(other, WORKERS, end);
        CompletableFuture<String> cancelled = executor.supplyAsync(succeeding());
        assertThat(cancelled.cancel(true)).isTrue();
        assertThat(cancelled.cancel(false)).as("again").isTrue();
        assertThat(cancelled.isCancelled()).isTrue();
        assertThatExceptionOfType(CancellationException.class).isThrownBy(cancelled::join);
        end.give();
    }

    @Test
    void completingAFutureByHandEndsTheAttempt() throws Exception {
        Set<CompletableFuture<String>> futures = new HashSet<>();
        for (int i = 0; i < WORKERS; i++) {
            Signal begun = signal();
            futures.add(executor.supplyAsync(endless(begun)));
            begun.await();
        }
        var ends = futures.iterator();
        ends.next().complete("by hand");
        ends.next().completeExceptionally(new CancellationException("by hand"));

        awaitTermination();
    }

    // ---- around it

    @Test
    void itCanBeUsedThroughItsInterfaceAlone() throws Exception {
        try (ExecutorService view = Executors.unconfigurableExecutorService(pool.executor())) {
            Callable<String> task = succeeding();
            assertThat(view.submit(task).get()).isEqualTo(SUCCEEDED);
            assertThat(view.invokeAny(List.of(task))).isEqualTo(SUCCEEDED);
        }
    }

    @Test
    void itSaysHowItIs() throws Exception {
        assertThat(executor).hasToString("PoolExecutor[running, tasks = 0]");
        executor.shutdown();
        assertThat(executor).hasToString("PoolExecutor[terminated, tasks = 0]");
    }

    /** What writes itself is the user's code. */
    @Test
    void aTaskThatCannotBeWrittenIsRejectedAndForgotten() throws Exception {
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> executor.submit(new Unwritable()))
                .withMessageContaining("java.lang.IllegalStateException: not now");
        awaitTermination();
    }

    static final class Unwritable implements SerializableCallable<String> {
        private static final long serialVersionUID = 1L;

        @Override
        public String call() {
            return "never";
        }

        private void writeObject(ObjectOutputStream out) {
            throw new IllegalStateException("not now");
        }
    }
}
