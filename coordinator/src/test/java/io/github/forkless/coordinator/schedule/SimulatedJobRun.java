package io.github.forkless.coordinator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.dataset.Slices;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.coordinator.result.RunReport;
import io.github.forkless.coordinator.run.JobRun;
import io.github.forkless.coordinator.run.ResultReader;
import io.github.forkless.coordinator.run.Run;
import io.github.forkless.coordinator.run.RunContext;
import io.github.forkless.coordinator.run.RunOutcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** A job over a dataset whose answer says what it was merged from. */
final class SimulatedJobRun extends SimulatedRun {
    private final JobRun run;
    private final long elements;

    SimulatedJobRun(EventLoop loop, RunContext context, SimulatedJob job) {
        super(context, job);
        int wanted = 1 + loop.random.nextInt(loop.chance(0.1) ? 200 : 12);
        List<Slice> slices = Slices.cut(context.dataset().orElseThrow(), OptionalInt.of(wanted));
        var source = new JobSource.Named("sum", Map.of(), List.of(Map.of()));
        elements = context.dataset().get().count();
        run = new JobRun(context, source, slices, new int[0], set -> "set " + set);
    }

    @Override
    Run run() {
        return run;
    }

    @Override
    void verify(RunOutcome outcome) {
        RunReport report = outcome.report();
        List<Object> results = ResultReader.readAll(outcome.results(), TypeFinder.NONE);
        assertThat(results).as("%s", this).hasSize(job.sets());
        assertThat(report.leftOut().isEmpty() || context.settings().skipFailed())
                .as("%s", this)
                .isTrue();
        for (int set = 0; set < job.sets(); set++) {
            verify(set, (String) results.get(set), report.leftOut());
        }
    }

    private void verify(int set, String result, List<RunReport.LeftOut> leftOut) {
        List<Slice> covered = new ArrayList<>();
        boolean hasFailed = false;
        for (RunReport.LeftOut part : leftOut) {
            if (set >= part.firstSet() && set < part.endSet()) {
                hasFailed |= part.isWhole();
                covered.add(part.slice());
            }
        }
        if (result == null) {
            assertThat(hasFailed).as("%s: set %d has no result", this, set).isTrue();
            return;
        }
        assertThat(hasFailed).as("%s: set %d has failed", this, set).isFalse();
        assertThat(result).startsWith("=");
        long last = -1;
        for (String part : result.substring(1).split(" ")) {
            if (!part.isEmpty()) {
                String[] words = part.split("[:-]");
                var slice = new Slice(Long.parseLong(words[1]), Long.parseLong(words[2]));
                assertThat(words[0]).isEqualTo("" + set);
                assertThat(slice.from()).as("in the data's order: %s", result).isGreaterThan(last);
                last = slice.from();
                covered.add(slice);
            }
        }
        covered.sort(Comparator.comparingLong(Slice::from));
        long to = 0;
        for (Slice slice : covered) {
            assertThat(slice.from())
                    .as("%s: without gap or overlap: %s and %s", this, result, leftOut)
                    .isEqualTo(to);
            to = slice.to();
        }
        assertThat(to).as("%s: to the end: %s and %s", this, result, leftOut).isEqualTo(elements);
    }
}
