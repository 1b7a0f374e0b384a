package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.testing.LongTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What programs that start the coordinator rely on. */
class JsonOutputIT {
    @RegisterExtension
    static final SharedResident RESIDENT = new SharedResident();

    @TempDir
    private Path folder;

    private Launcher coordinator;

    @BeforeEach
    void enterFolder() {
        coordinator = RESIDENT.launcher(folder);
    }

    @Test
    void tellsTheAnswerAndHowItCameAbout() throws Exception {
        int bytes = 4 << 20;
        Files.write(folder.resolve("data.bin"), TestData.random(ElementType.INT32, bytes / 4, 1));

        String answer = coordinator
                .run("--procs", "2", "--tasks", "24", "--json", "data.bin")
                .answer();

        assertThat(answer).hasLineCount(1).endsWith("\n");
        Map<String, Object> json = RunSchema.checked(answer);
        assertThat(json).containsKeys("job", "data", "result", "run").containsEntry("job", "stats");
        assertThat(ParsedJson.map(json.get("data")))
                .containsEntry("bytes", bytes)
                .containsEntry("type", "int32")
                .containsEntry("count", bytes / 4)
                .hasEntrySatisfying("path", path -> assertThat((String) path).endsWith("data.bin"));
        assertThat(ParsedJson.map(json.get("result")))
                .containsOnlyKeys("count", "sum", "min", "max", "mean", "stddev")
                .containsEntry("count", bytes / 4);
        Map<String, Object> run = ParsedJson.map(json.get("run"));
        assertThat(run)
                .containsEntry("engine", "processes")
                .containsEntry("procs", 2)
                .containsEntry("tasks", 24)
                .containsEntry("attempts", 24)
                .containsEntry("retries", 0)
                .containsEntry("resumed", 0)
                .containsEntry("complete", true)
                .containsEntry("failures", List.of());
        assertThat((Double) run.get("wallSeconds")).isBetween(0.001, 60.0);

        List<Map<String, Object>> workers = ParsedJson.maps(run.get("workers"));
        assertThat(workers).hasSize(2);
        assertThat(workers.stream().mapToLong(worker -> ParsedJson.integer(worker.get("tasks"))))
                .as("the tasks of %s", workers)
                .satisfies(tasks -> assertThat(
                                tasks.stream().mapToLong(Long::longValue).sum())
                        .isEqualTo(24));
        long mapped = 0;
        for (Map<String, Object> worker : workers) {
            assertThat(worker).containsKeys("id", "pid", "busySeconds").containsEntry("end", "ok");
            long resident = ParsedJson.integer(worker.get("rssBytes"));
            long proportional = ParsedJson.integer(worker.get("pssBytes"));
            long data = ParsedJson.integer(worker.get("dataPssBytes"));
            assertThat(resident).isBetween(10L << 20, 1L << 30);
            assertThat(proportional).isBetween(data, resident);
            assertThat(data).isBetween(0L, (long) bytes);
            mapped += data;
        }
        // Each page is counted once in the sum, however many workers have it.
        assertThat(mapped).isBetween((long) bytes / 2, (long) bytes + (64 << 10));
    }

    @LongTest
    @Test
    void aSweepIsAListInItsOrder() throws Exception {
        Files.write(folder.resolve("data.bin"), TestData.int32(1, 2, 3, 4));

        String answer = coordinator
                .run(
                        "--job",
                        TestJobs.path("Echo.java"),
                        "--sweep",
                        "n=3:1:-1",
                        "--sweep",
                        "text=a,b",
                        "--json",
                        "data.bin")
                .answer();

        List<Map<String, Object>> results =
                ParsedJson.maps(RunSchema.checked(answer).get("result"));
        assertThat(results)
                .extracting(result -> result.get("params"))
                .containsExactly(
                        Map.of("n", "3", "text", "a"),
                        Map.of("n", "3", "text", "b"),
                        Map.of("n", "2", "text", "a"),
                        Map.of("n", "2", "text", "b"),
                        Map.of("n", "1", "text", "a"),
                        Map.of("n", "1", "text", "b"));
        assertThat(results.get(3)).containsEntry("result", Map.of("text", "b", "n", 2, "factor", 0.5, "count", 4));
    }

