package io.github.forkless.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.forkless.common.dataset.ElementType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrepTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "needle",
                "e",
                "a",
                "Zürich",
                "日本",
                "🦀",
                "of",
                "on-and-on",
                "absent",
                " ",
                "\t",
                "n",
                "eight888",
                "\r",
                "a-word-of-some-forty-bytes-that-goes-on-and-on",
                "error: "
            })
    void plainPatternsAgreeWithGnuGrep(String pattern) throws Exception {
        var random = new SplittableRandom(1);
        for (int length : new int[] {0, 1, 10, 100, 1000, 1100, 3000, 100_000}) {
            for (boolean bytes : new boolean[] {false, true}) {
                byte[] text = Samples.text(random, length, bytes);
                String expected = Passes.output(text, "grep", "-a", "-F", "-c", "-e", pattern)
                        .trim();
                assertThat(count(pattern, text)).isEqualTo(Long.parseLong(expected));
            }
        }
    }

    @Test
    void rarePatternsInLongText() throws Exception {
        byte[] text = "some line of a log, nothing to see here, go on\n"
                .repeat(20_000)
                .getBytes(StandardCharsets.UTF_8);
        var random = new SplittableRandom(2);
        for (int i = 0; i < 200; i++) {
            byte[] needle = "needle".getBytes(StandardCharsets.UTF_8);
            System.arraycopy(needle, 0, text, random.nextInt(text.length - needle.length), needle.length);
        }
        String expected =
                Passes.output(text, "grep", "-a", "-F", "-c", "needle").trim();
        assertThat(count("needle", text)).isEqualTo(Long.parseLong(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ne+dle", "^a", "on$", "Z.rich", "[0-9]x", "^$", "(?i)NEEDLE", "\\bof\\b", "needle|the", "a.*b"})
    void regularExpressionsAgreeWithALoopOverLines(String pattern) {
        byte[] text = Samples.text(new SplittableRandom(3), 50_000, false);
        String whole = new String(text, StandardCharsets.UTF_8);
        var compiled = Pattern.compile(pattern, Pattern.UNIX_LINES);
        String[] lines = whole.split("\n", -1);
        long expected = Stream.of(lines)
                .limit(whole.endsWith("\n") ? lines.length - 1 : lines.length)
                .filter(line -> compiled.matcher(line).find())
                .count();
        assertThat(count(pattern, text)).isEqualTo(expected).isPositive();
    }

    @Test
    void theEmptyPatternIsInEveryLine() {
        assertThat(count("", "a\n\nb".getBytes(StandardCharsets.UTF_8))).isEqualTo(3);
        assertThat(count("", new byte[0])).isZero();
    }

    @Test
    void aCarriageReturnBelongsToItsLine() {
        byte[] text = "abc\r\nabc\n".getBytes(StandardCharsets.UTF_8);
        assertThat(count("c$", text)).isEqualTo(1);
        assertThat(count("c.$", text)).isEqualTo(1);
        assertThat(count("c\r", text)).isEqualTo(1);
    }

    @Test
    void aNewlineIsInNoLine() {
        assertThat(count("a\nb", "a\nb\n".getBytes(StandardCharsets.UTF_8))).isZero();
    }

    @Test
    void bytesThatAreNotUtf8() {
        byte[] text = {'a', (byte) 0xff, 'b', '\n', 'b', '\n'};
        assertThat(count("a", text)).isEqualTo(1);
        assertThat(count("b", text)).isEqualTo(2);
        assertThat(count("a.b", text)).isEqualTo(1);
        assertThat(count("\uFFFD", text)).isEqualTo(1);
    }

    @Test
    void showsTheFirstLines() {
        byte[] text = "one\nxx two\nthree\ntwo\ntwo".getBytes(StandardCharsets.UTF_8);
        assertThat(Passes.once(new Grep("two", 2), Passes.block(ElementType.TEXT, text)))
                .isEqualTo(new Grep.Found(3, List.of(new Grep.Line(4, "xx two"), new Grep.Line(17, "two"))));
        assertThat(Passes.once(new Grep("tw[o]", 2), Passes.block(ElementType.TEXT, text)))
                .isEqualTo(new Grep.Found(3, List.of(new Grep.Line(4, "xx two"), new Grep.Line(17, "two"))));
    }

    @Test
    void refusesWhatIsNoPatternInOneLine() {
        assertThatThrownBy(() -> new Grep("(", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pattern is not a Java regular expression: Unclosed group near index 1");
        assertThatThrownBy(() -> new Grep(null, 0)).hasMessage("pattern is missing");
        assertThatThrownBy(() -> new Grep("x", -1)).hasMessage("lines=-1; it must be 0 or more");
    }

    private static long count(String pattern, byte[] text) {
        return (Long) Passes.once(new Grep(pattern, 0), Passes.block(ElementType.TEXT, text));
    }
}
