package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.coordinator.cli.Launcher.Running;
import io.github.forkless.coordinator.cli.TestData.Oracle;
import io.github.forkless.coordinator.cli.TestJobs.Gate;
import io.github.forkless.coordinator.files.ShutdownHook;
import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Thorough;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers are killed, and the answer is right all the same; the coordinator is killed, and nobody is left. */
class KilledIT {
    /** Next to nothing more fits into a pipe that nobody reads. */
    private static final long FULL = 60_000;

    @TempDir
    private Path folder;

    private Gate gate;
    private long sum;

    @BeforeEach
    void writeData() throws Exception {
        byte[] elements = TestData.random(ElementType.INT32, 100_000, 9);
        Files.write(folder.resolve("data.bin"), elements);
        sum = Oracle.of(ElementType.INT32, elements).integerSum().longValueExact();
        gate = Gate.in(folder);
    }

    @Test
    void aWorkersDeathCostsOneAttempt() throws Exception {
        try (Running running = start("Gate", 2, "--json")) {
            long victim = gate.awaitWaiting(2).getFirst();

            kill(victim);
            gate.awaitWaiting(3); // its successor has come as far
            gate.open();

            Outcome outcome = running.await();
            Map<String, Object> json = RunSchema.checked(outcome.answer());
            assertThat(ParsedJson.integer(json.get("result"))).isEqualTo(sum);
            Map<String, Object> run = ParsedJson.map(json.get("run"));
            assertThat(run)
                    .containsEntry("complete", true)
                    .containsEntry("procs", 2)
                    .containsEntry("tasks", 4)
                    .containsEntry("attempts", 5)
                    .containsEntry("retries", 1);
            assertThat(ParsedJson.maps(run.get("failures")))
                    .singleElement()
                    .satisfies(failure -> assertThat(failure)
                            .containsEntry("pid", (int) victim)
                            .containsEntry("attempt", 1)
                            .hasEntrySatisfying("cause", KilledIT::isSigkill)
                            .containsKeys("task", "slice"));
            assertThat(ParsedJson.maps(run.get("workers")))
                    .filteredOn("pid", (int) victim)
                    .singleElement()
                    .satisfies(worker -> assertThat(worker)
                            .hasEntrySatisfying("end", KilledIT::isSigkill)
                            .containsEntry("tasks", 0));
        }
    }

    @Test
    void allWorkersMayDieOnce() throws Exception {
        try (Running running = start("Gate", 3)) {
            for (long victim : gate.awaitWaiting(3)) {
                kill(victim);
            }
            gate.awaitWaiting(6);
            gate.open();

            Outcome outcome = running.await();
            assertThat(outcome.exit()).as(outcome.stderr()).isZero();
            assertThat(outcome.stdout()).isEqualTo(sum + "\n");
        }
    }

    @LongTest
    @Test
    void thatWorkersKeepDyingIsSaidWhileTheRunGoesOn() throws Exception {
        try (Running running = start("Gate.java", 3)) {
            for (long victim : gate.awaitWaiting(3)) {
                kill(victim);
            }
            running.await(() -> !running.printed().stderr().isEmpty());
            gate.open();

            Outcome outcome = running.await();
            assertThat(outcome.stdout()).isEqualTo(sum + "\n");
            assertThat(outcome.stderr())
                    .hasLineCount(1)
                    .startsWith("coordinator: 3 workers have died so far, 0% is done; the last one, pid ")
                    .contains("killed by SIGKILL from outside");
        }
    }

    @Test
    void withoutRetriesADeathIsTheEnd() throws Exception {
        try (Running running = start("Gate", 2, "--retries", "0")) {
            long victim = gate.awaitWaiting(2).getFirst();

            kill(victim);

            assertThat(running.await().errorLines(1).getFirst())
                    .contains("pid " + victim, "killed by SIGKILL", "--retries");
        }
    }

