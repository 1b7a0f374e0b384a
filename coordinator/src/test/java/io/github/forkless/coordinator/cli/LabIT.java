package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.coordinator.cli.Launcher.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The laboratory as people use it; smaller, so that it takes seconds. */
class LabIT {
    private static final int WIDTH = 80;

    @TempDir
    private Path folder;

    private Path data;

    @BeforeEach
    void makeFolder() throws IOException {
        data = Files.createDirectory(folder.resolve("lab"));
    }

    private Map<String, Object> sharing() throws IOException {
        return json("sharing", "--count", "16M", "--jobs", "4", "--procs", "2");
    }

    private static double mappedTwice(Map<String, Object> lab) {
        Map<String, Map<String, Object>> rows = byName(ParsedJson.map(lab.get("sharing")));
        return number(rows, "shared", "rssBytes") - number(rows, "shared", "pssBytes");
    }

    @Test
    void everyArrangementIsMeasuredAndToldApartByWhatItPipesAndHolds() throws IOException {
        long bytes = 64L << 20;
        Map<String, Object> lab = sharing();
        // On a slow machine the second worker may come when the first has done all four jobs, and map nothing.
        for (int again = 0; again < 3 && mappedTwice(lab) <= bytes; again++) {
            lab = sharing();
        }

        assertThat(lab).containsEntry("complete", true);
        Map<String, Object> experiment = ParsedJson.map(lab.get("sharing"));
        assertThat(experiment).containsEntry("bytes", (int) bytes).containsEntry("jobs", 4);
        Map<String, Map<String, Object>> rows = byName(experiment);
        assertThat(rows)
                .containsOnlyKeys(
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

        assertThat(number(rows, "by-value", "pipedBytes")).isBetween(4.0 * bytes, 4.1 * bytes);
        assertThat(number(rows, "serialized", "pipedBytes")).isBetween(2.0 * bytes, 2.1 * bytes);
        assertThat(number(rows, "shared", "pipedBytes")).isLessThan(64 << 10);
        assertThat(number(rows, "shared-array", "pipedBytes")).isLessThan(64 << 10);
        assertThat(number(rows, "threads", "pipedBytes")).isLessThan(64);
        assertThat(rows.get("managed")).containsEntry("elements", 50_000).containsEntry("whole", false);
        assertThat(number(rows, "managed", "pipedBytes"))
                .as("12 bytes for each access")
                .isGreaterThan(1_200_000);

        // What JVMs hold differs by some 10 MiB from run to run: the data is several times that.
        assertThat(mappedTwice(lab))
                .as("the mapping counts twice in the sum of resident sizes")
                .isGreaterThan(bytes);
        assertThat(number(rows, "copy-each", "pssBytes") - number(rows, "trivial", "pssBytes"))
                .as("two copies")
                .isGreaterThan(1.5 * bytes);
        for (String sharing : List.of("shared", "shared-array")) {
            assertThat(number(rows, sharing, "pssBytes") - number(rows, "trivial", "pssBytes"))
                    .as("one copy of %s", sharing)
                    .isBetween(0.5 * bytes, 1.5 * bytes);
        }
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void scalingHasThreeSeriesOfOneTwoAndMoreWorkers() throws IOException {
        Map<String, Object> lab = json("scaling", "--count", "64K", "--jobs", "3", "--procs", "3");

        List<Map<String, Object>> rows =
                ParsedJson.maps(ParsedJson.map(lab.get("scaling")).get("arrangements"));
        assertThat(rows)
                .extracting(row -> row.get("kernel") + " " + row.get("arrangement") + " " + row.get("procs"))
                .containsExactly(
                        "checksum shared 1",
                        "checksum shared 2",
                        "checksum shared 3",
                        "count shared 1",
                        "count shared 2",
                        "count shared 3",
                        "count shared-scan 1",
                        "count shared-scan 2",
                        "count shared-scan 3");
        assertThat(rows)
                .allSatisfy(row -> assertThat(number(row, "efficiency") * (int) row.get("procs"))
                        .isCloseTo(number(row, "speedUp"), within(1e-9)));
        assertThat(rows.getFirst()).containsEntry("speedUp", 1.0);
        assertThat(data).isEmptyDirectory();
    }

    /** The first of the misbehaviours; IsolationIT has others. */
    @Test
    void processesKeepWhatThreadsLose() throws Exception {
        try (Running running = stoppable("isolation", "--procs", "2")) {
            running.await(() -> {
                String[] parts = running.printed().stdout().split("\nSystem.exit: ", 2);
                return parts.length == 2 && parts[1].contains("\n  processes ");
            });

            running.signal("INT");

            Outcome outcome = running.await();
            assertThat(outcome.exit()).as(outcome.stderr()).isEqualTo(130);
            assertThat(outcome.stdout().lines())
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(WIDTH));
            for (String deadly : List.of("native crash", "System.exit")) {
                assertThat(row(outcome, deadly, "threads")).contains(" 0/80 ", " dead ");
                assertThat(row(outcome, deadly, "processes")).contains(" 80/80 ", " ms ");
            }
            assertThat(row(outcome, "native crash", "processes")).contains("killed by SIGSEGV");
        }
        assertThat(data).isEmptyDirectory();
    }

    private static String row(Outcome outcome, String misbehaviour, String among) {
        return outcome.stdout()
                .lines()
                .dropWhile(line -> !line.startsWith(misbehaviour + ": "))
                .filter(line -> line.startsWith("  " + among + " "))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void tablesFitOnAPageAndSayWhatWasMeasuredInPart() {
        Outcome outcome = new Launcher(folder)
                .with("_JAVA_OPTIONS", "-XX:+UseParallelGC")
                .run(lab("sharing", "--count", "1M", "--jobs", "3"));
        String text = outcome.stdout();
        assertThat(outcome.exit()).as(outcome.stderr()).isZero();
        assertThat(outcome.stderr()).contains("do not heed _JAVA_OPTIONS").hasLineCount(2);

        assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(WIDTH));
        assertThat(text)
                .contains("single", "shared", "* managed: measured on ", "\nWarning: ")
                .contains("\nworkers map one file, the way of Forkless\n  shared ");
        assertThat(text.lines().filter(line -> line.startsWith("  by-value ")))
                .singleElement()
                .asString()
                .contains("12 MiB");
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void stoppedInTheMiddleItPrintsWhatWasMeasured(String signal, int exit) throws Exception {
        try (Running running = stoppable("sharing", "--count", "4M")) {
            awaitText(running, "\n  single ");

            running.signal(signal);

            Outcome outcome = running.await();
            assertThat(outcome.exit()).as(outcome.stderr()).isEqualTo(exit);
            assertThat(outcome.stdout()).contains("\n  trivial ", "\n  single ").doesNotContain("\n  shared ");
            assertThat(outcome.stderr())
                    .isEqualTo("coordinator: stopped before the end; what was measured until then is told\n");
        }
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void stoppedInTheMiddleItsJsonHasWhatWasMeasured() throws Exception {
        Path page = folder.resolve("lab.html");
        try (Running running = stoppable("sharing", "--count", "4M", "--json", "--report", page.toString())) {
            running.await(() -> running.process().descendants().anyMatch(process -> isJvmOf(process, "single")));

            running.signal("INT");

            Outcome outcome = running.await();
            assertThat(outcome.exit()).as(outcome.stderr()).isEqualTo(130);
            Map<String, Object> lab = ParsedJson.object(outcome.stdout());
            assertThat(lab).containsEntry("complete", false);
            assertThat(byName(ParsedJson.map(lab.get("sharing"))))
                    .containsKey("trivial")
                    .doesNotContainKey("shared");
            assertThat(page).content().contains("\"complete\":false", "\"trivial\"", "</html>");
        }
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void killedItLeavesNeitherProcessesNorData() throws Exception {
        try (Running running = stoppable("sharing", "--count", "4M")) {
            awaitText(running, "\n  single ");

            running.signal("KILL");

            assertThat(running.await().exit()).isEqualTo(137);
        }
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void whatCannotBeDoneIsSaid() {
        assertThat(in("lab", "alchemy").errorLines(2).getFirst())
                .contains("'alchemy'", "sharing, scaling and isolation");
        assertThat(run("sharing", "--count", "0").error(2)).contains("--count 0: must be from 1 to ");
        assertThat(run("sharing", "--count", "1G", "--procs", "300").error(2))
                .contains("--count 1073741824", "--procs");
        assertThat(in("lab", "sharing", "--dir", "/no/such/folder").error(1)).contains("/no/such/folder", "--dir");
    }

    @Test
    void aPlainRunLoadsNothingOfIt() throws IOException {
        Files.write(folder.resolve("data.bin"), TestData.int32(1, 2, 3, 4));
        Path log = folder.resolve("classes");

        new Launcher(folder)
                .with("FORKLESS_JAVA_OPTS", "-Xlog:class+load:file=" + log)
                .run("data.bin")
                .answer();

        assertThat(Files.readAllLines(log))
                .anyMatch(line -> line.contains(RunCommand.class.getName()))
                .noneMatch(line -> line.contains(".lab.") || line.contains(".LabCommand"));
    }

    private Map<String, Object> json(String... arguments) throws IOException {
        var all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        return ParsedJson.object(run(all.toArray(String[]::new)).answer());
    }

    private Outcome run(String... arguments) {
        return in(lab(arguments));
    }

    private Outcome in(String... arguments) {
        return new Launcher(folder).run(arguments);
    }

    private Running stoppable(String... arguments) {
        // A shell that runs this in the background may have told us, and so our children, to ignore SIGINT.
        return new Launcher(folder)
                .by("env", "--default-signal=INT", Launcher.SCRIPT.toString())
                .start(lab(arguments));
    }

    private String[] lab(String... arguments) {
        return Stream.concat(Stream.of("lab"), Stream.concat(Stream.of(arguments), Stream.of("--dir", data.toString())))
                .toArray(String[]::new);
    }

    private static boolean isJvmOf(ProcessHandle process, String arrangement) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .contains("\0" + arrangement + "\0");
        } catch (IOException e) {
            return false; // it is gone
        }
    }

    private static void awaitText(Running running, String text) throws InterruptedException {
        running.await(() -> running.printed().stdout().contains(text));
    }

    private static Map<String, Map<String, Object>> byName(Map<String, Object> experiment) {
        Map<String, Map<String, Object>> rows = new HashMap<>();
        for (Map<String, Object> row : ParsedJson.maps(experiment.get("arrangements"))) {
            rows.put((String) row.get("arrangement"), row);
        }
        return rows;
    }

    private static double number(Map<String, Map<String, Object>> rows, String row, String field) {
        return number(rows.get(row), field);
    }

    private static double number(Map<String, Object> row, String field) {
        return ((Number) row.get(field)).doubleValue();
    }
}
