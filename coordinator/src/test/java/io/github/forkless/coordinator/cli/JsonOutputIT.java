package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.ElementType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What programs that start the coordinator rely on. */
@Timeout(120)
class JsonOutputIT {
    @TempDir
    private Path folder;

    private Launcher coordinator;

    @BeforeEach
    void enterFolder() {
        coordinator = new Launcher(folder);
    }

    @Test
    void tellsTheAnswerAndHowItCameAbout() throws Exception {
        int bytes = 4 << 20;
        Files.write(folder.resolve("data.bin"), TestData.random(ElementType.INT32, bytes / 4, 1));

        String answer = coordinator
                .run("--procs", "2", "--tasks", "24", "--json", "data.bin")
                .answer();

        assertThat(answer).hasLineCount(1).endsWith("\n");
        Map<String, Object> json = ParsedJson.object(answer);
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
        assertThat(workers).isNotEmpty().hasSizeLessThanOrEqualTo(2);
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
                ParsedJson.maps(ParsedJson.object(answer).get("result"));
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
                ParsedJson.object(coordinator.run("--json", "empty.bin").answer());

        assertThat(ParsedJson.map(json.get("result")))
                .containsEntry("min", null)
                .containsEntry("mean", "NaN");
        assertThat(ParsedJson.map(json.get("run"))).containsEntry("tasks", 0).containsEntry("complete", true);
    }
}
