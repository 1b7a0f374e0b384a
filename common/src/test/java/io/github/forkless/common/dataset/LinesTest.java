package io.github.forkless.common.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "\n\n\n",
                "a",
                "a\n",
                "\na",
                "a\nb",
                "a\n\nb\n",
                "1234567\n12345678\n123456789\n",
                "12345678",
                "\u000b\u000b\u000b\u000b\n\u000b\u000b\u000b\u000b", // what a borrow makes of the byte above a newline
                "\r\na\r\n",
                "\u00f6\u00df\n\ud83d\ude00",
            })
    void linesAreThoseOfANaiveSplitter(String text) {
        assertThat(lines(block(text.getBytes(StandardCharsets.UTF_8), 0))).isEqualTo(naive(text));
    }

    @Test
    void randomTextIsSplitAsByANaiveSplitter() {
        Random random = new Random(12);
        byte[] alphabet = {'\n', '\n', 'a', 0x0b, 0x09, 0x00, 0x7f, '\r', 0x0a ^ 0x20, '\n'};
        for (int i = 0; i < 20_000; i++) {
            int choice = 1 + random.nextInt(alphabet.length);
            byte[] text = new byte[random.nextInt(100)];
            for (int b = 0; b < text.length; b++) {
                text[b] = alphabet[random.nextInt(choice)];
            }
            assertThat(lines(block(text, random.nextInt(9))))
                    .isEqualTo(naive(new String(text, StandardCharsets.US_ASCII)));
        }
    }

    @Test
    void anyByteBesidesANewlineIsPartOfALine() {
        for (int value = 0; value < 256; value++) {
            byte[] text = new byte[17];
            Arrays.fill(text, (byte) value);
            text[11] = '\n';

            Lines lines = block(text, 3).lines();

            assertThat(lines.next()).isTrue();
            assertThat(lines.length()).as("of byte %d", value).isEqualTo(value == '\n' ? 0 : 11);
        }
    }

    @Test
    void aLineKnowsWhereInTheDatasetItIs() {
        Block text = new Block(
                        ElementType.TEXT,
                        1L << 40,
                        9,
                        MemorySegment.ofArray("ab\ncd\nefg".getBytes(StandardCharsets.US_ASCII)))
                .part(3, 9);

        Lines lines = text.lines();

        assertThat(lines.next()).isTrue();
        assertThat(lines.text()).isEqualTo("cd");
        assertThat(lines.from()).isZero();
        assertThat(lines.offset()).isEqualTo((1L << 40) + 3);
        assertThat(lines.next()).isTrue();
        assertThat(lines.text()).isEqualTo("efg");
        assertThat(lines.from()).isEqualTo(3);
        assertThat(lines.length()).isEqualTo(3);
        assertThat(lines.next()).isFalse();
        assertThat(lines.next()).isFalse();
    }

    private static List<String> lines(Block block) {
        List<String> found = new ArrayList<>();
        for (Lines lines = block.lines(); lines.next(); ) {
            found.add(lines.text());
        }
        return found;
    }

    private static List<String> naive(String text) {
        List<String> found = new ArrayList<>();
        int from = 0;
        for (int newline = text.indexOf('\n'); newline >= 0; newline = text.indexOf('\n', from)) {
            found.add(text.substring(from, newline));
            from = newline + 1;
        }
        if (from < text.length()) {
            found.add(text.substring(from));
        }
        return found;
    }

    /** With other bytes around it, newlines too, that must not be seen. */
    private static Block block(byte[] text, int before) {
        byte[] memory = new byte[before + text.length + 9];
        Arrays.fill(memory, (byte) '\n');
        System.arraycopy(text, 0, memory, before, text.length);
        return new Block(
                ElementType.TEXT,
                0,
                text.length,
                MemorySegment.ofArray(memory).asSlice(before, text.length).asReadOnly());
    }
}
