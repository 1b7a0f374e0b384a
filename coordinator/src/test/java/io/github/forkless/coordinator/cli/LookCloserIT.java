package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.coordinator.cli.Launcher.Running;
import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Patience;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Finding out what fails, and looking at it: what has no answer, a range alone, a worker in a debugger. */
class LookCloserIT {
    private static final String AGAIN = "coordinator: to see it again in one worker: ";
    private static final String AGAIN_BEHIND = "; to see it again in one worker: ";

    @RegisterExtension
    static final SharedResident RESIDENT = new SharedResident();

    @TempDir
    private Path folder;

    private Launcher coordinator;

    @BeforeEach
    void writeData() throws Exception {
        coordinator = RESIDENT.launcher(folder);
        int[] numbers = new int[1000];
        Arrays.setAll(numbers, i -> i);
        Files.write(folder.resolve("data.bin"), TestData.int32(numbers));
    }

    // ---- the command that shows a failure again

    /** What the last line of a failure says, typed into a shell. */
    private Outcome again(Outcome failed) {
        String last = failed.stderr().lines().toList().getLast();
        assertThat(last).startsWith(AGAIN);
        return again(failed, AGAIN);
    }

    private Outcome again(Outcome failed, String words) {
        String last = failed.stderr().lines().toList().getLast();
        String path = Launcher.SCRIPT.getParent() + ":" + System.getenv("PATH");
        return coordinator.by("sh", "-c").with("PATH", path).run(last.substring(last.indexOf(words) + words.length()));
    }

    private static String faultOf(Outcome failed) {
        return failed.stderr()
                .lines()
                .findFirst()
                .orElseThrow()
                .replaceFirst("task [0-9]+", "task")
                .replaceFirst("pid [0-9]+", "pid");
    }

    @Test
    void aFailureEndsWithTheCommandThatShowsItAgain() {
        Outcome failed = coordinator.run(
                "--procs",
                "2",
                "--tasks",
                "4",
                "--job",
                TestJobs.path("Divide.java"),
                "--param",
                "note=it's \"mine\" & $HOME's",
                "--sweep",
                "unit=-2:2",
                "data.bin");

        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.stderr()).contains("unit=0, elements ", "java.lang.ArithmeticException: / by zero");
        assertThat(failed.stderr().lines().toList().getLast())
                .startsWith(AGAIN + "coordinator --procs 1 --only ")
                .contains(" --param unit=0 ", " --param 'note=it'\\''s \"mine\" & $HOME'\\''s' ")
                .endsWith(" data.bin");

