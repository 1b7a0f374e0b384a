package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.job.SerializableFunction;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Patience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Workers that are needed no more end as programs do, in bounded time. */
@Execution(ExecutionMode.SAME_THREAD)
class OrderlyEndIT {
    private static final PoolOptions ONE = PoolOptions.defaults().withProcs(1);
    private static final PoolOptions PATIENT = ONE.withGracePeriod(Patience.of(Duration.ofSeconds(10)));

    @TempDir
    Path folder;

    @AfterEach
    void nothingIsLeft() throws Exception {
        Marked.assertNoneIsLeft(Duration.ofSeconds(2));
    }

    /** Leaves a file behind when its worker ends in an orderly way. */
    private static SerializableFunction<Integer, Integer> hooked(String folder) {
        return it -> {
            Path left = Path.of(folder, "hook-" + ProcessHandle.current().pid() + "-" + it);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    Files.writeString(left, "whole");
                } catch (IOException e) {
                    System.err.println(e);
                }
            }));
            return it;
        };
    }

    private List<String> left() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .map(name -> name.replaceAll("-\\d+-", "-"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void closingThePoolRunsShutdownHooksAndDeletesOnExit() throws IOException {
        String temporary = Files.createFile(folder.resolve("temporary")).toString();
        try (var pool = WorkerPool.open(PATIENT)) {
            pool.map(List.of(1, 2), hooked(folder.toString()));
            pool.map(List.of(1), it -> {
                Path.of(temporary).toFile().deleteOnExit();
                return it;
            });
        }
        assertThat(left()).containsExactly("hook-1", "hook-2");
    }

    @Test
    void whatHooksPrintArrives() {
        var printed = new ByteArrayOutputStream();
        try (var pool = WorkerPool.open(PATIENT.withWorkerOutput(new PrintStream(printed, true)))) {
            pool.map(List.of(1), it -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("last words")));
                return it;
            });
        }
        assertThat(printed.toString()).contains("last words");
    }

    @LongTest
    @Test
    void workersThatAreReplacedEndInAnOrderlyWayToo() throws IOException {
        try (var pool = WorkerPool.open(PATIENT.withTasksPerWorker(1))) {
            for (int i = 1; i <= 3; i++) {
                pool.map(List.of(i), hooked(folder.toString()));
            }
        }
        assertThat(left()).containsExactly("hook-1", "hook-2", "hook-3");
    }

    @Test
    void aHookThatHangsHoldsUpTheCloseForNoLongerThanTheGracePeriod() {
        var pool = WorkerPool.open(ONE.withGracePeriod(Duration.ofMillis(200)));
        long pid = pool.map(List.of(1), it -> {
                    Runtime.getRuntime().addShutdownHook(new Thread(OrderlyEndIT::hang));
                    return ProcessHandle.current().pid();
                })
                .getFirst();
        pool.close();
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    /** Places are not filled again without end while those that had them take their time. */
    @LongTest
    @Test
    void replacedWorkersThatHangAreKilledAndDoNotPileUp() throws IOException {
        var options = ONE.withTasksPerWorker(1).withGracePeriod(Duration.ofMillis(200));
        try (var pool = WorkerPool.open(options)) {
            for (int i = 0; i < 6; i++) {
                pool.map(List.of(1), it -> {
                    Runtime.getRuntime().addShutdownHook(new Thread(OrderlyEndIT::hang));
                    return it;
                });
                assertThat(Marked.of(ProcessHandle.current().pid())).hasSizeLessThanOrEqualTo(4);
            }
        }
    }

    private static void hang() {
        while (true) {
            LockSupport.park();
        }
    }

    @Test
    void aWorkerAtATaskIsKilledAtOnce() throws Exception {
        var pool = WorkerPool.open(ONE.withGracePeriod(Duration.ofDays(1)));
        String begun = folder.resolve("begun").toString();
        CompletableFuture<List<Integer>> endless = pool.submitMap(List.of(1), it -> {
            Files.createFile(Path.of(begun));
            hang();
            return it;
        });
        TestData.await(Path.of(begun));
        pool.close();
        Assertions.assertThatThrownBy(endless::join).hasMessageContaining("closed");
    }

    @LongTest
    @Test
    void aCancelledTaskIsKilledAtOnce() throws Exception {
        String place = folder.toString();
        try (var pool = WorkerPool.open(PATIENT)) {
            CompletableFuture<List<Integer>> cancelled = pool.submitMap(List.of(1), it -> {
                hooked(place).apply(it);
                Files.createFile(Path.of(place, "begun"));
                hang();
                return it;
            });
            TestData.await(folder.resolve("begun"));
            cancelled.cancel(true);
            Assertions.assertThatExceptionOfType(CancellationException.class).isThrownBy(cancelled::join);
            pool.map(List.of(2), hooked(place));
        }
        assertThat(left()).containsExactly("begun", "hook-2");
    }

    @Test
    void withoutAGracePeriodAllAreKilled() throws IOException {
        try (var pool = WorkerPool.open(ONE.withGracePeriod(Duration.ZERO))) {
            pool.map(List.of(1), hooked(folder.toString()));
        }
        assertThat(left()).isEmpty();
    }

    @LongTest
    @Test
    void aRecordingOfTheJvmIsWritten() {
        Path recording = folder.resolve("recording.jfr");
        try (var pool = WorkerPool.open(PATIENT.withGracePeriod(Patience.of(Duration.ofSeconds(60)))
                .withJvmOptions("-XX:StartFlightRecording=dumponexit=true,filename=" + recording))) {
            pool.map(List.of(1), it -> it);
        }
        assertThat(recording).isNotEmptyFile();
    }

    @Test
    void aGracePeriodIsFromNothingToADay() {
        for (Duration wrong : List.of(Duration.ofNanos(-1), Duration.ofDays(2))) {
            Assertions.assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> ONE.withGracePeriod(wrong))
                    .withMessageContaining("to end by itself");
        }
    }
}
