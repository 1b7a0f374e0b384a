package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.coordinator.machine.Machine;
import io.github.forkless.testing.LongTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On whatever machine this is; placement/emulate has a machine with two sockets. */
class PlacementIT {
    @TempDir
    private Path folder;

    private Launcher coordinator;

    @BeforeEach
    void writeData() throws Exception {
        Files.write(folder.resolve("data.bin"), TestData.random(ElementType.INT32, 1_000_000, 9));
        coordinator = new Launcher(folder);
    }

    private static Map<String, Object> run(String json) {
        return ParsedJson.map(ParsedJson.object(json).get("run"));
    }

    private static List<Object> cpus(Map<String, Object> run) {
        return ParsedJson.maps(run.get("workers")).stream()
                .map(worker -> worker.get("cpus"))
                .toList();
    }

    @Test
    void aWorkerIsKeptOnItsProcessor() {
        List<String> places =
                Machine.read().cpus().stream().map(cpu -> "" + cpu.id()).toList();
        int procs = Math.min(2, places.size());

        Map<String, Object> run = run(coordinator
                .run("--pin", "cpu", "--procs", "" + procs, "--json", "data.bin")
                .answer());

        assertThat(cpus(run)).doesNotHaveDuplicates().isSubsetOf(places.toArray());
        assertThat(ParsedJson.map(run.get("placement")).get("workers"))
                .asString()
                .contains("cpus=" + cpus(run).getFirst());
    }

    /** The JVM counts the processors that it may use, so that it has no more threads than suit them. */
    @Test
    void aPinnedWorkersJvmSeesOneProcessor() {
        String processors = coordinator
                .run(TestJobs.job("Processors", "--pin", "cpu", "--procs", "1", "data.bin"))
                .answer();

        assertThat(processors).isEqualTo("1\n");
    }

    @Test
    void withoutPinningNothingIsSaidOfPlacement() {
        Map<String, Object> run =
                run(coordinator.run("--procs", "1", "--json", "data.bin").answer());

        assertThat(run).doesNotContainKey("placement");
        assertThat(cpus(run)).containsExactly(everywhere());
    }

    @Test
    void whereThereIsNoToolItIsSaidOnceAndTheAnswerComes() {
        Outcome outcome = coordinator
                .by("/bin/sh", Launcher.SCRIPT.toString())
                .with("JAVA_HOME", System.getProperty("java.home"))
                .with("PATH", folder.toString())
                .run("--pin", "cpu", "--procs", "2", "--json", "data.bin");

        assertThat(outcome.exit()).isZero();
        assertThat(outcome.stderr())
                .isEqualTo(
                        "[pin] workers run wherever the kernel puts them: there is neither taskset nor numactl on the"
                                + " PATH; install one of them\n");
        assertThat(cpus(run(outcome.stdout()))).containsOnly(everywhere());
    }

    @LongTest
    @Test
    void aReplacementIsKeptWhereItsPredecessorWas() {
        int procs = Math.min(2, Machine.read().cpus().size());
        String[] pinned = {"--pin", "cpu", "--procs", "" + procs, "--tasks", "12", "--json", "data.bin"};
        Map<Object, Object> predecessors =
                placesOfThoseAtTheEnd(run(coordinator.run(pinned).answer()));

        Map<String, Object> run = run(coordinator
                .run(Stream.concat(Stream.of("--tasks-per-worker", "2"), Stream.of(pinned))
                        .toArray(String[]::new))
                .answer());

        assertThat(ParsedJson.maps(run.get("workers"))).hasSizeGreaterThan(procs);
        assertThat(predecessors).hasSize(procs);
        assertThat(predecessors).containsAllEntriesOf(placesOfThoseAtTheEnd(run));
        assertThat(placesOfThoseAtTheEnd(run)).isNotEmpty();
    }

    /** By their place in the pool; whoever was replaced is gone, and has none. */
    private static Map<Object, Object> placesOfThoseAtTheEnd(Map<String, Object> run) {
        return ParsedJson.maps(run.get("workers")).stream()
                .filter(worker -> worker.containsKey("cpus"))
                .collect(Collectors.toMap(worker -> worker.get("id"), worker -> worker.get("cpus")));
    }

    @LongTest
    @Test
    void theAnswerIsTheSameInEveryMode() {
        String answer = coordinator.run("data.bin").answer();

        for (String numa : List.of("local", "interleave", "mirror")) {
            Outcome outcome = coordinator.run("--numa", numa, "data.bin");

            assertThat(outcome.stdout()).as(numa).isEqualTo(answer);
            if (Machine.read().nodes().size() == 1) {
                assertThat(outcome.stderr())
                        .as(numa)
                        .isEqualTo("[numa] nothing is placed: the memory that these workers may use is that of one"
                                + " node\n");
            }
        }
    }

    @Test
    void aMirrorIsNoProofOfOneCopy() {
        assertThat(coordinator
                        .run("--numa", "mirror", "--prove-sharing", "data.bin")
                        .error(2))
                .isEqualTo(
                        "--numa mirror makes several copies, and --prove-sharing proves that there is one; choose one"
                                + " of them");
    }

    private static String everywhere() {
        return Machine.read().nodes().stream()
                .map(node -> node.cpuList())
                .filter(list -> !list.isEmpty())
                .reduce((a, b) -> a + "," + b)
                .orElseThrow();
    }
}
