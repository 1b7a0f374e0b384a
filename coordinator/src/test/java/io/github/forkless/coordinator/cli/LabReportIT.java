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
    void dotsAndBarsHaveTheFiguresOfSharing() throws Exception {
        List<Map<String, Object>> rows = lab("sharing", "light", 1200);

        List<String> speeds = new ArrayList<>();
        List<String> memory = new ArrayList<>();
        for (Map<String, Object> row : rows) {
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
        assertThat(marks("speeds")).containsExactlyElementsOf(speeds);
        assertThat(marks("memory")).containsExactlyElementsOf(memory);
        // Twice as far is twice as much.
        assertThat(browser.run("""
            (() => {
              const dots = [...document.querySelectorAll('#speeds .mark')].filter(dot => dot.dataset.value > 0.05);
              const slopes = dots.map(dot => (dot.getAttribute('cx') - 18) / dot.dataset.value);
              return slopes.length > 1 && Math.max(...slopes) / Math.min(...slopes) < 1.02;
            })()\
            """)).isEqualTo(true);
        assertThat((String) browser.run("document.getElementById('speeds').textContent"))
                .contains("workers map one file, the way of Forkless: shared");
        assertThat((String) browser.run("document.querySelector('header').textContent"))
                .containsAnyOf("There was too little work to say", "The machine was too busy to say");
        assertThat(browser.run("document.querySelectorAll('#warnings li').length"))
                .isEqualTo(1);
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
