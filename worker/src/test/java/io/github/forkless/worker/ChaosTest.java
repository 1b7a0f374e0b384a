package io.github.forkless.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.wire.Message.Assignment;
import io.github.forkless.worker.Chaos.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChaosTest {
    private static final Chaos SOME = new Chaos(7, 0.1, 0.02, 0.05);
    private static final int SLICES = 20_000;

    @Test
    void isReadAsItIsWritten() {
        assertThat(Chaos.parse("seed=7,kill=0.1,stall=0.02,garbage=0.05")).isEqualTo(SOME);
        assertThat(Chaos.parse(SOME.toString())).isEqualTo(SOME);
        assertThat(Chaos.parse(new Chaos(Long.MIN_VALUE, 1e-9, 0, 0).toString()))
                .isEqualTo(new Chaos(Long.MIN_VALUE, 1e-9, 0, 0));
    }

    @Test
    void whatIsLeftOutIsZeroAndTheSeedIsOne() {
        assertThat(Chaos.parse("garbage=1")).isEqualTo(new Chaos(1, 0, 0, 1));
        assertThat(Chaos.parse("stall=0.5,seed=-3")).isEqualTo(new Chaos(-3, 0, 0.5, 0));
    }

    @Test
    void sharesMayAddUpToOneAsPeopleCount() {
        assertThat(Chaos.parse("kill=0.7,stall=0.1,garbage=0.2").kill()).isEqualTo(0.7);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        boom=0.1                | 'boom' is not among seed, kill, stall and garbage
        kill=0.1,               | '' is not among seed, kill, stall and garbage
        ''                      | '' is not among seed, kill, stall and garbage
        kill                    | kill needs one value
        kill=0.1,kill=0.2       | kill needs one value
        kill=much               | kill is a share of the attempts, from 0 to 1, not 'much'
        kill=-0.1               | kill is a share of the attempts, from 0 to 1, not -0.1
        stall=1.5               | stall is a share of the attempts, from 0 to 1, not 1.5
        garbage=NaN             | garbage is a share of the attempts, from 0 to 1, not NaN
        kill=0.6,garbage=0.6    | kill, stall and garbage add up to 1.2
        seed=1.5,kill=0.1       | seed is a whole number, not '1.5'
        seed=7                  | it says nothing of kill, stall or garbage
        """)
    void saysWhatIsWrong(String text, String fault) {
        assertThatIllegalArgumentException().isThrownBy(() -> Chaos.parse(text)).withMessageStartingWith(fault);
    }

    @Test
    void theSameSeedHasTheSameFatesAndAnotherOneOthers() {
        List<Fate> fates = fates(SOME, 1);

        assertThat(fates(new Chaos(7, 0.1, 0.02, 0.05), 1)).isEqualTo(fates);
        assertThat(fates(new Chaos(8, 0.1, 0.02, 0.05), 1)).isNotEqualTo(fates);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 65_535})
    void everyAttemptHasTheSharesOfItsOwn(int attempt) {
        List<Fate> fates = fates(SOME, attempt);

        assertThat(share(fates, Fate.KILLED_BEFORE_THE_WORK)).isEqualTo(0.025, within(0.005));
        assertThat(share(fates, Fate.KILLED_IN_THE_WORK)).isEqualTo(0.025, within(0.005));
        assertThat(share(fates, Fate.KILLED_IN_THE_ANSWER)).isEqualTo(0.025, within(0.005));
        assertThat(share(fates, Fate.KILLED_BEHIND_THE_ANSWER)).isEqualTo(0.025, within(0.005));
        assertThat(share(fates, Fate.STOPPED)).isEqualTo(0.01, within(0.003));
        assertThat(share(fates, Fate.HANGING)).isEqualTo(0.01, within(0.003));
        assertThat(share(fates, Fate.GARBLED)).isEqualTo(0.05, within(0.006));
        assertThat(share(fates, Fate.SPARED)).isEqualTo(0.83, within(0.01));
    }

    @Test
    void whatBefellAnAttemptDoesNotTellWhatBefallsTheNext() {
        var half = new Chaos(3, 0.5, 0, 0);
        List<Fate> first = fates(half, 1);
        List<Fate> second = fates(half, 2);
        int both = 0;
        for (int i = 0; i < SLICES; i++) {
            both += first.get(i) != Fate.SPARED && second.get(i) != Fate.SPARED ? 1 : 0;
        }
        assertThat((double) both / SLICES).isEqualTo(0.25, within(0.02));
    }

    /** A merge has another number each time, and a part of a slice may. */
    @Test
    void theNumberOfATaskDoesNotMatter() {
        for (int i = 0; i < 1000; i++) {
            var slice = new Slice(i, i + 1);
            assertThat(SOME.fateOf(new Assignment(1, i, 1, 0, 1, slice, false)))
                    .isEqualTo(SOME.fateOf(new Assignment(1, 77, 1, 0, 1, slice, true)));
        }
    }

    @Test
    void wherePointsAnywhereIntoALength() {
        Set<Long> places = new TreeSet<>();
        for (int i = 0; i < 1000; i++) {
            places.add(SOME.where(attempt(i, 1), 10));
        }
        assertThat(places).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(SOME.where(attempt(0, 1), 0)).isZero();
    }

    private static List<Fate> fates(Chaos chaos, int attempt) {
        List<Fate> fates = new ArrayList<>();
        for (int i = 0; i < SLICES; i++) {
            fates.add(chaos.fateOf(attempt(i, attempt)));
        }
        return fates;
    }

    private static Assignment attempt(int slice, int attempt) {
        return new Assignment(1, slice, attempt, 0, 1, new Slice(slice * 1000L, (slice + 1) * 1000L), false);
    }

    private static double share(List<Fate> fates, Fate fate) {
        return (double) fates.stream().filter(fate::equals).count() / fates.size();
    }
}
