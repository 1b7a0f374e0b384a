package io.github.forkless.worker.jobs.texts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class StringOrderTest {
    private static final int[] LETTERS = {
        0, 1, 'a', 'b', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff
    };

    private static final class NoFigures extends NumberFigures {
        NoFigures() {
            super(0);
        }

        @Override
        protected void add(long[] sum, long[] more) {
            throw new AssertionError("a text is there twice");
        }

        @Override
        public char end() {
            return '\n';
        }
    }

    @Test
    void isThatOfJavaStrings() {
        var random = new SplittableRandom(3);
        for (int count : new int[] {0, 1, 2, 17, 300, 20_000}) {
            var strings = new TreeSet<String>();
            for (int i = 0; i < count; i++) {
                var text = new StringBuilder("prefix".substring(0, random.nextInt(7)));
                for (int length = random.nextInt(20); length > 0; length--) {
                    text.appendCodePoint(LETTERS[random.nextInt(LETTERS.length)]);
                }
                strings.add(text.toString());
            }
            assertThat(sorted(strings)).isEqualTo(List.copyOf(strings));
        }
    }

    @Test
    void isFoundForManyThatShareAThousandBytes() {
        var strings = new TreeSet<String>();
        for (int i = 0; i < 500; i++) {
            strings.add("x".repeat(1_000 + i));
            strings.add("x".repeat(1_000) + i);
        }
        assertThat(sorted(strings)).isEqualTo(List.copyOf(strings));
    }

    private static List<String> sorted(Iterable<String> strings) {
        var runs = new TextRuns(new NoFigures());
        strings.forEach(text -> runs.add(SortedTexts.of(text.getBytes(StandardCharsets.UTF_8), new long[0])));
        SortedTexts.Cursor text = runs.merged().read(new NoFigures());
        List<String> sorted = new ArrayList<>();
        for (int start : StringOrder.of(text)) {
            text.moveTo(start);
            sorted.add(new String(text.array(), text.from(), text.length(), StandardCharsets.UTF_8));
        }
        return sorted;
    }
}
