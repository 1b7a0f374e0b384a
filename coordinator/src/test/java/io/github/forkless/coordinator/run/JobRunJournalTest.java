package io.github.forkless.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.value.ValueWriter;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.Assignment;
import io.github.forkless.coordinator.engine.Engine;
import io.github.forkless.coordinator.journal.Journal;
import io.github.forkless.coordinator.journal.JournalException;
import io.github.forkless.coordinator.journal.Trait;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.RunReport;
import io.github.forkless.coordinator.schedule.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run deals and takes when it has a journal, without any workers. */
class JobRunJournalTest {
    private static final int ELEMENTS = 100;

    @TempDir
    Path folder;

    private JobRun run(Journal journal, int procs, List<Slice> slices) {
        var settings = new RunSettings(procs, 2, false, Optional.empty(), 1, true);
        var context = new RunContext(
                1,
                "job test",
                Message.NO_DATASET,
                Optional.empty(),
                settings,
                Recording.NONE,
                Optional.of(journal.run(List.of(Trait.of("job", "test")))));
        var source = new JobSource.Named("test", Map.of(), List.of(Map.of()));
        var run = new JobRun(context, source, slices, new int[0], _ -> "");
        run.submitted(slow -> slow.get().run());
        return run;
    }

    private Journal journal() {
        return Journal.open(folder.resolve("run.journal"), _ -> {});
    }

    /** Answers tasks until there are none, or so many; the result of parameter set {@code i} is {@code i}. */
    private static List<Assignment> work(JobRun run, int most) {
        List<Assignment> done = new ArrayList<>();
        while (done.size() < most) {
            Optional<Task> task = run.nextTask(Engine.ANYWHERE);
            if (task.isEmpty()) {
                break;
            }
            run.dealt(task.get());
            Assignment assignment = task.get().assignment();
            var content = new ByteWriter();
            var values = new ValueWriter(content);
            for (int set = assignment.firstSet(); set < assignment.endSet(); set++) {
                values.write(set);
            }
            run.answered(0, 1, task.get(), new Message.Partial(assignment, 0, 1, -1, -1, content.span()));
            done.add(assignment);
        }
        return done;
    }

    @Test
    void groupsOfAnotherNumberOfWorkersFillTheGaps() {
        int sets = 200;
        var loaded = new Message.Loaded(1, true, sets, 0, 0);
        List<Slice> slices = List.of(new Slice(0, ELEMENTS));
        List<Assignment> before;
        try (Journal journal = journal()) {
            JobRun first = run(journal, 2, slices);
            first.loaded(loaded);
            before = work(first, 10);
        }
        try (Journal journal = journal()) {
            JobRun second = run(journal, 90, slices);
            second.loaded(loaded);
            List<Assignment> after = work(second, Integer.MAX_VALUE);

            RunOutcome result = second.result().join();
            assertThat(ResultReader.readAll(result.results(), TypeFinder.NONE))
                    .isEqualTo(IntStream.range(0, sets).boxed().toList());
            assertThat(before).hasSize(10);
            assertThat(sets(before) + sets(after)).as("no set is done twice").isEqualTo(sets);
            RunReport report = result.report();
            assertThat(report.resumed()).isPositive();
            assertThat(report.attempts()).isEqualTo(after.size());
        }
    }

    private static int sets(List<Assignment> assignments) {
        return assignments.stream().mapToInt(a -> a.endSet() - a.firstSet()).sum();
    }

    /** So many partials that they would fill the memory: they are taken no faster than they are merged. */
    @Test
    void partialsAreTakenNoFasterThanTheyAreMerged() {
        int count = 1000;
        var loaded = new Message.Loaded(1, false, 1, 0, 0);
        List<Slice> slices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            slices.add(new Slice(i, i + 1));
        }
        try (Journal journal = journal()) {
            JobRun first = run(journal, 2, slices);
            first.loaded(loaded);
            work(first, Integer.MAX_VALUE);
            assertThat(first.result()).isCompleted();
        }
        try (Journal journal = journal()) {
            JobRun second = run(journal, 2, slices);
            second.loaded(loaded);
            int merged = 0;
            for (Optional<Task> task = second.nextTask(Engine.ANYWHERE);
                    task.isPresent();
                    task = second.nextTask(Engine.ANYWHERE)) {
                var merge = (Message.Merge) task.get().message();
                assertThat(merge.partials()).hasSizeLessThanOrEqualTo(65);
                merged += merge.partials().size();
                assertThat(second.nextTask(Engine.ANYWHERE))
                        .as("while that is merged")
                        .isEmpty();
                second.dealFirst((RunTask) task.get());
                work(second, 1);
            }
            assertThat(second.result()).isCompleted();
            assertThat(merged).isGreaterThanOrEqualTo(count);
            assertThat(second.result().join().report().attempts()).isZero();
        }
    }

    /** The disk may be slow, and the scheduler's lock is held for all runs. */
    @Test
    void theJournalIsReadInTheBackgroundWhileWhatIsMissingIsDealt() {
        var loaded = new Message.Loaded(1, false, 1, 0, 0);
        List<Slice> slices =
                IntStream.range(0, ELEMENTS).mapToObj(i -> new Slice(i, i + 1)).toList();
        try (Journal journal = journal()) {
            JobRun first = run(journal, 2, slices);
            first.loaded(loaded);
            work(first, 10);
        }
        try (Journal journal = journal()) {
            JobRun second = run(journal, 2, slices);
            var background = new ArrayDeque<Supplier<Runnable>>();
            second.submitted(background::add);
            second.loaded(loaded);

            int missing = ELEMENTS - 10;
            assertThat(work(second, Integer.MAX_VALUE)).hasSize(missing);
            assertThat(second.result()).isNotDone();
            while (!background.isEmpty()) {
                background.remove().get().run();
                work(second, Integer.MAX_VALUE);
            }
            assertThat(second.result()).isCompleted();
            assertThat(second.result().join().report().attempts()).isEqualTo(missing);
        }
    }

    @Test
    void aJournalThatCannotBeReadAnyMoreFailsTheRun() throws Exception {
        var loaded = new Message.Loaded(1, false, 1, 0, 0);
        List<Slice> slices = List.of(new Slice(0, 50), new Slice(50, ELEMENTS));
        try (Journal journal = journal()) {
            JobRun first = run(journal, 2, slices);
            first.loaded(loaded);
            work(first, 1);
        }
        try (Journal journal = journal()) {
            JobRun second = run(journal, 2, slices);
            Files.write(folder.resolve("run.journal"), new byte[8], StandardOpenOption.TRUNCATE_EXISTING);
            second.loaded(loaded);
            assertThatThrownBy(() -> second.result().join())
                    .hasCauseInstanceOf(JournalException.class)
                    .hasMessageContaining("run.journal");
        }
    }
}
