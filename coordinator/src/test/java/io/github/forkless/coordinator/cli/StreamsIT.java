package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.coordinator.cli.Launcher.Running;
import io.github.forkless.testing.LongTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The answer, and nothing else, goes to stdout. */
class StreamsIT {
    private static final Pattern CHATTER = Pattern.compile("\\[worker (\\d+), pid (\\d+)] (.*)");

    @TempDir
    private Path folder;

    private Launcher coordinator;

    @BeforeEach
    void writeData() throws Exception {
        coordinator = new Launcher(folder);
        Files.write(folder.resolve("data.bin"), TestData.int32(1, 2, 3, 4));
    }

    @Test
    void whatAWorkerPrintsGoesToStderrUnderItsName() {
        Outcome outcome = runChatty(0);

        assertThat(outcome.stdout()).isEqualTo("4\n");
        assertThat(chatter(outcome))
                .contains("to System.out", "to System.err", "System.in has -1", "from a child", "an unfinished line");
    }

    @Test
    void aMebibyteOfPrintsBlocksNobody() {
        int lines = 12_000;

        Outcome outcome = runChatty(lines);

        assertThat(outcome.stdout()).isEqualTo("4\n");
        assertThat(outcome.stderr().length()).isGreaterThan(1 << 20);
        assertThat(chatter(outcome).stream().filter(line -> line.startsWith("line ")))
                .containsExactlyElementsOf(IntStream.range(0, lines)
                        .mapToObj(i -> "line " + i + " " + "x".repeat(80))
                        .toList());
    }

    @Test
    void anAnswerThatCannotBeWrittenIsAFailure() {
        Outcome outcome = coordinator
                .by("sh", "-c", "exec \"$0\" \"$@\" >/dev/full", Launcher.SCRIPT.toString())
                .run("data.bin");

        assertThat(outcome.error(1)).isEqualTo("the answer could not be written to stdout");
    }

    @Test
    void whoeverHasReadEnoughOfTheAnswerIsNotTold() {
        String nobodyReads = "mkfifo pipe; exec 3<>pipe 4>pipe 3<&-; exec \"$0\" \"$@\" >&4";

        assertThat(coordinator
                        .by("sh", "-c", nobodyReads, Launcher.SCRIPT.toString())
                        .run("jobs"))
                .isEqualTo(new Outcome(141, "", ""));
    }

    @Test
    void whatTheJvmSaysIsNoAnswer() throws Exception {
        TestJobs.Gate gate = TestJobs.Gate.in(folder);
        try (Running running = coordinator
                .with("FORKLESS_JAVA_OPTS", "-Xlog:gc*:stdout -verbose:class")
                .start(gate.job("--json", "data.bin"))) {
            gate.awaitWaiting(1);
            running.signal("QUIT");
            running.await(() -> running.printed().stderr().contains("Full thread dump"));
            gate.open();

            Outcome outcome = running.await();
            assertThat(outcome.stdout().lines()).hasSize(1).first().asString().startsWith("{\"job\":");
            assertThat(outcome.stderr()).contains("[gc", "source: jrt:/java.base");
        }
    }

    @Test
    void stdoutByItsNameIsWhereTheAnswerGoes() {
        String command = "'" + Launcher.SCRIPT + "' --job sum --trace /dev/stdout data.bin";

        assertThat(coordinator.by("sh", "-c", command + " | cat").run().answer())
                .contains("10\n", "traceEvents");
        assertThat(coordinator.by("sh", "-c", command).run().error(2))
                .isEqualTo("--trace /proc/self/fd/9: that is where stdout goes; give another file");
    }

    @Test
    void aJvmThatCannotStartSaysSoOnStderr() {
        Outcome outcome = coordinator
                .by("sh", "-c", "ulimit -v 1000000; exec \"$0\" \"$@\"", Launcher.SCRIPT.toString())
                .run("--job", "sum", "data.bin");

        assertThat(outcome).extracting(Outcome::exit, Outcome::stdout).containsExactly(1, "");
        assertThat(outcome.stderr()).contains("Error occurred during initialization of VM");
    }

