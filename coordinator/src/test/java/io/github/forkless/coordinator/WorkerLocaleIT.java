package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;

/** Workers write numbers and times as the program does. */
@Isolated("The default locale and time zone are everybody's.")
@Execution(ExecutionMode.SAME_THREAD)
class WorkerLocaleIT {
    private static final PoolOptions ONE = PoolOptions.defaults().withProcs(1);

    @Test
    void workersHaveTheLocaleAndTheTimeZoneOfTheProgram() {
        Locale language = Locale.getDefault(Locale.Category.DISPLAY);
        Locale format = Locale.getDefault(Locale.Category.FORMAT);
        TimeZone zone = TimeZone.getDefault();
        try {
            Locale.setDefault(Locale.of("de", "AT"));
            Locale.setDefault(Locale.Category.FORMAT, Locale.CANADA_FRENCH);
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
            try (var pool = WorkerPool.open(ONE)) {
                assertThat(pool.map(List.of(0), (_, _) -> defaults()))
                        .containsExactly("de_AT de_AT fr_CA Asia/Kathmandu");
            }
            try (var pool = WorkerPool.open(ONE.withJvmOptions("-Duser.timezone=UTC"))) {
                assertThat(pool.map(List.of(0), (_, _) -> defaults())).containsExactly("de_AT de_AT fr_CA UTC");
            }
        } finally {
            Locale.setDefault(Locale.Category.DISPLAY, language);
            Locale.setDefault(Locale.Category.FORMAT, format);
            TimeZone.setDefault(zone);
        }
    }

    private static String defaults() {
        return Locale.getDefault() + " " + Locale.getDefault(Locale.Category.DISPLAY) + " "
                + Locale.getDefault(Locale.Category.FORMAT) + " " + ZoneId.systemDefault();
    }
}
