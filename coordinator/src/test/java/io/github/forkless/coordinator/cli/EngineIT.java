package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.cli.Launcher.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --engine}: the same command, with threads in the place of worker processes. */
class EngineIT {
    @TempDir
    Path folder;

    private Launcher coordinator;

    @BeforeEach
    void writeData() throws Exception {
        coordinator = new Launcher(folder);
        Files.write(folder.resolve("data.bin"), TestData.random(ElementType.FLOAT64, 1 << 16, 3));
    }

    @Test
    void threadsHaveTheSameAnswer() {
        String byProcesses =
                coordinator.run("--tasks", "9", "--type", "float64", "data.bin").answer();

        assertThat(coordinator
                        .run("--engine", "threads", "--tasks", "9", "--type", "float64", "data.bin")
                        .answer())
                .isEqualTo(byProcesses);
    }

    @Test
    void theJsonNamesTheEngineAndHasNoMemoryOfWorkers() throws Exception {
        String json = coordinator
                .run("--engine=threads", "--procs", "2", "--json", "--job", "sum", "--type", "float64", "data.bin")
                .answer();

        assertThat(json).contains("\"engine\":\"threads\"").doesNotContain("rssBytes");
        RunSchema.checked(json);
    }

    /** The run folder is that of the coordinator alone, while its tests run. */
    @Test
    void anEngineThatIsNotInstalledIsSaidAndHowToInstallIt() {
        Outcome outcome = coordinator.run("--engine", "spark", "--master", "local[2]", "--type", "float64", "data.bin");

        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.stderr())
                .isEqualTo("coordinator: --engine spark is not installed: unpack forkless-spark-VERSION.tar.gz into the"
                        + " folder that coordinator is installed in, and run the installed command\n");
        assertThat(coordinator
                        .run("--master", "local[2]", "--type", "float64", "data.bin")
                        .stderr())
                .isEqualTo("coordinator: --master is for a cluster, and the workers are on this machine; add --engine"
                        + " spark, or leave it out\n");
    }

    /** What it prints would be between the answer's lines. It returns how many processes its JVM has started. */
    @Test
    void whatAJobPrintsIsNotTheAnswerAndNoWorkerProcessIsStarted() throws Exception {
        Files.writeString(folder.resolve("Chatty.java"), """
            import io.github.forkless.common.dataset.Block;
            import io.github.forkless.common.job.Job;

            public record Chatty() implements Job<Long, Long> {
                @Override
                public Long start() {
                    return 0L;
                }

                @Override
                public Long accept(Long count, Block block) {
                    return count + block.count();
                }

                @Override
                public Long merge(Long left, Long right) {
                    return left + right;
                }

                @Override
                public Long finish(Long count) {
                    System.out.println(count + " in " + Thread.currentThread().getName());
                    return ProcessHandle.current().children().count();
                }
            }
            """);

        Outcome outcome = coordinator.run(
                "--engine", "threads", "--procs", "1", "--job", "Chatty.java", "--type", "float64", "data.bin");

        assertThat(outcome).isEqualTo(new Outcome(0, "0\n", (1 << 16) + " in worker-0\n"));
    }

    @Test
    void whatNeedsProcessesIsRefused() {
        assertThat(coordinator
                        .run("--engine", "threads", "--pin", "cpu", "--type", "float64", "data.bin")
                        .error(2))
                .isEqualTo("--pin keeps a worker's JVM on processors, and the engine 'threads' has one JVM for all"
                        + " workers; leave it out, or use --engine processes");
        assertThat(coordinator
                        .run("--engine", "threads", "--prove-sharing", "--type", "float64", "data.bin")
                        .error(2))
                .startsWith("--prove-sharing ")
                .contains("the engine 'threads'");
        assertThat(coordinator
                        .run("--engine", "fork", "--type", "float64", "data.bin")
                        .errorLines(2)
                        .getFirst())
                .contains("'fork' is none of processes, threads and spark");
    }
}
