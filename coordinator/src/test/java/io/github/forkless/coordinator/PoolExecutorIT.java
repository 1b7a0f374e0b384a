package io.github.forkless.coordinator;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.forkless.common.job.SerializableCallable;
import io.github.forkless.coordinator.result.RunFailedException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What is particular about tasks that are done in other processes; see {@link PoolExecutorContractIT} for the rest. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class PoolExecutorIT {
    private static final String SUCCEEDED = "succeeded";

    private WorkerPool pool;
    private PoolExecutor executor;

    /** A pool grants it. */
    public static final class NoSuchPriceException extends Exception {
        private static final long serialVersionUID = 1L;

        public NoSuchPriceException(String message, Throwable cause) {
            super(message, cause);
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

    private static SerializableCallable<String> endless() {
        return () -> {
            new CountDownLatch(1).await();
            return "never";
        };
    }

    // ---- submit

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

    // ---- shutting down

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
    void aFutureThatTimesOutEndsItsAttempt() throws Exception {
        CompletableFuture<String> late = pool.supplyAsync(endless()).orTimeout(1, MILLISECONDS);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(late::get)
                .withCauseExactlyInstanceOf(TimeoutException.class);
        List<Future<String>> both = executor.invokeAll(List.of(succeeding(), succeeding()));
        assertThat(both)
                .as("both workers are free")
                .extracting(Future::resultNow)
                .containsOnly(SUCCEEDED);
    }
}
