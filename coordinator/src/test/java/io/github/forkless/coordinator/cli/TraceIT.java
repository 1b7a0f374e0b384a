package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.testing.LongTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trace keeps to the Chrome trace-event format, and tells what happened. */
class TraceIT {
    private static final int ELEMENTS = 1 << 18;

    @TempDir
    private Path folder;

    private Launcher coordinator;

    @BeforeEach
    void writeData() throws Exception {
        coordinator = new Launcher(folder);
        Files.write(folder.resolve("data.bin"), TestData.random(ElementType.INT32, ELEMENTS, 1));
    }

    @Test
    void everyTaskIsOnItsWorkersTrack() throws Exception {
        Outcome outcome = coordinator.run(
                "--procs", "2", "--tasks", "16", "--job", "sum", "--trace", "t.json", "--json", "data.bin");

        List<Map<String, Object>> events = events();
        Map<String, Object> run =
                ParsedJson.map(RunSchema.checked(outcome.answer()).get("run"));
        assertThat(named(events, "thread_name").map(TraceIT::name))
                .containsExactly("coordinator", "worker 0", "worker 1");
        assertThat(named(events, "thread_name").skip(1).map(event -> event.get("tid")))
                .containsExactlyElementsOf(ParsedJson.maps(run.get("workers")).stream()
                        .map(worker -> worker.get("pid"))
                        .toList());
        List<Map<String, Object>> tasks =
                events.stream().filter(event -> "task".equals(event.get("cat"))).toList();
        assertThat(tasks).hasSize(16);
        assertThat(tasks.stream()
                        .map(task -> ParsedJson.map(task.get("args")))
                        .mapToLong(args -> ParsedJson.integer(args.get("bytes")))
                        .sum())
                .isEqualTo(4L * ELEMENTS);
        assertThat(tasks)
                .allSatisfy(task -> assertThat(ParsedJson.map(task.get("args")))
                        .containsKeys("slice", "attempt", "minor faults", "major faults")
                        .containsEntry("outcome", "ok"));
        assertThat(events.stream()
                        .filter(event -> "start-up".equals(event.get("cat")))
                        .map(event -> event.get("name"))
                        .distinct())
                .containsExactly(
                        "launcher, start the JVM",
                        "read the command line, open the dataset",
                        "open the pool",
                        "wait for a worker",
                        "deal",
                        "merge",
                        "print",
                        "start the JVM",
                        "wait, then map the dataset",
                        "prepare the job");

        // --json has the same, a column for each figure.
        Map<String, Object> timeline = ParsedJson.map(run.get("timeline"));
        for (String column : timeline.keySet()) {
            if (!Set.of("attempts", "notKept").contains(column)) {
                assertThat((List<?>) timeline.get(column)).as(column).hasSize((int) timeline.get("attempts"));
            }
        }
        assertThat((List<?>) timeline.get("merge")).hasSize((int) events.stream()
                .filter(event -> Set.of("task", "merge").contains("" + event.get("cat")))
                .count());
    }

    @LongTest
    @Test
    void aDeathIsMarkedAndItsTaskIsSeenAgain() throws Exception {
        Path once = Files.createFile(folder.resolve("once"));
        coordinator.run(
                "--procs",
                "2",
                "--tasks",
                "4",
                "--job",
                TestJobs.path("Failing.java"),
                "--param",
                "way=die",
                "--param",
                "at=" + ELEMENTS / 2,
                "--param",
                "once=" + once,
                "--trace",
                "t.json",
                "data.bin");

        List<Map<String, Object>> events = events();
        List<Map<String, Object>> died = events.stream()
                .filter(event -> event.containsKey("args")
                        && "died".equals(ParsedJson.map(event.get("args")).get("outcome")))
                .toList();
        assertThat(died).hasSize(1);
        assertThat(died.getFirst()).containsEntry("name", "task 2").containsEntry("cname", "terrible");
        assertThat(events.stream().filter(event -> "i".equals(event.get("ph"))))
                .singleElement()
                .satisfies(end -> assertThat(end)
                        .containsEntry("name", "end: exited with code 9")
                        .containsEntry("tid", died.getFirst().get("tid")));
        assertThat(events.stream().filter(event -> "task 2".equals(event.get("name"))))
                .hasSize(2)
                .extracting(event -> ParsedJson.map(event.get("args")).get("attempt"))
                .containsExactlyInAnyOrder(1, 2);
    }

