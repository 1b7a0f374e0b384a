package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.coordinator.report.Json;
import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Patience;
import io.github.forkless.testing.Thorough;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page that {@code --report} writes, in a real browser. */
class ReportIT {
    private static final int ELEMENTS = 1 << 18;
    private static final String HOSTILE = "</script><img src=x onerror=window.taken=1>";

    private static Browser browser;

    /** Where one worker has died; several tests look at the page of that run. */
    @TempDir
    private static Path died;

    private static Path page;
    private static Map<String, Object> deathAndRetry;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startBrowser() throws Exception {
        browser = Browser.start();
        page = died.resolve("r.html");
        deathAndRetry = deathAndRetry();
    }

    @AfterAll
    static void endBrowser() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void everyAttemptIsShownAsItWas() throws Exception {
        Map<String, Object> timeline = ParsedJson.map(deathAndRetry.get("timeline"));

        browser.open(page, 1200, 900, "light");

        // With the keyboard: from the first attempt of each worker to its last.
        List<String> said = strings("""
            (() => {
              const canvas = document.getElementById('timeline');
              const said = document.getElementById('said');
              const press = key => {
                canvas.dispatchEvent(new KeyboardEvent('keydown', { key }));
                return said.textContent;
              };
              const all = [];
              let lane = press('Home');
              for (;;) {
                let text = press('Home');
                all.push(text);
                for (let next = press('ArrowRight'); next !== text; next = press('ArrowRight')) all.push(text = next);
                if (press('ArrowDown') === text) return all;
              }
            })()\
            """);
        List<?> tasks = (List<?>) timeline.get("task");
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            boolean isMerge = column(timeline, "merge", i) == 1;
            boolean isOk = "ok".equals(((List<?>) timeline.get("outcome")).get(i));
            long attempt = column(timeline, "attempt", i);
            double from = column(timeline, "startedMicros", i) / 1e6;
            double to = column(timeline, "endedMicros", i) / 1e6;
            expected.add((isMerge ? "Merge " : "Task ") + column(timeline, "task", i)
                    + (attempt > 1 ? ", attempt " + attempt : "")
                    + (isOk ? "" : ": its worker died")
                    + " | " + "%.6f s to %.6f s".formatted(from, to));
        }
        assertThat(said.stream()
                        .map(text -> text.replaceFirst(
                                        "(: its worker died)?: worker .*?; (.* s to [0-9.]+ s).*", "$1|$2")
                                .replaceFirst("\\|.*?([0-9.]+ s to)", " | $1")))
                .containsExactlyInAnyOrderElementsOf(expected);

