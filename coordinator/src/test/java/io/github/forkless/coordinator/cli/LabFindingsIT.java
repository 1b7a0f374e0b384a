package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.testing.LongTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the laboratory finds in small experiments, as it tells that in tables, in JSON, and on a page in a real browser. */
@LongTest
class LabFindingsIT {
    private static final int WIDTH = 80;

    private static final int JOBS = 4;

    private static final long BYTES = 32L << 20;

    @TempDir
    private static Path folder;

    private static Path data;

    /** Prints tables. */
    private static Outcome sharing;

    /** Prints JSON. */
    private static Outcome scaling;

    /** Prints tables. */
    private static Outcome again;

    private static Browser browser;

    @BeforeAll
    static void experiment() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
        sharing = new Launcher(folder)
                .with("_JAVA_OPTIONS", "-XX:+UseParallelGC")
                .run(lab("sharing", "--count", "8M", "--jobs", Integer.toString(JOBS)));
        scaling = new Launcher(folder).run(lab("scaling", "--count", "64K", "--jobs", "3", "--json"));
        again = new Launcher(folder).run(lab("again", "--count", "64K", "--jobs", "3"));
    }

    @AfterAll
    static void endBrowser() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    /** Started by the first test that needs one: without a browser, the others run. */
    private static Browser open(String experiment, int width, String colors) throws Exception {
        browser = browser == null ? Browser.start() : browser;
        browser.open(page(experiment), width, 900, colors);
        return browser;
    }

    private static String[] lab(String experiment, String... options) {
        List<String> all = new ArrayList<>(List.of("lab", experiment, "--procs", "2", "--dir", data.toString()));
        all.addAll(List.of("--report", page(experiment).toString()));
        all.addAll(List.of(options));
        return all.toArray(String[]::new);
    }

    private static Path page(String experiment) {
        return folder.resolve(experiment + ".html");
    }

    /** What a page draws: the object that {@code --json} prints. */
    private static Map<String, Object> findings(String experiment) throws IOException {
        return ParsedJson.object(Files.readString(page(experiment))
                .split("<script type=\"application/json\" id=\"data\">", 2)[1]
                .split("</script>", 2)[0]);
    }

    private static List<Map<String, Object>> rows(String experiment) throws IOException {
        return ParsedJson.maps(
                ParsedJson.map(findings(experiment).get(experiment)).get("arrangements"));
    }

    @Test
    void everyArrangementIsMeasuredAndToldApartByWhatItPipesAndHolds() throws IOException {
        Map<String, Object> lab = findings("sharing");
        assertThat(lab).containsEntry("complete", true);
        assertThat(ParsedJson.map(lab.get("sharing")))
                .containsEntry("bytes", (int) BYTES)
                .containsEntry("jobs", JOBS);
        Map<String, Map<String, Object>> rows = new LinkedHashMap<>();
        rows("sharing").forEach(row -> rows.put((String) row.get("arrangement"), row));
        assertThat(rows.keySet())
                .containsExactly(
                        "trivial",
                        "single",
                        "threads",
                        "by-value",
                        "managed",
                        "serialized",
                        "copy-each",
                        "shared",
                        "shared-array");
        assertThat(rows.values()).allSatisfy(row -> {
            assertThat(number(row, "firstResultSeconds")).isPositive().isLessThanOrEqualTo(number(row, "wallSeconds"));
            assertThat(number(row, "startSeconds")).isPositive().isLessThan(number(row, "firstResultSeconds"));
            assertThat(number(row, "startSeconds") + number(row, "workSeconds"))
                    .isCloseTo(number(row, "wallSeconds"), within(1e-6));
            assertThat(number(row, "cpuSeconds")).isPositive();
            assertThat(number(row, "pssBytes")).isPositive().isLessThanOrEqualTo(number(row, "rssBytes"));
        });
        assertThat(rows.get("single")).containsEntry("speedUp", 1.0).containsEntry("processes", 1);
        assertThat(rows.get("trivial")).doesNotContainKeys("speedUp", "nanosPerElement");

        assertThat(number(rows, "by-value", "pipedBytes")).isBetween(4.0 * BYTES, 4.1 * BYTES);
        assertThat(number(rows, "serialized", "pipedBytes")).isBetween(2.0 * BYTES, 2.1 * BYTES);
        assertThat(number(rows, "shared", "pipedBytes")).isLessThan(64 << 10);
        assertThat(number(rows, "shared-array", "pipedBytes")).isLessThan(64 << 10);
        assertThat(number(rows, "threads", "pipedBytes")).isLessThan(64);
        assertThat(rows.get("managed")).containsEntry("elements", 50_000).containsEntry("whole", false);
        assertThat(number(rows, "managed", "pipedBytes"))
                .as("12 bytes for each access")
                .isGreaterThan(1_200_000);

        // What a JVM has of its own counts once in both sums, and differs by some 10 MiB from run to run.
        assertThat(number(rows, "copy-each", "pssBytes") - number(rows, "trivial", "pssBytes"))
                .as("two copies")
                .isGreaterThan(1.5 * BYTES);
        for (String sharing : List.of("shared", "shared-array")) {
            assertThat(countedTwice(rows.get(sharing)) - countedTwice(rows.get("trivial")))
                    .as("one copy in two workers of %s", sharing)
                    .isCloseTo(BYTES, within(0.25 * BYTES));
        }
        assertThat(countedTwice(rows.get("copy-each")) - countedTwice(rows.get("trivial")))
                .as("no copy is shared")
                .isCloseTo(0, within(0.25 * BYTES));
        assertThat(data).isEmptyDirectory();
    }

    /** How much more there seems to be of what two processes share. */
    private static double countedTwice(Map<String, Object> row) {
        return number(row, "rssBytes") - number(row, "pssBytes");
    }

    @Test
    void tablesFitOnAPageAndSayWhatWasMeasuredInPart() {
        String text = sharing.stdout();
        assertThat(sharing.exit()).as(sharing.stderr()).isZero();
        assertThat(sharing.stderr()).contains("do not heed _JAVA_OPTIONS").hasLineCount(2);

        assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(WIDTH));
        assertThat(text)
                .contains("* managed: measured on ", "\nWarning: ")
                .contains("\nworkers map one file, the way of Forkless\n  shared ");
        assertThat(text.lines().filter(line -> line.startsWith("  by-value ")))
                .singleElement()
                .asString()
                .contains("128 MiB");
    }

    @Test
    void scalingHasThreeSeriesOfMoreAndMoreWorkers() throws IOException {
        assertThat(ParsedJson.object(scaling.answer())).isEqualTo(findings("scaling"));
        List<Map<String, Object>> rows = rows("scaling");
        assertThat(rows)
                .extracting(row -> row.get("kernel") + " " + row.get("arrangement") + " " + row.get("procs"))
                .containsExactly(
                        "checksum shared 1",
                        "checksum shared 2",
                        "count shared 1",
                        "count shared 2",
                        "count shared-scan 1",
                        "count shared-scan 2");
        assertThat(rows)
                .allSatisfy(row -> assertThat(number(row, "efficiency") * (int) row.get("procs"))
                        .isCloseTo(number(row, "speedUp"), within(1e-9)));
        assertThat(rows.getFirst()).containsEntry("speedUp", 1.0);
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void theSameCommandAgainIsAnsweredBothWays() throws IOException {
        assertThat(again.answer().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(WIDTH))
                .anyMatch(line -> line.startsWith("again: coordinator --procs 2 --job sum data.bin, 3 times"))
                .anyMatch(line -> line.startsWith("  cold "))
                .anyMatch(line -> line.startsWith("  resident "));
        assertThat(repetitions()).extracting(row -> row.get("by")).containsExactly("cold", "resident");
        assertThat(repetitions()).allSatisfy(row -> {
            assertThat((List<?>) row.get("seconds")).hasSize(3);
            assertThat(row).containsEntry("unanswered", 0);
            assertThat(number(row, "cpuSeconds")).isPositive();
        });
        assertThat(data).isEmptyDirectory();
    }

    private static List<Map<String, Object>> repetitions() throws IOException {
        return ParsedJson.maps(ParsedJson.map(findings("again").get("again")).get("repetitions"));
    }

    @Test
    void curvesOfTheSameCommandAgainAddUp() throws Exception {
        Browser browser = open("again", 390, "light");

        List<String> marks = marks(browser, "answers");
        assertThat(marks).hasSize(8).startsWith("cold, 0: 0.0");
        for (Map<String, Object> row : repetitions()) {
            String last = row.get("by") + ", 3: ";
            assertThat(marks)
                    .filteredOn(mark -> mark.startsWith(last))
                    .singleElement()
                    .satisfies(mark -> assertThat(Double.parseDouble(mark.substring(last.length())))
                            .isCloseTo(number(row, "allSeconds"), within(1e-6)));
        }
        assertThat(ParsedJson.integer(browser.run("document.documentElement.scrollWidth")))
                .isLessThanOrEqualTo(390);
        assertThatThePageIsQuiet(browser, "again");
    }

    @Test
    void dotsAndBarsHaveTheFiguresOfSharing() throws Exception {
        List<String> speeds = new ArrayList<>();
        List<String> memory = new ArrayList<>();
        for (Map<String, Object> row : rows("sharing")) {
            boolean isPortion = !"trivial".equals(row.get("arrangement"))
                    && row.get("whole").equals(false);
            String name = row.get("arrangement") + (isPortion ? " *" : "");
            if (row.containsKey("speedUp")) {
                speeds.add(name + ": " + row.get("speedUp"));
            }
            memory.add(name + ": " + ((Number) row.get("pssBytes")).doubleValue());
            memory.add(name + ": " + ((Number) row.get("rssBytes")).doubleValue());
        }
        assertThat(speeds).hasSize(8);
        Browser browser = open("sharing", 1200, "light");

        assertThat(marks(browser, "speeds")).containsExactlyElementsOf(speeds);
        assertThat(marks(browser, "memory")).containsExactlyElementsOf(memory);
        // Twice as far from 0 is twice as much.
        assertThat(browser.run("""
            (() => {
              const from = document.querySelector('#speeds .grid').getAttribute('x1');
              const dots = [...document.querySelectorAll('#speeds .mark')].filter(dot => dot.dataset.value > 0.05);
              const slopes = dots.map(dot => (dot.getAttribute('cx') - from) / dot.dataset.value);
              return slopes.length > 1 && Math.max(...slopes) / Math.min(...slopes) < 1.02;
            })()\
            """)).isEqualTo(true);
        assertThat(text(browser, "#speeds")).contains("workers map one file, the way of Forkless: shared");
        assertThat(text(browser, "header"))
                .containsAnyOf("There was too little work to say", "The machine was too busy to say");
        assertThat(browser.run("document.querySelectorAll('#warnings li').length"))
                .isEqualTo(1);
        assertThat(text(browser, "#arrangements")).contains("by-value", "why it is suddenly so slow");
        assertThat(browser.run("document.getElementById('scaling').hidden")).isEqualTo(true);
        assertThatThePageIsQuiet(browser, "sharing");
    }

    @Test
    void curvesHaveTheFiguresOfScaling() throws Exception {
        Browser browser = open("scaling", 390, "dark");

        assertThat(marks(browser, "speed-up"))
                .containsExactlyElementsOf(rows("scaling").stream()
                        .map(row -> row.get("kernel") + ", "
                                + ("shared".equals(row.get("arrangement")) ? "one scan each" : "shared scan") + ", "
                                + row.get("procs") + ": " + row.get("speedUp"))
                        .toList());
        assertThat(browser.run("document.querySelectorAll('#speed-up polyline.series').length"))
                .isEqualTo(3);
        assertThat(browser.run("document.querySelectorAll('#speed-up polyline.ideal').length"))
                .isEqualTo(1);
        assertThat(ParsedJson.integer(browser.run("document.documentElement.scrollWidth")))
                .isLessThanOrEqualTo(390);
        assertThat(browser.run("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(20, 23, 28)");
        assertThat(text(browser, "h1")).isEqualTo("Scaling: more and more workers");
        assertThat(browser.run("document.title")).isEqualTo("Scaling: more and more workers \u2013 Forkless lab");
        assertThat(browser.run("document.getElementById('scaling-h').clientHeight"))
                .as("not said twice")
                .isEqualTo(0);
        assertThatThePageIsQuiet(browser, "scaling");
    }

    private static void assertThatThePageIsQuiet(Browser browser, String experiment) {
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).containsExactly(page(experiment).toUri().toString());
    }

    private static String text(Browser browser, String selector) throws InterruptedException {
        return (String) browser.run("document.querySelector('" + selector + "').textContent");
    }

    /** {@code name: value} of each mark of a chart. */
    private static List<String> marks(Browser browser, String chart) throws InterruptedException {
        return ((List<?>) browser.run("[...document.querySelectorAll('#" + chart
                        + " .mark')].map(mark => mark.dataset.name + '\\u0000' + mark.dataset.value)"))
                .stream().map(String.class::cast).map(LabFindingsIT::normal).toList();
    }

    /** A number as Java prints a double: JavaScript has 1 where Java has 1.0. */
    private static String normal(String mark) {
        String[] parts = mark.split("\u0000");
        return parts[0] + ": " + Double.valueOf(parts[1]);
    }

    private static double number(Map<String, Map<String, Object>> rows, String row, String field) {
        return number(rows.get(row), field);
    }

    private static double number(Map<String, Object> row, String field) {
        return ((Number) row.get(field)).doubleValue();
    }
}