    @LongTest
    @Test
    void aRunThatFailsHasATraceToo() throws Exception {
        Outcome outcome = coordinator.run(
                "--procs", "1", "--job", TestJobs.path("Failing.java"), "--trace", "t.json", "data.bin");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(events()).anySatisfy(event -> assertThat(event).containsEntry("cname", "terrible"));
    }

    @LongTest
    @Test
    void whatCannotBeWrittenIsRefusedBeforeAnythingIsDone() throws Exception {
        Files.createDirectory(folder.resolve("sub"));

        assertThat(coordinator.run("--trace", "none/t.json", "data.bin").error(2))
                .startsWith("--trace none/t.json: there is no folder ");
        assertThat(coordinator.run("--trace", "sub", "data.bin").error(2)).isEqualTo("--trace sub: that is a folder");
        assertThat(coordinator.run("--trace", "sub/../data.bin", "data.bin").error(2))
                .isEqualTo("--trace sub/../data.bin: that is the dataset; give another file");
        assertThat(Files.size(folder.resolve("data.bin"))).isEqualTo(4L * ELEMENTS);
    }

    @Test
    void aTraceThatCannotBeWrittenIsAFailureBehindTheAnswer() {
        Outcome outcome = coordinator.run("--job", "count", "--trace", "/dev/full", "data.bin");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stdout()).isEqualTo(ELEMENTS + "\n");
        assertThat(outcome.stderr())
                .isEqualTo("coordinator: --trace /dev/full could not be written: No space left on device\n");
    }

    @LongTest
    @Test
    void aReportThatCannotBeWrittenCostsTheTraceNothing() throws Exception {
        Outcome outcome = coordinator.run("--job", "count", "--report", "/dev/full", "--trace", "t.json", "data.bin");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stderr())
                .isEqualTo("coordinator: --report /dev/full could not be written: No space left on device\n");
        assertThat(events()).isNotEmpty();
    }

    /** What the trace holds, checked against the rules of the format. */
    private List<Map<String, Object>> events() throws Exception {
        Map<String, Object> trace = ParsedJson.object(Files.readString(folder.resolve("t.json")));
        assertThat(trace.get("displayTimeUnit")).isIn("ms", "ns");
        List<Map<String, Object>> events = ParsedJson.maps(trace.get("traceEvents"));
        assertThat(events).isNotEmpty();
        for (Map<String, Object> event : events) {
            assertThat(event.get("name")).isInstanceOf(String.class);
            assertThat(event.get("pid")).isInstanceOf(Integer.class);
            assertThat(event.get("tid")).isInstanceOf(Integer.class);
            switch ((String) event.get("ph")) {
                case "M" ->
                    assertThat(ParsedJson.map(event.get("args")))
                            .containsOnlyKeys(
                                    switch ((String) event.get("name")) {
                                        case "process_name", "thread_name" -> "name";
                                        case "thread_sort_index" -> "sort_index";
                                        default -> throw new AssertionError("metadata of no kind: " + event);
                                    });
                case "X" -> {
                    assertThat(micros(event, "ts")).isNotNegative();
                    assertThat(micros(event, "dur")).isNotNegative();
                }
                case "i" -> {
                    assertThat(micros(event, "ts")).isNotNegative();
                    assertThat(event.get("s")).isIn("g", "p", "t");
                }
                default -> throw new AssertionError("no such phase: " + event);
            }
        }
        Set<Object> tracks =
                named(events, "thread_name").map(event -> event.get("tid")).collect(Collectors.toSet());
        assertThat(events).allSatisfy(event -> assertThat(tracks).contains(event.get("tid")));
        for (Object track : tracks) {
            List<Map<String, Object>> spans = events.stream()
                    .filter(event -> "X".equals(event.get("ph")) && track.equals(event.get("tid")))
                    .sorted(Comparator.comparing(event -> micros(event, "ts")))
                    .toList();
            for (int i = 1; i < spans.size(); i++) {
                // What overlaps without one holding the other cannot be shown on one track. A microsecond is 3 digits.
                assertThat(micros(spans.get(i), "ts"))
                        .as("%s after %s", spans.get(i), spans.get(i - 1))
                        .isGreaterThan(micros(spans.get(i - 1), "ts") + micros(spans.get(i - 1), "dur") - 0.01);
            }
        }
        return events;
    }

    private static Stream<Map<String, Object>> named(List<Map<String, Object>> events, String name) {
        return events.stream().filter(event -> name.equals(event.get("name")));
    }

    private static String name(Map<String, Object> event) {
        return (String) ParsedJson.map(event.get("args")).get("name");
    }

    private static double micros(Map<String, Object> event, String field) {
        return ((Number) event.get(field)).doubleValue();
    }
}
