package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.coordinator.cli.Launcher.Running;
import io.github.forkless.coordinator.cli.TestJobs.Gate;
import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Patience;
import io.github.forkless.testing.Thorough;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs that are given too little, as a user would give it: they end soon, and say what was wanting. */
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
    void heapsThatNoMachineHas() {
        assertThat(new Launcher(folder)
                        .run("--worker-memory", "900000G", "--procs", "2", "data.bin")
                        .error(2))
                .startsWith("--worker-memory 966367641600000: heaps of 878.9 TiB for 2 workers, and about 40 MiB beside"
                        + " each, do not fit into the ")
                .endsWith("M or less, or fewer --procs");
    }

    /** A file of a size that no machine has memory for, and a job that gives up at once. */
    @Test
    void dataThatDoesNotFitIntoMemoryIsWarnedOf() throws Exception {
        try (var sparse = new RandomAccessFile(folder.resolve("large.bin").toFile(), "rw")) {
            sparse.setLength(1L << 42);
        }

        assertThat(new Launcher(folder)
                        .run(TestJobs.job("Failing", "--param", "at=0", "large.bin"))
                        .stderr())
                .containsPattern("coordinator: .*large.bin \\(4 TiB\\) will not stay in memory: [0-9.]+ [GM]iB of ");
    }

    /** Twice three quarters of the memory would not be there. */
    @LongTest
    @Test
    void manyWorkersShareWhatThreeWouldHave() {
        long one = largestHeap("1");
        long eight = largestHeap("8");

        assertThat((double) eight / one).isBetween(0.35, 0.4); // 75 / 8 of 25
    }

    private long largestHeap(String procs) {
        return Long.parseLong(new Launcher(folder)
                .run(TestJobs.job("LargestHeap", "--procs", procs, "data.bin"))
                .answer()
                .strip());
    }

    /**
     * One worker alone can have the answer, but not before the other could not be started. Whether it can be started itself
     * depends on what else has files open just then.
     */
    @Test
    void tooFewFileDescriptorsForAllWorkers() throws Exception {
        Gate gate = Gate.in(folder);

        try (Running running = limited("-n 26") // enough to open the dataset
                .start(gate.job("--procs", "2", "data.bin"))) {
            running.await(() -> running.printed().stderr().contains(" cannot be started: "));
            gate.open();

            Outcome result = running.await();
            assertThat(result.stderr())
                    .containsPattern("worker [12] of 2 cannot be started: ")
                    .containsPattern("Too many open files|Error 24") // of the JVM, or of what it starts processes by
                    .contains("use fewer workers, or raise the limits on processes and open files");
            assertThat(result.exit()).isIn(0, 1);
        }
    }

    /** The JDK kills no process where it cannot open a file, and says nothing of it. */
    static Stream<Integer> descriptors() {
        return Thorough.orFirst(List.of(22, 19, 20, 21, 23, 24));
    }

    @ParameterizedTest
    @MethodSource("descriptors")
    void tooFewFileDescriptorsEndTheCommandAndDoNotHangIt(int files) {
        assertThat(limited("-n " + files).run("--procs", "2", "data.bin").exit())
                .isIn(0, 1, 3);
    }

    /** Where the limit is met, in the launcher, a JVM or a thread of the coordinator, is another place each time. */
    static Stream<Integer> processes() {
        return Thorough.orFirst(List.of(28, 20, 24, 34, 44));
    }

    @ParameterizedTest
    @MethodSource("processes")
    void tooFewProcessesEndTheCommandAndDoNotHangIt(int processes) throws IOException {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "only root can be another user");

        Outcome outcome = new Launcher(folder)
                .by(
                        "setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        "sh",
                        "-c",
                        "ulimit -u " + processes + " && exec \"$0\" \"$@\"",
                        Launcher.SCRIPT.toString())
                .run("--procs", "2", "data.bin");

        assertThat(outcome.exit()).as(outcome.stderr()).isNotNegative();
        assertThat(outcome.exit() == 0).isEqualTo(outcome.stdout().contains("stddev"));
    }

    @Test
    void anOptionThatNoJvmKnows() {
        assertThat(run(new Launcher(folder).with("JDK_JAVA_OPTIONS", "-XX:NoSuchOption=1"))
                        .stderr())
                .contains("Unrecognized VM option 'NoSuchOption=1'");
    }

    @LongTest
    @Test
    void aCoordinatorWithoutMemoryForWhatComesBack() {
        Launcher small = new Launcher(folder).with("FORKLESS_JAVA_OPTS", "-Xmx24m");

        assertThat(lastWords(small, TestJobs.job("Large", "--tasks", "40", "--param", "bytes=" + (4 << 20))))
                // Where the memory ends, at reading an answer or at keeping it, is chance.
                .containsPattern("ran out of memory .Java heap space.|sent more than the coordinator has memory for")
                .endsWith("give its JVM a larger heap, or cut the work so that less comes back at once");
        assertThat(lastWords(
                        small,
                        TestJobs.job(
                                "Large",
                                "--retries",
                                "0",
                                "--tasks",
                                "2",
                                "--param",
                                "bytes=" + (31 << 20)))) // more would be in files
                .contains("sent more than the coordinator has memory for (Java heap space)");
    }

    /** See JobRunTest for what would grow. */
    @LongTest
    @Test
    void manyTasksInAHeapOf8MiB() {
        String[] sum = {"--job", "sum", "--procs", "2", "data.bin"};
        String answer = new Launcher(folder).run(sum).answer();

        assertThat(new Launcher(folder)
                        .with("FORKLESS_JAVA_OPTS", "-Xmx8m")
                        .run("--tasks", Thorough.wholeOr(100_000, 40_000) + "", sum[0], sum[1], sum[2], sum[3], sum[4])
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
                .filter(line -> line.startsWith("coordinator: ") && !line.contains("to see it again in one worker"))
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
        var took = Duration.ofNanos(System.nanoTime() - started);
        assertThat(Patience.excuses(SOON, took)).as("%s", took).isTrue();
        return outcome;
    }
}
