package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.testing.Patience;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
            for (const name of ['scan', 'scan2', 'retry', 'merge', 'bad']) {
              kinds[style.getPropertyValue('--' + name).trim().toLowerCase()] = name;
            }
            const wrong = [];
            const seen = new Set();
            const box = canvas.getBoundingClientRect();
            const image = pen.getImageData(0, 0, canvas.width, canvas.height);
            const lanes = document.querySelectorAll('#workers tbody tr').length;
            const laneHeight = (canvas.clientHeight - 84 - 26) / lanes;
            for (let lane = 0; lane < lanes; lane++) {
              const y = 84 + lane * laneHeight + 3;
              for (let x = 120; x < canvas.clientWidth - 9; x++) {
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
                .contains(Launcher.SCRIPT.toRealPath() + " --procs 2 --tasks 8 ");
        assertThat(browser.run("document.getElementById('answer').textContent")).isEqualTo(ELEMENTS + "\n");
        assertThat((String) browser.run("document.getElementById('memory').textContent"))
                .contains("as it is", "with 2 copies");
    }

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
                .contains("tasks8", "tasks resumed8", "read0 bytes");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void whatOthersNameAndPrintStaysText() throws Exception {
        Path data = folder.resolve(HOSTILE + ".bin");
        Files.createDirectories(data.getParent());
        Files.write(data, TestData.int32(1, 2, 3, 4));
        Outcome outcome = new Launcher(folder)
                .run(
                        "--procs",
                        "1",
                        "--retries",
                        "0",
                        "--job",
                        "Failing",
                        "--class-path",
                        TestJobs.classes(),
                        "--param",
                        "way=die",
                        "--param",
                        "words=<!-- <script>" + HOSTILE + "{{script}}\u2028",
                        "--report",
                        "r.html",
                        data.toString());
        assertThat(outcome.exit()).as(outcome.stderr()).isEqualTo(1);

        browser.open(folder.resolve("r.html"), 1200, 900, "light");

        assertThat(browser.run("typeof window.taken")).isEqualTo("undefined");
        assertThat(browser.run("document.querySelectorAll('img').length")).isEqualTo(0);
        assertThat((String) browser.run("document.getElementById('subtitle').textContent"))
                .startsWith(data.toRealPath().toString());
        assertThat((String) browser.run("document.getElementById('failures').textContent"))
                .contains("<!-- <script>" + HOSTILE + "{{script}}\u2028");
        assertThat(browser.run("document.getElementById('badge').textContent")).isEqualTo("failed");
        assertThat((String) browser.run("document.getElementById('error').textContent"))
                .startsWith("every attempt at elements 0 to 3 ended its worker");
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
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aHundredThousandTasksOpenQuickly() throws Exception {
        int tasks = 100_000;
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
                .matches("10\\d,\\d{3} attempts, here 1 to 50");
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
        assertThat(browser.complaints()).isEmpty();
    }

    /** A run of 8 tasks, one of which kills its worker the first time; its {@code --json} beside its page. */
    private static Map<String, Object> deathAndRetry() throws Exception {
        Files.write(died.resolve("data.bin"), TestData.random(ElementType.INT32, ELEMENTS, 1));
        Path once = Files.createFile(died.resolve("once"));
        Outcome outcome = new Launcher(died)
                .run(
                        "--procs",
                        "2",
                        "--tasks",
                        "8",
                        "--job",
                        "Failing",
                        "--class-path",
                        TestJobs.classes(),
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
                        "data.bin");
        assertThat(outcome.exit()).as(outcome.stderr()).isZero();
        return ParsedJson.map(RunSchema.checked(outcome.stdout()).get("run"));
    }

    private static long column(Map<String, Object> timeline, String name, int row) {
        return ParsedJson.integer(((List<?>) timeline.get(name)).get(row));
    }

    private static List<String> strings(String script) throws InterruptedException {
        return ((List<?>) browser.run(script)).stream().map(String.class::cast).toList();
    }
}
