package io.github.forkless.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.job.FailedSet;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.value.ValueWriter;
import io.github.forkless.common.wire.ByteSpan;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.coordinator.engine.Engine;
import io.github.forkless.coordinator.engine.WorkerEnd;
import io.github.forkless.coordinator.engine.WorkerProgress;
import io.github.forkless.coordinator.result.Failure;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.RunReport;
import io.github.forkless.coordinator.schedule.Task;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What a run holds does not grow with the number of its tasks; played without any worker. */
class JobRunTest {
    private static final byte[] MEBIBYTE = new byte[1 << 20];
    private static final byte[] RESULT = ValueWriter.encode(42);

    private static JobRun run(int tasks) {
        return run(tasks, 1, false);
    }

    private static JobRun run(int tasks, int sets, boolean skipFailed) {
        List<Slice> slices = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            slices.add(new Slice(i, i + 1));
        }
        var settings = new RunSettings(2, skipFailed ? 0 : 10, skipFailed, Optional.empty(), 1, true);
        var context = new RunContext(
                1, "job sum", Message.NO_DATASET, Optional.empty(), settings, Recording.NONE, Optional.empty());
        var source = new JobSource.Named("sum", Map.of(), List.of(Map.of()));
        var run = new JobRun(context, source, slices, new int[0], _ -> "");
        run.loaded(new Message.Loaded(1, false, sets, 0, 0));
        return run;
    }

    private static RunTask deal(Run run) {
        Task task = run.nextTask(Engine.ANYWHERE).orElseThrow();
        run.dealt(task);
        return (RunTask) task;
    }

    private static void answer(Run run, RunTask task) {
        byte[] content = task.assignment().finish() ? RESULT : MEBIBYTE;
        run.answered(0, 4711, task, partial(task, content));
    }

    private static void kill(Run run, RunTask task, long pid) {
        run.died(
                0,
                pid,
                task,
                new WorkerEnd(OptionalInt.of(137), "killed", List.of(), Optional.empty(), 0, WorkerProgress.UNKNOWN));
        run.workerEnded(pid, "killed");
    }

    private static void killAtSet(Run run, RunTask task, int set) {
        var end = new WorkerEnd(
                OptionalInt.of(137), "killed", List.of(), Optional.empty(), 0, new WorkerProgress(1, set));
        run.died(0, 1, task, end);
    }

    private static Message.Partial partial(RunTask task, byte[] content) {
        return new Message.Partial(task.assignment(), 0, 1, -1, -1, ByteSpan.of(content));
    }

    private static byte[] twice(byte[] result) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 2; i++) {
            bytes.write(ValueWriter.SEAM);
            bytes.writeBytes(result);
        }
        return bytes.toByteArray();
    }

    private static List<Object> results(Run run) {
        return ResultReader.readAll(run.result().join().results(), TypeFinder.NONE);
    }

    @Test
    void whileASliceIsAwaitedThePartialsBehindItDoNotPileUp() {
        int tasks = 2_000;
        JobRun run = run(tasks);
        RunTask first = deal(run);
        int answered = 0;
        while (run.waitingTasks() > 0) {
            answer(run, deal(run));
            answered++;
        }
        assertThat(answered).isBetween(10, 300); // 256 MiB at most

        kill(run, first, 1);
        answer(run, deal(run)); // the first again
        while (!run.isDone()) {
            answer(run, deal(run));
        }
        assertThat(results(run)).containsExactly(42);
        assertThat(run.result().join().report().attempts()).isEqualTo(tasks + 1);
    }

    @Test
    void whileAMergeIsAwaitedThePartialsBehindItDoNotPileUp() {
        JobRun run = run(2_000);
        RunTask merge = null;
        int answered = 0;
        while (run.waitingTasks() > 0) {
            RunTask task = deal(run);
            if (task.isCounted()) {
                answer(run, task);
                answered++;
            } else {
                assertThat(merge).as("one merge at a time").isNull();
                merge = task;
            }
        }
        assertThat(answered).isBetween(10, 300);

        answer(run, merge);
        while (!run.isDone()) {
            answer(run, deal(run));
        }
        assertThat(results(run)).containsExactly(42);
    }

    /** Otherwise nothing that befalls a merge could be replayed. */
    @Test
    void theStepsOfMergingAreTheSameWhoeverIsFaster() {
        assertThat(merges(false)).isEqualTo(merges(true)).hasSize(32).endsWith(new Slice(0, 127));
    }

    private static List<Slice> merges(boolean mergeLate) {
        JobRun run = run(127);
        List<Slice> merges = new ArrayList<>();
        var dealt = new ArrayDeque<RunTask>();
        while (!run.isDone()) {
            while (run.waitingTasks() > 0) {
                RunTask task = deal(run);
                if (task.isCounted()) {
                    dealt.addFirst(task); // the last is the first to be answered
                } else {
                    merges.add(task.assignment().slice());
                    if (mergeLate) {
                        dealt.addLast(task);
                    } else {
                        answer(run, task);
                    }
                }
            }
            if (!dealt.isEmpty()) {
                answer(run, dealt.remove());
            }
        }
        return merges;
    }

    @Test
    void failuresAndDeadWorkersAreCountedAllAndReportedInPart() {
        JobRun run = run(1_500);
        long pid = 0;
        while (!run.isDone()) {
            RunTask task = deal(run);
            if (task.isCounted()) {
                kill(run, task, ++pid);
                task = deal(run);
            }
            answer(run, task);
        }
        RunReport report = run.result().join().report();
        assertThat(report.failed()).isEqualTo(1_500);
        assertThat(report.failures())
                .extracting(Failure::pid)
                .hasSize(1_000)
                .startsWith(1L, 2L)
                .contains(500L, 1001L)
                .endsWith(1_500L)
                .isSorted();
        assertThat(report.workers()).hasSize(1_000 + 1); // the one that did everything
        assertThat(report.workers().get(1).pid()).isEqualTo(4711);
    }

    /** A slice at a time, and not one within the other. */
    @Test
    void aLongSweepOfWhichEverySetHasFailedComesToItsEnd() {
        JobRun run = run(50_000, 2, true);
        RunTask first = deal(run);
        RunTask second = deal(run); // before it is known of either set that it fails
        killAtSet(run, first, 0);
        killAtSet(run, second, 1);
        var merges = new ArrayDeque<RunTask>();
        while (!run.isDone()) {
            Optional<Task> next = run.nextTask(Engine.ANYWHERE);
            next.ifPresent(run::dealt);
            var task = (RunTask) next.orElseGet(merges::remove);
            if (next.isPresent() && !task.isCounted()) {
                merges.add(task); // a slow one
            } else if (task.isCounted()
                    && task.assignment().slice().from() == task.assignment().firstSet()) {
                killAtSet(run, task, task.assignment().firstSet());
            } else {
                byte[] failed = ValueWriter.encode(new FailedSet());
                run.answered(0, 4711, task, partial(task, task.isCounted() ? failed : twice(failed)));
            }
        }
        assertThat(results(run)).containsExactly(null, null);
        assertThat(run.result().join().report().hasFailed(0)).isTrue();
    }

    /** A file may be far away, and the scheduler's lock is held for all runs. */
    @Test
    void textIsReadInTheBackgroundToHalveASlice() {
        Path noFile = Path.of("/nowhere/lines.txt");
        long bytes = 1 << 20;
        var text = new DatasetFile(noFile, Layout.of(ElementType.TEXT, 0, bytes), new FileIdentity(1, 2, bytes, 4, 5));
        var settings = new RunSettings(2, 1, false, Optional.empty(), 1, true);
        var context = new RunContext(1, "job wc", 1, Optional.of(text), settings, Recording.NONE, Optional.empty());
        var run = new JobRun(
                context,
                new JobSource.Named("wc", Map.of(), List.of(Map.of())),
                List.of(new Slice(0, bytes / 2), new Slice(bytes / 2, bytes)),
                new int[0],
                _ -> "");
        var background = new ArrayDeque<Supplier<Runnable>>();
        run.submitted(background::add);
        run.loaded(new Message.Loaded(1, false, 1, 0, 0));
        for (int attempt = 1; attempt <= 2; attempt++) {
            kill(run, deal(run), attempt);
        }

        assertThat(run.result()).as("the file was not looked at").isNotDone();
        answer(run, deal(run)); // the other slice
        assertThat(run.waitingTasks()).isZero();
        Runnable then = background.remove().get();
        assertThat(run.result()).isNotDone();
        then.run();
        assertThatThrownBy(() -> run.result().join())
                .hasCauseInstanceOf(DatasetException.class)
                .hasMessageContaining("/nowhere/lines.txt");
    }

    @Test
    void aJobWithoutAnyParameterSetHasNothingToWaitFor() {
        assertThat(results(run(3, 0, false))).isEmpty();
    }
}
