package io.github.forkless.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.ElementType;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WcTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 100, 4095, 4096, 4097, 20_000, 300_000})
    void agreesWithCoreutils(int length) throws Exception {
        var random = new SplittableRandom(length);
        agrees(Samples.text(random, length, false));
        agrees(Samples.text(random, length, true));
        byte[] any = new byte[length];
        random.nextBytes(any);
        agrees(any);
    }

    @Test
    void runsOfPlainTextAndOthersInTurn() throws Exception {
        byte[] text = new byte[100_000];
        var random = new SplittableRandom(5);
        for (int i = 0; i < text.length; i++) {
            boolean plain = i / 4096 % 2 == 0;
            text[i] = (byte) (random.nextInt(3) == 0 ? ' ' : plain ? 'x' : random.nextInt(3) == 0 ? 'y' : 0xe9);
        }
        agrees(text);
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) (i % 4096 == 4095 ? 0xe9 : i % 3 == 0 ? ' ' : 'x');
        }
        agrees(text);
    }

    private static void agrees(byte[] text) throws Exception {
        String[] expected = Passes.output(text, "wc").trim().split(" +");
        Wc.Counts counts = Passes.once(new Wc(), Passes.block(ElementType.TEXT, text));
        assertThat(counts)
                .isEqualTo(new Wc.Counts(
                        Long.parseLong(expected[0]), Long.parseLong(expected[1]), Long.parseLong(expected[2])));
    }
}