    @Test
    void whatJsonHasNoNumbersForIsAString() throws Exception {
        Files.createFile(folder.resolve("empty.bin"));

        Map<String, Object> json =
                RunSchema.checked(coordinator.run("--json", "empty.bin").answer());

        assertThat(ParsedJson.map(json.get("result")))
                .containsEntry("min", null)
                .containsEntry("mean", "NaN");
        assertThat(ParsedJson.map(json.get("run"))).containsEntry("tasks", 0).containsEntry("complete", true);
    }

    @LongTest
    @Test
    void whatTheDatasetCostsIsToldFromWhatWorkersHaveOfTheirOwn() throws Exception {
        int bytes = 32 << 20;
        Files.write(folder.resolve("data.bin"), TestData.random(ElementType.INT32, bytes / 4, 1));

        Map<String, Object> run = ParsedJson.map(RunSchema.checked(coordinator
                        .run("--procs", "2", "--job", "sum", "--json", "data.bin")
                        .answer())
                .get("run"));

        assertThat(run).containsEntry("readBytes", bytes).containsEntry("passes", 1);
        long resident = 0;
        for (Map<String, Object> worker : ParsedJson.maps(run.get("workers"))) {
            long own = ParsedJson.integer(worker.get("ownBytes"));
            assertThat(own)
                    .isBetween(5L << 20, 500L << 20)
                    .isEqualTo(ParsedJson.integer(worker.get("pssBytes"))
                            - ParsedJson.integer(worker.get("dataPssBytes")));
            assertThat(ParsedJson.integer(worker.get("minorFaults"))).isPositive();
            resident += ParsedJson.integer(worker.get("dataRssBytes"));
        }
        assertThat(resident).isEqualTo(bytes);
    }

    @Test
    void momentsFollowEachOther() throws Exception {
        Files.write(folder.resolve("data.bin"), TestData.int32(1, 2, 3, 4));

        long before = System.nanoTime();
        Map<String, Object> run = ParsedJson.map(RunSchema.checked(
                        coordinator.run("--procs", "1", "--json", "data.bin").answer())
                .get("run"));
        double took = (System.nanoTime() - before) / 1e9;

        Map<String, Object> moments = ParsedJson.map(run.get("moments"));
        Map<String, Object> worker = ParsedJson.maps(run.get("workers")).getFirst();
        List<Double> times = new ArrayList<>();
        for (String name : List.of(
                "coordinatorUpSeconds",
                "datasetOpenedSeconds",
                "submittedSeconds",
                "firstTaskSeconds",
                "lastPartialSeconds",
                "completedSeconds")) {
            times.add(((Number) moments.get(name)).doubleValue());
        }
        assertThat(times).isSorted();
        assertThat(times.getFirst()).isNotNegative();
        // The start is known to 10 ms, by a clock of its own.
        assertThat(times.getLast()).isLessThan(took + 0.03);
        for (String name : List.of("startedSeconds", "upSeconds", "mappedSeconds", "preparedSeconds")) {
            assertThat(((Number) worker.get(name)).doubleValue()).as(name).isBetween(0.0, took + 0.03);
        }
    }

    @Test
    void theCommandCanBeTypedAgain() throws Exception {
        Files.write(folder.resolve("data.bin"), TestData.int32(1, 2, 3, 4));

        Map<String, Object> environment = ParsedJson.map(ParsedJson.map(RunSchema.checked(coordinator
                                .run("--job", "sum", "--json", "data.bin")
                                .answer())
                        .get("run"))
                .get("environment"));

        assertThat(environment)
                .containsEntry("folder", folder.toRealPath().toString())
                .containsEntry(
                        "command",
                        List.of(Launcher.SCRIPT.toRealPath().toString(), "--job", "sum", "--json", "data.bin"));
    }

