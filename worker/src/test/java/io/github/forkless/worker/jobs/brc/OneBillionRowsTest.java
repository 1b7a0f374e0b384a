package io.github.forkless.worker.jobs.brc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.worker.jobs.Passes;
import io.github.forkless.worker.jobs.texts.Allocated;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OneBillionRowsTest {

    @Test
    void boundaries() {
        assertThat(answer("a;99.9\na;-99.9\nb;-99.9\nc;99.9\n"))
                .isEqualTo("{a=-99.9/0.0/99.9, b=-99.9/-99.9/-99.9, c=99.9/99.9/99.9}");
    }

    @ParameterizedTest
    @CsvSource({
        "0.1 0.2, 0.1/0.2/0.2", // 0.15 goes up
        "-0.1 -0.2, -0.2/-0.1/-0.1", // so does -0.15
        "-0.1 0.0, -0.1/0.0/0.0", // -0.05 is 0.0, and not -0.0
        "0.0 0.1, 0.0/0.1/0.1",
        "-0.1 -0.1 0.0, -0.1/-0.1/0.0", // -0.0666...
        "-0.1 0.0 0.0, -0.1/0.0/0.0",
        "25.0 25.9 25.5 25.4, 25.0/25.5/25.9", // 25.45, which sums of doubles make 25.4
        "-0.0 -0.0, 0.0/0.0/0.0",
        "-99.9 -99.8, -99.9/-99.8/-99.8",
        "05.3 -05.3, -5.3/0.0/5.3"
    })
    void rounding(String values, String expected) {
        String rows = values.lines()
                .flatMap(v -> List.of(v.split(" ")).stream())
                .map(value -> "x;" + value + "\n")
                .collect(Collectors.joining());
        assertThat(answer(rows)).isEqualTo("{x=" + expected + "}");
    }

    @Test
    void shortest() {
        assertThat(answer("a;1.0\n")).isEqualTo("{a=1.0/1.0/1.0}");
        assertThat(answer("")).isEqualTo("{}");
    }

    /** It is written once, and read where it came: there is no table, and no object for a name. */
    @Test
    void aMergedNameTakesItsBytesAlone() {
        Stations left = read(0);
        Stations right = read(50_000);
        Stations same = read(0);
        var empty = new Stations(); // and its table
        long before = Allocated.byThisThread();
        left.add(right);
        left.add(same);
        byte[] names = ((Stations.PackedStations) left.packed()).names();

        // the second merge writes to where all could be, and cuts off what was not needed
        assertThat(Allocated.byThisThread() - before).isLessThan(names.length * 4L);
        assertThat(left.toString()).hasSize("name100000=1.0/1.0/1.0, ".length() * 100_000);
        assertThat(empty.toString()).isEqualTo("{}");
    }

    private static Stations read(int first) {
        var text = new StringBuilder();
        for (int i = first; i < first + 50_000; i++) {
            text.append("name").append(100_000 + i).append(";1.0\n");
        }
        var read = new Stations();
        read.add(Passes.text(text.toString()));
        return (Stations) read.packed().unpacked();
    }

    @Test
    void isTheSameForAnyCut() {
        var random = new SplittableRandom(2);
        var text = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            text.append("n".repeat(random.nextInt(30)))
                    .append(random.nextInt(3_000))
                    .append(';')
                    .append(BigDecimal.valueOf(random.nextInt(-999, 1000), 1))
                    .append('\n');
        }
        var whole = Passes.text(text.toString());
        var job = new OneBillionRows();
        for (int i = 0; i < 20; i++) {
            assertThat(Passes.cut(job, whole, random)).isEqualTo(Passes.once(job, whole));
        }
    }

    /** The second and the third read alike, and so become one; which has both their rows. */
    @Test
    void namesThatAreNotUtf8AreAddedUpWhereTheyReadAlike() {
        byte[] rows = "b;1.0\na?;1.0\na!;2.0\nc;1.0\n".getBytes(StandardCharsets.ISO_8859_1);
        rows[7] = (byte) 0xff;
        rows[14] = (byte) 0xfe;
        assertThat(answer(rows)).isEqualTo("{a\uFFFD=1.0/1.5/2.0, b=1.0/1.0/1.0, c=1.0/1.0/1.0}");
    }

    @Test
    void aMissingLastNewline() {
        assertThat(answer("a;1.0\na;-3.0")).isEqualTo("{a=-3.0/-1.0/1.0}");
        assertThat(answer("b".repeat(200) + ";1.0\nlonger than fifteen bytes;-12.3"))
                .isEqualTo("{" + "b".repeat(200) + "=1.0/1.0/1.0, longer than fifteen bytes=-12.3/-12.3/-12.3}");
    }

    @Test
    void dotsAndOtherPartsOfNumbersInNames() {
        assertThat(answer(".;1.0\n-;1.0\n-;2.0\n1.0;3.0\n-1.0;-4.0\n, =;5.0\n\r;6.0\n"))
                .isEqualTo("{\r=6.0/6.0/6.0, , ==5.0/5.0/5.0, -=1.0/1.5/2.0, -1.0=-4.0/-4.0/-4.0, .=1.0/1.0/1.0,"
                        + " 1.0=3.0/3.0/3.0}");
    }

    /** In UTF-16 a character beyond U+FFFF sorts before U+E000 to U+FFFF; in UTF-8 after. */
    @Test
    void complexUtf8SortsAsJavaSortsStrings() {
        List<String> names = List.of(
                "\uFFFDa", "\uE000", "😀", "🦀", "Zürich", "Zurich", "‘Aqabah", "İzmir", "日本", "a", "é", "ب", "e\u0301",
                "\0", "a\0");
        String rows = names.stream().map(name -> name + ";1.0\n").collect(Collectors.joining());
        String expected =
                names.stream().sorted().map(name -> name + "=1.0/1.0/1.0").collect(Collectors.joining(", "));
        assertThat(answer(rows)).isEqualTo("{" + expected + "}");
        assertThat(answer("😀;1.0\n\uE000;1.0\n")).isEqualTo("{😀=1.0/1.0/1.0, \uE000=1.0/1.0/1.0}");
    }

    @Test
    void namesThatDifferByZeroBytesAtTheirEnd() {
        assertThat(answer("a;1.0\na\0;2.0\nabcdefg;3.0\nabcdefg\0;4.0\nabcdefg\0\0;5.0\n"))
                .isEqualTo("{a=1.0/1.0/1.0, a\0=2.0/2.0/2.0, abcdefg=3.0/3.0/3.0, abcdefg\0=4.0/4.0/4.0,"
                        + " abcdefg\0\0=5.0/5.0/5.0}");
    }

    @Test
    void tenThousandNamesOfEveryLength() {
        var random = new SplittableRandom(1);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            int length = 1 + i % 100;
            var name = new StringBuilder(Integer.toString(i, 36));
            while (name.length() < length) {
                name.append((char) ('a' + random.nextInt(2)));
            }
            names.add(name.substring(0, Math.max(length, name.indexOf("a") < 0 ? name.length() : 0)));
        }
        agreesWithBigDecimal(names.stream().distinct().toList(), 60_000);
    }

    @Test
    void namesOfEveryLengthThatShareTheirStart() {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= 300; i++) {
            names.add("x".repeat(i));
            names.add("x".repeat(i - 1) + "y");
        }
        agreesWithBigDecimal(names, 20_000);
    }

    @Test
    void namesAndLinesLongerThanARun() {
        String huge = "é".repeat(40_000);
        String rows = ("b;1.0\n" + huge + ";2.0\nlonger than fifteen bytes;3.0\n").repeat(3);
        String expected = "{b=1.0/1.0/1.0, longer than fifteen bytes=3.0/3.0/3.0, " + huge + "=2.0/2.0/2.0}";
        assertThat(answer(rows)).isEqualTo(expected);
        assertThat(answer(rows.substring(0, rows.length() - 1))).isEqualTo(expected);
        assertThatThrownBy(() -> answer(rows + huge)).hasMessageContaining("has no semicolon");
    }

    private static void agreesWithBigDecimal(List<String> names, int rows) {
        var random = new SplittableRandom(rows);
        var text = new StringBuilder();
        var values = new TreeMap<String, List<BigDecimal>>();
        for (int i = 0; i < rows; i++) {
            String name = names.get(i < names.size() ? i : random.nextInt(names.size()));
            BigDecimal value = BigDecimal.valueOf(random.nextInt(-999, 1000), 1);
            text.append(name).append(';').append(value).append('\n');
            values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
        }
        var expected = new TreeMap<String, String>();
        values.forEach((name, all) -> {
            BigDecimal sum = all.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
            BigDecimal exact = sum.divide(BigDecimal.valueOf(all.size()), 30, RoundingMode.FLOOR);
            BigDecimal mean = exact.add(new BigDecimal("0.05")).setScale(1, RoundingMode.FLOOR);
            expected.put(name, Collections.min(all) + "/" + mean + "/" + Collections.max(all));
        });
        assertThat(answer(text.toString())).isEqualTo(expected.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "1.",
                ".1",
                "1.23",
                "abc",
                "-.5",
                "-",
                "",
                "123.4",
                "--1.0",
                "-1.-",
                "+1.0",
                " 1.0",
                "1.0 ",
                "1,0",
                "1.0;",
                "a.b",
                "1.a",
                "a.1",
                "1a.1",
                "-a.1",
                "\t1.0",
                "\u00011.0",
                "-\u00011.0",
                "\u00111.0",
                "1:.0",
                "1.:",
                ":1.0",
                "1/.0",
                "\0.0",
                "1\0.0",
                "\0001.0",
                "1.0\0",
                "1e1.0",
                "-123.4",
                "1..0",
                "é.0",
                "1.é",
                "\u0015.0",
                "1.\u0015",
                "1.0\u000b"
            })
    void malformedValues(String value) {
        String good = "a name that is long;1.0\nb;-2.3\n";
        String bad = "x;" + value + "\n";
        String fill = good.repeat(500);
        for (String text :
                new String[] {bad, good + bad + good, fill + bad + fill, fill + bad, fill + "x;" + value, bad + fill}) {
            int offset = text.getBytes(StandardCharsets.UTF_8).length
                    - text.substring(text.indexOf("x;")).getBytes(StandardCharsets.UTF_8).length;
            assertThatThrownBy(() -> answer(text))
                    .isInstanceOf(MalformedRowException.class)
                    .hasMessageStartingWith("the line at byte " + offset + " has a value that is not a number")
                    .hasMessageNotContaining("\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"'x', has no semicolon", "'', has no semicolon", "';1.0', has no name before its semicolon"})
    void malformedLines(String line, String problem) {
        String good = "a name that is long;1.0\nb;-2.3\n";
        for (String before : new String[] {"", good, good.repeat(1000)}) {
            for (String after : new String[] {"\n", "\n" + good, "\n" + good.repeat(1000)}) {
                assertThatThrownBy(() -> answer(before + line + after))
                        .isInstanceOf(MalformedRowException.class)
                        .hasMessage("the line at byte %d %s: \"%s\"", before.length(), problem, line);
            }
        }
    }

    @Test
    void crlf() {
        assertThatThrownBy(() -> answer("a;1.0\r\nb;2.0\r\n"))
                .isInstanceOf(MalformedRowException.class)
                .hasMessage(
                        "the line at byte 0 ends with a carriage return (CRLF line ends); a newline alone must end it:"
                                + " \"a;1.0\\r\"");
    }

    @Test
    void theFirstMalformedLineOfABlockIsNamed() {
        String good = "b;-2.3\n".repeat(1000);
        assertThatThrownBy(() -> answer(good + "c;1\n" + good + "d;2\n" + good + "e;3\n"))
                .hasMessageStartingWith("the line at byte 7000 has");
    }

    @Test
    void anOffsetCountsFromTheStartOfTheDataset() {
        var whole = Passes.text("a;1.0\nb;2.0\nc;x\n");
        var job = new OneBillionRows();
        assertThatThrownBy(() -> job.accept(job.start(), whole.part(6, 16)))
                .hasMessageStartingWith("the line at byte 12 has");
    }

    /** A value that is right is read right, and nothing else is taken for one: all there is, and each byte changed. */
    @Test
    void everyValueAndEveryOtherByteInIt() {
        for (int tenths = -999; tenths <= 999; tenths++) {
            String value = BigDecimal.valueOf(tenths, 1).toPlainString();
            String text = tenths == 0 ? "0.0" : value;
            assertThat(answer("x;" + text + "\n" + "y;0.0\n".repeat(20)))
                    .startsWith("{x=" + text + "/" + text + "/" + text);
        }
        for (String value : new String[] {"1.2", "-3.4", "56.7", "-89.0"}) {
            for (int i = 0; i < value.length(); i++) {
                for (int b = 0; b < 256; b++) {
                    byte[] row = ("x;" + value + "\n" + "y;0.0\n".repeat(20)).getBytes(StandardCharsets.UTF_8);
                    row[2 + i] = (byte) b;
                    String changed = new String(row, 2, value.length(), StandardCharsets.ISO_8859_1);
                    if (changed.matches("-?[0-9]?[0-9][.][0-9]")) {
                        BigDecimal expected = new BigDecimal(changed).add(BigDecimal.ZERO);
                        assertThat(answer(row)).startsWith("{x=" + expected + "/");
                    } else {
                        assertThatThrownBy(() -> answer(row))
                                .as("'%s' with byte %d", changed, b)
                                .isInstanceOf(MalformedRowException.class);
                    }
                }
            }
        }
    }

    private static String answer(String text) {
        return answer(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String answer(byte[] text) {
        return Passes.once(new OneBillionRows(), Passes.block(ElementType.TEXT, text));
    }
}
