package io.github.forkless.worker.jobs;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;
import io.github.forkless.common.job.Summary;
import io.github.forkless.common.text.Swar;
import io.github.forkless.common.value.Packable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/**
 * How many lines a Java regular expression is found in. With {@code lines}, also the first of them, with the bytes of
 * the dataset at which they start.
 *
 * <p>The pattern is looked for anywhere within a line, without its newline. A carriage return before the newline belongs
 * to the line, as it does for {@code grep}, and so only a newline ends a line for {@code $} and {@code .} (Java's
 * {@code UNIX_LINES}). Lines are read as UTF-8, with U+FFFD in place of what is not; a pattern without special characters
 * is looked for byte by byte, which finds the same lines as {@code LC_ALL=C grep -a} does, and is much faster.
 *
 * @param pattern what is looked for; empty, it is found in every line
 * @param lines how many matching lines to show; with 0, the result is their number alone
 */
@Summary("how many lines a Java regular expression is found in, and if wanted the first of them")
public record Grep(
        @Parameter("required; a Java regular expression, found anywhere in a line")
        String pattern,

        @Parameter(value = "how many matching lines to show as well", defaultValue = "0")
        int lines)
        implements Job<Grep.Matches, Object> {

    public Grep {
        if (pattern == null) {
            throw new IllegalArgumentException("pattern is missing");
        }
        if (lines < 0) {
            throw new IllegalArgumentException("lines=" + lines + "; it must be 0 or more");
        }
        try {
            LineSearch.of(pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "pattern is not a Java regular expression: " + e.getDescription() + " near index " + e.getIndex(),
                    e);
        }
    }

    /**
     * The result where lines are wanted.
     *
     * @param count how many lines match
     * @param lines the first of them
     */
    public record Found(long count, List<Line> lines) {}

    /**
     * A matching line.
     *
     * @param offset the byte of the dataset at which it starts
     * @param text without its newline, decoded as UTF-8; of more than 64 KiB the beginning, and how long it is
     */
    public record Line(long offset, String text) {}

    /** What was found, and the search; the search is made in the process that needs it. */
    public static final class Matches implements Packable {
        private long count;
        private final List<Line> lines;
        private LineSearch search;

        Matches(long count, List<Line> lines) {
            this.count = count;
            this.lines = lines;
        }

        @Override
        public Packed packed() {
            return new PackedMatches(count, lines);
        }
    }

    /** How {@link Matches} travel. */
    record PackedMatches(long count, List<Line> lines) implements Packable.Packed {
        @Override
        public Matches unpacked() {
            return new Matches(count, new ArrayList<>(lines));
        }
    }

    @Override
    public boolean accepts(Layout layout) {
        return layout instanceof Layout.Text;
    }

    @Override
    public Matches start() {
        return new Matches(0, new ArrayList<>());
    }

    @Override
    public Matches accept(Matches matches, Block block) {
        if (matches.search == null) {
            matches.search = LineSearch.of(pattern);
        }
        ByteBuffer text;
        for (long at = 0; at < block.count(); at += text.limit()) {
            text = TextParts.lines(block, at);
            search(matches, text, block.start() + at);
        }
        return matches;
    }

    private void search(Matches matches, ByteBuffer text, long start) {
        LineSearch search = matches.search;
        int limit = text.limit();
        int at = 0;
        while (at < limit) {
            int found = search.find(text, at);
            if (found < 0) {
                return;
            }
            int end = Swar.newline(text, found);
            matches.count++;
            if (matches.lines.size() < lines) {
                int from = lineStart(text, at, found);
                matches.lines.add(new Line(start + from, Shown.of("line", text, from, end - from)));
            }
            at = end + 1;
        }
    }

    private static int lineStart(ByteBuffer text, int from, int found) {
        int start = found;
        while (start > from && text.get(start - 1) != '\n') {
            start--;
        }
        return start;
    }

    @Override
    public Matches merge(Matches left, Matches right) {
        left.count += right.count;
        left.lines.addAll(right.lines.subList(0, Math.min(right.lines.size(), lines - left.lines.size())));
        return left;
    }

    @Override
    public Object finish(Matches matches) {
        return lines == 0 ? (Object) matches.count : new Found(matches.count, matches.lines);
    }
}