    @LongTest
    @Test
    void passwordsAreNotToldUnlessAskedFor() throws Exception {
        Files.write(folder.resolve("data.bin"), TestData.int32(1, 2, 3, 4));
        Launcher withOptions = coordinator.with("FORKLESS_JAVA_OPTS", "-Xmx200m -Dpw=hunter2");

        assertThat(withOptions.run("--json", "data.bin").answer())
                .contains("-Xmx200m -Dpw=***")
                .doesNotContain("hunter2");
        assertThat(withOptions.run("--json", "--show-secrets", "data.bin").answer())
                .contains("-Xmx200m -Dpw=hunter2");
    }

    @Test
    void bothPassesCount() throws Exception {
        Files.write(folder.resolve("data.bin"), TestData.int32(1, 2, 3, 4));

        Map<String, Object> run = ParsedJson.map(RunSchema.checked(coordinator
                        .run("--job", "histogram", "--json", "data.bin")
                        .answer())
                .get("run"));

        assertThat(run)
                .containsEntry("passes", 2)
                .containsEntry("tasks", 2)
                .containsEntry("attempts", 2)
                .containsEntry("readBytes", 32);
    }

    @LongTest
    @Test
    void aRunThatIsNotCompleteFitsTheSchemaToo() throws Exception {
        Files.write(folder.resolve("data.bin"), TestData.int32(1, 2, 3, 4));

        Outcome outcome =
                coordinator.run(TestJobs.job("Failing", "--skip-failed", "--json", "--procs", "1", "data.bin"));

        assertThat(outcome.exit()).isEqualTo(1);
        Map<String, Object> run =
                ParsedJson.map(RunSchema.checked(outcome.stdout()).get("run"));
        assertThat(run).containsEntry("complete", false);
        assertThat(ParsedJson.maps(run.get("leftOut"))).hasSize(1);
        assertThat(ParsedJson.maps(run.get("failures"))).isNotEmpty();
    }

    @Test
    void aRunWithoutAnAnswerSaysWhyNot() throws Exception {
        Files.write(folder.resolve("data.bin"), TestData.int32(1, 2, 3, 4));

        Outcome outcome =
                coordinator.run(TestJobs.job("Failing", "--param", "way=die", "--json", "--procs", "1", "data.bin"));

        assertThat(outcome.exit()).isEqualTo(1);
        Map<String, Object> json = RunSchema.checked(outcome.stdout());
        assertThat(json).doesNotContainKey("result");
        Map<String, Object> run = ParsedJson.map(json.get("run"));
        assertThat(run).containsEntry("complete", false).containsEntry("failed", 3);
        String error = (String) run.get("error");
        assertThat(error).startsWith("every attempt at elements 0 to 3 ended its worker");
        assertThat(outcome.stderr()).contains("coordinator: " + error);
        assertThat(ParsedJson.maps(run.get("failures")))
                .hasSize(3)
                .allSatisfy(failure -> assertThat(failure)
                        .containsEntry("exitCode", 9)
                        .containsEntry("lastWords", List.of("on purpose")));
    }

    @Test
    void everyFieldIsDescribed() {
        assertThat(undescribed(ParsedJson.object(RunSchema.text()), "$")).isEmpty();
    }

    /** Paths of the properties in a schema that have no description, and are no reference to one that has. */
    private static List<String> undescribed(Object schema, String path) {
        List<String> found = new ArrayList<>();
        if (schema instanceof Map<?, ?> map) {
            map.forEach((name, value) -> found.addAll(undescribed(value, path + "." + name)));
            if (map.get("properties") instanceof Map<?, ?> properties) {
                properties.forEach((name, value) -> {
                    if (!((Map<?, ?>) value).containsKey("description")) {
                        found.add(path + ".properties." + name);
                    }
                });
            }
        }
        return found;
    }
}
