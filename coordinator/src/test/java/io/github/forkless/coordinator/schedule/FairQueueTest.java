package io.github.forkless.coordinator.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.forkless.coordinator.schedule.FairQueue.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FairQueueTest {
    private static final long MILLISECOND = Duration.ofMillis(1).toNanos();
    private static final long MANY = 1_000_000;

    private final FairQueue queue = new FairQueue();
    private final Map<ScheduledRun, Integer> dealt = new HashMap<>();
    private long lastNumber;

    private QueuedRun run(double weight, long taskNanos, long tasks) {
        return new QueuedRun(++lastNumber, weight, taskNanos, tasks);
    }

    /** Deals one task of the run whose turn it is. */
    private ScheduledRun deal() {
        Turn turn = queue.first();
        var run = (QueuedRun) turn.run();
        run.waiting--;
        queue.charge(turn);
        dealt.merge(run, 1, Integer::sum);
        return run;
    }

    private void deal(int tasks) {
        for (int i = 0; i < tasks; i++) {
            deal();
        }
    }

    @Test
    void aShortRunBehindALongOneHasItsTurnAtOnce() {
        queue.enter(run(1, 50 * MILLISECOND, 100));
        deal(20);
        QueuedRun brief = run(1, 2 * MILLISECOND, 1);
        queue.enter(brief);
        assertThat(deal()).isSameAs(brief);
    }

    @Test
    void twoShortRunsDoNotKeepALongOneFromItsShare() {
        QueuedRun large = run(1, 50 * MILLISECOND, MANY);
        queue.enter(large);
        queue.enter(run(1, MILLISECOND, MANY));
        queue.enter(run(1, MILLISECOND, MANY));
        deal(10_200);
        assertThat(dealt.get(large) * 50L).as("milliseconds").isCloseTo(5_000, within(100L));
    }

    @Test
    void runsHaveTimeInProportionToTheirWeights() {
        QueuedRun light = run(1, MILLISECOND, MANY);
        QueuedRun heavy = run(4, MILLISECOND, MANY);
        QueuedRun heavyOfLargeTasks = run(2, 10 * MILLISECOND, MANY);
        for (QueuedRun run : List.of(light, heavy, heavyOfLargeTasks)) {
            queue.enter(run);
        }
        deal(5_200);
        assertThat(dealt.get(light)).isCloseTo(1_000, within(10));
        assertThat(dealt.get(heavy)).isCloseTo(4_000, within(40));
        assertThat(dealt.get(heavyOfLargeTasks)).isCloseTo(200, within(2));
    }

    @Test
    void aRunThatHadNothingToDealForAWhileDoesNotMakeUpForIt() {
        QueuedRun steady = run(1, MILLISECOND, MANY);
        queue.enter(steady);
        QueuedRun fitful = run(1, MILLISECOND, 1);
        Turn turn = queue.enter(fitful);
        deal(1_000);
        assertThat(dealt.get(fitful)).isEqualTo(1);

        fitful.waiting = MANY;
        queue.update(turn);
        dealt.clear();
        deal(1_000);
        assertThat(dealt.get(fitful)).isCloseTo(500, within(2));
    }

    @Test
    void whatHasNothingToDealIsNeverFirst() {
        QueuedRun empty = run(1, MILLISECOND, 0);
        Turn turn = queue.enter(empty);
        assertThat(queue.first()).isNull();
        assertThat(queue.wanted(8)).isZero();
        assertThat(queue.mayGoOn(turn, MILLISECOND)).isFalse();

        empty.waiting = 3;
        queue.update(turn);
        assertThat(queue.first()).isSameAs(turn);
        assertThat(queue.wanted(8)).isEqualTo(3);

        deal(3);
        assertThat(queue.first()).isNull();
    }

    /** Counted, not timed: 17 is the logarithm of their number. */
    @Test
    void oneOfAHundredThousandRunsIsFoundInAFewSteps() {
        int count = 100_000;
        List<QueuedRun> runs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            QueuedRun run = run(1 + i % 3, MILLISECOND * (1 + i % 5), 3);
            runs.add(run);
            queue.enter(run);
        }
        deal(3 * count);
        assertThat(queue.first()).isNull();
        assertThat(runs).allMatch(run -> run.waiting == 0);
        long asked = runs.stream().mapToLong(run -> run.asked).sum();
        assertThat(asked / (4 * count)).as("questions for each thing done").isLessThan(8 * 17);
    }
}
