package io.github.forkless.worker.jobs.texts;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.text.TextHash;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TextRunsTest {
    private static final CountedFigures FIGURES = new CountedFigures();

    /** How often something occurs, and how often two of these were added. */
    private static final class CountedFigures extends NumberFigures {
        CountedFigures() {
            super(1);
        }

        @Override
        protected void add(long[] sum, long[] more) {
            sum[0] += more[0];
        }

        @Override
        public char end() {
            return ' ';
        }
    }

    @Test
    void eachTextComesOutOnceAndInTheOrderOfHashes() {
        var random = new SplittableRandom(1);
        for (int n : new int[] {0, 1, 2, 7, 1_000}) {
            var runs = new TextRuns(FIGURES);
            var expected = new TreeMap<String, Long>();
            for (int i = 0; i < n; i++) {
                String text = "t".repeat(random.nextInt(40)) + random.nextInt(n);
                runs.add(one(text));
                expected.merge(text, 1L, Long::sum);
            }
            assertThat(texts(runs.merged())).isEqualTo(expected);
        }
    }

    @Test
    void textsOfOneHashAreToldApart() {
        String one = "aaaaaaaabbbbbb";
        String other = "aaacaaaacbbbbb";
        assertThat(hash(one)).isEqualTo(hash(other));
        for (List<String> texts : List.of(List.of(one, other, one, other), List.of(other, one, one, other))) {
            var runs = new TextRuns(FIGURES);
            texts.forEach(text -> runs.add(one(text)));
            assertThat(texts(runs.merged())).hasSize(2).containsEntry(one, 2L).containsEntry(other, 2L);
        }
    }

    /** A large run is not read again for each small one that comes: what is written tells, of 1,000 after one of 16,000. */
    @Test
    void smallRunsAreMergedBeforeTheyMeetALargeOne() {
        SortedTexts large = run(0, 16_000);
        var runs = new TextRuns(FIGURES);
        runs.add(large);
        long before = Allocated.byThisThread();
        for (int i = 0; i < 1_000; i++) {
            runs.add(run(16_000 + i * 16, 16));
        }
        SortedTexts merged = runs.merged();

        assertThat(texts(merged)).hasSize(32_000);
        assertThat(merged.length()).isEqualTo(2 * large.length());
        assertThat(Allocated.byThisThread() - before).isLessThan(100L * merged.length());
    }

    private static SortedTexts run(int first, int count) {
        var runs = new TextRuns(FIGURES);
        for (int i = 0; i < count; i++) {
            runs.add(one("text" + (100_000 + first + i)));
        }
        return runs.merged();
    }

    private static SortedTexts one(String text) {
        return SortedTexts.of(text.getBytes(StandardCharsets.UTF_8), new long[] {1});
    }

    private static long hash(String text) {
        return TextHash.hash(text.getBytes(StandardCharsets.UTF_8), 0, text.length(), FIGURES.end());
    }

    private static TreeMap<String, Long> texts(SortedTexts sorted) {
        var found = new TreeMap<String, Long>();
        SortedTexts.Cursor text = sorted.read(FIGURES);
        long last = Long.MIN_VALUE;
        while (text.next()) {
            String name = new String(text.array(), text.from(), text.length(), StandardCharsets.UTF_8);
            long hash = hash(name) + Long.MIN_VALUE;
            assertThat(hash).isGreaterThanOrEqualTo(last);
            last = hash;
            assertThat(found.put(name, text.figures().getVarint())).isNull();
        }
        return found;
    }
}
