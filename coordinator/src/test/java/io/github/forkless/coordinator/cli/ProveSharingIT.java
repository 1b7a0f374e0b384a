package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.cli.Launcher.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One physical copy for all workers is proved by what the kernel says, and is not where there is another. */
class ProveSharingIT {
    private static final int BYTES = 8 << 20;

    @TempDir
    private Path folder;

    private Launcher coordinator;
    private Path data;

    @BeforeEach
    void writeData() throws Exception {
        coordinator = new Launcher(folder);
        data = Files.write(folder.toRealPath().resolve("data.bin"), TestData.random(ElementType.INT32, BYTES / 4, 1));
    }

    /** The data was written a moment ago: on most file systems no page of it is on the disk yet. */
    @Test
    void workersThatReadTheFileShareIt() throws Exception {
        TestJobs.Gate gate = TestJobs.Gate.in(folder);
        Outcome outcome;
        try (Launcher.Running running = coordinator.start(gate.job("--procs", "2", "--prove-sharing", "data.bin"))) {
            gate.awaitWaiting(2);
            gate.open();
            outcome = running.await();
        }

        assertThat(outcome.exit()).as(outcome.stderr()).isZero();
        assertThat(outcome.stdout()).hasLineCount(1);
        List<String> lines = outcome.stderr().lines().toList();
        assertThat(lines).hasSize(6);
        assertThat(lines.getFirst()).contains(data.toString(), "inode ");
        assertThat(lines.get(2)).matches("coordinator: 0 +\\d+  r--s .*");
        assertThat(lines.get(3)).matches("coordinator: 1 +\\d+  r--s .*");
        assertThat(lines.get(4)).matches("coordinator: all +r--s +8192 +8192 .*");
        assertThat(lines.getLast())
                .startsWith("coordinator: one physical copy is shared: no page of it was copied, and 2 workers");
    }

    @Test
    void pagesThatSeveralWorkersHaveCountOnce() throws Exception {
        TestJobs.Gate gate = TestJobs.Gate.in(folder);
        // Each worker has a parameter set of its own, and reads everything.
        try (Launcher.Running running = coordinator.start(TestJobs.job(
                "GateAtEnd",
                "--procs",
                "3",
                "--sweep",
                "times=1:3",
                "--param",
                gate.parameter(),
                "--prove-sharing",
                "--json",
                "data.bin"))) {
            gate.awaitWaiting(3);
            gate.open();
            Outcome outcome = running.await();

            assertThat(outcome.exit()).as(outcome.stderr()).isZero();
            Map<String, Object> sharing = sharing(outcome);
            assertThat(sharing)
                    .containsEntry("proved", true)
                    .containsEntry("objections", List.of())
                    .containsEntry("residentBytes", 3 * BYTES)
                    .hasEntrySatisfying(
                            "proportionalBytes",
                            all -> assertThat(ParsedJson.integer(all)).isBetween(BYTES - (64L << 10), (long) BYTES));
        }
    }

    @Test
    void aWorkerThatHasCopiedPagesIsFound() {
        int copied = 1 << 20;
        Outcome outcome = coordinator.run(TestJobs.job(
                "Copying",
                "--procs",
                "1",
                "--param",
                "file=" + data,
                "--param",
                "bytes=" + copied,
                "--prove-sharing",
                "--json",
                "data.bin"));

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stderr().lines().toList().getLast())
                .startsWith("coordinator: that the workers share one physical copy is not proved: worker 0, pid ")
                .contains("has copied " + copied + " bytes of it");
        assertThat(sharing(outcome)).containsEntry("proved", false);
        assertThat(ParsedJson.maps(
                        ParsedJson.map(ParsedJson.object(outcome.stdout()).get("run"))
                                .get("workers")))
                .singleElement()
                .satisfies(worker -> assertThat(worker).containsEntry("dataCopiedBytes", copied));
    }

    @Test
    void whereNothingIsMappedNothingIsProved() throws Exception {
        Files.createFile(folder.resolve("empty.bin"));

        Outcome outcome = coordinator.run("--procs", "1", "--job", "sum", "--prove-sharing", "empty.bin");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stdout()).isEqualTo("0\n");
        assertThat(outcome.stderr()).contains("is not proved: no worker has anything of it in memory");
    }

    private static Map<String, Object> sharing(Outcome outcome) {
        return ParsedJson.map(
                ParsedJson.map(RunSchema.checked(outcome.stdout()).get("run")).get("sharing"));
    }
}
