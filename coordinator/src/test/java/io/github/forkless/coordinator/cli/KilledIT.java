package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.coordinator.cli.Launcher.Running;
import io.github.forkless.coordinator.cli.TestData.Oracle;
import io.github.forkless.coordinator.cli.TestJobs.Gate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Workers are killed, and the answer is right all the same; the coordinator is killed, and nobody is left. */
class KilledIT {
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
        try (Running running = start("Gate.java", 2, "--json")) {
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
        try (Running running = start("Gate.java", 3)) {
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

    @Test
    void withoutRetriesADeathIsTheEnd() throws Exception {
        try (Running running = start("Gate.java", 2, "--retries", "0")) {
            long victim = gate.awaitWaiting(2).getFirst();

            kill(victim);

            assertThat(running.await().errorLines(1).getFirst())
                    .contains("pid " + victim, "killed by SIGKILL", "--retries");
        }
    }

    @ParameterizedTest
    @CsvSource({"KILL, 137", "TERM, 143", "INT, 130", "HUP, 129"})
    void noWorkerOutlivesACoordinatorThatIsStopped(String signal, int exit) throws Exception {
        try (Running running = start("Gate.java", 3)) {
            gate.awaitWaiting(3);
            assertThat(running.workers()).hasSize(3);

            running.signal(signal);

            assertThat(running.await()).isEqualTo(new Outcome(exit, "", ""));
        }
    }

    @Test
    void noWorkerOutlivesACoordinatorThatIsKilledWhileTheyStart() throws Exception {
        for (int i = 0; i < 5; i++) {
            try (Running running = start("Gate.java", 4)) {
                while (running.workers().size() <= i % 4) {
                    Thread.sleep(1);
                }

                running.signal("KILL");

                assertThat(running.await().exit()).isEqualTo(137);
            }
        }
    }

    @Test
    void noWorkerOutlivesItsCoordinatorHoweverBusyItIs() throws Exception {
        try (Running running = start("Endless.java", 2)) {
            gate.awaitWaiting(2);
            Thread.sleep(300); // so that the loop is compiled; if not, workers must end just the same

            running.signal("KILL");

            assertThat(running.await().exit()).isEqualTo(137);
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

    private Running start(String job, int procs, String... more) {
        return starting(job, procs, "env", more);
    }

    private Running starting(String job, int procs, String starter, String... more) {
        // A shell that runs this in the background may have told us, and so our children, to ignore SIGINT.
        List<String> command = List.of("env", "--default-signal=INT,HUP", starter, Launcher.SCRIPT.toString());
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("--procs", "" + procs, "--tasks", "4", "--job", TestJobs.path(job)));
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
