package io.github.forkless.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;
import io.github.forkless.common.shared.Doubles;
import io.github.forkless.common.shared.Shared;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobParametersTest {
    private static final String KNOWN =
            "; its parameters are n (int, default 10): how many; factor (double, required); big (long, optional); flag"
                    + " (boolean, default false); name (string, optional); exact (number, optional); side (BUY|SELL,"
                    + " optional)";

    enum Side {
        BUY,
        SELL
    }

    /** What a job needs beside its parameters. */
    interface Idle extends Job<Integer, Integer> {
        @Override
        default Integer start() {
            return 0;
        }

        @Override
        default Integer accept(Integer partial, Block block) {
            return partial;
        }

        @Override
        default Integer merge(Integer left, Integer right) {
            return left;
        }

        @Override
        default Integer finish(Integer partial) {
            return partial;
        }
    }

    record All(
            @Parameter(value = "how many", defaultValue = "10")
            int n,

            double factor,
            Long big,
            @Parameter(defaultValue = "false") boolean flag,
            String name,
            BigDecimal exact,
            Side side)
            implements Idle {
        All {
            if (n < 0) {
                throw new IllegalArgumentException("n is " + n + ", less than 0");
            }
        }
    }

    private static Job<?, ?> bind(Map<String, String> given) {
        return bind("all", All.class, given);
    }

    private static Job<?, ?> bind(String name, Class<? extends Job<?, ?>> type, Map<String, String> given) {
        return JobParameters.of(name, type).bind(List.of(given), Map.of()).getFirst();
    }

    @Test
    void moreJobsThanCanBeKeptAreMadeWhenTheyAreAskedFor() {
        assertThat(areKept(JobParameters.MOST_KEPT)).isTrue();
        assertThat(areKept(JobParameters.MOST_KEPT + 1)).isFalse();
    }

    private static boolean areKept(int sets) {
        List<Job<?, ?>> jobs = JobParameters.of("all", All.class)
                .bind(Collections.nCopies(sets, Map.of("factor", "2", "name", "x")), Map.of());
        assertThat(jobs).hasSize(sets).last().isEqualTo(new All(10, 2, null, false, "x", null, null));
        return jobs.getLast() == jobs.getLast();
    }

    @Test
    void fillsInDefaultsAndNulls() {
        assertThat(bind(Map.of("factor", "1e3"))).isEqualTo(new All(10, 1000, null, false, null, null, null));
    }

    @Test
    void readsEveryType() {
        assertThat(bind(Map.of(
                        "n",
                        "5",
                        "factor",
                        "-0.5",
                        "big",
                        "9223372036854775807",
                        "flag",
                        "true",
                        "name",
                        "a=b c",
                        "exact",
                        "0.10",
                        "side",
                        "SELL")))
                .isEqualTo(new All(5, -0.5, Long.MAX_VALUE, true, "a=b c", new BigDecimal("0.10"), Side.SELL));
    }

    @ParameterizedTest
    @CsvSource({
        "n, 1.5, 'of type int'",
        "n, 2147483648, 'of type int'",
        "n, '', 'of type int'",
        "factor, high, 'of type double'",
        "big, 1L, 'of type long'",
        "flag, yes, 'of type boolean'",
        "exact, 1/3, 'of type number'",
        "side, buy, 'one of BUY|SELL'"
    })
    void namesWhatIsIllTyped(String name, String value, String expected) {
        var given = new HashMap<>(Map.of("factor", "1"));
        given.put(name, value);
        assertThatExceptionOfType(JobRequestException.class)
                .isThrownBy(() -> bind(given))
                .withMessage("job all: " + name + "=" + value + " is not " + expected + KNOWN);
    }

    @Test
    void namesWhatIsUnknownOrMissing() {
        assertThatExceptionOfType(JobRequestException.class)
                .isThrownBy(() -> bind(Map.of("factor", "1", "m", "1")))
                .withMessage("job all has no parameter m" + KNOWN);
        assertThatExceptionOfType(JobRequestException.class)
                .isThrownBy(() -> bind(Map.of()))
                .withMessage("job all needs its parameter factor" + KNOWN);
    }

    @Test
    void passesOnWhatTheJobRefuses() {
        assertThatExceptionOfType(JobRequestException.class)
                .isThrownBy(() -> bind(Map.of("factor", "1", "n", "-1")))
                .withMessage("job all refused its parameters: n is -1, less than 0" + KNOWN);
    }

    record Dated(Date when) implements Idle {}

    @Test
    void namesATypeThatNoTextCanStandFor() {
        assertThatExceptionOfType(JobRequestException.class)
                .isThrownBy(() -> bind("dated", Dated.class, Map.of("when", "now")))
                .withMessageContaining(
                        "job dated: its class declares a parameter of type java.util.Date; it can be int,");
    }

    record Sharing(Shared<Doubles> prices) implements Idle {}

    @Test
    void aDatasetIsSharedAsBlocks() {
        assertThatExceptionOfType(JobRequestException.class)
                .isThrownBy(() -> JobParameters.of("sharing", Sharing.class))
                .withMessageContaining("the parameter prices is declared as")
                .withMessageEndingWith("a dataset is a Shared<Block>");
    }

    static final class Plain implements Idle {
        private static final long serialVersionUID = 1L;
    }

    abstract static class Unfinished implements Idle {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void aClassThatIsNoRecordHasNoParameters() {
        assertThat(bind("plain", Plain.class, Map.of())).isInstanceOf(Plain.class);
        assertThatExceptionOfType(JobRequestException.class)
                .isThrownBy(() -> bind("plain", Plain.class, Map.of("a", "b")))
                .withMessage("job plain has no parameter a; it has no parameters");
        assertThatExceptionOfType(JobRequestException.class)
                .isThrownBy(() -> bind("unfinished", Unfinished.class, Map.of()))
                .withMessageContaining("must be a record, or have a constructor without parameters");
    }
}