    @Test
    void aJvmThatCrashesLeavesNothingInTheFolder() throws Exception {
        TestJobs.Gate gate = TestJobs.Gate.in(folder);
        Launcher withoutDump =
                coordinator.by("sh", "-c", "ulimit -c 0; exec \"$0\" \"$@\"", Launcher.SCRIPT.toString());
        try (Running running = withoutDump.start(gate.job("data.bin"))) {
            gate.awaitWaiting(1);
            running.signal("SEGV");

            Outcome outcome = running.await();
            assertThat(outcome).extracting(Outcome::exit, Outcome::stdout).containsExactly(134, "");
            assertThat(outcome.stderr()).contains("SIGSEGV", "END.");
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("data.bin", "gate");
            }
        }
    }

    /** The options that every JVM takes from its environment. */
    @LongTest
    @ParameterizedTest
    @CsvSource({
        "JAVA_TOOL_OPTIONS, -XX:+UseParallelGC",
        "JDK_JAVA_OPTIONS, -XX:+UseG1GC",
        "_JAVA_OPTIONS, -Xshare:off -Xlog:gc"
    })
    void optionsForAllJvmsWorkAndAreAnnouncedOnce(String variable, String options) {
        Outcome outcome = coordinator.with(variable, options).run("--job", "sum", "data.bin");

        assertThat(outcome).extracting(Outcome::exit, Outcome::stdout).containsExactly(0, "10\n");
        assertThat(outcome.stderr().lines().filter(line -> line.contains("Picked up")))
                .hasSize(1)
                .first()
                .asString()
                .endsWith("Picked up " + variable + ": " + options);
    }

    @Test
    void anOptionForAllJvmsThatCannotBeIsNamedAndLeavesNothing() throws IOException {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Launcher withHeap = coordinator.with("_JAVA_OPTIONS", "-Xmx64m").with("TMPDIR", temporary.toString());
        assertThat(withHeap.run("--worker-memory", "32M", "data.bin"))
                .satisfies(outcome -> assertThat(outcome.exit()).isEqualTo(2))
                .satisfies(outcome -> assertThat(outcome.stderr())
                        .contains("coordinator: _JAVA_OPTIONS=-Xmx64m in the environment", "--worker-memory"));
        assertThat(temporary).isEmptyDirectory();

        Outcome outcome = coordinator.with("JAVA_TOOL_OPTIONS", "-Xms64m").run("--worker-memory", "32M", "data.bin");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stderr()).contains("it printed: Picked up JAVA_TOOL_OPTIONS: -Xms64m | Error occurred");
    }

    /** What comes from elsewhere is filtered where it is shown, and nowhere else. */
    @LongTest
    @Test
    void nothingThatIsPrintedIsAnOrderToTheTerminal() throws Exception {
        Files.move(folder.resolve("data.bin"), folder.resolve("\u001b[31m.bin"));
        Path classes = Path.of(
                Orders.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String run = "'%s' --procs 1 --no-progress --class-path '%s' --job %s *.bin "
                .formatted(Launcher.SCRIPT, classes, Orders.class.getName());

        String screen = coordinator
                .by(
                        "script",
                        "-qefc",
                        run + "--prove-sharing; " + run + "--json --retries 0 --param fails=true",
                        "/dev/null")
                .run()
                .stdout();

        assertThat(screen)
                .contains("printed \\u001b[31m\\u009b2J\\u202eevil\\u000d.")
                .contains("thrown \\u001b[31m", "answered \\u001b[31m", "\\u001b[31m.bin")
                .doesNotContain("\u001b", "\u009b", "\u202e");

        Outcome exact = coordinator.by("sh", "-c", run).run();
        assertThat(exact.stdout()).isEqualTo("answered \u001b[31m\u009b2J\u202eevil\r.\n");
        assertThat(exact.stderr()).contains("printed \u001b[31m");
    }

    private Outcome runChatty(int lines) {
        Outcome outcome = coordinator.run(TestJobs.job("Chatty", "--param", "lines=" + lines, "data.bin"));
        assertThat(outcome.exit()).as(outcome.stderr()).isZero();
        return outcome;
    }

    private static List<String> chatter(Outcome outcome) {
        return outcome.stderr()
                .lines()
                .map(line -> {
                    var named = CHATTER.matcher(line);
                    assertThat(named.matches()).as(line).isTrue();
                    return named.group(3);
                })
                .toList();
    }
}
