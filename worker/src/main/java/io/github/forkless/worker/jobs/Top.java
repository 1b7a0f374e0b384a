package io.github.forkless.worker.jobs;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;
import io.github.forkless.common.job.Summary;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The most frequent words of a text. A word is a run of bytes without white space of the C locale (space, tab, newline,
 * vertical tab, form feed, carriage return), whatever else it contains; the most frequent one comes first, and of those
 * that are equally frequent the one whose bytes, taken as unsigned numbers, sort first.
 *
 * <p>The counts are exact, so every distinct word is kept: of a slice 40 to 60 bytes for each that has 15 bytes or less, and
 * twice that while a table grows; of what is merged a few times its bytes.
 *
 * @param n how many words; fewer if the text has fewer
 */
@Summary("the most frequent words of a text, with how often they occur")
public record Top(
        @Parameter(value = "how many words", defaultValue = "10")
        int n) implements Job<WordCounts, List<Top.Word>> {

    public Top {
        if (n < 0) {
            throw new IllegalArgumentException("n=" + n + "; it must be 0 or more");
        }
    }

    /**
     * A word and how often it occurs.
     *
     * @param word decoded as UTF-8, with U+FFFD in place of bytes that are not; of more than 64 KiB the beginning, and how
     *     long it is
     */
    public record Word(String word, long count) {}

    @Override
    public boolean accepts(Layout layout) {
        return layout instanceof Layout.Text;
    }

    @Override
    public WordCounts start() {
        return new WordCounts();
    }

    @Override
    public WordCounts accept(WordCounts words, Block block) {
        ByteBuffer text;
        for (long at = 0; at < block.count(); at += text.limit()) {
            text = TextParts.words(block, at);
            words.add(text);
        }
        return words;
    }

    @Override
    public WordCounts merge(WordCounts left, WordCounts right) {
        left.add(right);
        return left;
    }

    @Override
    public List<Word> finish(WordCounts words) {
        return words.mostFrequent(n);
    }
}
