package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.coordinator.cli.Launcher.Running;
import io.github.forkless.coordinator.cli.TestJobs.Gate;
import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Patience;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that is stopped, and started again with the same command and its journal. */
class JournalIT {
    private static final int TASKS = 64;

    /** Blocks take long enough for the run to be stopped before it is through, until {@link #hurry}. */
    private static final String[] SLOWLY = {
        "--param", "millis=" + Patience.of(Duration.ofMillis(25)).toMillis(), "--param", "hurry=hurry"
    };

    private static final Pattern FINISHED = Pattern.compile("\\[journal run.journal] (\\d+) pieces? of this run");

    @TempDir
    private Path folder;

    private Launcher coordinator;
    private Path journal;

    @BeforeEach
    void writeData() throws Exception {
        coordinator = new Launcher(folder);
        journal = folder.resolve("run.journal");
        Files.write(folder.resolve("data.bin"), TestData.random(ElementType.INT32, 1 << 18, 3));
    }

    /** Arguments of a run of {@code Slow} over the data, slowly, with its journal. */
    private static String[] slow(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of(TestJobs.job("Slow", "--tasks", "" + TASKS, "--journal", "run.journal")));
        arguments.addAll(List.of(SLOWLY));
        arguments.addAll(List.of(more));
        arguments.add("data.bin");
        return arguments.toArray(String[]::new);
    }

    private void hurry() throws IOException {
        Files.createFile(folder.resolve("hurry"));
    }

    private String answerWithoutJournal() {
        return coordinator
                .run(TestJobs.job("Slow", "--procs", "1", "--tasks", "" + TASKS, "data.bin"))
                .answer();
    }

    /** How many pieces a run found in the journal, by what it said. */
    private static int found(Outcome outcome) {
        Matcher finished = FINISHED.matcher(outcome.stderr());
        return finished.find() ? Integer.parseInt(finished.group(1)) : 0;
    }

    @LongTest
    @Test
    void killedAgainAndAgainItGoesOnAndItsAnswerIsTheSameToTheLastBit() throws Exception {
        var random = new Random(20);
        String[] command = slow("--procs", "2");
        int found = 0;
        for (int kill = 0; kill < 6; kill++) {
            try (Running running = coordinator.start(command)) {
                if (kill % 3 == 2) {
                    Thread.sleep(random.nextInt(400)); // while it starts
                } else {
                    awaitGrowth(running, random.nextInt(1_000));
                }
                running.signal("KILL");
                Outcome killed = running.await();
                assertThat(killed.exit()).as(killed.stderr()).isEqualTo(137);
                if (killed.stderr().contains("finished already")) {
                    assertThat(found(killed)).as("pieces of kill %d", kill).isGreaterThanOrEqualTo(found);
                    found = found(killed);
                }
            }
        }
        assertThat(found).isPositive().isLessThan(TASKS);

        hurry();
        Outcome last = coordinator.run(command);
        assertThat(last.exit()).as(last.stderr()).isZero();
        assertThat(last.stdout()).isEqualTo(answerWithoutJournal());
        assertThat(found(last)).isGreaterThanOrEqualTo(found);
        assertRun(coordinator.run(slow("--json", "--procs", "1")), 0, TASKS);
    }

    /** Waits until so many bytes more are in the journal. */
    private void awaitGrowth(Running running, long bytes) throws Exception {
        long start = Files.exists(journal) ? Files.size(journal) : 0;
        running.await(() -> Files.exists(journal) && Files.size(journal) > start + bytes);
    }

    private static void assertRun(Outcome outcome, int attempts, int resumed) throws Exception {
        assertThat(outcome.exit()).as(outcome.stderr()).isZero();
        Map<String, Object> run =
                ParsedJson.map(RunSchema.checked(outcome.stdout()).get("run"));
        assertThat(ParsedJson.integer(run.get("readBytes")) + ParsedJson.integer(run.get("resumedBytes")))
                .isEqualTo(4 << 18);
        assertThat(run)
                .containsEntry("tasks", TASKS)
                .containsEntry("attempts", attempts)
                .containsEntry("resumed", resumed)
                .containsEntry("complete", true)
                .doesNotContainKey("journalFailure");
    }

    @LongTest
    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130"})
    void stoppedBySignalItHasWhatWasFinished(String signal, int exit) throws Exception {
        // A shell that runs this in the background may have told us, and so our children, to ignore SIGINT.
        Launcher interruptible = coordinator.by("env", "--default-signal=INT", Launcher.SCRIPT.toString());
        String[] command = slow("--procs", "2", "--json");
        try (Running running = interruptible.start(command)) {
            awaitGrowth(running, 1_000);
            running.signal(signal);
            assertThat(running.await()).isEqualTo(new Outcome(exit, "", ""));
        }

        hurry();
        Outcome resumed = coordinator.run(command);
        int found = found(resumed);
        assertThat(found).isPositive();
        assertRun(resumed, TASKS - found, found);
    }

    @Test
    void onlyOneRunAtATimeHasAJournal() throws Exception {
        Gate gate = Gate.in(folder);
        String[] command = gate.job("--procs", "1", "--journal", "run.journal", "data.bin");
        try (Running running = coordinator.start(command)) {
            gate.awaitWaiting(1);

            assertThat(coordinator.run(command).error(2))
                    .isEqualTo("the journal run.journal is in use by another run; wait for that to end, or give another"
                            + " file");

            gate.open();
            assertThat(running.await().answer()).isNotEmpty();
        }
    }

    @LongTest
    @Test
    void aRunWithoutAJournalLoadsNothingOfIt() throws Exception {
        Launcher logging = coordinator.with("FORKLESS_JAVA_OPTS", "-Xlog:class+load:file=classes.log");
        logging.run("data.bin").answer();
        List<String> without = Files.readAllLines(folder.resolve("classes.log"));
        logging.run("--journal", "run.journal", "data.bin").answer();
        List<String> with = Files.readAllLines(folder.resolve("classes.log"));

        assertThat(without).hasSizeGreaterThan(100).noneMatch(JournalIT::isOfTheJournal);
        assertThat(with).anyMatch(JournalIT::isOfTheJournal);
    }

    private static boolean isOfTheJournal(String line) {
        return line.contains("coordinator.journal.") || line.contains("Resumption") || line.contains("RunIdentity");
    }

    @Test
    void anotherRunIsRefusedAndToldWhatDiffers() throws Exception {
        coordinator
                .run("--job", "count", "--param", "above=5", "--journal", "run.journal", "data.bin")
                .answer();

        assertThat(coordinator
                        .run("--job", "count", "--param", "above=7", "--journal", "run.journal", "data.bin")
                        .error(2))
                .isEqualTo(
                        "the journal run.journal belongs to another run (parameters: found above=5, expected above=7);"
                                + " give another file, or remove this one to start over");
        assertThat(coordinator.run("--journal", "run.journal", "data.bin").error(2))
                .contains("job: found count, expected stats; parameters: found above=5, expected none");
    }

    @LongTest
    @Test
    void aJobThatWasEditedIsAnotherJob() throws Exception {
        Path job = folder.resolve("Slow.java");
        String source = Files.readString(Path.of(TestJobs.path("Slow.java")), StandardCharsets.UTF_8);
        String[] command = {"--job", "Slow.java", "--journal", "run.journal", "--json", "data.bin"};
        Files.writeString(job, source);
        coordinator.run(command).answer();

        Files.writeString(job, source.replace("/ 3.0", "/ 3.5"));

        assertThat(coordinator.run(command).error(2)).contains("(code: found 2 classes with SHA-256 ", ", expected 2");
    }

    /** Partials of 48 MiB in all, and a heap in which they do not fit. */
    @LongTest
    @Test
    void aLargeJournalIsNotReadIntoMemory() throws Exception {
        Launcher small = coordinator.with("FORKLESS_JAVA_OPTS", "-Xmx40m");
        String[] command = TestJobs.job(
                "Slow",
                "--procs",
                "2",
                "--tasks",
                "128",
                "--param",
                "ballast=" + (384 << 10),
                "--journal",
                "run.journal",
                "--json",
                "data.bin");
        Outcome first = small.run(command);
        assertThat(first.exit()).as(first.stderr()).isZero();
        assertThat(Files.size(journal)).isGreaterThan(48 << 20);

        Outcome again = small.run(command);

        assertThat(again.exit()).as(again.stderr()).isZero();
        assertThat(result(again)).isEqualTo(result(first));
        assertThat(found(again)).isEqualTo(128);

        removeTheFirstPartials();
        Outcome missing = small.run(command);

        assertThat(missing.exit()).as(missing.stderr()).isZero();
        assertThat(result(missing)).isEqualTo(result(first));
        assertThat(ParsedJson.map(ParsedJson.object(missing.stdout()).get("run")))
                .as("what all others have to wait for")
                .containsEntry("attempts", 1)
                .containsEntry("resumed", 127);
    }

    /** Takes the record of the slice that begins at element 0 out of the journal. */
    private void removeTheFirstPartials() throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(journal)).order(ByteOrder.LITTLE_ENDIAN);
        int at = 8;
        while (bytes.getInt(at + 4) != 2 || bytes.getLong(at + 24) != 0) {
            at += 56 + bytes.getInt(at + 12);
        }
        int next = at + 56 + bytes.getInt(at + 12);
        try (var out = Files.newOutputStream(journal)) {
            out.write(bytes.array(), 0, at);
            out.write(bytes.array(), next, bytes.capacity() - next);
        }
    }

    private static Object result(Outcome outcome) {
        return ParsedJson.object(outcome.stdout()).get("result");
    }

    @LongTest
    @Test
    void whenTheDiskIsFullTheRunGoesOnAndSaysSo() throws Exception {
        Path data = folder.resolveSibling(folder.getFileName() + ".bin");
        Files.move(folder.resolve("data.bin"), data);
        try {
            String run = ("\"$0\" --procs 2 --tasks %d --class-path %s --job Slow --param ballast=20000"
                            + " --journal run.journal --json %s")
                    .formatted(TASKS, TestJobs.classes(), data);

            // A journal of 1.3 MB on a disk of 1 MiB; then once more, where something that was in the way is gone.
            Outcome outcome = TinyDisk.run(
                    coordinator, "head -c 500K /dev/zero >filler && %s && rm filler && %s".formatted(run, run));

            assertThat(outcome.exit()).as(outcome.stderr()).isZero();
            List<String> answers = outcome.stdout().lines().toList();
            Map<String, Object> first = ParsedJson.object(answers.get(0));
            Map<String, Object> second = ParsedJson.object(answers.get(1));
            assertThat(second.get("result")).isEqualTo(first.get("result"));
            assertThat(ParsedJson.map(first.get("run")))
                    .containsEntry("complete", true)
                    .containsEntry("attempts", TASKS)
                    .containsEntry("journalFailure", "No space left on device");
            assertThat(outcome.stderr())
                    .contains("[journal run.journal] cannot be written: No space left on device; the run goes on, but"
                            + " what it finishes from now on is not remembered if it is stopped");
            int resumed = found(outcome);
            assertThat(resumed).isBetween(1, TASKS - 1);
            assertThat(ParsedJson.map(second.get("run")))
                    .containsEntry("resumed", resumed)
                    .containsEntry("attempts", TASKS - resumed);
        } finally {
            Files.delete(data);
        }
    }

    @Test
    void whereThereIsNoRoomForAJournalAtAllNothingIsStarted() throws Exception {
        Outcome outcome = TinyDisk.run(
                coordinator,
                "printf '\\1\\0\\0\\0' >data.bin && (head -c 2M /dev/zero >filler 2>/dev/null;"
                        + " \"$0\" --journal run.journal data.bin)");

        assertThat(outcome.error(2))
                .isEqualTo("the journal run.journal cannot be opened: No space left on device; give another file");
    }
}
