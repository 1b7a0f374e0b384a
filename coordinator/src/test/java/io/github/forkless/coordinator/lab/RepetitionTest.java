package io.github.forkless.coordinator.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.lab.Repetition.By;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The figures of commands that are run again and again, and what is said of them. */
class RepetitionTest {
    private final Findings findings = new Findings(new Shape(2, "", 1 << 30, "Linux", "25"));

    private static Repetition cold(long... millis) {
        return repetition(By.COLD, 0, 0, "", 0, millis);
    }

    private static Repetition resident(long startMillis, long... millis) {
        return repetition(By.RESIDENT, startMillis, 0, "", 0, millis);
    }

    private static Repetition repetition(
            By by, long startMillis, int unanswered, String whyNot, double others, long... millis) {
        List<Duration> times =
                Arrays.stream(millis).mapToObj(Duration::ofMillis).toList();
        return new Repetition(by, Duration.ofMillis(startMillis), times, unanswered, whyNot, Duration.ZERO, 0, others);
    }

    private void found(Repetition... both) {
        findings.again().addAll(List.of(both));
    }

    private String verdict() {
        return Judgement.verdict(findings);
    }

    @Test
    void aMedianIsInTheMiddle() {
        assertThat(cold(5, 1, 9).median()).isEqualTo(Duration.ofMillis(5));
        assertThat(cold(5, 1, 9, 4).median()).isEqualTo(Duration.ofMillis(5).minusNanos(500_000));
        assertThat(cold(7).median()).isEqualTo(Duration.ofMillis(7));
    }

    @Test
    void allIsTheStartAndAllCommands() {
        assertThat(resident(600, 60, 20, 10).total()).isEqualTo(Duration.ofMillis(690));
    }

    @Test
    void aResidentPaysWhenItIsAheadWithItsStart() {
        Repetition cold = cold(400, 400, 400);

        assertThat(resident(300, 60, 20, 10).paysFrom(cold)).hasValue(1);
        assertThat(resident(340, 60, 20, 10).paysFrom(cold))
                .as("not when both are as far")
                .hasValue(2);
        assertThat(resident(1_109, 60, 20, 10).paysFrom(cold)).hasValue(3);
        assertThat(resident(1_110, 60, 20, 10).paysFrom(cold)).isEmpty();
    }

    @Test
    void theVerdictIsInWordsOfTheArticle() {
        found(cold(400, 400, 390), resident(600, 60, 20, 10));

        assertThat(verdict())
                .isEqualTo(
                        "Run lots and lots of times, a command is 20 times as fast with a coordinator that stays, whose"
                                + " start pays from run 2 on.");
        assertThat(Judgement.warnings(findings)).isEmpty();
    }

    @Test
    void aStartMayNotPay() {
        found(cold(40, 40), resident(600, 30, 30));

        assertThat(verdict())
                .isEqualTo("Run lots and lots of times, a command is 1.3 times as fast with a coordinator that stays,"
                        + " whose start does not pay within 2 runs.");
    }

    @Test
    void nothingIsSaidOfHalfOfIt() {
        found(cold(400, 400));

        assertThat(verdict()).isEmpty();
        assertThat(Judgement.warnings(findings)).isEmpty();
    }

    @Test
    void onABusyMachineNothingIsConcluded() {
        found(cold(400, 400), repetition(By.RESIDENT, 600, 0, "", 0.5, 60, 20));

        assertThat(verdict()).isEqualTo("The machine was too busy to say what a coordinator that stays gains.");
        assertThat(Judgement.warnings(findings))
                .singleElement()
                .asString()
                .startsWith("the machine was busy: others had 23 % of its processors' time.");
    }

    @Test
    void whoDidNotAnswerIsTold() {
        found(cold(400, 400), repetition(By.RESIDENT, 600, 1, "memory is short", 0, 60, 400));

        assertThat(verdict()).isEqualTo("The coordinator that stays did not answer all commands.");
        assertThat(Judgement.warnings(findings))
                .containsExactly(
                        "the coordinator that stays did not answer 1 of 2 commands, which ran without it; the last"
                                + " because memory is short.");
    }
}
