package io.github.forkless.coordinator.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "007, 7",
        "1000, 1000",
        "4k, 4096",
        "4K, 4096",
        "128M, 134217728",
        "128m, 134217728",
        "5G, 5368709120",
        "5g, 5368709120",
        "8589934591G, 9223372035781033984",
        "9223372036854775807, 9223372036854775807",
    })
    void parses(String text, long count) {
        assertThat(Sizes.parseCount(text)).isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "M", "-1", "+1", "1.5G", "1e6", "128MB", "128 M", "1T", "0x10", "1_000", "١"})
    void namesWhatIsNoSize(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sizes.parseCount(text))
                .withMessageContaining("'" + text + "'")
                .withMessageContaining("K, M or G");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "8589934592G", "99999999999999999999K"})
    void namesWhatIsTooLarge(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sizes.parseCount(text))
                .withMessageContaining("'" + text + "'")
                .withMessageContaining("too large");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "1, 1 byte",
        "1023, 1023 bytes",
        "1024, 1 KiB",
        "1536, 1.5 KiB",
        "1048524, 1023.9 KiB",
        "1048575, 1 MiB",
        "536870912, 512 MiB",
        "5368709120, 5 GiB",
        "9223372036854775807, 8 EiB",
    })
    void formats(long bytes, String text) {
        assertThat(Sizes.format(bytes)).isEqualTo(text);
    }
}
