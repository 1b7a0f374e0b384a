package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    private static final List<String> OPTIONS = List.of("--job", "--json", "--param", "--procs");

    @ParameterizedTest
    @CsvSource({"--jbo, --job", "--jsno, --json", "--pram, --param", "--prcs, --procs", "--jobs, --job", "--something,"
    })
    void findsWhatWasMeant(String typed, String meant) {
        assertThat(Spelling.nearest(typed, OPTIONS).orElse(null)).isEqualTo(meant);
    }
}
