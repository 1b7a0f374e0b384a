package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page that {@code lab --report} writes, in a real browser: its marks are the figures of {@code --json}. */
class LabReportIT {
    @TempDir
    private static Path folder;

    private static Browser browser;

    @BeforeAll
    static void startBrowser() throws Exception {
        browser = Browser.start();
    }

    @AfterAll
    static void endBrowser() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void barsHaveTheFiguresOfSharing() throws Exception {
        List<Map<String, Object>> rows = lab("sharing", "light", 1200);

        List<String> costs = new ArrayList<>();
        List<String> memory = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            boolean isPortion = !"trivial".equals(row.get("arrangement"))
                    && row.get("whole").equals(false);
            String name = row.get("arrangement") + (isPortion ? " *" : "");
            if (row.containsKey("nanosPerElement")) {
                costs.add(name + ": " + row.get("nanosPerElement"));
            }
            memory.add(name + ": " + ((Number) row.get("pssBytes")).doubleValue());
            memory.add(name + ": " + ((Number) row.get("rssBytes")).doubleValue());
        }
        assertThat(costs).hasSize(8);
        assertThat(marks("cost")).containsExactlyElementsOf(costs);
        assertThat(marks("memory")).containsExactlyElementsOf(memory);
        // On a scale of powers of ten a bar is as long as the logarithm says, from the first line on.
        assertThat(browser.run("""
            (() => {
              const bars = [...document.querySelectorAll('#cost .mark')];
              const slope = bar => bar.getAttribute('width') / Math.log10(bar.dataset.value / 10 ** first);
              const first = Math.floor(Math.log10(Math.min(...bars.map(bar => bar.dataset.value))));
              const slopes = bars.filter(bar => bar.getAttribute('width') > 5).map(slope);
              return slopes.length > 2 && Math.max(...slopes) / Math.min(...slopes) < 1.02;
            })()\
            """)).isEqualTo(true);
        assertThat((String) browser.run("document.getElementById('arrangements').textContent"))
                .contains("by-value", "why it is suddenly so slow");
        assertThat(browser.run("document.getElementById('scaling').hidden")).isEqualTo(true);
        assertThatThePageIsQuiet();
    }

    @Test
    void curvesHaveTheFiguresOfScaling() throws Exception {
        List<Map<String, Object>> rows = lab("scaling", "dark", 390);

        assertThat(marks("speed-up"))
                .containsExactlyElementsOf(rows.stream()
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
        assertThatThePageIsQuiet();
    }

    private static void assertThatThePageIsQuiet() {
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).containsExactly(page().toUri().toString());
    }

    private static Path page() {
        return folder.resolve("lab.html");
    }

    /** Makes a small experiment, opens its page, and returns the arrangements of its JSON. */
    private static List<Map<String, Object>> lab(String experiment, String colors, int width) throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        String answer = new Launcher(folder)
                .run(
                        "lab",
                        experiment,
                        "--count",
                        "256K",
                        "--jobs",
                        "3",
                        "--procs",
                        "2",
                        "--dir",
                        data.toString(),
                        "--json",
                        "--report",
                        "lab.html")
                .answer();
        browser.open(page(), width, 900, colors);
        return ParsedJson.maps(
                ParsedJson.map(ParsedJson.object(answer).get(experiment)).get("arrangements"));
    }

    /** {@code name: value} of each mark of a chart. */
    private static List<String> marks(String chart) throws InterruptedException {
        return ((List<?>) browser.run("[...document.querySelectorAll('#" + chart
                        + " .mark')].map(mark => mark.dataset.name + '\\u0000' + mark.dataset.value)"))
                .stream().map(String.class::cast).map(LabReportIT::normal).toList();
    }

    /** A number as Java prints a double: JavaScript has 1 where Java has 1.0. */
    private static String normal(String mark) {
        String[] parts = mark.split("\u0000");
        return parts[0] + ": " + Double.valueOf(parts[1]);
    }
}
