package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.value.ValueWriter;
import io.github.forkless.common.wire.ByteSpan;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a run holds does not grow with the number of its tasks; played without any worker. */
class JobRunTest {
    private static final byte[] MEBIBYTE = new byte[1 << 20];
    private static final byte[] RESULT = ValueWriter.encode(42);

    private static JobRun run(int tasks) {
        List<Slice> slices = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            slices.add(new Slice(i, i + 1));
        }
        PoolOptions options = PoolOptions.defaults().withProcs(2).withRetries(10);
        var order = new Run.Order(1, Message.NO_DATASET, Optional.empty(), options, TypeFinder.NONE, Optional.empty());
        var run = new JobRun(order, new JobSource.Named("sum", Map.of(), List.of(Map.of())), slices, new int[0]);
        run.loaded(new Message.Loaded(1, false, 1, 0));
        return run;
    }

    private static Run.Task deal(Run run) {
        Run.Task task = run.nextTask(WorkerPlaces.ANYWHERE).orElseThrow();
        run.dealt(task);
        return task;
    }

    private static void answer(Run run, Run.Task task) {
        byte[] content = task.assignment().finish() ? RESULT : MEBIBYTE;
        run.answered(0, 4711, task, new Message.Partial(task.assignment(), 0, 1, -1, -1, ByteSpan.of(content)));
    }

    private static void kill(Run run, Run.Task task, long pid) {
        run.died(
                0,
                task,
                run.failure(task, pid, new WorkerProcess.Ending(137, "killed", List.of(), Optional.empty(), 0)));
        run.ended(pid, "killed");
    }

    @Test
    void whileASliceIsAwaitedThePartialsBehindItDoNotPileUp() {
        int tasks = 2_000;
        JobRun run = run(tasks);
        Run.Task first = deal(run);
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
        RunResult result = run.result().join();
        assertThat(result.results()).containsExactly(42);
        assertThat(result.report().attempts()).isEqualTo(tasks + 1);
    }

    @Test
    void whileAMergeIsAwaitedThePartialsBehindItDoNotPileUp() {
        JobRun run = run(2_000);
        Run.Task merge = null;
        int answered = 0;
        while (run.waitingTasks() > 0) {
            Run.Task task = deal(run);
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
        assertThat(run.result().join().results()).containsExactly(42);
    }

    /** Otherwise nothing that befalls a merge could be replayed. */
    @Test
    void theStepsOfMergingAreTheSameWhoeverIsFaster() {
        assertThat(merges(false)).isEqualTo(merges(true)).hasSize(32).endsWith(new Slice(0, 127));
    }

    private static List<Slice> merges(boolean mergeLate) {
        JobRun run = run(127);
        List<Slice> merges = new ArrayList<>();
        var dealt = new ArrayDeque<Run.Task>();
        while (!run.isDone()) {
            while (run.waitingTasks() > 0) {
                Run.Task task = deal(run);
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
            Run.Task task = deal(run);
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
}
