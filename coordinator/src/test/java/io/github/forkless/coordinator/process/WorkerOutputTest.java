package io.github.forkless.coordinator.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerOutputTest {
    private final List<String> printed = new ArrayList<>();

    private List<String> drain(byte[] output) throws InterruptedException {
        var chatter = new WorkerOutput("", new ByteArrayInputStream(output), printed::add);
        chatter.start();
        return chatter.awaitEnd();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\u00e4", "\u20ac", "\ud83d\ude00"})
    void noCharacterOfALongLineIsCut(String character) throws InterruptedException {
        for (int before = 0; before < 4; before++) {
            String line = "a".repeat(before) + character.repeat(9000);
            printed.clear();

            drain((line + "\nnext\n").getBytes(StandardCharsets.UTF_8));

            assertThat(printed).hasSizeGreaterThan(2).endsWith("next");
            assertThat(String.join("", printed.subList(0, printed.size() - 1))).isEqualTo(line);
        }
    }

    @Test
    void aLineThatIsNoTextComesInPiecesToo() throws InterruptedException {
        byte[] bytes = new byte[20_000];
        Arrays.fill(bytes, (byte) 0x80);

        drain(bytes);

        assertThat(String.join("", printed)).isEqualTo("\ufffd".repeat(20_000));
    }

    @Test
    void aLineThatIsRememberedIsNotCutInACharacter() throws InterruptedException {
        String remembered = drain(("a" + "\ud83d\ude00".repeat(1000)).getBytes(StandardCharsets.UTF_8))
                .getFirst();

        assertThat(remembered).isEqualTo("a" + "\ud83d\ude00".repeat(499) + "...");
    }
}
