package io.github.forkless.coordinator.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of figures, on any machine. */
class JudgementTest {
    private static final int PROCESSORS = 2;
    private static final double BUSY = 0.2;

    /** It works for 10 s. */
    private static final Measurement SINGLE = single(10_000);

    private final Findings findings = new Findings(new Shape(PROCESSORS, "", 1 << 30, "Linux", "25"));

    private static Measurement single(long workMillis) {
        return measured(new OneJvm(OneJvm.SINGLE), Kernel.CHECKSUM, 1, 100, workMillis, 0);
    }

    private static Measurement shared(int procs, long startMillis, long workMillis) {
        return measured(new Shared(), Kernel.CHECKSUM, procs, startMillis, workMillis, 0);
    }

    private static Measurement counts(int procs, long workMillis) {
        return measured(new Shared(), Kernel.COUNT, procs, 400, workMillis, 0);
    }

    /** Jobs that read a thousand million elements. */
    private static Measurement measured(
            Arrangement arrangement, Kernel kernel, int procs, long startMillis, long workMillis, double others) {
        Duration start = Duration.ofMillis(startMillis);
        Duration wall = start.plusMillis(workMillis);
        return new Measurement(
                arrangement, kernel, procs, 10_000_000, 100, true, wall, start, wall, wall, 0, 1, 1, 1, others);
    }

    private static Measurement busier(Measurement one, double others) {
        return measured(
                one.arrangement(),
                one.kernel(),
                one.procs(),
                one.start().toMillis(),
                one.work().toMillis(),
                others);
    }

    private static Consequence consequence(Misbehaviour misbehaviour, String where, int kept) {
        return consequence(misbehaviour, where, kept, 0);
    }

    private static Consequence consequence(Misbehaviour misbehaviour, String where, int kept, double others) {
        return new Consequence(
                misbehaviour, where, kept > 0, 80, kept, true, Optional.empty(), Optional.empty(), "ended", others);
    }

    private void found(Measurement... sharing) {
        findings.sharing().addAll(List.of(sharing));
    }

    private void foundScaling(Measurement... scaling) {
        findings.scaling().addAll(List.of(scaling));
    }

    private String verdict() {
        return Judgement.verdict(findings);
    }

    private List<String> warnings() {
        return Judgement.warnings(findings);
    }

    // ---- sharing

