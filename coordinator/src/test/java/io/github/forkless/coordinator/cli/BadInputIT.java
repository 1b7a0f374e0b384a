package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.testing.LongTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be is refused at once, in a line that says what to do, with an exit code for scripts. */
class BadInputIT {
    private static final int USAGE = 2;
    private static final int DATA = 3;

    @RegisterExtension
    static final SharedResident RESIDENT = new SharedResident();

    @TempDir
    private Path folder;

    private Launcher coordinator;

    @BeforeEach
    void writeData() throws Exception {
        coordinator = RESIDENT.launcher(folder);
        Files.write(folder.resolve("data.bin"), TestData.int32(1, 2, 3, 4));
    }

    @Test
    void missingFile() {
        assertThat(coordinator.run("missing.bin").error(DATA))
                .isEqualTo("missing.bin: no such file; check the name, or write it with --generate");
        assertThat(coordinator.run("info", "missing.bin").error(DATA)).startsWith("missing.bin: no such file");
    }

    @Test
    void directory() throws Exception {
        Files.createDirectory(folder.resolve("folder.bin"));

        assertThat(coordinator.run("folder.bin").error(DATA))
                .isEqualTo("folder.bin: a folder without files; name a file");
    }

    @Test
    void pipeThatNobodyWritesTo() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("pipe.bin").toString())
                        .start()
                        .waitFor())
                .isZero();

        assertThat(coordinator.run("pipe.bin").error(DATA)).startsWith("pipe.bin: a pipe, not a regular file");
    }

    @Test
    void unreadableFile() throws Exception {
        Path file = folder.resolve("data.bin");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        if (Files.isReadable(file)) {
            // To root all files are readable but this one: the kernel lets it only be written.
            file = Path.of("/proc/sys/vm/drop_caches");
        }

        assertThat(coordinator.run("--type", "int32", file.toString()).error(DATA))
                .isEqualTo(file + ": permission denied; it must be readable by the user who runs this");
    }

    @Test
    void partOfAnElement() throws Exception {
        Files.write(folder.resolve("data.bin"), new byte[7]);

        assertThat(coordinator.run("data.bin").error(DATA))
                .startsWith(
                        "data.bin: 7 bytes is not a whole number of int32 elements of 4 bytes: 3 bytes are left over");
    }

    @LongTest
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        >f8 | False | (2, 2) | big-endian, dtype '>f8'
        <f8 | True  | (1, 2, 2) | in Fortran order, and not of two dimensions but of the shape (1, 2, 2), which is not
        <c8 | False | (2, 2) | dtype '<c8', which is not supported
        <f8 | False | (2, 3) | truncated: a header of
        """)
    void npyThatIsNotSupported(String descr, String fortran, String shape, String problem) throws Exception {
        TestData.npy(folder.resolve("data.npy"), descr, fortran, shape, new byte[4 * 8]);

        assertThat(coordinator.run("data.npy").error(DATA))
                .startsWith("data.npy: ")
                .contains(problem);
    }

    @Test
    void npyThatIsNone() throws Exception {
        Files.writeString(folder.resolve("data.npy"), "not an array, but long enough to be one");

        assertThat(coordinator.run("data.npy").error(DATA))
                .startsWith("data.npy: ")
                .contains("does not begin with the .npy magic");
    }

    @Test
    void anArchiveUnderANumericNameUnlessItsTypeIsInsistedOn() throws Exception {
        Path data = Files.write(folder.resolve("data.bin"), TestData.int32(0x04034b50, 1));

        assertThat(coordinator.run("data.bin").error(DATA))
                .isEqualTo("data.bin: a zip archive, as .npz files are, not raw numbers; unpack it and name a file that"
                        + " was in it: unzip data.bin (to read its bytes as they are, give --type int32)");

        Outcome insisted = coordinator.run("--type", "int32", "--job", "sum", "data.bin");

        assertThat(insisted.stdout()).isEqualTo((0x04034b50 + 1) + "\n");
        assertThat(insisted.stderr())
                .isEqualTo("coordinator: " + data.toRealPath() + " begins like a zip archive, as .npz files are, and is"
                        + " read as raw int32, as its given type says\n");
    }

    @Test
    void aFileThatTheKernelMakes() {
        assertThat(coordinator.run("--type", "text", "/proc/cpuinfo").error(DATA))
                .startsWith("/proc/cpuinfo: its size is given as 0 bytes");
    }

    @Test
    void aFileThatCannotBeMapped() {
        Path notes = Path.of("/sys/kernel/notes");
        assumeThat(notes).exists();

        assertThat(coordinator.run("--type", "int8", notes.toString()).error(DATA))
                .startsWith(notes + ": cannot be mapped into memory: ")
                .endsWith("; copy it to a disk first");
    }

    @Test
    void npyOfAnotherType() throws Exception {
        TestData.npy(folder.resolve("data.npy"), "<f8", "False", "(4,)", new byte[4 * 8]);

        assertThat(coordinator.run("--type", "int32", "data.npy").error(DATA))
                .contains("float64", "int32", "leave the type out");
    }

    @Test
    void nameThatControlsTheTerminal() {
        assertThat(coordinator.run("two\nlines\u001b[31m.bin").error(DATA))
                .startsWith("two\\u000alines\\u001b[31m.bin: no such file");
    }

    @Test
    void emptyName() {
        for (String[] arguments : new String[][] {
            {""},
            {"--journal", "", "data.bin"},
            {"--report=", "data.bin"},
            {"--class-path", "", "data.bin"},
            {"info", ""},
            {"generate", "--count", "1", ""}
        }) {
            assertThat(coordinator.run(arguments).errorLines(USAGE).getFirst())
                    .as(String.join(" ", arguments))
                    .contains("'' names no file");
        }
    }

    /** The file gets its name from the shell: this JVM has none for it. */
    @Test
    void nameThatIsNotUtf8() {
        Launcher shell = coordinator.by(
                "sh",
                "-c",
                "name=$(printf 'n\\351.bin'); cp data.bin \"$name\"; \"$0\" \"$@\" \"$name\"",
                Launcher.SCRIPT.toString());

        assertThat(shell.run("--job", "sum").errorLines(USAGE).getFirst())
                .contains("the name 'n\ufffd.bin' is not UTF-8", "rename the file, or make a link to it");
    }

    /** Without the launcher, which finds a locale that can. */
    @Test
    void lettersThatTheLocaleCannotTell() {
        String java =
                "exec java -cp \"$0/lib/*\" io.github.forkless.coordinator.cli.Main \"$@\" $(printf 'n\\303\\251')";
        Launcher direct = coordinator
                .with("LC_ALL", "C")
                .with("PATH", System.getProperty("java.home") + "/bin:" + System.getenv("PATH"))
                .by("sh", "-c", java, Launcher.HOME.toString());

        assertThat(direct.run("info").error(USAGE))
                .startsWith("an argument has letters beyond ASCII")
                .contains("ANSI_X3.4-1968 is in force");
    }

    @Test
    void typeThatIsNone() {
        assertThat(coordinator
                        .run("--type", "int33", "data.bin")
                        .errorLines(USAGE)
                        .getFirst())
                .contains(
                        "'int33'",
                        "int8, uint8, int16, int32, int64, float32, float64, uint16, uint32, uint64, float16, text");
    }

    @Test
    void extensionThatSaysNothing() throws Exception {
        Files.copy(folder.resolve("data.bin"), folder.resolve("data.dat"));

        assertThat(coordinator.run("data.dat").error(USAGE))
                .startsWith("data.dat: ")
                .contains(
                        "--type",
                        "int8, uint8, int16, int32, int64, float32, float64, uint16, uint32, uint64, float16, text");
    }

    @LongTest
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --procs   | 0   | 1 worker or more
        --procs   | -1  | 1 worker or more
        --procs   | abc | 'abc' is not a whole number
        --tasks   | 0   | from 1 to 1048576 tasks, not 0
        --retries | -1  | -1
        """)
    void numberThatIsNone(String option, String value, String problem) {
        assertThat(coordinator.run(option, value, "data.bin").errorLines(USAGE).getFirst())
                .contains(problem);
    }

    @Test
    void moreWorkersThanTheMachineHolds() {
        assertThat(coordinator.run("--procs", "1000000", "data.bin").error(USAGE))
                .matches("--procs 1000000: .* this machine holds \\d+");
    }

    @Test
    void unknownOption() {
        Outcome outcome = coordinator.run("--prosc", "2", "data.bin");

        assertThat(outcome.errorLines(USAGE).getFirst()).contains("--prosc");
        assertThat(outcome.stderr()).contains("--procs");
    }

    @Test
    void noDataAndTheSameDataTwice() {
        assertThat(coordinator.run().errorLines(USAGE).getFirst()).contains("DATA");
        assertThat(coordinator.run("data.bin", "data.bin").error(DATA))
                .isEqualTo("data.bin: given twice; name it once");
    }

    @Test
    void unknownJob() {
        assertThat(coordinator.run("--job", "summ", "data.bin").error(USAGE))
                .startsWith("there is no job summ; built in are ")
                .contains("sum", "stats", "wc");
        assertThat(coordinator.run("--job", "java.lang.String", "data.bin").error(USAGE))
                .contains("java.lang.String is not a job");
        assertThat(coordinator.run("--job", "None.java", "data.bin").error(USAGE))
                .contains("None.java: no such file");
    }

    @Test
    void jobForOtherData() throws Exception {
        Files.writeString(folder.resolve("words.txt"), "a b c\n");

        assertThat(coordinator.run("--job", "wc", "data.bin").error(USAGE))
                .contains("job wc does not work on int32 data", "--type");
        assertThat(coordinator.run("--job", "sum", "words.txt").error(USAGE))
                .contains("job sum does not work on text data");
    }

    @LongTest
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        n=1,nn=2       | has no parameter nn
        text=a         | needs its parameter n
        n=many         | n=many is not of type int
        n=1,factor=2,5 | factor=2,5 is not of type double
        """)
    void parametersThatDoNotFit(String given, String problem) {
        String[] parameters = given.split(",(?=[a-z])");
        String[] arguments = new String[2 * parameters.length + 5];
        for (int i = 0; i < parameters.length; i++) {
            arguments[2 * i] = "--param";
            arguments[2 * i + 1] = parameters[i];
        }
        arguments[arguments.length - 5] = "--class-path";
        arguments[arguments.length - 4] = TestJobs.classes();
        arguments[arguments.length - 3] = "--job";
        arguments[arguments.length - 2] = "io.github.forkless.example.deep.Echo";
        arguments[arguments.length - 1] = "data.bin";

        assertThat(coordinator.run(arguments).error(USAGE))
                .contains(problem)
                .contains("its parameters are text (string, default none): any text; n (int, required): a number");
    }

    @Test
    void parameterOfAJobWithout() {
        assertThat(coordinator.run("--job", "sum", "--param", "x=1", "data.bin").error(USAGE))
                .isEqualTo("job sum has no parameter x; it has no parameters");
        assertThat(coordinator
                        .run("--job", "sum", "--param", "x", "data.bin")
                        .errorLines(USAGE)
                        .getFirst())
                .contains("--param", "x");
    }

    @Test
    void sweepThatIsNone() {
        assertThat(coordinator.run("--sweep", "n=1:5:0", "data.bin").error(USAGE))
                .startsWith("--sweep n=1:5:0 is not a range");
        assertThat(coordinator
                        .run("--sweep", "n=1:2", "--param", "n=3", "data.bin")
                        .error(USAGE))
                .isEqualTo("n is given by --param and by --sweep; choose one");
    }

    @Test
    void parameterGivenTwice() {
        assertThat(coordinator
                        .run("--param", "n=1", "--param", "n=2", "data.bin")
                        .errorLines(USAGE)
                        .getFirst())
                .contains("n");
        assertThat(coordinator
                        .run("--sweep", "n=1:2", "--sweep", "n=3:4", "data.bin")
                        .errorLines(USAGE)
                        .getFirst())
                .contains("n");
    }

    @Test
    void jobThatThrows() throws Exception {
        Path job = Files.writeString(folder.resolve("Throwing.java"), """
            import io.github.forkless.common.dataset.Block;
            import io.github.forkless.common.job.Job;

            public record Throwing() implements Job<Long, Long> {
                public Long start() { return 0L; }
                public Long accept(Long partial, Block block) { throw new IllegalStateException("no more"); }
                public Long merge(Long left, Long right) { return left; }
                public Long finish(Long partial) { return partial; }
            }
            """, StandardCharsets.UTF_8);

        Outcome outcome = coordinator.run("--job", job.toString(), "data.bin");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr().lines().findFirst().orElseThrow())
                .matches("coordinator: the job failed at task 0, elements 0 to [34], attempt 1, worker pid \\d+: "
                        + "java.lang.IllegalStateException: no more");
        assertThat(outcome.stderr()).contains("Throwing.accept(Throwing.java:6)");
    }
}