    /** Goes down, and only then has the command fail. Lasts until that waits for the end, or has ended everything. */
    static final class Ending {
        public static void main(String[] args) throws Exception {
            Thread command = Thread.currentThread();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                while (command.isAlive() && command.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
            }));
            new ProcessBuilder("kill", Long.toString(ProcessHandle.current().pid())).start();
            while (!ShutdownHook.haveBegun()) {
                Thread.onSpinWait();
            }
            Main.main(args);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "run"})
    void whatFailsBecauseTheProgramIsStoppedIsNotToldAndNoExitCode(String command) throws Exception {
        Process ending = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Ending.class.getName(),
                        command,
                        folder.resolve("none.bin").toString())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(ending.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(ending.waitFor()).isEqualTo(143);
    }

    static Stream<Arguments> signals() {
        return Thorough.orFirst(List.of(
                Arguments.of("KILL", 137),
                Arguments.of("TERM", 143),
                Arguments.of("INT", 130),
                Arguments.of("HUP", 129)));
    }

    @ParameterizedTest
    @MethodSource("signals")
    void noWorkerOutlivesACoordinatorThatIsStopped(String signal, int exit) throws Exception {
        try (Running running = start("Gate", 3)) {
            gate.awaitWaiting(3);
            assertThat(running.workers()).hasSize(3);

            running.signal(signal);

            assertThat(running.await()).isEqualTo(new Outcome(exit, "", ""));
        }
    }

    @LongTest
    @Test
    void noWorkerOutlivesACoordinatorThatIsKilledWhileTheyStart() throws Exception {
        for (int i = 0; i < 5; i++) {
            try (Running running = start("Gate.java", 4)) {
                int started = i % 4;
                running.await(() -> running.workers().size() > started);

                running.signal("KILL");

                assertThat(running.await().exit()).isEqualTo(137);
            }
        }
    }

    @Test
    void noWorkerOutlivesItsCoordinatorHoweverBusyItIs() throws Exception {
        try (Running running = start("Endless", 2)) {
            gate.awaitWaiting(2);
            Thread.sleep(300); // so that the loop is compiled; if not, workers must end just the same

            running.signal("KILL");

            assertThat(running.await().exit()).isEqualTo(137);
        }
    }

    @Test
    void aPipeThatNobodyReadsHoldsUpNoEnd() throws Exception {
        Path pipe = pipe("report");
        try (Running running =
                new Launcher(folder).start("--report", pipe.toString(), "--procs", "2", "--job", "sum", "data.bin")) {
            running.await(() -> running.printed().stderr().contains("a pipe that nobody reads"));

            running.signal("TERM");

            assertThat(running.await().exit()).isEqualTo(143);
        }
    }

    /** What workers print goes to a pipe that is full, as that of a program that has stopped. */
    @LongTest
    @Test
    void aStderrThatTakesNothingMoreHoldsUpNoEnd() throws Exception {
        Path pipe = pipe("full");
        Launcher redirected =
                new Launcher(folder).by("sh", "-c", "exec \"$0\" \"$@\" 2>'" + pipe + "'", Launcher.SCRIPT.toString());
        try (var neverRead = new RandomAccessFile(pipe.toFile(), "rw");
                Running running = redirected.start(
                        TestJobs.job("Chatty", "--procs", "2", "--param", "lines=100000", "data.bin"))) {
            running.await(() -> written(running.process().pid()) >= FULL);

            running.signal("TERM");

            assertThat(running.await())
                    .extracting(Outcome::exit, Outcome::stdout)
                    .containsExactly(143, "");
            assertThat(neverRead.getFD().valid()).isTrue();
        }
    }

    private Path pipe(String name) throws Exception {
        Path pipe = folder.resolve(name);
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        return pipe;
    }

    /** How many bytes a process has written by now. */
    private static long written(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "io")).stream()
                .filter(line -> line.startsWith("wchar: "))
                .mapToLong(line -> Long.parseLong(line.substring("wchar: ".length())))
                .findFirst()
                .orElseThrow();
    }

    /** Its workers were started early, and nobody watches over them yet. */
    @LongTest
    @Test
    void whatACoordinatorLeavesThatIsKilledWhileItGeneratesTheNextOneRemoves() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Launcher coordinator = new Launcher(folder).with("TMPDIR", temporary.toString());
        try (Running running =
                coordinator.start("--procs", "2", "--generate", "4G", "--type", "int8", "--job", "sum", "new")) {
            running.await(() -> has(folder, ".new.*.forkless.tmp") && has(temporary, "forkless-*/lock"));

            running.signal("KILL");

            assertThat(running.await().exit()).isEqualTo(137);
        }
        assertThat(has(temporary, "forkless-*/lock")).isTrue();
        assertThat(coordinator.run("--job", "sum", "data.bin").answer()).isEqualTo(sum + "\n");
        assertThat(temporary).isEmptyDirectory();
    }

    private static boolean has(Path folder, String glob) throws IOException {
        PathMatcher pattern = FileSystems.getDefault().getPathMatcher("glob:" + folder + "/" + glob);
        try (Stream<Path> files = Files.find(folder, 2, (file, _) -> pattern.matches(file))) {
            return files.findAny().isPresent();
        } catch (UncheckedIOException e) {
            return false; // it was gone when it was looked at
        }
    }

    /** As a terminal does it: everybody who is in the foreground gets the signal. */
    @Test
    void controlCIsQuiet() throws Exception {
        try (Running running = starting("Gate.java", 3, "setsid")) {
            gate.awaitWaiting(3);

            new ProcessBuilder("kill", "-INT", "--", "-" + running.process().pid())
                    .start()
                    .waitFor();

            assertThat(running.await()).isEqualTo(new Outcome(130, "", ""));
        }
    }

    /** @param job a class that is compiled already; or a file of source, for which workers are started before it is compiled */
    private Running start(String job, int procs, String... more) {
        return starting(job, procs, "env", more);
    }

    private Running starting(String job, int procs, String starter, String... more) {
        // A shell that runs this in the background may have told us, and so our children, to ignore SIGINT.
        List<String> command = List.of("env", "--default-signal=INT,HUP", starter, Launcher.SCRIPT.toString());
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("--procs", "" + procs, "--tasks", "4"));
        arguments.addAll(
                List.of(job.endsWith(".java") ? new String[] {"--job", TestJobs.path(job)} : TestJobs.job(job)));
        arguments.addAll(List.of("--param", gate.parameter(), "data.bin"));
        return new Launcher(folder).by(command.toArray(String[]::new)).start(arguments.toArray(String[]::new));
    }

    private static void isSigkill(Object cause) {
        assertThat((String) cause).startsWith("killed by SIGKILL from outside");
    }

    private static void kill(long pid) throws Exception {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        assertThat(process).isPresent();
        assertThat(process.get().destroyForcibly()).isTrue();
    }
}