    @Test
    void workersPayWhenTheySaveMoreThanTheirStartTakes() {
        found(SINGLE, shared(2, 400, 5_000)); // half of the work is worth 300 ms

        assertThat(findings.breakEven()).contains(new BreakEven(Duration.ofMillis(600), 60_000_000));
        assertThat(Judgement.breakEven(findings))
                .contains("Break-even: 2 workers, their start included, are faster than one thread from 0.60 s of its"
                        + " work on (60 million elements).");
        assertThat(verdict())
                .isEqualTo("2 workers that share the data are 2.00 times as fast as one thread, which pays from 0.60 s"
                        + " of its work on.");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void oneWorkerMayPayToo() {
        found(SINGLE, shared(1, 140, 8_000)); // a fifth of the work is worth 40 ms

        assertThat(Judgement.breakEven(findings))
                .contains("Break-even: 1 worker, its start included, is faster than one thread from 0.20 s of its work"
                        + " on (20 million elements).");
        assertThat(verdict())
                .isEqualTo("1 worker that shares the data is 1.25 times as fast as one thread, which pays from 0.20 s"
                        + " of its work on.");
    }

    @Test
    void whoStartsAsFastAsOneThreadPaysAtOnce() {
        found(SINGLE, shared(2, 100, 5_000));

        assertThat(findings.breakEven()).contains(new BreakEven(Duration.ZERO, 0));
    }

    @Test
    void fewElementsAreNoMillions() {
        found(SINGLE, shared(2, 102, 5_000));

        assertThat(Judgement.breakEven(findings).orElseThrow())
                .endsWith(" from 0.00 s of its work on (400,000 elements).");
    }

    @ParameterizedTest
    @CsvSource({
        "9_990, '1.00 times as fast as one thread, which pays from 300.00 s of its work on.'",
        "10_000, '1.00 times as fast as one thread, which does not pay.'",
        "12_500, '0.80 times as fast as one thread, which does not pay.'"
    })
    void whoSavesNothingDoesNotPay(String workMillis, String end) {
        found(SINGLE, shared(2, 400, Long.parseLong(workMillis.replace("_", ""))));

        assertThat(verdict()).endsWith(" are " + end);
        assertThat(Judgement.breakEven(findings).isPresent()).isEqualTo(end.contains("pays from"));
    }

    @Test
    void whoIsSlowerThanOneThreadIsNamed() {
        found(SINGLE, measured(new OneJvm("threads"), Kernel.CHECKSUM, 2, 100, 10_000, 0), shared(2, 400, 10_001));

        assertThat(warnings())
                .containsExactly("shared with 2 was slower than one thread: the processors were not free, or there are"
                        + " fewer than 2.");
    }

    @Test
    void oneWorkerIsExpectedToBeNoFaster() {
        found(SINGLE, shared(1, 400, 12_000));

        assertThat(warnings()).isEmpty();
    }

    @Test
    void whereStartingIsMuchOfItNothingIsConcluded() {
        found(single(3_999), shared(2, 400, 2_000));

        assertThat(findings.breakEven()).isEmpty();
        assertThat(verdict()).isEqualTo("There was too little work to say what sharing gains.");
        assertThat(warnings())
                .containsExactly("one thread worked for 4.00 s, less than 10 times the 0.40 s in which 2 workers"
                        + " started. Such speed-ups say little; more --jobs, or a larger --count, give better ones.");
    }

    @Test
    void tenTimesTheStartIsEnough() {
        found(single(4_000), shared(2, 400, 2_000));

        assertThat(verdict()).contains(" are 2.00 times as fast as one thread");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void onABusyMachineNothingIsConcluded() {
        Measurement shared = shared(2, 400, 5_000);
        found(busier(SINGLE, BUSY), busier(shared, BUSY));

        assertThat(verdict()).isEqualTo("The machine was too busy to say what sharing gains.");
        assertThat(warnings())
                .containsExactly("the machine was busy: others had 20 % of its processors' time. Repeat this when it is"
                        + " idle.");
    }

    @Test
    void aTenthForOthersIsNotBusy() {
        Measurement shared = shared(2, 100, 5_000);

        assertThat(Judgement.busy(List.of(busier(SINGLE, 0.1), busier(shared, 0.1))))
                .isEmpty();
        assertThat(Judgement.busy(List.of(busier(SINGLE, 0.1), busier(shared, 0.11))))
                .isPresent();
        assertThat(Judgement.busy(List.of(SINGLE, busier(shared, 0.29))))
                .as("a third of the time")
                .isEmpty();
    }

    @Test
    void nothingIsSaidOfWhatWasNotMeasured() {
        assertThat(verdict()).isEmpty();
        assertThat(warnings()).isEmpty();

        found(SINGLE);
        findings.isolation().add(consequence(Misbehaviour.CRASH, "threads", 0));

        assertThat(verdict()).isEmpty();
        assertThat(warnings()).isEmpty();
    }

    // ---- scaling

    @Test
    void scalingComparesAsManyWorkersAsProcessors() {
        foundScaling(
                shared(1, 300, 8_000),
                shared(2, 400, 4_000),
                shared(4, 800, 4_400),
                counts(1, 5_000),
                counts(2, 4_000),
                measured(Arrangements.SHARED_SCAN, Kernel.COUNT, 2, 400, 100, 0));

        assertThat(verdict())
                .isEqualTo("2 workers do checksums 2.00 times as fast as one, and counts, which wait for memory, 1.25"
                        + " times as fast.");
        assertThat(warnings()).as("4 need not be faster on 2 processors").isEmpty();
    }

    @Test
    void scalingMayGainNothing() {
        foundScaling(shared(1, 300, 8_000), shared(2, 400, 10_000));

        assertThat(verdict()).isEqualTo("2 workers do checksums 0.80 times as fast as one.");
        assertThat(warnings())
                .containsExactly("shared with 2 was slower than one worker: the processors were not free, or there are"
                        + " fewer than 2.");
    }

    @Test
    void scalingNeedsWorkToo() {
        foundScaling(shared(1, 300, 3_999), shared(2, 400, 2_000));

        assertThat(verdict()).isEqualTo("There was too little work to say what more workers gain.");
        assertThat(warnings())
                .singleElement()
                .asString()
                .startsWith("one worker worked for 4.00 s, less than 10 times");
    }

    @Test
    void scalingNeedsAnIdleMachine() {
        foundScaling(busier(shared(1, 300, 8_000), BUSY), busier(shared(2, 400, 4_000), BUSY));

        assertThat(verdict()).isEqualTo("The machine was too busy to say what more workers gain.");
        assertThat(warnings()).singleElement().asString().startsWith("the machine was busy");
    }

    @Test
    void oneWorkerDoesNotScale() {
        foundScaling(shared(1, 300, 8_000), counts(1, 5_000));

        assertThat(verdict()).isEmpty();
    }

    @Test
    void workersAreOneTwoFourAndTheMostAtLast() {
        assertThat(new Scaling(1, 1, 1, 1).procs()).containsExactly(1);
        assertThat(new Scaling(1, 1, 1, 2).procs()).containsExactly(1, 2);
        assertThat(new Scaling(1, 1, 1, 3).procs()).containsExactly(1, 2, 3);
        assertThat(new Scaling(1, 1, 1, 8).procs()).containsExactly(1, 2, 4, 8);
    }

    // ---- isolation, and all of them

    @Test
    void allIsOneSentence() {
        found(SINGLE, shared(2, 400, 5_000));
        foundScaling(shared(1, 300, 8_000), shared(2, 400, 4_000));
        findings.isolation()
                .addAll(List.of(
                        consequence(Misbehaviour.NOTHING, "threads", 0),
                        consequence(Misbehaviour.NOTHING, "processes", 0),
                        consequence(Misbehaviour.CRASH, "threads", 0),
                        consequence(Misbehaviour.CRASH, "processes", 80),
                        consequence(Misbehaviour.LEAK, "threads", 79),
                        consequence(Misbehaviour.LEAK, "processes", 80),
                        consequence(Misbehaviour.LOOP, "threads", 80)));

        assertThat(verdict())
                .isEqualTo("2 workers that share the data are 2.00 times as fast as one thread, which pays from 0.60 s"
                        + " of its work on; a job that misbehaves cost others their results in 2 of 3 cases among"
                        + " threads, and in 0 of 2 among processes.");
    }

    @Test
    void onABusyMachineResultsCountAndTimesDoNot() {
        findings.isolation()
                .addAll(List.of(
                        consequence(Misbehaviour.CRASH, "threads", 0, 0),
                        consequence(Misbehaviour.CRASH, "processes", 80, 0.2)));
        assertThat(warnings()).as("a tenth on average").isEmpty();

        findings.isolation().add(consequence(Misbehaviour.EXIT, "threads", 0, 0.7));

        assertThat(warnings()).singleElement().asString().startsWith("the machine was busy: others had 30 %");
        assertThat(verdict()).startsWith("A job that misbehaves cost others their results in 2 of 2 cases");
    }

    // ---- how much work there is

    @Test
    void thereAreAsManyJobsAsOneThreadNeedsToBeBusyLongEnough() {
        Duration start = Duration.ofMillis(400);

        assertThat(Calibration.jobs(start, Duration.ofMillis(20))).isEqualTo(240);
        assertThat(Calibration.jobs(start, Duration.ofMillis(100))).isEqualTo(100);
        assertThat(Calibration.jobs(start.multipliedBy(10), Duration.ofMillis(20)))
                .as("a person waits")
                .isEqualTo(400);
        assertThat(Calibration.jobs(start, Duration.ZERO)).isEqualTo(10_000);
    }
}
