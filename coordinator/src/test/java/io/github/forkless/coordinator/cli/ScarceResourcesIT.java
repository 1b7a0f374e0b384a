package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.cli.Launcher.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are given too little, as a user would give it: they end soon, and say what was wanting. */
@Timeout(60)
class ScarceResourcesIT {
    private static final Duration SOON = Duration.ofSeconds(15); // idle machines need half a second

    @TempDir
    private Path folder;

    @BeforeEach
    void writeData() throws Exception {
        Files.write(folder.resolve("data.bin"), TestData.random(ElementType.INT32, 1_000_000, 9));
    }

    @Test
    void workersForWhichThereIsNoAddressSpace() {
        assertThat(lastWords(limited("-v 5000000"), "--worker-memory", "8G"))
                .startsWith("coordinator: 4 workers died before they could work, the last one pid ")
                .contains("exited with code 1; it printed: Error occurred during initialization of VM")
                .contains("Could not reserve enough space for");
    }

    @Test
    void aHeapThatNoMachineHas() {
        assertThat(lastWords(new Launcher(folder), "--worker-memory", "900000G"))
                .contains("4 workers died before they could work")
                .contains("it printed: Error occurred during initialization of VM");
    }

    @Test
    void tooFewFileDescriptors() {
        assertThat(lastWords(limited("-n 18")))
                // Which of them meets the limit depends on what else has files open just then.
                .containsPattern("^coordinator: worker [12] of 2 cannot be started: ")
                .contains("Too many open files")
                .endsWith("use fewer --procs, or raise the limits on processes and open files");
    }

    @Test
    void anOptionThatNoJvmKnows() {
        assertThat(run(new Launcher(folder).with("JDK_JAVA_OPTIONS", "-XX:NoSuchOption=1"))
                        .stderr())
                .contains("Unrecognized VM option 'NoSuchOption=1'");
    }

    @Test
    void aCoordinatorWithoutMemoryForWhatComesBack() {
        Launcher small = new Launcher(folder).with("FORKLESS_JAVA_OPTS", "-Xmx24m");

        assertThat(lastWords(
                        small, "--tasks", "40", "--job", TestJobs.path("Large.java"), "--param", "bytes=" + (1 << 20)))
                .startsWith(
                        "coordinator: the coordinator ran out of memory (Java heap space) after the last message of")
                .endsWith("give its JVM a larger heap, or cut the work so that less comes back at once");
        assertThat(lastWords(
                        small,
                        "--retries",
                        "0",
                        "--tasks",
                        "2",
                        "--job",
                        TestJobs.path("Large.java"),
                        "--param",
                        "bytes=" + (64 << 20)))
                .contains("sent more than the coordinator has memory for (Java heap space)");
    }

    /** See JobRunTest for what would grow. */
    @Test
    void aHundredThousandTasksInAHeapOf8MiB() {
        String[] sum = {"--job", "sum", "--procs", "2", "data.bin"};
        String answer = new Launcher(folder).run(sum).answer();

        assertThat(new Launcher(folder)
                        .with("FORKLESS_JAVA_OPTS", "-Xmx8m")
                        .run("--tasks", "100000", sum[0], sum[1], sum[2], sum[3], sum[4])
                        .answer())
                .isEqualTo(answer);
    }

    private Launcher limited(String limit) {
        return new Launcher(folder)
                .by("sh", "-c", "ulimit " + limit + " && exec \"$0\" \"$@\"", Launcher.SCRIPT.toString());
    }

    private static String lastWords(Launcher launcher, String... options) {
        List<String> lines = run(launcher, options).stderr().lines().toList();
        return lines.stream()
                .filter(line -> line.startsWith("coordinator: "))
                .toList()
                .getLast();
    }

    private static Outcome run(Launcher launcher, String... options) {
        String[] arguments = new String[options.length + 3];
        System.arraycopy(options, 0, arguments, 0, options.length);
        arguments[options.length] = "--procs";
        arguments[options.length + 1] = "2";
        arguments[options.length + 2] = "data.bin";
        long started = System.nanoTime();
        Outcome outcome = launcher.run(arguments);
        assertThat(outcome).extracting(Outcome::exit, Outcome::stdout).containsExactly(1, "");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(SOON);
        return outcome;
    }
}
