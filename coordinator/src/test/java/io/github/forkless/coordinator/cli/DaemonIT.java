package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A resident coordinator answers as a process of its own would, and is replaced when it is killed. All tests have the same one, unless
 * they end it.
 */
@Execution(ExecutionMode.SAME_THREAD)
class DaemonIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    /** A run that lasts until it is ended. */
    private static final String[] ENDLESS = {"--procs", "1", "--tasks", "1000000", "--no-progress", "data.bin"};

    /** A job of a user: what it finds around it. */
    private static final String FOUND = """
        public record Found(@io.github.forkless.common.job.Parameter("of a variable, or pid") String name)
                implements io.github.forkless.common.job.Job<String, String> {
            @Override
            public String start() {
                return "";
            }

            @Override
            public String accept(String partial, io.github.forkless.common.dataset.Block block) {
                return name.equals("pid")
                        ? "" + ProcessHandle.current().pid()
                        : System.getenv(name) + " in " + System.getProperty("user.dir") + " of "
                                + new java.util.TreeSet<>(System.getenv().keySet());
            }

            @Override
            public String merge(String left, String right) {
                return left.isEmpty() ? right : left;
            }

            @Override
            public String finish(String partial) {
                return partial;
            }
        }
        """;

    @TempDir
    static Path runtimes;

    private static Path runtime;

    @TempDir
    private Path folder;

    /** How many commands the resident had answered before this test. */
    private long answeredBefore;

    private record Outcome(int exit, String stdout, String stderr) {}

    @BeforeAll
    static void makeRuntimeFolder() throws Exception {
        runtime = Files.createDirectory(
                runtimes.resolve("run"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @BeforeEach
    void start() throws Exception {
        int[] numbers = IntStream.range(0, 1 << 20).toArray();
        Files.write(folder.resolve("data.bin"), TestData.int32(numbers));
        Files.writeString(folder.resolve("words.txt"), "a b\nc\n");
        Files.createDirectory(folder.resolve("elsewhere"));
        Files.writeString(folder.resolve("elsewhere/other.txt"), "d e f\n");
        Files.writeString(folder.resolve("Found.java"), FOUND);
        assertThat(run("daemon", "start").exit()).isZero();
        answeredBefore = allAnswered();
    }

    @AfterAll
    static void nothingIsLeft(@TempDir Path folder) throws Exception {
        stop(folder);
    }

    /** Ends the resident, if there is one, and all that it has started. */
    private static void stop(Path folder) throws Exception {
        List<ProcessHandle> all = new ArrayList<>();
        pid().flatMap(ProcessHandle::of).ifPresent(resident -> {
            all.add(resident);
            resident.descendants().forEach(all::add);
        });
        outcome(builder(folder, List.of(Launcher.SCRIPT.toString(), "daemon", "stop"), ""));
        assertThat(Patience.awaits(SOON, () -> resident().isEmpty())).isTrue();
        assertThat(Patience.awaits(SOON, () -> all.stream().noneMatch(ProcessHandle::isAlive)))
                .as("no process is left")
                .isTrue();
    }

    private void startAnew() throws Exception {
        stop(folder);
        assertThat(run("daemon", "start").exit()).isZero();
        answeredBefore = 0;
    }

    @LongTest
    @Test
    void itAnswersWithTheSameWordsFromWhereTheCommandIs() throws Exception {
        List<String> commands = List.of(
                "$C --procs 2 data.bin",
                "$C --procs 1 --job sum --csv data.bin",
                "$C --procs 1 --job count --sweep above=1:3 --no-progress data.bin",
                "$C info data.bin",
                "cd elsewhere && $C info other.txt",
                "cd elsewhere && $C --procs 1 data.bin",
                "$C --procs 1 --report nothere/page.html data.bin",
                "$C --procs 1 --only 0:10 data.bin",
                "$C --procs 1 --job grep --param pattern=c words.txt",
                "$C --procs 1 --job Found.java --param name=A words.txt",
                "A=c $C --procs 1 --job Found.java --param name=A --env A=d words.txt",
                "cd elsewhere && $C --procs 1 --job ../Found.java --param name=PWD other.txt",
                "$C --procs 1 --job Found.java --param name=LC_ALL --jvm-option=-Xss2m words.txt",
                "$C --procs 1 --pin cpu --env A=b words.txt",
                "$C --nosuch data.bin",
                "$C jobs sum",
                "$C run --help",
                "$C generate --count 10 new.bin; cat new.bin; rm -f new.bin",
                "($C info data.bin; $C info words.txt) >file; cat file",
                "$C --procs 1 data.bin >words.copy 2>&1; cat words.copy",
                "$C --procs 1 data.bin | cat",
                "$C --procs 1 --type text data.bin >>data.bin",
                "$C --procs 1 data.bin >/dev/full",
                "$C --procs 1 words.txt 2>&-",
                "$C --procs 1 words.txt <&-",
                "script -qec \"stty cols 61; TERM=xterm $C run --help\" /dev/null",
                "TERM=xterm NO_COLOR=1 script -qec \"stty cols 200; $C info --help\" /dev/null");
        for (String command : commands) {
            assertSameWords("C=" + Launcher.SCRIPT + "; " + command);
        }
    }

    @LongTest
    @Test
    void theLauncherCopiesWhereAProcessMayNotTakeDescriptorsOfAnother() throws Exception {
        String start = "export FORKLESS_JAVA_OPTS=-Dforkless.copyStreams=true; C=" + Launcher.SCRIPT + "; ";
        stop(folder);
        shell(start + "$C daemon start", "auto");
        answeredBefore = 0;
        for (String command : List.of(
                "($C info data.bin; $C info words.txt) >file; cat file",
                "$C --procs 1 data.bin >words.copy 2>&1; cat words.copy",
                "$C --procs 1 data.bin | cat",
                "$C --procs 1 --type text data.bin >>data.bin",
                "$C --procs 1 data.bin >/dev/full",
                "script -qec \"stty cols 61; TERM=xterm $C run --help\" /dev/null")) {
            assertSameWords(start + command);
        }
        stop(folder); // the others' is not started so
    }

    private void assertSameWords(String command) throws Exception {
        long before = answered();
        Outcome answer = shell(command, "auto");
        assertThat(answered()).as("answered by the resident: %s", command).isGreaterThan(before);
        assertThat(answer).as(command).isEqualTo(shell(command, "no"));
    }

    @LongTest
    @Test
    void itLeavesWhatItCannotDoToAProcessOfItsOwn() throws Exception {
        Files.writeString(folder.resolve("j.java"), "no job");
        for (String command : List.of(
                "umask 027; $C --procs 1 words.txt",
                "ulimit -c 0; ulimit -t 1000; $C --procs 1 words.txt",
                "TZ=Asia/Tokyo $C --procs 1 words.txt",
                "JAVA_TOOL_OPTIONS=-Dx=y $C --procs 1 words.txt",
                "nice -n 3 $C --procs 1 words.txt",
                "$C --procs 1 --class-path . words.txt",
                "$C jobs j.java",
                "$C --engine threads --procs 1 words.txt",
                "$C info /dev/stdin <words.txt",
                "$C info /dev/fd/7 7<words.txt",
                "ln -sf /dev/stdin link; $C info link <words.txt",
                "$C --procs 1 words.txt >&-",
                "$C --procs 1 --no-daemon words.txt")) {
            long before = answered();
            shell("C=" + Launcher.SCRIPT + "; " + command, "");
            assertThat(answered()).as("answered by the resident: %s", command).isEqualTo(before);
        }
    }

    @LongTest
    @Test
    void aSignalEndsTheCommandAndAnotherResidentComes() throws Exception {
        for (String shell : List.of("sh", "bash", "busybox sh")) {
            long pid = pid().orElseThrow();
            Process client = endless(shell);

            send("-INT", client);

            assertThat(client.waitFor()).as(shell).isEqualTo(130);
            awaitOther(pid);
        }
    }

    @LongTest
    @Test
    void aKilledCommandEndsWithWhatAnsweredIt() throws Exception {
        long pid = pid().orElseThrow();

        endless("sh").destroyForcibly().waitFor();

        assertThat(Patience.awaits(SOON, () -> ProcessHandle.of(pid).isEmpty())).isTrue();
        assertThat(run("info", "data.bin").exit()).isZero();
        awaitOther(pid);
    }

    @LongTest
    @Test
    void aCommandThatIsKilledWhileItIsStoppedTakesWhatAnsweredItAlong() throws Exception {
        for (String[] next : new String[][] {{"info", "data.bin"}, {"daemon", "stop"}}) {
            long pid = pid().orElseThrow();
            Process client = endless("sh");
            send("-TSTP", client);
            assertThat(Patience.awaits(SOON, () -> isStopped(pid) && isStopped(client.pid())))
                    .isTrue();

            client.destroyForcibly().waitFor();

            assertThat(run(next).exit()).isZero();
            assertThat(Patience.awaits(SOON, () -> ProcessHandle.of(pid).isEmpty()))
                    .isTrue();
            assertThat(run("daemon", "start").exit()).isZero();
        }
    }

    private static boolean isStopped(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") T ");
    }

    private static void send(String signal, Process process) throws Exception {
        new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    }

    @Test
    void aKilledResidentIsNamedAndReplaced() throws Exception {
        long pid = pid().orElseThrow();
        Process client = endless("sh");

        ProcessHandle.of(pid).orElseThrow().destroyForcibly();

        assertThat(client.waitFor()).isEqualTo(1);
        assertThat(new String(client.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("the resident coordinator, pid " + pid + ", was killed");
        awaitOther(pid);
        long second = pid().orElseThrow();
        ProcessHandle.of(second).orElseThrow().destroyForcibly();
        assertThat(Patience.awaits(SOON, () -> ProcessHandle.of(second).isEmpty()))
                .isTrue();
        assertThat(run("info", "data.bin").exit()).isZero();
        awaitOther(second);
    }

    @Test
    void aSecondCommandAtTheSameTimeGoesWithout() throws Exception {
        Process client = endless("sh");
        try {
            assertThat(run("--procs", "1", "words.txt").exit()).isZero();
            assertThat(answered()).isZero();
        } finally {
            client.destroy();
            client.waitFor();
        }
    }

    @Test
    void itPractisesAndKeepsNothingButItsWorkers() throws Exception {
        startAnew();
        Path practice = resident().orElseThrow().resolve("practice.bin");
        assertThat(Patience.awaits(SOON, () -> !Files.exists(practice))).isTrue();

        assertThat(run("daemon", "status").stdout())
                .contains(", waits\n", "runs      0, and 0 commands", "datasets  none");
        int processors = Runtime.getRuntime().availableProcessors();
        assertThat(workers())
                .hasSizeBetween(processors, 2 * processors); // one may come while another is on its way back
        assertThat(list(resident().orElseThrow()))
                .extracting(file -> file.getFileName().toString())
                .containsExactlyInAnyOrder("in", "out", "1", "2", "pid", "runs", "log");
    }

    @Test
    void workersStayForTheNextCommandUnlessTheyRanCodeOfAUser() throws Exception {
        startAnew();
        assertThat(run("--procs", "2", "data.bin").exit()).isZero();
        // Those that it has practised with may take a moment to end.
        assertThat(Patience.awaits(SOON, () -> workers().size() == 2)).isTrue();
        List<Long> workers = workers();

        assertThat(run("--procs", "2", "words.txt").exit()).isZero();

        assertThat(workers()).hasSameElementsAs(workers);
        String first = worker();
        assertThat(worker()).isNotEqualTo(first);
        String stays = worker("--reuse-workers");
        assertThat(worker("--reuse-workers")).isEqualTo(stays);
        assertThat(worker()).isNotEqualTo(stays);
        assertThat(answered()).isEqualTo(7);
    }

    /** The worker that ran a job of a user. */
    private String worker(String... options) throws Exception {
        Outcome outcome = run(Stream.concat(
                        Stream.of("--procs", "1", "--job", "Found.java", "--param", "name=pid", "words.txt"),
                        Stream.of(options))
                .toArray(String[]::new));
        assertThat(outcome.exit()).as(outcome.stderr()).isZero();
        return outcome.stdout();
    }

    private List<Long> workers() throws IOException {
        return ProcessHandle.of(pid().orElseThrow()).stream()
                .flatMap(ProcessHandle::children)
                .filter(child -> child.info().command().orElse("").endsWith("/java"))
                .map(ProcessHandle::pid)
                .toList();
    }

    @LongTest
    @Test
    void itStartsAtTheFirstCommandWhereThatIsWanted() throws Exception {
        stop(folder);

        assertThat(shell(Launcher.SCRIPT + " --procs 1 words.txt", "auto").exit())
                .isZero();

        assertThat(Patience.awaits(SOON, () -> resident().isPresent())).isTrue();
        answeredBefore = 0;
        assertThat(shell(Launcher.SCRIPT + " --procs 1 words.txt", "auto").exit())
                .isZero();
        assertThat(answered()).isEqualTo(1);
    }

    @LongTest
    @Test
    void aFolderThatOthersMayUseIsRefused() throws Exception {
        Path residents = resident().orElseThrow().getParent();
        stop(folder);
        Files.setPosixFilePermissions(residents, PosixFilePermissions.fromString("rwxr-xr-x"));

        Outcome outcome = run("daemon", "start");

        Files.setPosixFilePermissions(residents, PosixFilePermissions.fromString("rwx------"));
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.stderr()).contains(residents + " may be used by others: its mode is rwxr-xr-x");
    }

    @LongTest
    @Test
    void twoStartsAtOnceAreOne() throws Exception {
        stop(folder);

        Outcome both = shell("for i in 1 2 3; do " + Launcher.SCRIPT + " daemon start & done; wait", "");

        assertThat(both.stdout()
                        .lines()
                        .map(line -> line.replaceAll(",.*pid", "").split(",")[0])
                        .distinct())
                .hasSize(1);
    }

    @LongTest
    @Test
    void itEndsWhenIdleAndWhenAJarHasChanged() throws Exception {
        stop(folder);
        assertThat(run("daemon", "start", "--idle", "1s").exit()).isZero();
        assertThat(Patience.awaits(SOON, () -> resident().isEmpty())).isTrue();

        Path copy = folder.resolve("copy");
        assertThat(new ProcessBuilder("cp", "-r", Launcher.HOME.toString(), copy.toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(shell(copy + "/bin/coordinator daemon start", "").exit()).isZero();
        try (Stream<Path> jars = Files.list(copy.resolve("lib"))) {
            Path jar = jars.filter(each -> each.toString().endsWith(".jar"))
                    .findFirst()
                    .orElseThrow();
            Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(5)));
        }
        assertThat(Patience.awaits(SOON, () -> resident().isEmpty())).isTrue();
    }

    @LongTest
    @Test
    void nothingGrowsInManyRuns() throws Exception {
        String many =
                "i=0; while [ $i -lt %d ]; do $C info data.bin; $C --procs 1 words.txt; i=$((i + 1)); done >/dev/null";
        String command = "C=" + Launcher.SCRIPT + "; ";
        assertThat(shell(command + many.formatted(10), "").stderr()).isEmpty();
        long pid = pid().orElseThrow();
        int descriptors = descriptors(pid);
        long threads = number(pid, "Threads");
        long kilobytes = number(pid, "VmRSS");

        assertThat(shell(command + many.formatted(100), "").stderr()).isEmpty();

        assertThat(pid()).contains(pid);
        assertThat(answered()).isEqualTo(220);
        assertThat(Patience.awaits(SOON, () -> descriptors(pid) <= descriptors && number(pid, "Threads") <= threads))
                .as(
                        "%d descriptors of %d, %d threads of %d",
                        descriptors(pid), descriptors, number(pid, "Threads"), threads)
                .isTrue();
        assertThat(number(pid, "VmRSS")).isLessThan(kilobytes + (48 << 10));
    }

    private static int descriptors(long pid) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return (int) all.count();
        }
    }

    private static long number(long pid, String name) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }

    /** A command that a resident answers and does not end. */
    private Process endless(String shell) throws Exception {
        // A shell that runs this in the background may have told us, and so our children, to ignore SIGINT.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(List.of(shell.split(" ")));
        command.add(Launcher.SCRIPT.toString());
        command.addAll(List.of(ENDLESS));
        ProcessBuilder builder = builder(command, "");
        Process process = builder.start();
        assertThat(Patience.awaits(SOON, () -> resident().isPresent() && isAnswering(process)))
                .isTrue();
        return process;
    }

    private boolean isAnswering(Process client) throws IOException {
        Path claim = resident().orElseThrow().resolve("claim");
        return Files.exists(claim)
                && Files.readString(claim).strip().equals(Long.toString(client.pid()))
                && workers().stream().anyMatch(this::hasData);
    }

    private boolean hasData(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/maps"), StandardCharsets.ISO_8859_1)
                    .contains("/data.bin");
        } catch (IOException e) {
            return false;
        }
    }

    private void awaitOther(long pid) throws InterruptedException {
        assertThat(Patience.awaits(
                        SOON, () -> pid().filter(other -> other != pid).isPresent()))
                .isTrue();
    }

    /** The folder of the resident, if there is one that is ready. */
    private static Optional<Path> resident() throws IOException {
        for (Path forkless : list(runtime)) {
            for (Path installation : list(forkless)) {
                for (Path resident : list(installation)) {
                    if (Files.exists(resident.resolve("pid"))) {
                        return Optional.of(resident);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> !file.getFileName().toString().startsWith("."))
                    .toList();
        }
    }

    private static Optional<Long> pid() throws IOException {
        Optional<Path> resident = resident();
        return resident.isEmpty()
                ? Optional.empty()
                : Optional.of(Long.valueOf(
                        Files.readString(resident.get().resolve("pid")).strip()));
    }

    /** How many commands of this test the resident has answered. */
    private long answered() throws IOException {
        return allAnswered() - answeredBefore;
    }

    private static long allAnswered() throws IOException {
        return Long.parseLong(
                Files.readAllLines(resident().orElseThrow().resolve("runs")).getFirst());
    }

    private Outcome run(String... arguments) throws Exception {
        return outcome(builder(
                Stream.concat(Stream.of(Launcher.SCRIPT.toString()), Stream.of(arguments))
                        .toList(),
                ""));
    }

    private Outcome shell(String line, String daemon) throws Exception {
        return outcome(builder(List.of("sh", "-c", line), daemon));
    }

    private static Outcome outcome(ProcessBuilder builder) throws Exception {
        Path stderr = Files.createTempFile("forkless-daemon", null);
        Process process = builder.redirectError(stderr.toFile()).start();
        process.getOutputStream().close();
        String stdout = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String stable = stdout.replaceAll("(?m)^cached .*\n", ""); // what is in memory changes
        var outcome = new Outcome(process.waitFor(), stable, Files.readString(stderr));
        Files.delete(stderr);
        return outcome;
    }

    private ProcessBuilder builder(List<String> command, String daemon) {
        return builder(folder, command, daemon);
    }

    private static ProcessBuilder builder(Path folder, List<String> command, String daemon) {
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment()
                .keySet()
                .removeAll(List.of(
                        "FORKLESS_JAVA_OPTS",
                        "JAVA_TOOL_OPTIONS",
                        "JDK_JAVA_OPTIONS",
                        "_JAVA_OPTIONS",
                        "FORKLESS_DAEMON"));
        builder.environment().put("XDG_RUNTIME_DIR", runtime.toString());
        if (!daemon.isEmpty()) {
            builder.environment().put("FORKLESS_DAEMON", daemon);
        }
        return builder;
    }
}
