package io.github.forkless.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ShownTest {

    @Test
    void whatCanBeReadIsWhole() {
        String line = "é".repeat(Shown.MOST_BYTES / 2);

        assertThat(shown(bytes(line))).isEqualTo(line);
    }

    @Test
    void whatIsLongerIsCutBetweenCharactersAndSaysHowLongItIs() {
        for (String start : new String[] {"", "x", "xy", "xyz"}) {
            String line = start + "🦀".repeat(Shown.MOST_BYTES / 4 + 1);

            assertThat(shown(bytes(line)))
                    .startsWith(start + "🦀")
                    .endsWith("🦀... (cut: the line has " + bytes(line).length + " bytes)")
                    .doesNotContain("\ufffd")
                    .hasSizeLessThan(Shown.MOST_BYTES);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String shown(byte[] line) {
        return Shown.of("line", line, line.length);
    }
}
