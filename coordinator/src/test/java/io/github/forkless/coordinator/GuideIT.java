package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.forkless.coordinator.cli.SharedResident;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** docs/jobs.md: its commands print what it says they print, and that is right. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuideIT {
    @RegisterExtension
    static final SharedResident RESIDENT = new SharedResident();

    @TempDir
    static Path folder;

    private String guide;
    private Map<String, String> promised;
    private Map<String, String> printed;

    @BeforeAll
    void runEveryCommand() throws Exception {
        Document document = Document.run(Document.CHECKOUT.resolve("docs/jobs.md"), folder, RESIDENT);
        guide = document.text();
        promised = document.promised();
        printed = document.printed();
    }

    private String printedBy(String part) {
        return printed.entrySet().stream()
                .filter(entry -> entry.getKey().contains(part))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyCommandPrintsWhatTheGuideSays() {
        assertThat(printed).hasSizeGreaterThan(10).isEqualTo(promised);
    }

    @Test
    void theGuideShowsTheSmallestJobAsItIs() throws IOException {
        assertThat(guide)
                .contains("```java\n" + Files.readString(Document.CHECKOUT.resolve("docs/examples/Multiples.java"))
                        + "```");
    }

    @Test
    void theGuidesLinkToEveryExample() throws IOException {
        String guides = guide
                + Files.readString(Document.CHECKOUT.resolve("docs/cookbook.md"))
                + Files.readString(Document.CHECKOUT.resolve("docs/library.md"))
                + Files.readString(Document.CHECKOUT.resolve("README.md"));
        try (var files = Files.list(Document.CHECKOUT.resolve("docs/examples"))) {
            assertThat(files.map(file -> "examples/" + file.getFileName())).allMatch(guides::contains);
        }
    }

    @Test
    void multiplesAreCountedRight() throws IOException {
        ByteBuffer data =
                ByteBuffer.wrap(Files.readAllBytes(folder.resolve("data.bin"))).order(ByteOrder.LITTLE_ENDIAN);
        long[] expected = new long[11];
        while (data.hasRemaining()) {
            int n = data.getInt();
            for (int of = 1; of <= 10; of++) {
                expected[of] += n % of == 0 ? 1 : 0;
            }
        }
        assertThat(printedBy("--param of=7")).isEqualTo(expected[7] + "\n");
        assertThat(printedBy("--sweep of=2:10:4"))
                .isEqualTo("of=2   %d\nof=6   %d\nof=10  %d\n".formatted(expected[2], expected[6], expected[10]));
    }

    @Test
    void risingRowsAreCountedRight() throws IOException {
        IntBuffer data = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("data.bin")))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer();
        var expected = new StringBuilder();
        for (int columns : new int[] {2, 4, 8}) {
            int rising = 0;
            for (int row = 0; row < data.limit(); row += columns) {
                int first = row;
                rising += IntStream.range(1, columns).allMatch(i -> data.get(first + i - 1) < data.get(first + i))
                        ? 1
                        : 0;
            }
            expected.append("columns=%d  %d\n".formatted(columns, rising));
        }
        assertThat(printedBy("--sweep columns=2,4,8")).isEqualTo(expected.toString());
    }

    @Test
    void statusesAreCountedRight() throws IOException {
        var expected = new TreeMap<String, Integer>();
        for (String line : Files.readAllLines(Document.CHECKOUT.resolve("docs/examples/access.log"))) {
            expected.merge(line.replaceAll(".*\" (\\d+) .*", "$1"), 1, Integer::sum);
        }
        var text = new StringBuilder();
        expected.forEach((status, count) ->
                text.append(status).append("  ").append(count).append('\n'));
        assertThat(printedBy("Statuses.java")).isEqualTo(text.toString());
    }

    private record Outcome(int fast, int slow, int trades, double profit) {}

    @Test
    void theSweepOfTheOrderedJobIsRight() throws IOException {
        double[] prices = prices();
        List<Outcome> expected = new ArrayList<>();
        for (int fast = 5; fast <= 15; fast += 5) {
            for (int slow : new int[] {20, 50, 100}) {
                expected.add(backtest(prices, fast, slow));
            }
        }
        assertThatSame(outcomes(printedBy("Crossover.java --sweep")), expected);
    }

    @Test
    void theProgramFindsTheBest() throws IOException {
        double[] prices = prices();
        List<Outcome> all = new ArrayList<>();
        for (int fast = 5; fast <= 50; fast += 5) {
            for (int slow : new int[] {20, 50, 100}) {
                all.add(backtest(prices, fast, slow));
            }
        }
        all.sort((a, b) -> Double.compare(b.profit, a.profit));
        assertThatSame(outcomes(printedBy("Backtest prices.npy")), all.subList(0, 3));
    }

    private static void assertThatSame(List<Outcome> actual, List<Outcome> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            Outcome a = actual.get(i);
            Outcome e = expected.get(i);
            assertThat(List.of(a.fast, a.slow, a.trades)).isEqualTo(List.of(e.fast, e.slow, e.trades));
            assertThat(a.profit).isCloseTo(e.profit, within(1e-9));
        }
    }

    private static List<Outcome> outcomes(String text) {
        Matcher outcome = Pattern.compile("fast=(\\d+),? slow=(\\d+)\\]?,?\\s+trades=(\\d+),? profit=([-.E\\d]+)")
                .matcher(text);
        return outcome.results()
                .map(found -> new Outcome(
                        Integer.parseInt(found.group(1)),
                        Integer.parseInt(found.group(2)),
                        Integer.parseInt(found.group(3)),
                        Double.parseDouble(found.group(4))))
                .toList();
    }

    private double[] prices() throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("prices.npy")))
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(128);
        double[] prices = new double[file.remaining() / Double.BYTES];
        file.asDoubleBuffer().get(prices);
        return prices;
    }

    /** The same strategy as the examples', the slow and obvious way: every average is summed anew. */
    private static Outcome backtest(double[] prices, int fast, int slow) {
        double money = 1;
        int trades = 0;
        boolean isHolding = false;
        for (int i = 0; i < prices.length; i++) {
            if (isHolding) {
                money = money * prices[i] / prices[i - 1];
            }
            boolean isSeen = i + 1 >= Math.max(fast, slow);
            boolean hold = isSeen && fast != slow && average(prices, i, fast) > average(prices, i, slow);
            if (hold != isHolding) {
                money -= money * 0.001;
                trades++;
            }
            isHolding = hold;
        }
        return new Outcome(fast, slow, trades, money - 1);
    }

    private static double average(double[] prices, int last, int count) {
        return Arrays.stream(prices, last + 1 - count, last + 1).average().orElseThrow();
    }
}