        Outcome shown = again(failed);
        assertThat(shown.exit()).isEqualTo(1);
        // A parameter set alone needs no name.
        assertThat(faultOf(shown)).isEqualTo(faultOf(failed).replaceFirst("note=.*unit=0, ", ""));
        assertThat(again(shown).stderr()).endsWith(AGAIN + shownCommand(shown) + "\n");
    }

    private static String shownCommand(Outcome outcome) {
        return outcome.stderr().lines().toList().getLast().substring(AGAIN.length());
    }

    @LongTest
    @Test
    void soDoesThatOfAWorkerThatDies() throws Exception {
        Files.copy(folder.resolve("data.bin"), folder.resolve("my data"));
        Outcome failed = coordinator.run(TestJobs.job(
                "Failing", "--retries", "0", "--procs", "2", "--type", "int32", "--param", "way=die", "my data"));

        assertThat(shownCommand(failed))
                .contains(" --only 0:1000 ", " --type int32 ")
                .endsWith(" 'my data'");
        assertThat(again(failed).stderr()).contains("elements 0 to 999", "exited with code 9");
    }

    // ---- what has no answer

    @LongTest
    @Test
    void aParameterSetThatFailsIsPrintedAsThat() throws Exception {
        String[] arguments = TestJobs.job(
                "Divide",
                "--skip-failed",
                "--procs",
                "2",
                "--sweep",
                "unit=-1:2",
                "--report",
                "report.html",
                "data.bin");
        Outcome text = coordinator.run(arguments);

        assertThat(text.exit()).isEqualTo(1);
        assertThat(text.stdout()).isEqualTo("unit=-1  -1000\nunit=0   failed\nunit=1   1000\nunit=2   500\n");
        assertThat(text.stderr())
                .startsWith("coordinator: not complete: there is no answer for unit=0:"
                        + " java.lang.ArithmeticException: / by zero" + AGAIN_BEHIND + "coordinator --procs 1 --only ")
                .contains(" --param unit=0 ")
                .hasLineCount(1);
        Outcome shown = again(text, AGAIN_BEHIND);
        assertThat(shown.exit()).isEqualTo(1);
        assertThat(shown.stderr()).contains("the job failed at ", "/ by zero");
        assertThat(Files.readString(folder.resolve("report.html"))).contains("unit=0   failed");

        Outcome json =
                coordinator.run(TestJobs.job("Divide", "--json", "--skip-failed", "--sweep", "unit=-1:2", "data.bin"));
        assertThat(json.exit()).isEqualTo(1);
        Map<String, Object> checked = RunSchema.checked(json.stdout());
        assertThat(ParsedJson.maps(checked.get("result")).get(1))
                .containsEntry("result", null)
                .containsEntry("failed", true);
        assertThat(ParsedJson.maps(checked.get("result")).get(2))
                .containsEntry("result", 1000)
                .doesNotContainKey("failed");
        Map<String, Object> run = ParsedJson.map(checked.get("run"));
        assertThat(run).containsEntry("complete", false);
        assertThat(ParsedJson.maps(run.get("leftOut")))
                .singleElement()
                .satisfies(part -> assertThat(part)
                        .containsEntry("parameterSets", List.of(1, 2))
                        .containsEntry("failed", true));
        assertThat(ParsedJson.integer(run.get("attempts"))).isLessThan(20);
    }

    /** With all that may be made of it. What has failed is in no journal, so that it is tried again. */
    @LongTest
    @Test
    void soIsOneThatFailsWhereItIsMerged() throws Exception {
        String[] arguments = TestJobs.job(
                "Divide",
                "--skip-failed",
                "--procs",
                "2",
                "--tasks",
                "4",
                "--param",
                "at=merge",
                "--sweep",
                "unit=0:2",
                "--journal",
                "run.journal",
                "--report",
                "report.html",
                "--json",
                "data.bin");
        for (int run = 1; run <= 2; run++) {
            Outcome outcome = coordinator.run(arguments);

            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.stderr())
                    .contains("coordinator: not complete: there is no answer for at=merge unit=0: "
                            + "java.lang.ArithmeticException: / by zero" + AGAIN_BEHIND + "coordinator --procs 1 ");
            Map<String, Object> checked = RunSchema.checked(outcome.stdout());
            List<Map<String, Object>> results = ParsedJson.maps(checked.get("result"));
            assertThat(results.get(0)).containsEntry("result", null).containsEntry("failed", true);
            assertThat(results.get(1)).containsEntry("result", 1000).doesNotContainKey("failed");
            assertThat(results.get(2)).doesNotContainKey("failed");
            Map<String, Object> facts = ParsedJson.map(checked.get("run"));
            assertThat(facts).containsEntry("complete", false);
            assertThat(ParsedJson.maps(facts.get("leftOut")))
                    .singleElement()
                    .satisfies(part -> assertThat(part)
                            .containsEntry("parameterSets", List.of(0, 1))
                            .containsEntry("failed", true));
            if (run == 2) {
                assertThat(ParsedJson.integer(facts.get("resumed"))).isEqualTo(4);
                assertThat(ParsedJson.integer(facts.get("attempts"))).isZero();
            }
            assertThat(Files.readString(folder.resolve("report.html"))).contains("unit=0  failed");
        }
    }

    @LongTest
    @Test
    void soIsARunOfOneParameterSet() {
        Outcome text = coordinator.run(TestJobs.job("Divide", "--skip-failed", "--param", "unit=0", "data.bin"));

        assertThat(text.exit()).isEqualTo(1);
        assertThat(text.stdout()).isEqualTo("failed\n");
        assertThat(text.stderr()).startsWith("coordinator: not complete: there is no answer: ");
    }

    // ---- a range alone

    @Test
    void aRangeOfElementsHasAnAnswerThatIsMarkedPartial() {
        Outcome text = coordinator.run("--only", "10:20", "--job", "sum", "data.bin");
        assertThat(text)
                .isEqualTo(new Outcome(
                        1, "145\n", "coordinator: not complete: the answer is that of elements 10 to 19 alone\n"));

        Map<String, Object> run = ParsedJson.map(RunSchema.checked(coordinator
                        .run("--only", "10:20", "--job", "sum", "--json", "data.bin")
                        .stdout())
                .get("run"));
        assertThat(run).containsEntry("complete", false).containsEntry("only", List.of(10, 20));
    }

    @LongTest
    @Test
    void aRangeOfTextIsTheLinesThatBeginInIt() throws Exception {
        Files.writeString(folder.resolve("lines.txt"), "one\ntwo\nthree\nfour\n"); // from 0, 4, 8 and 14

        assertThat(coordinator.run("--only", "4:9", "--job", "grep", "--param", "pattern=.", "lines.txt"))
                .isEqualTo(new Outcome(
                        1, "2\n", "coordinator: not complete: the answer is that of bytes 4 to 13 alone\n"));
        assertThat(coordinator.run("--only", "5:8", "--job", "wc", "lines.txt").error(2))
                .contains("no line begins in the range 5:8 of ", "lines.txt");
    }

    @Test
    void aRangeThatThereIsNotIsRefused() {
        assertThat(coordinator.run("--only", "990:1001", "data.bin").error(2))
                .endsWith("data.bin has 1000 elements, and so no range 990:1001");
        assertThat(coordinator.run("--only", "5:5", "data.bin").errorLines(2).getFirst())
                .contains("'5:5' is not a range; write FROM:TO");
    }

    @LongTest
    @Test
    void aJournalKeepsARangeApartFromTheWhole() {
        coordinator.run("--journal", "journal", "--only", "0:500", "--job", "sum", "data.bin");

        assertThat(coordinator
                        .run("--journal", "journal", "--only", "0:500", "--job", "sum", "data.bin")
                        .stdout())
                .isEqualTo("124750\n");
        assertThat(coordinator
                        .run("--journal", "journal", "--job", "sum", "data.bin")
                        .exit())
                .isEqualTo(2);
    }

    // ---- a worker in a debugger

    @Test
    void aWorkerWaitsForADebugger() throws Exception {
        try (Running running = coordinator.start("--debug-worker", "--timeout", "1ms", "--job", "sum", "data.bin")) {
            Pattern said = Pattern.compile("the worker waits for a debugger at port ([0-9]+) of this machine: jdb");
            assertThat(Patience.awaits(
                            Duration.ofSeconds(20),
                            () -> said.matcher(running.printed().stderr()).find()))
                    .isTrue();
            Matcher port = said.matcher(running.printed().stderr());
            assertThat(port.find()).isTrue();
            assertThat(running.printed().stdout()).isEmpty();

            resume(Integer.parseInt(port.group(1)));

            Outcome outcome = running.await();
            assertThat(outcome.exit()).as(outcome.stderr()).isZero();
            assertThat(outcome.stdout()).isEqualTo("499500\n");
            assertThat(outcome.stderr()).hasLineCount(1);
        }
    }

    /** What a debugger says when it has nothing to look at: see the Java Debug Wire Protocol's VirtualMachine.Resume. */
    private static void resume(int port) throws Exception {
        byte[] greeting = "JDWP-Handshake".getBytes(StandardCharsets.US_ASCII);
        try (Socket debugger = connected(port)) {
            var out = new DataOutputStream(debugger.getOutputStream());
            var in = new DataInputStream(debugger.getInputStream());
            out.write(greeting);
            assertThat(in.readNBytes(greeting.length)).isEqualTo(greeting);
            out.writeInt(11);
            out.writeInt(1);
            out.write(new byte[] {0, 1, 9});
            in.readAllBytes(); // until the worker ends
        }
    }

    private static Socket connected(int port) throws Exception {
        var socket = new Socket[1];
        assertThat(Patience.awaits(Duration.ofSeconds(20), () -> {
                    try {
                        socket[0] = new Socket(InetAddress.getLoopbackAddress(), port);
                        return true;
                    } catch (java.net.ConnectException notYet) {
                        return false;
                    }
                }))
                .isTrue();
        return socket[0];
    }

    @Test
    void aDebuggerIsForOneWorker() {
        assertThat(coordinator.run("--debug-worker", "--procs", "2", "data.bin").error(2))
                .isEqualTo("--debug-worker has one worker, not --procs 2; leave one of them out");
    }
}
