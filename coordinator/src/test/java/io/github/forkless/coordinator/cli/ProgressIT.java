package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.coordinator.cli.Launcher.Running;
import io.github.forkless.testing.LongTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Progress on a terminal, which script(1) makes, and elsewhere. */
class ProgressIT {
    private static final String ERASE = "\r\033[J";
    private static final int CTRL_C = 3;
    private static final List<String> SLOW = List.of("--procs", "2", "--tasks", "8");

    @TempDir
    private Path folder;

    private TestJobs.Gate gate;

    @BeforeEach
    void writeData() throws Exception {
        Files.write(folder.resolve("data.bin"), TestData.random(ElementType.INT32, 1 << 16, 1));
        gate = TestJobs.Gate.in(folder);
    }

    @Test
    void aTerminalShowsALineThatIsGoneInTheEnd() throws Exception {
        Outcome outcome = onTerminal("stty cols 40; ", "");

        assertThat(outcome.exit()).as(outcome.stdout()).isZero();
        String screen = outcome.stdout();
        assertThat(screen)
                .contains(ERASE + "  0% [>")
                .contains("? left, 0.00 kB/s\r")
                .endsWith(ERASE);
        assertThat(screen.split("\\Q" + ERASE + "\\E", -1))
                .allSatisfy(line -> assertThat(line.strip().length()).isLessThan(40));
        assertThat(Files.readString(folder.resolve("answer"))).hasLineCount(1).doesNotContain("%");
    }

    @Test
    void beingStoppedLeavesACleanLine() throws Exception {
        try (Running running = terminal("", "")) {
            awaitProgress(running);

            running.workers().getFirst().parent().orElseThrow().destroy(); // the coordinator, by SIGTERM

            Outcome outcome = running.await();
            assertThat(outcome.stdout()).endsWith(ERASE);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 120})
    void ctrlCLeavesNothingOfTheLine(int columns) throws Exception {
        try (Running running = terminal("stty cols " + columns + "; ", "")) {
            awaitProgress(running);

            for (int i = 0; i < 2; i++) { // who is impatient presses it twice
                running.process().getOutputStream().write(CTRL_C);
                running.process().getOutputStream().flush();
            }

            Outcome outcome = running.await();
            assertThat(outcome.exit()).isEqualTo(130);
            assertThat(outcome.stdout()).contains("^C");
            assertThat(Screen.after(outcome.stdout(), columns)).isBlank();
        }
    }

    @LongTest
    @ParameterizedTest
    @ValueSource(strings = {"dumb", "unknown", ""})
    void aTerminalThatUnderstandsNoOrdersGetsNone(String term) throws Exception {
        try (Running running = terminal("TERM='" + term + "' ", "--progress")) {
            running.await(() -> running.printed().stdout().contains("coordinator: "));
            gate.open();

            Outcome outcome = running.await();
            assertThat(outcome.exit()).isZero();
            assertThat(outcome.stdout()).contains("coordinator: 100% [===").doesNotContain("\033", "\r\r");
        }
    }

    @LongTest
    @Test
    void nobodyIsToldWhoDoesNotWantToBe() throws Exception {
        for (String option : List.of("--no-progress", "--quiet")) {
            Files.deleteIfExists(folder.resolve("gate/open"));
            try (Running running = terminal("", option)) {
                gate.awaitWaiting(2);
                Thread.sleep(700); // a line comes after half a second, and nothing tells that none will
                gate.open();

                assertThat(running.await()).isEqualTo(new Outcome(0, "", ""));
            }
        }
    }

    @Test
    void elsewhereThereAreLinesForThoseWhoAsk() throws Exception {
        List<String> arguments = arguments("--progress");
        try (Running running = new Launcher(folder).start(arguments.toArray(String[]::new))) {
            running.await(() -> !running.printed().stderr().isEmpty());
            gate.open();
            Outcome outcome = running.await();

            assertThat(outcome.exit()).isZero();
            assertThat(outcome.stdout()).hasLineCount(1);
            List<String> lines = outcome.stderr().lines().toList();
            assertThat(lines.getFirst()).matches("coordinator: (starting, |  0% ).*2 workers");
            assertThat(lines.getLast()).startsWith("coordinator: 100% [===").contains("0.3 of 0.3 MiB");
        }
    }

    @Test
    void aShortRunSaysNothing() {
        assertThat(new Launcher(folder)
                        .run("--procs", "1", "--job", "sum", "data.bin")
                        .answer())
                .hasLineCount(1);
    }

    @Test
    void quietHidesWhatWorkersPrintAndNoError() {
        Outcome outcome = new Launcher(folder)
                .run(TestJobs.job(
                        "Failing", "--quiet", "--retries", "0", "--procs", "1", "--param", "way=die", "data.bin"));

        assertThat(outcome.errorLines(1).getFirst()).contains("exited with code 9; its last words: on purpose");
    }

    @Test
    void contradictionsAreRefused() {
        assertThat(new Launcher(folder).run("--progress", "--quiet", "data.bin").error(2))
                .isEqualTo("--progress contradicts --no-progress and --quiet; choose one");
    }

    private Outcome onTerminal(String before, String option) throws Exception {
        try (Running running = terminal(before, option)) {
            awaitProgress(running);
            gate.open();
            return running.await();
        }
    }

    private static void awaitProgress(Running running) throws Exception {
        running.await(() -> running.printed().stdout().contains("%"));
    }

    /** The coordinator with stderr on a terminal, and its answer in a file. */
    private Running terminal(String before, String option) {
        String command =
                before + "'" + Launcher.SCRIPT + "' " + option + " '" + String.join("' '", arguments()) + "' >answer";
        return new Launcher(folder)
                .with("TERM", "xterm")
                .by("env", "--default-signal=INT", "script", "-qefc", command, "/dev/null")
                .start();
    }

    private List<String> arguments(String... more) {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(SLOW);
        arguments.addAll(List.of(gate.job("data.bin")));
        return arguments;
    }
}
