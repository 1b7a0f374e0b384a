package io.github.forkless.importer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CsvValueTest {
    private final CsvValue value = new CsvValue();

    @Test
    void numbersAreThoseOfTheJdk() {
        var random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            double any = Double.longBitsToDouble(random.nextLong());
            String text = i % 2 == 0 ? Double.toString(any) : Long.toString(random.nextLong() >> i % 60) + "." + i;
            if (!Double.isNaN(any)) {
                assertThat(isNumber(text)).as(text).isTrue();
                assertThat(value.number()).as(text).isEqualTo(Double.parseDouble(text));
            }
        }
        assertThat(List.of("-0.0", "5.", ".5", "+1", "1e3", "NaN", "-inf")).allMatch(this::isNumber);
        assertThat(List.of("", "-", ".", "1e", "1e+", "1d", "0x1p3", "1 2", "1,5", "e5"))
                .noneMatch(this::isNumber);
    }

    @Test
    void integersEndWhereLongsDo() {
        for (long each : new long[] {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1234567890123L}) {
            assertThat(isInteger(Long.toString(each))).isTrue();
            assertThat(value.integer()).isEqualTo(each);
        }
        assertThat(List.of(
                        "9223372036854775808",
                        "-9223372036854775809",
                        "99999999999999999999",
                        "",
                        "-",
                        "1.0",
                        "-0",
                        "01"))
                .noneMatch(this::isInteger);
    }

    @Test
    void daysAreThoseOfTheJdk() {
        for (LocalDate day = LocalDate.of(1580, 1, 1); day.getYear() < 2420; day = day.plusDays(13)) {
            byte[] text = bytes(day.toString());
            assertThat(value.readDate(text, 0, text.length)).isTrue();
            assertThat(value.integer()).isEqualTo(day.toEpochDay());
        }
        assertThat(List.of("2025-02-29", "2025-13-01", "2025-00-10", "2025-1-01", "2025/01/01", "2025-01-0a"))
                .noneMatch(text -> value.readDate(bytes(text), 0, text.length()));
    }

    @Test
    void onlyWholeTimesAreTimes() {
        assertThat(List.of(
                        "2026-01-01 00:00",
                        "2026-01-01T23:59:59.9",
                        "2026-01-01T23:59:59Z",
                        "2026-01-01T23:59:59-0330"))
                .allMatch(this::isTime);
        assertThat(List.of(
                        "2026-01-01",
                        "2026-01-01 24:00",
                        "2026-01-01 1:00:00",
                        "2026-01-01 10:00:0",
                        "2026-01-01 10:00:00.1234567890",
                        "2026-01-01 10:00:00 UTC",
                        "2026-01-01 10:00:00+1",
                        "2026-01-01 10:00+010"))
                .noneMatch(this::isTime);
    }

    private boolean isTime(String text) {
        return value.readTime(bytes(text), 0, text.length());
    }

    private boolean isNumber(String text) {
        return value.readNumber(bytes(text), 0, text.length(), false);
    }

    private boolean isInteger(String text) {
        return value.readInteger(bytes(text), 0, text.length(), true);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
