package io.github.forkless.common.column;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timestamp[s] | 1500000000 | 2017-07-14T02:40",
                "timestamp[ms] | -1 | 1969-12-31T23:59:59.999",
                "timestamp[us, UTC] | 1500000000000001 | 2017-07-14T02:40:00.000001Z",
                "datetime64[Y] | -1 | 1969",
                "datetime64[M] | -1 | 1969-12",
                "datetime64[W] | 1 | 1970-01-08",
                "datetime64[D] | 20000 | 2024-10-04",
                "datetime64[h] | 25 | 1970-01-02T01:00",
                "datetime64[m] | -1 | 1969-12-31T23:59",
                "datetime64[25s] | 2 | 1970-01-01T00:00:50",
                "datetime64[ps] | 1000 | 1970-01-01T00:00:00.000000001",
                "datetime64[ps] | 1500000000000001200 | 1970-01-18T08:40:00.0000000012",
                "datetime64[as] | -1 | 1969-12-31T23:59:59.999999999999999999",
                "datetime64[fs] | 60000000000000010 | 1970-01-01T00:01:00.00000000000001",
                "datetime64 | 17 | 17",
                "datetime64[generic] | 17 | 17",
                "datetime64[D] | 9223372036854775807 | 9223372036854775807",
                "timestamp[s] | 9223372036854775807 | 9223372036854775807",
                "datetime64[2147483647Y] | 9223372036854775807 | 9223372036854775807",
            })
    void aTimeIsShownAsISO8601HasIt(String label, long value, String text) {
        assertThat(TimeText.timestamp(label, value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "time32[s], 60, 00:01",
        "time64[us], 86399999999, 23:59:59.999999",
        "time64[ns], 1, 00:00:00.000000001",
        "time32[s], 86400, 86400",
        "time64[ns], -1, -1",
        "time32[s], -9223372036854775808, -9223372036854775808",
    })
    void whatIsNoTimeOfADayStaysANumber(String label, long value, String text) {
        assertThat(TimeText.time(label, value)).isEqualTo(text);
    }
}