        // And what is painted is what the pointer finds there.
        assertThat(strings(MISPAINTED)).isEmpty();
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).containsExactly(page.toUri().toString());
    }

    /** Points of the lanes whose color is not that of the attempt which the pointer is told of; none if nothing is painted. */
    private static final String MISPAINTED = """
        (() => {
          const canvas = document.getElementById('timeline');
          const tip = document.getElementById('tip');
          const pen = canvas.getContext('2d');
          document.getElementById('zoom-work').click();
          canvas.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
          return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
            const style = getComputedStyle(document.documentElement);
            const kinds = {};
            for (const name of ['scan', 'retry', 'merge', 'bad']) {
              kinds[style.getPropertyValue('--' + name).trim().toLowerCase()] = name;
            }
            const wrong = [];
            const seen = new Set();
            const box = canvas.getBoundingClientRect();
            const image = pen.getImageData(0, 0, canvas.width, canvas.height);
            const lanes = 2;
            const laneHeight = (canvas.clientHeight - 84 - 26) / lanes;
            if (laneHeight !== 30) wrong.push('a lane is ' + laneHeight + ' high');
            for (let lane = 0; lane < lanes; lane++) {
              const y = 84 + lane * laneHeight + 3;
              for (let x = 80; x < canvas.clientWidth - 9; x++) {
                const at = 4 * (Math.round(y) * canvas.width + x);
                const rgb = image.data.slice(at, at + 4);
                const kind = kinds['#' + [...rgb.slice(0, 3)].map(c => c.toString(16).padStart(2, '0')).join('')];
                if (!kind || rgb[3] < 255) continue;
                canvas.dispatchEvent(new PointerEvent('pointermove', { clientX: box.left + x + 0.5, clientY: box.top + y }));
                const text = tip.hidden ? '' : tip.querySelector('b').textContent;
                const told = text === '' ? 'none' : text.includes('died') ? 'bad' : text.startsWith('Merge') ? 'merge'
                  : text.includes('attempt') ? 'retry' : 'scan';
                seen.add(told);
                if (!kind.startsWith(told) && told !== 'bad' && kind !== 'bad') wrong.push(x + ' ' + lane + ' ' + kind + ' ' + text);
              }
            }
            for (const kind of ['scan', 'bad']) if (!seen.has(kind)) wrong.push('no ' + kind + ' is seen');
            done(wrong);
          })));
        })()\
        """;

    @Test
    void tablesHaveTheSameFigures() throws Exception {
        browser.open(page, 1200, 900, "light");

        int attempts = (int) ParsedJson.map(deathAndRetry.get("timeline")).get("attempts");
        assertThat(browser.run("document.querySelectorAll('#attempts tbody tr').length"))
                .isEqualTo(attempts);
        assertThat(browser.run("document.querySelector('#attempts caption').textContent"))
                .isEqualTo(attempts + " attempts");
        browser.run("""
            (() => {
              const filter = document.getElementById('filter');
              filter.value = 'failed';
              filter.dispatchEvent(new Event('change'));
            })()\
            """);
        assertThat(strings(
                        "[...document.querySelectorAll('#attempts tbody tr td:last-child')].map(c => c.textContent)"))
                .containsExactly("died", "ok");
        List<Map<String, Object>> workers = ParsedJson.maps(deathAndRetry.get("workers"));
        assertThat(strings(
                        "[...document.querySelectorAll('#workers tbody tr td:nth-child(2)')].map(c => c.textContent)"))
                .containsExactlyElementsOf(
                        workers.stream().map(worker -> "" + worker.get("pid")).toList());
        assertThat((String) browser.run("document.getElementById('failures').textContent"))
                .contains("exited with code 9", "last words of it", "exit code 9");
        assertThat((String) browser.run("document.getElementById('command').textContent"))
                .startsWith("cd " + died.toRealPath() + "\n")
                .contains(Launcher.SCRIPT.toRealPath() + " --job Failing ", " --procs 2 --tasks 8 ");
        assertThat(browser.run("document.getElementById('answer').textContent")).isEqualTo(ELEMENTS + "\n");
    }

    @LongTest
    @Test
    void whatAJournalHadIsCountedAndSaid() throws Exception {
        Files.write(folder.resolve("data.bin"), TestData.random(ElementType.INT32, ELEMENTS, 1));
        String[] command = {
            "--procs", "1", "--tasks", "8", "--job", "sum", "--journal", "run.journal", "--report", "r.html", "data.bin"
        };
        new Launcher(folder).run(command);
        assertThat(new Launcher(folder).run(command).exit()).isZero();

        browser.open(folder.resolve("r.html"), 1200, 900, "light");

        assertThat(browser.run("document.getElementById('resumed').textContent"))
                .isEqualTo("An earlier run had finished 8 tasks and read 1.00 MiB: that was taken from the journal, and"
                        + " is not in the timeline.");
        assertThat(strings("[...document.querySelectorAll('#tiles div')].map(tile => tile.textContent)"))
                .contains("tasks8", "tasks resumed8", "read0 bytes")
                .noneMatch(tile -> tile.contains("while working"));
        assertThat(browser.run("document.getElementById('shape').textContent"))
                .asString()
                .endsWith(" from start to answer: complete.");
        assertThat(browser.run("document.getElementById('headline').textContent"))
                .isEqualTo(browser.run("document.getElementById('answer').textContent.trim()"));
        assertThat(strings(BARS_FOR_NOTHING)).isEmpty();
        // Nothing was read: no strip of what was read when, and no word of it.
        assertThat(browser.run("document.getElementById('timeline').clientHeight"))
                .isEqualTo(12 + 30 + 26);
        assertThat(browser.run("document.getElementById('strip-text').hidden")).isEqualTo(true);
        assertThat((String) browser.run("document.getElementById('memory-text').textContent"))
                .startsWith("Not compared with copies: none of the dataset\u2019s 1.00 MiB were in the");
        // Nine tiles, with figures as wide as they get.
        browser.run("document.querySelectorAll('#tiles dd').forEach(value => { value.textContent = '888.8 MB/s'; })");
        assertThat(strings("""
            [...document.querySelectorAll('#tiles dd')].filter(value => value.scrollWidth > value.clientWidth)
              .map(value => value.previousSibling.textContent)\
            """)).isEmpty();
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void whatOthersNameAndPrintStaysText() throws Exception {
        Path data = folder.resolve(HOSTILE + ".bin");
        Files.createDirectories(data.getParent());
        Files.write(data, TestData.int32(1, 2, 3, 4));
        Outcome outcome = new Launcher(folder)
                .run(TestJobs.job(
                        "Failing",
                        "--procs",
                        "1",
                        "--retries",
                        "0",
                        "--param",
                        "way=die",
                        "--param",
                        "words=<!-- <script>" + HOSTILE + "{{script}}\u2028",
                        "--report",
                        "r.html",
                        data.toString()));
        assertThat(outcome.exit()).as(outcome.stderr()).isEqualTo(1);

        browser.open(folder.resolve("r.html"), 1200, 900, "light");

        assertThat(browser.run("typeof window.taken")).isEqualTo("undefined");
        assertThat(browser.run("document.querySelectorAll('img').length")).isEqualTo(0);
        assertThat((String) browser.run("document.getElementById('subtitle').textContent"))
                .startsWith(data.toRealPath().toString());
        assertThat((String) browser.run("document.getElementById('failures').textContent"))
                .contains("<!-- <script>" + HOSTILE + "{{script}}\u2028");
        assertThat(browser.run("document.getElementById('badge').textContent")).isEqualTo("failed");
        assertThat(browser.run("document.getElementById('headline').textContent"))
                .isEqualTo("No answer");
        assertThat((String) browser.run("document.getElementById('shape').textContent"))
                .endsWith(" until it failed: there is no answer.");
        assertThat(strings("[...document.querySelectorAll('#tiles dt')].map(name => name.textContent)"))
                .contains("start to end")
                .doesNotContain("start to answer");
        assertThat((String) browser.run("document.getElementById('error').textContent"))
                .startsWith("every attempt at elements 0 to 3 ended its worker");
        assertThat(browser.run("document.getElementById('moments').textContent"))
                .asString()
                .contains("until it had failed")
                .doesNotContain("merged");
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).hasSize(1);
    }

    @Test
    void aScriptThatGotInCouldNotRun() throws Exception {
        Path changed = Files.writeString(
                folder.resolve("changed.html"),
                Files.readString(page)
                        .replace(
                                "</body>",
                                "<script>window.taken = 1</script><img src='http://127.0.0.1:9/' onerror='window.taken"
                                        + " = 1'></body>"));

        browser.open(changed, 1200, 900, "light");

        assertThat(browser.run("typeof window.taken")).isEqualTo("undefined");
        assertThat(browser.complaints()).as("what was refused").isNotEmpty();
    }

    @Test
    void aNarrowWindowAndADarkOneShowEverything() throws Exception {
        browser.open(page, 390, 844, "dark");

        assertThat(ParsedJson.integer(browser.run("document.documentElement.scrollWidth")))
                .isLessThanOrEqualTo(390);
        assertThat(browser.run("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(20, 23, 28)");
        // Tables that are wider than the window say so, and scroll with the keyboard, too.
        assertThat(strings(WIDE))
                .contains("#attempts scrolls, hint")
                .allMatch(table -> table.matches("#[a-z]* (fits|scrolls, hint)"));
        browser.open(page, 1200, 900, "light");
        assertThat(strings(WIDE)).contains("#moments fits", "#workers fits");
        assertThat(browser.complaints()).isEmpty();
    }

    /** Points of the lanes whose shade is not the share of their time that was busy. */
    private static final String MISSHADED = """
        (() => {
          document.getElementById('zoom-work').click();
          return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
            const { run } = JSON.parse(document.getElementById('data').textContent);
            const { timeline, moments, workers } = run;
            const canvas = document.getElementById('timeline');
            const [left, width] = [76, canvas.width - 76 - 8];
            const time = moments.lastPartialSeconds - moments.firstTaskSeconds;
            const from = Math.max(0, moments.firstTaskSeconds - 0.02 * time);
            const perPixel = ((moments.completedSeconds || moments.lastPartialSeconds) + 0.02 * time - from) / width;
            const image = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            const wrong = [];
            let pale = 0;
            for (let lane = 0; lane < 2; lane++) {
              const busy = new Float64Array(width);
              const isWide = new Uint8Array(width);
              for (let i = 0; i < timeline.attempts; i++) {
                if (workers[timeline.worker[i]].id !== lane) continue;
                const a = (timeline.startedMicros[i] / 1e6 - from) / perPixel;
                const b = (timeline.endedMicros[i] / 1e6 - from) / perPixel;
                for (let x = Math.floor(a); x <= b && x < width; x++) {
                  busy[x] += Math.min(b, x + 1) - Math.max(a, x);
                  if (b - a > 2.9 || timeline.merge[i]) isWide[x] = 1;
                }
              }
              for (let x = 1; x < width - 1; x++) {
                const alphaAt = y => image[4 * ((84 + 30 * lane + y) * canvas.width + left + x) + 3] / 255;
                if (isWide[x] || busy[x] === 0 || alphaAt(28) > 0) continue; // a line of the axis would shine through
                const alpha = alphaAt(3);
                const share = Math.max(0.1, Math.min(1, busy[x]));
                if (share < 0.8) pale++;
                if (Math.abs(alpha - share) > 0.03) wrong.push(lane + ' ' + x + ': ' + alpha + ' for ' + busy[x]);
              }
            }
            if (pale < 100) wrong.push('only ' + pale + ' are pale');
            done(wrong);
          })));
        })()\
        """;

    private static final String WIDE = """
        (() => [...document.querySelectorAll('.wide')].filter(wide => wide.clientWidth > 0).map(wide => {
          const has = wide.tabIndex === 0 && getComputedStyle(wide.nextElementSibling).display !== 'none';
          return '#' + wide.firstElementChild.id + (wide.scrollWidth > wide.clientWidth + 1 ? ' scrolls' : ' fits') + (has ? ', hint' : '');
        }))()\
        """;

    @LongTest
    @Test
    void manyTasksOpenQuickly() throws Exception {
        int tasks = Thorough.wholeOr(100_000, 40_000);
        Files.write(folder.resolve("data.bin"), TestData.random(ElementType.INT32, tasks, 1));
        new Launcher(folder)
                .run("--procs", "2", "--tasks", "" + tasks, "--job", "sum", "--report", "r.html", "data.bin")
                .answer();

        long before = System.nanoTime();
        browser.open(folder.resolve("r.html"), 1200, 900, "light");
        var opened = Duration.ofNanos(System.nanoTime() - before);

        // It takes half a second on two cores.
        assertThat(Patience.excuses(Duration.ofSeconds(5), opened))
                .as("%s", opened)
                .isTrue();
        assertThat((String) browser.run("document.querySelector('#attempts caption').textContent"))
                .matches(tasks / 10_000 + "\\d,\\d{3} attempts, here 1 to 50");
        var drawn = Duration.ofMillis(((Number) browser.run("""
            (() => {
              const before = performance.now();
              dispatchEvent(new Event('beforeprint'));
              return performance.now() - before;
            })()\
            """)).longValue());
        assertThat(Patience.excuses(Duration.ofMillis(500), drawn))
                .as("%s to draw", drawn)
                .isTrue();
        assertThat(strings(MISSHADED)).isEmpty();

        // What was read in which time is the same in a window of another size.
        List<String> bins = distinct(tips(40));
        browser.open(folder.resolve("r.html"), 700, 900, "light");
        click("#zoom-work");
        assertThat(distinct(tips(40))).isSubsetOf(bins).hasSizeGreaterThan(40);
        assertThat(bins).hasSizeLessThan(120);
        assertThat(browser.complaints()).isEmpty();
    }

    /** Marks of time that stand for none: nothing took any there. */
    private static final String BARS_FOR_NOTHING = """
        (() => [...document.querySelectorAll('.bar')].filter(bar => parseFloat(bar.style.width) === 0).map(bar => bar.outerHTML)
          .concat([...document.querySelectorAll('table')].map(table => table.textContent)
            .filter(text => /sets? 0 to 0|NaN|undefined|Infinity/.test(text))))()\
        """;

    @Test
    void anEmptyFileHasAnAnswer() throws Exception {
        Files.createFile(folder.resolve("data.bin"));
        Outcome outcome = new Launcher(folder).run("--procs", "2", "--job", "sum", "--report", "r.html", "data.bin");
        assertThat(outcome.exit()).as(outcome.stderr()).isZero();

        browser.open(folder.resolve("r.html"), 1200, 900, "light");

        assertThat(browser.run("document.getElementById('headline').textContent"))
                .isEqualTo("0");
        assertThat((String) browser.run("document.getElementById('shape').textContent"))
                .startsWith("sum over nothing (the file is empty) with 2 workers, ")
                .endsWith(": complete.");
        assertThat((String) browser.run("document.getElementById('memory-text').textContent"))
                .startsWith("Not compared with copies: the dataset is empty. The workers had ");
        assertThat(strings(BARS_FOR_NOTHING)).isEmpty();
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aRecordThatLacksAValueIsAtTheHeadToo() throws Exception {
        Files.createFile(folder.resolve("data.bin"));
        new Launcher(folder)
                .run("--procs", "1", "--report", "r.html", "data.bin")
                .answer();

        browser.open(folder.resolve("r.html"), 1200, 900, "light");

        assertThat(strings("[...document.querySelectorAll('#headline dl > div')].map(value => value.textContent)"))
                .containsExactly("count0", "sum0", "minnone", "maxnone", "meanNaN", "stddevNaN");
        assertThat(browser.run("document.getElementById('answer-s').hidden")).isEqualTo(true);
        assertThat(browser.complaints()).isEmpty();
    }

    @LongTest
    @Test
    void aSweepIsATableAndALine() throws Exception {
        Files.write(
                folder.resolve("data.bin"),
                TestData.int32(IntStream.range(0, 1000).map(i -> i % 101).toArray()));
        String[] sweep = {"--procs", "1", "--job", "count", "--sweep", "above=0:100", "data.bin"};
        String csv = new Launcher(folder).run(with(sweep, "--csv")).answer();
        new Launcher(folder).run(with(sweep, "--report", "r.html")).answer();

        browser.open(folder.resolve("r.html"), 1200, 900, "light");

        assertThat(browser.run("document.getElementById('headline').textContent"))
                .isEqualTo("101 parameter sets");
        assertThat(browser.run("document.getElementById('extremes').textContent"))
                .isEqualTo("\u25b2 highest result: 990 at above=0\u25bc lowest result: 0 at above=100");
        // The line falls from left to right, through a dot for each set, from one mark to the other.
        assertThat(browser.run("""
            (() => {
              const dots = [...document.querySelectorAll('#picture circle.dot')];
              const at = dots.map(dot => [+dot.getAttribute('cx'), +dot.getAttribute('cy')]);
              const falls = at.slice(1).every(([x, y], i) => x > at[i][0] && y > at[i][1]);
              const box = mark => document.querySelector('#picture path.' + mark).getBBox();
              const isAt = (mark, [x, y]) => Math.abs(box(mark).x + 6 - x) < 1 && Math.abs(box(mark).y + 5 - y) < 15;
              return dots.length + ' ' + falls + ' ' + isAt('highest', at[0]) + ' ' + isAt('lowest', at[100]);
            })()\
            """)).isEqualTo("101 true true true");
        // Sorted, and page by page.
        assertThat(first("#answer-table")).isEqualTo("0 \u25b2 990");
        click("#answer-table th:nth-child(2) button");
        assertThat(first("#answer-table")).isEqualTo("100 \u25bc 0");
        click("#answer-table th:nth-child(2) button");
        assertThat(first("#answer-table")).isEqualTo("0 \u25b2 990");
        assertThat(strings("[...document.querySelectorAll('#answer-table th')].map(th => '' +"
                        + " th.getAttribute('aria-sort'))"))
                .containsExactly("null", "descending");
        click("#answer-pages button:nth-of-type(3)");
        assertThat(first("#answer-table")).startsWith("10 ");
        assertThat(browser.run("document.getElementById('answer-pages').innerText"))
                .asString()
                .containsIgnoringWhitespaces("\u00ab Previous 2 of 11 Next \u00bb");
        // And as the command prints it.
        assertThat(browser.run("""
            (() => {
              let copied;
              document.execCommand = () => {
                copied = document.activeElement.value;
                return true;
              };
              document.getElementById('copy').click();
              return copied;
            })()\
            """)).isEqualTo(csv);
        assertThat(browser.complaints()).isEmpty();
    }

    @LongTest
    @Test
    void aSweepOverTwoParametersIsAMap() throws Exception {
        var prices = ByteBuffer.allocate(8 * 2000).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 2000; i++) {
            prices.putDouble(100 + 20 * Math.sin(i / 40.0) + i % 7);
        }
        Files.write(folder.resolve("prices.f64"), prices.array());
        Map<String, Object> printed = ParsedJson.object(new Launcher(folder)
                .run(
                        "--procs",
                        "1",
                        "--type",
                        "float64",
                        "--job",
                        Path.of("../docs/examples/Crossover.java").toRealPath().toString(),
                        "--sweep",
                        "fast=5:50:5",
                        "--sweep",
                        "slow=60:170:10",
                        "--json",
                        "--report",
                        "r.html",
                        "prices.f64")
                .answer());

        browser.open(folder.resolve("r.html"), 1200, 900, "light");

        for (String component : List.of("profit", "trades")) {
            choose("component", component);
            List<Double> values = ParsedJson.maps(printed.get("result")).stream()
                    .map(set -> ((Number) ParsedJson.map(set.get("result")).get(component)).doubleValue())
                    .toList();
            List<Double> shades = strings("[...document.querySelectorAll('#picture rect.heat')]"
                            + ".map(box => box.getAttribute('fill-opacity'))")
                    .stream()
                    .map(Double::valueOf)
                    .toList();
            assertThat(shades).hasSize(120);
            double least = Collections.min(values);
            double range = Collections.max(values) - least;
            for (int i = 0; i < 120; i++) {
                assertThat(shades.get(i))
                        .as("%s of set %d", component, i)
                        .isCloseTo(0.06 + 0.9 * (values.get(i) - least) / range, within(0.002));
            }
            assertThat((String) browser.run("document.getElementById('extremes').textContent"))
                    .contains("highest " + component + ": ", "lowest " + component + ": ", " at fast=", ", slow=");
            assertThat(strings("[...document.querySelectorAll('#picture text.told')].map(text => text.textContent)"))
                    .filteredOn(text -> text.startsWith("\u25b2") || text.startsWith("\u25bc"))
                    .hasSize(2);
        }
        assertThat(strings(OVERLAPPING)).isEmpty();
        browser.open(folder.resolve("r.html"), 390, 844, "dark");
        assertThat(strings(OVERLAPPING)).isEmpty();
        assertThat(browser.complaints()).isEmpty();
    }

    /** Labels of pictures that touch another, or reach beyond their picture. */
    private static final String OVERLAPPING = """
        (() => {
          const wrong = [];
          for (const picture of document.querySelectorAll('svg')) {
            const all = picture.getBoundingClientRect();
            const boxes = [...picture.querySelectorAll('text')].map(text => [text.textContent, text.getBoundingClientRect()]);
            boxes.forEach(([name, a], i) => {
              if (a.left < all.left - 1 || a.right > all.right + 1) wrong.push(name + ' is cut');
              boxes.slice(i + 1).forEach(([other, b]) => {
                if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4) {
                  wrong.push(name + ' touches ' + other);
                }
              });
            });
          }
          return wrong;
        })()\
        """;

    @LongTest
    @Test
    void aParameterSetWithoutAnAnswerIsNamed() throws Exception {
        Files.write(folder.resolve("data.bin"), TestData.random(ElementType.INT32, 1000, 1));
        Outcome outcome = new Launcher(folder)
                .run(TestJobs.job(
                        "Divide",
                        "--skip-failed",
                        "--procs",
                        "1",
                        "--sweep",
                        "unit=-1:2",
                        "--report",
                        "r.html",
                        "data.bin"));
        assertThat(outcome.exit()).isEqualTo(1);

        browser.open(folder.resolve("r.html"), 1200, 900, "light");

        assertThat(browser.run("document.getElementById('headline').textContent"))
                .isEqualTo("4 parameter sets, 1 without an answer");
        assertThat((String) browser.run("document.getElementById('shape').textContent"))
                .endsWith(": not complete, 1 parameter set failed.");
        assertThat(first("#left")).startsWith("all unit=0 ").contains("/ by zero");
        // What threw has no exit code, and what lacks an answer was not proved complete.
        assertThat(strings("[...document.querySelectorAll('#failures th')].map(head => head.textContent)"))
                .contains("of processes")
                .doesNotContain("exit code");
        assertThat(browser.run("document.getElementById('moments').textContent"))
                .asString()
                .contains("merged")
                .doesNotContain("proved complete");
        assertThat(strings("[...document.querySelectorAll('#picture text.lack')].map(text => text.textContent)"))
                .containsExactly("\u2715unit=0: failed");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aThousandDeathsStayOneScreen() throws Exception {
        Path many = edited(doc -> {
            Map<String, Object> run = ParsedJson.map(doc.get("run"));
            Map<String, Object> failure = ParsedJson.maps(run.get("failures")).getFirst();
            List<Object> workers = new ArrayList<>();
            List<Object> failures = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                workers.add(with(
                        ParsedJson.maps(run.get("workers")).getFirst(),
                        Map.of(
                                "id",
                                i % 2,
                                "pid",
                                100_000 + i,
                                "endedSeconds",
                                0.5 + i / 1e3,
                                "end",
                                "exited with code 9")));
                String cause = i % 4 == 0
                        ? "broke the protocol (no frame starts here: 0a 01 ff 0" + i % 10 + " 20 |....|)"
                        : "exited with code 9";
                failures.add(with(failure, Map.of("task", i / 3, "pid", 100_000 + i, "cause", cause)));
            }
            Map<String, Object> lost = with(
                    ParsedJson.map(workers.getLast()),
                    Map.of("pid", 7, "startedSeconds", 100.0, "endedSeconds", 120.0));
            lost.keySet().removeAll(List.of("upSeconds", "mappedSeconds", "preparedSeconds"));
            workers.add(lost);
            workers.addAll((List<?>) run.get("workers"));
            run.put("workers", workers);
            run.put("failures", failures);
            run.put("failed", 1000);
            ParsedJson.map(run.get("timeline"))
                    .replaceAll((name, value) -> name.equals("worker")
                            ? ((List<?>) value)
                                    .stream()
                                            .map(worker -> (Integer) worker + 1001)
                                            .toList()
                            : value);
        });

        browser.open(many, 1200, 900, "light");

        assertThat(strings("[...document.querySelectorAll('#failures > details > summary')].map(head =>"
                        + " head.textContent)"))
                .containsExactly(
                        "750\u00d7 exited with code 9", "250\u00d7 broke the protocol (no frame starts here: \u2026");
        assertThat(ParsedJson.integer(browser.run("document.querySelectorAll('#failures > details')[0].open = true,"
                        + " Math.round(document.getElementById('failures-s').clientHeight)")))
                .isLessThan(900);
        assertThat(browser.run("document.querySelectorAll('#failures details')[0].textContent"))
                .asString()
                .contains("750 attempts at 334 tasks", "What the latest of them said, pid 100999", "last words of it");
        assertThat(browser.run("document.querySelectorAll('#workers tbody tr').length"))
                .isEqualTo(12);
        // Both workers' lanes, whoever was in them.
        assertThat(browser.run("document.getElementById('timeline').clientHeight"))
                .isEqualTo(84 + 2 * 30 + 26);
        click("#zoom-all");
        List<String> told = tips(84 + 15);
        assertThat(told).anyMatch(tip -> tip.matches("\\d+ workers died here"));
        assertThat(tips(84 + 45)).contains("worker 1, pid 7: never came up");
        assertThat(strings("[...document.querySelectorAll('#legend span')].map(entry => entry.textContent)"))
                .contains("never came up", "\u2715a worker died; what follows is its replacement");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void memoryIsComparedWhereEnoughWasMapped() throws Exception {
        browser.open(mapping(1 << 19), 1200, 900, "light");
        assertThat((String) browser.run("document.getElementById('memory').textContent"))
                .contains("as it is", "with 2 copies22.0 MiB", "dataset, once for all workers524,288");

        browser.open(mapping(4096), 1200, 900, "light");
        assertThat(browser.run("document.getElementById('memory-text').textContent"))
                .isEqualTo("Not compared with copies: only 4.00 KiB of the dataset\u2019s 1.00 MiB were in the"
                        + " workers\u2019 memory at the end. Their own memory was 20.0 MiB.");
        assertThat(browser.run("document.querySelectorAll('#memory *').length")).isEqualTo(0);
    }

    /** That page, with one worker that lives, has mapped so much of the dataset, and has 20 MiB of its own. */
    private Path mapping(long bytes) throws Exception {
        return edited(doc -> {
            List<Map<String, Object>> workers =
                    ParsedJson.maps(ParsedJson.map(doc.get("run")).get("workers"));
            workers.forEach(worker -> worker.remove("ownBytes"));
            workers.getLast().putAll(Map.of("dataPssBytes", bytes, "ownBytes", 20 << 20));
        });
    }

    @Test
    void colorsAreToldApart() throws Exception {
        for (String scheme : List.of("light", "dark")) {
            browser.open(page, 1200, 900, scheme);
            assertThat(strings(ALIKE)).as(scheme).isEmpty();
        }
    }

    /** Colors of the timeline that are alike to somebody: to all, or to those who lack one kind of cones (Machado, 2009). */
    private static final String ALIKE = """
        (() => {
          const eyes = {
            all: [1, 0, 0, 0, 1, 0, 0, 0, 1],
            protanope: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
            deuteranope: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
            tritanope: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900]
          };
          const product = (m, v) => [0, 3, 6].map(row => m[row] * v[0] + m[row + 1] * v[1] + m[row + 2] * v[2]);
          const style = getComputedStyle(document.documentElement);
          const linear = name => style.getPropertyValue('--' + name).trim().match(/[0-9a-f]{2}/g)
            .map(c => parseInt(c, 16) / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
          const lab = rgb => product([0.2104542553, 0.793617785, -0.0040720468, 1.9779984951, -2.428592205, 0.4505937099,
              0.0259040371, 0.7827717662, -0.808675766],
            product([0.4122214708, 0.5363325363, 0.0514459929, 0.2119034982, 0.6806995451, 0.1073969566,
              0.0883024619, 0.2817188376, 0.6299787005], rgb).map(c => Math.cbrt(Math.max(0, c))));
          const names = ['card', 'scan', 'retry', 'merge', 'bad', 'start'];
          const wrong = [];
          for (const [eye, matrix] of Object.entries(eyes)) {
            const seen = names.map(name => lab(product(matrix, linear(name))));
            names.forEach((name, i) => names.slice(0, i).forEach((other, j) => {
              const far = Math.hypot(...seen[i].map((c, k) => c - seen[j][k]));
              if (far < 0.1) wrong.push(eye + ': ' + name + ' and ' + other + ' are ' + far.toFixed(3) + ' apart');
            }));
          }
          return wrong;
        })()\
        """;

    /** A run of 8 tasks, one of which kills its worker the first time; its {@code --json} beside its page. */
    private static Map<String, Object> deathAndRetry() throws Exception {
        Files.write(died.resolve("data.bin"), TestData.random(ElementType.INT32, ELEMENTS, 1));
        Path once = Files.createFile(died.resolve("once"));
        Outcome outcome = new Launcher(died)
                .run(TestJobs.job(
                        "Failing",
                        "--procs",
                        "2",
                        "--tasks",
                        "8",
                        "--param",
                        "way=die",
                        "--param",
                        "at=" + ELEMENTS / 2,
                        "--param",
                        "once=" + once,
                        "--param",
                        "words=last words of it",
                        "--json",
                        "--report",
                        "r.html",
                        "data.bin"));
        assertThat(outcome.exit()).as(outcome.stderr()).isZero();
        return ParsedJson.map(RunSchema.checked(outcome.stdout()).get("run"));
    }

    /** The page of that run, with other figures in it. */
    private Path edited(Consumer<Map<String, Object>> change) throws Exception {
        String html = Files.readString(page);
        int from = html.indexOf('{', html.indexOf("id=\"data\""));
        int to = html.indexOf("</script>", from);
        Map<String, Object> doc = ParsedJson.object(html.substring(from, to));
        change.accept(doc);
        String json = Json.of(doc);
        return Files.writeString(
                folder.resolve("edited.html"),
                html.substring(0, from) + json.replace("<", "\\u003c") + html.substring(to));
    }

    private static Map<String, Object> with(Map<String, Object> map, Map<String, Object> more) {
        Map<String, Object> all = new LinkedHashMap<>(map);
        all.putAll(more);
        return all;
    }

    private static String[] with(String[] command, String... more) {
        return Stream.concat(Stream.of(more), Stream.of(command)).toArray(String[]::new);
    }

    private static void click(String selector) throws InterruptedException {
        browser.run("document.querySelector('" + selector + "').click()");
    }

    private static void choose(String select, String option) throws InterruptedException {
        browser.run("""
            (() => {
              const select = document.getElementById('%s');
              select.value = [...select.options].find(option => option.textContent === '%s').value;
              select.dispatchEvent(new Event('change'));
            })()\
            """.formatted(select, option));
    }

    /** The cells of a table's first row. */
    private static String first(String table) throws InterruptedException {
        return (String) browser.run("[...document.querySelectorAll('" + table
                + " tbody tr:first-child td')].map(cell => cell.textContent).join(' ')");
    }

    /** The titles of what the pointer is told, along a line of the timeline. */
    private static List<String> tips(int y) throws InterruptedException {
        return strings("""
            new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
              const canvas = document.getElementById('timeline');
              const box = canvas.getBoundingClientRect();
              const told = [];
              for (let x = 80; x < canvas.clientWidth - 9; x++) {
                canvas.dispatchEvent(new PointerEvent('pointermove', { clientX: box.left + x, clientY: box.top + %d }));
                const tip = document.getElementById('tip');
                if (!tip.hidden) told.push(tip.firstChild.textContent);
              }
              done(told);
            })))\
            """.formatted(y));
    }

    private static List<String> distinct(List<String> all) {
        return all.stream().distinct().toList();
    }

    private static long column(Map<String, Object> timeline, String name, int row) {
        return ParsedJson.integer(((List<?>) timeline.get(name)).get(row));
    }

    private static List<String> strings(String script) throws InterruptedException {
        return ((List<?>) browser.run(script)).stream().map(String.class::cast).toList();
    }
}
