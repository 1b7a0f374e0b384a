package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.SAME_THREAD)
class KeptWorkersIT {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final NamedJob SUM = new NamedJob("sum", Map.of(), List.of(Map.of()));
    private static final PoolOptions ONE = PoolOptions.defaults().withProcs(1);
    private static final PoolOptions TWO = PoolOptions.defaults().withProcs(2);

    @TempDir
    Path folder;

    private Path data;
    private Leftovers leftovers;
    private KeptWorkers kept;

    @BeforeEach
    void open() throws IOException {
        data = folder.resolve("data.bin");
        Files.write(data, new byte[4 << 20]);
        leftovers = new Leftovers(data, folder.resolve("tmp"));
        kept = new KeptWorkers(_ -> {});
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        try (Leftovers mine = leftovers) {
            kept.close();
            mine.assertNone();
        }
    }

    @Test
    void builtInJobsOfSeveralPoolsHaveTheSameWorkersWhichForgetEachPool() throws Exception {
        Set<Long> first = run(TWO, "sum");

        assertThat(Patience.awaits(LONG, () -> first.stream().noneMatch(this::hasData)))
                .as("the data is unmapped, and closed")
                .isTrue();
        Files.write(data, new byte[8 << 20]); // the next pool sees that there is more now
        assertThat(run(TWO, "stats")).isEqualTo(first);
        assertThat(kept.pids()).hasSameElementsAs(first);
    }

    @LongTest
    @Test
    void codeOfUsersAndOtherOptionsHaveWorkersOfTheirOwn() throws Exception {
        Set<Long> first = run(TWO, "sum");

        assertThat(run(TWO.withEnvironment("A", "1"), "sum")).doesNotContainAnyElementsOf(first);
        run(TWO.withEnvironment("A", "2"), "sum");
        Set<Long> last = run(TWO.withEnvironment("A", "3"), "sum");
        assertThat(kept.pids())
                .as("no more than the last pool had, and one for each processor")
                .hasSizeLessThanOrEqualTo(2 + Runtime.getRuntime().availableProcessors())
                .containsAll(last)
                .doesNotContainAnyElementsOf(first);
        kept.prepare(2, Path.of("/"));
        assertThat(kept.pids()).as("those of another kind").doesNotContainAnyElementsOf(last);
        Set<Long> second = run(TWO, "sum");
        Set<Long> users = new HashSet<>();
        try (var pool = open(TWO)) {
            pool.map(List.of(1, 2, 3, 4), n -> ProcessHandle.current().pid() + 0L * n)
                    .forEach(users::add);
        }

        assertThat(second).as("they have run no code of users yet").containsAll(users);
        assertThat(kept.pids()).doesNotContainAnyElementsOf(users);
        assertThat(run(TWO, "sum")).doesNotContainAnyElementsOf(users);
        assertThat(run(TWO.withJvmOptions("-Dx=y"), "sum"))
                .as("they may have something to do when their worker ends")
                .doesNotContainAnyElementsOf(kept.pids());
    }

    @Test
    void aPoolOfFewerWorkersTakesNoneFromTheNext() throws Exception {
        Set<Long> first = run(TWO, "sum");

        assertThat(first).containsAll(run(ONE, "sum"));
        assertThat(run(TWO, "sum")).isEqualTo(first);
    }

    @Test
    void anOpenPoolGoesOnWhenNobodyKeepsItsWorkersAnyMore() throws Exception {
        Set<Long> first = run(TWO, "sum");
        Recording recording = Recording.ofTotals();
        try (var pool = open(TWO.withRecording(recording))) {
            awaitUp(recording, 2);
            kept.close();

            first.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            pool.submitReported(SUM).get();
        }
        assertThatThrownBy(() -> open(TWO)).hasMessageContaining("KeptWorkers that it was given are closed");
    }

    @Test
    void workersOfUsersThatNobodyKeepsAreRefused() {
        assertThatThrownBy(() -> WorkerPool.open(ONE.withReuseWorkers()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("add PoolOptions.withKeptWorkers");
    }

    @Test
    void aWorkerThatHasFailedOrDiedIsReplaced() throws Exception {
        Set<Long> first = run(TWO, "sum");
        first.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));

        assertThat(Patience.awaits(LONG, () -> kept.pids().isEmpty()))
                .as("their end is noticed")
                .isTrue();
        Set<Long> second = run(TWO, "sum");
        assertThat(second).doesNotContainAnyElementsOf(first);
        assertThatThrownBy(() -> run(TWO, "grep")).isInstanceOf(InvalidRequestException.class);
        assertThat(run(TWO, "sum")).as("one at least has failed").isNotEqualTo(second);
    }

    @LongTest
    @Test
    void manyPoolsTakeNoMoreThanAFew() throws Exception {
        List<Long> before = List.of();
        for (int i = 0; i < 60; i++) {
            run(TWO, "sum");
            if (i == 20) {
                before = counts();
            }
        }

        List<Long> atFirst = before;
        assertThat(Patience.awaits(LONG, () -> isNoMore(counts(), atFirst)))
                .as("threads, descriptors, and those of the workers: %s, and before %s", counts(), before)
                .isTrue();
    }

    private static boolean isNoMore(List<Long> now, List<Long> before) {
        for (int i = 0; i < now.size(); i++) {
            if (now.get(i) > before.get(i)) {
                return false;
            }
        }
        return true;
    }

    private List<Long> counts() {
        return Stream.concat(Stream.of(ProcessHandle.current().pid()), kept.pids().stream())
                .flatMap(pid -> Stream.of(count(pid, "task"), count(pid, "fd")))
                .toList();
    }

    private static long count(long pid, String what) {
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), what))) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean hasData(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            return Files.readString(process.resolve("maps"), StandardCharsets.ISO_8859_1)
                            .contains(data.toString())
                    || descriptors.anyMatch(KeptWorkersIT.this::isData);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isData(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).equals(data);
        } catch (IOException e) {
            return false;
        }
    }

    private WorkerPool open(PoolOptions options) {
        return WorkerPool.open(DatasetFile.open(data, Optional.empty()), options.withKeptWorkers(kept));
    }

    /** Returns the workers that were up. */
    private Set<Long> run(PoolOptions options, String job) throws Exception {
        Recording recording = Recording.ofTotals();
        try (var pool = open(options.withRecording(recording))) {
            awaitUp(recording, options.procs);
            pool.submitReported(new NamedJob(job, Map.of(), List.of(Map.of()))).get();
            Set<Long> pids = new HashSet<>();
            recording.workers().forEach(worker -> pids.add(worker.pid()));
            return pids;
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    private static void awaitUp(Recording recording, int workers) throws InterruptedException {
        assertThat(Patience.awaits(
                        LONG,
                        () -> recording.workers().stream()
                                        .filter(worker -> worker.upNanos() != Recording.UNKNOWN)
                                        .count()
                                == workers))
                .as("%d workers are up", workers)
                .isTrue();
    }
}
