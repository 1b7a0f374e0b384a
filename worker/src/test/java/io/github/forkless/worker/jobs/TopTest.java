package io.github.forkless.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.value.Packable;
import io.github.forkless.worker.jobs.texts.Allocated;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 17, 100, 100_000})
    void agreesWithSortAndUniq(int length) throws Exception {
        byte[] text = Samples.text(new SplittableRandom(length), length, false);
        agreesWithSortAndUniq(text);
    }

    @Test
    void manyDistinctWordsOfManyLengths() throws Exception {
        var random = new SplittableRandom(4);
        var text = new StringBuilder();
        for (int i = 0; i < 60_000; i++) {
            text.append(Long.toString(random.nextLong(1L << random.nextInt(1, 63)), 2 + random.nextInt(35)))
                    .append(random.nextInt(9) == 0 ? '\n' : ' ');
        }
        agreesWithSortAndUniq(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void agreesWithSortAndUniq(byte[] text) throws Exception {
        String counted = Passes.output(
                text, "sh", "-c", "tr -s ' \\t\\n\\v\\f\\r' '\\n' | grep -a . | sort | uniq -c | sort -k1,1nr -k2");
        List<Top.Word> expected = new ArrayList<>();
        for (String line : counted.lines().toList()) {
            String[] fields = line.trim().split(" ");
            String word = new String(fields[1].getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            expected.add(new Top.Word(word, Long.parseLong(fields[0])));
        }
        var whole = Passes.block(ElementType.TEXT, text);
        assertThat(Passes.once(new Top(Integer.MAX_VALUE), whole)).isEqualTo(expected);
        assertThat(Passes.once(new Top(3), whole)).isEqualTo(expected.subList(0, Math.min(3, expected.size())));
        assertThat(Passes.once(new Top(0), whole)).isEmpty();
    }

    @Test
    void wordsThatDifferByZeroBytes() {
        assertThat(Passes.once(new Top(9), Passes.text("a a\0 a\0\0 a \0 a\0 a a\0\0\0\0\0\0\0 a\0\0\0\0\0\0\0\n")))
                .containsExactly(
                        new Top.Word("a", 3),
                        new Top.Word("a\0", 2),
                        new Top.Word("a\0\0\0\0\0\0\0", 2),
                        new Top.Word("\0", 1),
                        new Top.Word("a\0\0", 1));
    }

    @Test
    void tiesAreInTheOrderOfUnsignedBytes() {
        assertThat(Passes.once(new Top(9), Passes.text("é z a aa ~\n")))
                .extracting(Top.Word::word)
                .containsExactly("a", "aa", "z", "~", "é");
    }

    @Test
    void aLastWordWithoutNewlineCounts() {
        assertThat(Passes.once(new Top(9), Passes.text("x\ny x")))
                .containsExactly(new Top.Word("x", 2), new Top.Word("y", 1));
    }

    @Test
    void wordsOfAnyTwoLengthsAreOrderedByTheirBytes() throws Exception {
        var random = new SplittableRandom(5);
        var text = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            text.append("ab".repeat(20), 0, random.nextInt(1, 40))
                    .append((char) ('a' + random.nextInt(3)))
                    .append(' ');
        }
        agreesWithSortAndUniq(text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The bytes that are allocated tell whether words are copied for each comparison, and how often to be sent. */
    @Test
    void longWordsAreComparedWhereTheyAreAndCopiedOnceToBeSent() {
        var text = new StringBuilder();
        for (int i = 100; i < 140; i++) {
            text.append("x".repeat(200_000)).append(i).append('\n');
        }
        WordCounts words = new Top(1).accept(new WordCounts(), Passes.text(text.toString()));

        long before = Allocated.byThisThread();
        Packable.Packed packed = words.packed();
        long sent = Allocated.byThisThread();
        List<Top.Word> most = new Top(1).finish(words);
        long compared = Allocated.byThisThread();

        assertThat(most.getFirst().word()).startsWith("xxx").endsWith("... (cut: the word has 200003 bytes)");
        assertThat(sent - before).isBetween((long) text.length(), text.length() * 5L / 4);
        assertThat(compared - sent).isLessThan(text.length() / 4);
        assertThat(new Top(1).finish((WordCounts) packed.unpacked())).isEqualTo(most);
    }

    /** It is written once, and read where it came: there is no table, and no object for a word. */
    @Test
    void aMergedWordTakesItsBytesAlone() {
        WordCounts left = counted(0);
        WordCounts right = counted(50_000);
        long before = Allocated.byThisThread();
        left.add(right);
        Packable.Packed packed = left.packed();

        int bytes = ((WordCounts.PackedWords) packed).words().length;
        assertThat(Allocated.byThisThread() - before).isLessThan(bytes * 11L / 10);
        assertThat(new Top(Integer.MAX_VALUE).finish(left)).hasSize(100_000);
    }

    private static WordCounts counted(int first) {
        var text = new StringBuilder();
        for (int i = first; i < first + 50_000; i++) {
            text.append("word").append(100_000 + i).append(' ');
        }
        WordCounts words = new Top(1)
                .accept(new WordCounts(), Passes.text(text.append('\n').toString()));
        return (WordCounts) words.packed().unpacked();
    }

    @Test
    void refusesANegativeNumber() {
        assertThatThrownBy(() -> new Top(-1)).hasMessage("n=-1; it must be 0 or more");
    }
}
