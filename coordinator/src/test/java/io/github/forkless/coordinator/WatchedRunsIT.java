package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.job.Job;
import io.github.forkless.coordinator.Misbehaving.Moment;
import io.github.forkless.coordinator.Misbehaving.Way;
import io.github.forkless.coordinator.cli.Browser;
import io.github.forkless.coordinator.cli.ParsedJson;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.Progress;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.result.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a program is told of its runs: their page, and how far they are. */
@Execution(ExecutionMode.SAME_THREAD)
class WatchedRunsIT {
    private static final int ELEMENTS = 1 << 16;
    private static final int TASKS = 8;
    private static final RunOptions RECORDED =
            RunOptions.defaults().withTasks(TASKS).withReport();

    @TempDir
    Path folder;

    private Path data;
    private final List<Progress> told = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void writeData() {
        data = TestData.ints(folder.resolve("data.bin"), ELEMENTS, i -> i);
    }

    @AfterEach
    void noProcessIsLeft() throws Exception {
        Marked.assertNoneIsLeft(Duration.ofSeconds(2));
    }

    @Test
    void aPageHasTheRunAndNoOther() throws Exception {
        Path once = Files.createFile(folder.resolve("once"));
        Path page = folder.resolve("run.html");
        RunResult result;
        try (var pool = WorkerPool.open(data, PoolOptions.defaults().withProcs(2))) {
            pool.run(new Misbehaving(Way.EXIT_7, Moment.ACCEPT, -1, ""));
            result = pool.with(RECORDED)
                    .runReported(List.of(new Misbehaving(Way.EXIT_7, Moment.ACCEPT, ELEMENTS / 2, once.toString())));
            pool.run(new Misbehaving(Way.EXIT_7, Moment.ACCEPT, -1, ""));
            result.report(page);
        }

        Map<String, Object> doc = json(page, "data");
        assertThat(doc).containsEntry("job", "Misbehaving");
        Map<String, Object> run = ParsedJson.map(doc.get("run"));
        assertThat(run).containsEntry("tasks", TASKS).containsEntry("failed", 1).containsEntry("complete", true);
        assertThat(attempts(run)).hasSize((int) result.report().attempts());
        List<Map<String, Object>> workers = ParsedJson.maps(run.get("workers"));
        assertThat(workers).extracting("end").contains("exited with code 7", "ok");
        assertThat(workers).allSatisfy(worker -> assertThat(worker).containsKey("startedSeconds"));
        assertThat(workers).anySatisfy(worker -> assertThat(worker).containsKey("ownBytes"));
        assertThat(ParsedJson.maps(run.get("failures")))
                .extracting("cause")
                .containsExactly(result.report().failures().getFirst().cause());
        assertThat((List<?>) ParsedJson.map(run.get("environment")).get("command"))
                .isEmpty();
        assertThat(json(page, "answer-data").get("rows"))
                .isEqualTo(List.of(List.of(result.results().getFirst().toString())));

        Path again = folder.resolve("again.html");
        result.report(again); // the pool is closed
        Map<String, Object> later = ParsedJson.map(json(again, "data").get("run"));
        assertThat(attempts(later)).isEqualTo(attempts(run));
        assertThat(ParsedJson.maps(later.get("workers")))
                .allSatisfy(worker -> assertThat(worker).doesNotContainKey("ownBytes"));
    }

    @Test
    void eachOfSeveralJobsIsARow() throws Exception {
        Path page = folder.resolve("run.html");
        try (var pool =
                WorkerPool.open(data, PoolOptions.defaults().withProcs(1).withRunOptions(RECORDED))) {
            pool.runReported(new NamedJob("stats", Map.of())).report(page);
            assertThat(json(page, "answer-data").get("names")).asString().contains("count", "mean");

            var job = new Misbehaving(Way.EXIT_7, Moment.ACCEPT, -1, "");
            pool.runReported(List.of(job, job)).report(page);
            assertThat(json(page, "answer-data")).containsEntry("parameters", 1).containsEntry("count", 2);
        }
    }

    record Range(long from, List<Range> within) {}

