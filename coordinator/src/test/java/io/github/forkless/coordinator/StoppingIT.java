package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.forkless.common.job.DataFunction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What stops with what: a run with its future, a mapping with its view, everything with its pool. */
@Execution(ExecutionMode.SAME_THREAD)
class StoppingIT {
    private static final PoolOptions ONE = PoolOptions.defaults().withProcs(1);

    @TempDir
    Path folder;

    @AfterEach
    void noWorkerIsLeft() {
        TestData.assertNoWorkerIsLeft();
    }

    private static DataFunction<Integer, Integer> endless() {
        return (_, parameter) -> {
            while (true) {
                Thread.sleep(1000); // what is to be stopped never ends by itself
            }
        };
    }

    @Test
    void aFutureThatTimesOutOrIsCancelledGivesItsWorkerBack() {
        try (var pool = WorkerPool.open(ONE)) {
            CompletableFuture<List<Integer>> late =
                    pool.submitMap(List.of(1), endless()).orTimeout(10, TimeUnit.MILLISECONDS);
            assertThat(catchThrowableOfType(CompletionException.class, late::join))
                    .hasCauseInstanceOf(TimeoutException.class);
            assertThat(pool.map(List.of(1), (_, it) -> it + 1)).containsExactly(2);

            CompletableFuture<List<Integer>> cancelled = pool.submitMap(List.of(1), endless());
            assertThat(cancelled.cancel(true)).isTrue();
            assertThat(pool.map(List.of(2), (_, it) -> it + 1)).containsExactly(3);
        }
    }

    @Test
    void workersUnmapTheDatasetOfAViewThatWasClosed() {
        Path data = TestData.ints(folder.resolve("data.bin"), 4000, i -> i);
        String path = data.toString();
        try (var pool = WorkerPool.open(ONE)) {
            DataFunction<Integer, Boolean> isMapped =
                    (_, _) -> Files.readString(Path.of("/proc/self/maps")).contains(path);
            WorkerPool view = pool.on(data);
            assertThat(view.map(List.of(1), isMapped)).containsExactly(true);
            view.close();
            assertThat(pool.map(List.of(1), isMapped)).containsExactly(false);
        }
    }

    @Test
    void closingFromAnInterruptedThreadWaitsForTheWorkersAndLeavesItInterrupted() {
        var pool = WorkerPool.open(ONE);
        long pid = pool.map(List.of(1), (_, _) -> ProcessHandle.current().pid()).getFirst();
        Thread.currentThread().interrupt();
        pool.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    @Test
    void eachRunOfAClosedPoolHasAnExceptionOfItsOwn() {
        var pool = WorkerPool.open(ONE);
        CompletableFuture<List<Integer>> one = pool.submitMap(List.of(1), endless());
        CompletableFuture<List<Integer>> other = pool.submitMap(List.of(1), endless());
        pool.close();
        Throwable failure =
                catchThrowableOfType(CompletionException.class, one::join).getCause();
        assertThat(failure).hasMessageContaining("closed");
        assertThat(catchThrowableOfType(CompletionException.class, other::join).getCause())
                .hasMessageContaining("closed")
                .isNotSameAs(failure);
    }
}