    record Widening() implements Job<Long, Range> {
        @Override
        public Long start() {
            return 0L;
        }

        @Override
        public Long accept(Long count, Block block) {
            return count + block.count();
        }

        @Override
        public Long merge(Long left, Long right) {
            return left + right;
        }

        @Override
        public Range finish(Long count) {
            return new Range(count, List.of(new Range(7, List.of())));
        }
    }

    @Test
    void recordsOfTheProgramAreNamesAndValues() throws Exception {
        Path page = folder.resolve("run.html");
        try (var pool =
                WorkerPool.open(data, PoolOptions.defaults().withProcs(1).withRunOptions(RECORDED))) {
            RunResult result = pool.runReported(List.of(new Widening()));
            assertThat(result.results()).containsExactly(new Range(ELEMENTS, List.of(new Range(7, List.of()))));
            result.report(page);
        }

        assertThat(json(page, "answer-data"))
                .containsEntry("names", List.of("from", "within"))
                .containsEntry("rows", List.of(List.of("" + ELEMENTS, "[{\"from\":7,\"within\":[]}]")));
    }

    @Test
    void anAnswerIsWrittenAsTheFilesNameSays() throws Exception {
        Path table = folder.resolve("answer.csv");
        Path columns = folder.resolve("answer.arrow");
        try (var pool = WorkerPool.open(data, PoolOptions.defaults().withProcs(1))) {
            RunResult ofJobs = pool.runReported(List.of(new Widening(), new Widening()));
            ofJobs.write(table);
            assertThat(table)
                    .hasContent("job,from,within\n"
                            + ("Widening[],65536,\"[{\"\"from\"\":7,\"\"within\"\":[]}]\"\n").repeat(2));

            RunResult sweep = pool.runReported(
                    new NamedJob("count", Map.of(), List.of(Map.of("above", "9"), Map.of("above", "10"))));
            sweep.write(table);
            assertThat(table).hasContent("above,result\n9,65526\n10,65525\n");
            sweep.write(columns);
            try (var again = WorkerPool.open(
                    DatasetFile.open(columns, Optional.empty()).column("result"),
                    PoolOptions.defaults().withProcs(1))) {
                assertThat(again.run(new Widening()).from()).isEqualTo(2);
            }

            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> sweep.write(folder.resolve("answer.txt")))
                    .withMessageContaining("its name does not say in which format");
            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> sweep.write(folder.resolve("answer.json")))
                    .withMessageContaining("RunOptions.defaults().withReport()");
            Path json = folder.resolve("recorded.json");
            pool.with(RECORDED).runReported(new NamedJob("sum", Map.of())).write(json);
            assertThat(ParsedJson.object(Files.readString(json)))
                    .containsEntry("job", "sum")
                    .containsEntry("result", ELEMENTS / 2 * (ELEMENTS - 1));
        }
    }

    @Test
    void whatCannotBeWrittenIsRefusedAndHarmsNothing() throws Exception {
        try (var pool = WorkerPool.open(data, PoolOptions.defaults().withProcs(1))) {
            RunResult plain = pool.runReported(new NamedJob("sum", Map.of()));
            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> plain.report(folder.resolve("run.html")))
                    .withMessageContaining("RunOptions.defaults().withReport()");

            RunResult recorded = pool.with(RECORDED).runReported(new NamedJob("sum", Map.of()));
            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> recorded.report(folder))
                    .withMessageContaining("that is a folder");
            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> recorded.report(folder.resolve("none/run.html")))
                    .withMessageContaining("there is no folder");
            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> pool.with(RECORDED.withReport(folder)).map(List.of(1), n -> n))
                    .withMessageContaining("that is a folder");
        }
        var overData = PoolOptions.defaults().withRunOptions(RECORDED.withReport(data));
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> WorkerPool.open(data, overData))
                .withMessageContaining("is the dataset itself");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(data);
        }
    }

    @Test
    void aPageIsWrittenWhateverTheEnd() throws Exception {
        Path page = folder.resolve("run.html");
        try (var pool = WorkerPool.open(
                data,
                PoolOptions.defaults()
                        .withProcs(2)
                        .withRunOptions(RECORDED.withRetries(0).withReport(page)))) {
            assertThat(pool.map(List.of(new Point(1, 2), new Point(3, 4)), Point::sum))
                    .containsExactly(3L, 7L);
            assertThat(json(page, "data")).containsEntry("job", "map");
            assertThat(run(page))
                    .containsEntry("parameters", 2)
                    .containsEntry("doneParameters", 2)
                    .containsEntry("complete", true);
            assertThat(json(page, "answer-data"))
                    .containsEntry("names", List.of("x", "y", "result"))
                    .containsEntry("rows", List.of(List.of("1", "2", "3"), List.of("3", "4", "7")));

            assertThat(pool.mapEach(Arrays.asList(4, null, 2), n -> 8 / n)).hasSize(3);
            assertThat(run(page)).containsEntry("complete", false).containsEntry("failed", 1);
            assertThat(ParsedJson.maps(run(page).get("failures")))
                    .extracting("what")
                    .containsExactly("parameter 1");
            assertThat(json(page, "answer-data"))
                    .containsEntry("names", List.of("parameter", "result"))
                    .containsEntry("rows", List.of(List.of("4", "2"), List.of("none", "failed"), List.of("2", "4")));

            try (var stream = pool.stream(List.of(4, 2), n -> 8 / n)) {
                assertThat(stream.count()).isEqualTo(2);
            }
            assertThat(run(page)).containsEntry("doneParameters", 2).doesNotContainKey("error");

            try (var stream = pool.stream(Stream.iterate(1, n -> n + 1)::iterator, n -> 8 / n)) {
                assertThat(stream.findFirst()).isPresent();
            }
            assertThat(run(page)).containsEntry("error", "the stream was closed before its end");

            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> pool.run(new Misbehaving(Way.EXIT_7, Moment.ACCEPT, 0, "")))
                    .satisfies(failure -> assertThat(run(page)).containsEntry("error", failure.getMessage()));
            assertThat(ParsedJson.maps(run(page).get("failures")))
                    .extracting("cause")
                    .contains("exited with code 7");

            pool.submit(new Misbehaving(Way.HANG, Moment.ACCEPT, 0, "")).cancel(true);
            awaitCancelled(page);
            Files.delete(page);
            pool.submitMap(List.of(1), n -> {
                        TestData.await(Path.of("never"));
                        return n;
                    })
                    .cancel(true);
            awaitCancelled(page);
        }
    }

    @Test
    void theyAreDrawnWithoutData() throws Exception {
        Path page = folder.resolve("run.html");
        var options = PoolOptions.defaults().withProcs(1).withRunOptions(RECORDED.withReport(page));
        try (var browser = Browser.start();
                var pool = WorkerPool.open(options)) {
            pool.mapEach(Arrays.asList(4, null, 2), n -> 8 / n);
            browser.open(page, 1200, 900, "light");
            assertThat(browser.run("document.title")).isEqualTo("mapEach over 3 parameters \u2013 Forkless run");
            assertThat(browser.run("document.getElementById('headline').textContent"))
                    .isEqualTo("3 parameters, 1 without an answer");
            assertThat((String) browser.run("document.body.innerText"))
                    .contains("mapEach over 3 parameters with 1 worker")
                    .contains("not complete, 1 parameter failed.")
                    .contains("highest result: 4 at parameter=2")
                    .contains("there was no dataset")
                    .doesNotContain("undefined", "NaN", "parameter set");

            assertThat(pool.stream(List.of(4, 2), n -> 8 / n).count()).isEqualTo(2);
            browser.open(page, 390, 800, "dark");
            assertThat((String) browser.run("document.getElementById('headline').textContent"))
                    .startsWith("2 parameters");

            assertThat(pool.map(List.of(), n -> n)).isEmpty();
            browser.open(page, 390, 800, "dark");
            assertThat(browser.run("document.getElementById('headline').textContent"))
                    .isEqualTo("0 parameters");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private static void awaitCancelled(Path page) throws Exception {
        while (Files.notExists(page)
                || !"the run was cancelled".equals(run(page).get("error"))) {
            Thread.sleep(5); // the deadline of tests ends this
        }
    }

    record Point(int x, int y) {
        static long sum(Point of) {
            return of.x + of.y;
        }
    }

    @Test
    void aFailureHasThePage() throws Exception {
        Path page = folder.resolve("run.html");
        try (var pool = WorkerPool.open(PoolOptions.defaults().withProcs(1).withRunOptions(RECORDED))) {
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> pool.map(List.of(4, 0), n -> 8 / n))
                    .satisfies(failure -> failure.report(page))
                    .satisfies(failure -> assertThat(run(page)).containsEntry("error", failure.getMessage()));
            assertThat(json(page, "data")).doesNotContainKey("data");

            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> pool.with(RunOptions.defaults()).map(List.of(0), n -> 8 / n))
                    .satisfies(failure -> assertThatExceptionOfType(InvalidRequestException.class)
                            .isThrownBy(() -> failure.report(page))
                            .withMessageContaining("RunOptions.defaults().withReport()"));
        }
    }

    @Test
    void aListenerIsToldOfAJobToItsEnd() {
        try (var pool = listened()) {
            pool.run(new Misbehaving(Way.EXIT_7, Moment.ACCEPT, -1, ""));
            assertThat(told.getLast())
                    .extracting(Progress::isEnded, Progress::pass, Progress::done, Progress::total, Progress::fraction)
                    .containsExactly(true, 1, 4L * ELEMENTS, 4L * ELEMENTS, 1.0);
            assertThat(told).extracting(Progress::done).isSorted();

            told.clear();
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> pool.run(new Misbehaving(Way.THROW, Moment.ACCEPT, 0, "")));
            assertThat(told).extracting(Progress::isEnded).last().isEqualTo(true);
            assertThat(told.getLast().failed()).isPositive();
        }
    }

    @Test
    void aListenerIsToldOfParametersToTheEnd() throws Exception {
        try (var pool = listened()) {
            String go = folder.resolve("go").toString();
            var results = pool.submitMap(List.of(1, 2, 3), (_, i) -> {
                TestData.await(Path.of(go));
                return i;
            });
            while (told.isEmpty()) {
                Thread.sleep(5); // the deadline of tests ends this
            }
            assertThat(told.getFirst())
                    .extracting(Progress::isEnded, Progress::done, Progress::total)
                    .containsExactly(false, 0L, 3L);
            TestData.give(Path.of(go));
            results.join();
            assertThat(told.getLast())
                    .extracting(Progress::isEnded, Progress::done, Progress::total)
                    .containsExactly(true, 3L, 3L);

            told.clear();
            try (var stream = pool.stream(Stream.iterate(0, i -> i + 1)::iterator, (_, i) -> i)) {
                assertThat(stream.findFirst()).isPresent();
            }
            assertThat(told).extracting(Progress::isEnded).last().isEqualTo(true);
        }
    }

    private WorkerPool listened() {
        return WorkerPool.open(
                data,
                PoolOptions.defaults()
                        .withProcs(2)
                        .withRunOptions(RunOptions.defaults().withTasks(TASKS).withProgress(told::add)));
    }

    private static Map<String, Object> json(Path page, String id) throws IOException {
        String html = Files.readString(page);
        int from = html.indexOf('>', html.indexOf("id=\"" + id + "\"")) + 1;
        return ParsedJson.object(html.substring(from, html.indexOf("</script>", from)));
    }

    private static Map<String, Object> run(Path page) throws IOException {
        return ParsedJson.map(json(page, "data").get("run"));
    }

    /** Those at slices. */
    private static List<Object> attempts(Map<String, Object> run) {
        Map<String, Object> timeline = ParsedJson.map(run.get("timeline"));
        List<?> merges = (List<?>) timeline.get("merge");
        List<Object> tasks = new ArrayList<>();
        for (int i = 0; i < merges.size(); i++) {
            if (ParsedJson.integer(merges.get(i)) == 0) {
                tasks.add(((List<?>) timeline.get("task")).get(i) + " " + ((List<?>) timeline.get("attempt")).get(i));
            }
        }
        return tasks;
    }
}
