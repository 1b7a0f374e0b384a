package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.testing.LongTest;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that uses the library needs no JVM options, and sees no warnings and no Chronicle. */
class HostProgramIT {
    private static final String CLASS_PATH = System.getProperty("java.class.path");
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String MAIN = HostProgram.class.getName();

    /** What the program prints: one more argument keeps it from dividing by zero. */
    private static final String ANSWER = "Range[low=0, high=999]\n[1500, 1000, 3000]\n";

    @TempDir
    Path folder;

    private String data;

    private record Outcome(int exitCode, String out, String err) {}

    @BeforeEach
    void writeData() {
        data = TestData.ints(folder.resolve("data.bin"), 1000, i -> i).toString();
    }

    private Outcome java(String... arguments) throws IOException, InterruptedException {
        return run(Stream.concat(Stream.of(JAVA), Stream.of(arguments)).toList());
    }

    private Outcome run(List<String> command) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process program = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            return new Outcome(program.waitFor(), Files.readString(out), Files.readString(err));
        } finally {
            program.descendants().forEach(ProcessHandle::destroyForcibly);
            program.destroyForcibly();
        }
    }

    @Test
    void aPlainMainRunsInSilence() throws Exception {
        assertThat(java("-cp", CLASS_PATH, MAIN, data, "more")).isEqualTo(new Outcome(0, ANSWER, ""));
    }

    @LongTest
    @Test
    void aProgramInAJarRunsInSilence() throws Exception {
        Path jar = jar();
        assertThat(java("-jar", jar.toString(), data, "more")).isEqualTo(new Outcome(0, ANSWER, ""));
        // Relative to the working directory, which is the workers' too.
        assertThat(java("-jar", jar.getFileName().toString(), data, "more")).isEqualTo(new Outcome(0, ANSWER, ""));
    }

    /** The program's own classes, and the class path of this test in the manifest. */
    private Path jar() throws IOException {
        var manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, MAIN);
        attributes.put(
                Attributes.Name.CLASS_PATH,
                Arrays.stream(CLASS_PATH.split(File.pathSeparator))
                        .filter(entry -> !entry.contains("test-classes"))
                        .map(entry -> Path.of(entry).toUri().toString())
                        .collect(Collectors.joining(" ")));
        Path jar = folder.resolve("program.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (Class<?> type : List.of(HostProgram.class, HostProgram.Range.class)) {
                String entry = type.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(entry));
                try (InputStream bytes = ClassLoader.getSystemResourceAsStream(entry)) {
                    bytes.transferTo(out);
                }
            }
        }
        return jar;
    }

    @LongTest
    @Test
    void whatIsNotUsedIsNotLoaded() throws Exception {
        Path log = folder.resolve("classes.log");
        assertThat(java("-Xlog:class+load:file=" + log, "-cp", CLASS_PATH, MAIN, data, "more"))
                .isEqualTo(new Outcome(0, ANSWER, ""));
        List<String> loaded = Files.readAllLines(log, StandardCharsets.UTF_8);
        assertThat(loaded).anyMatch(line -> line.contains(WorkerPool.class.getName()));
        assertThat(loaded).noneMatch(line -> line.contains("net.openhft") || line.contains("org.slf4j"));
        assertThat(loaded).noneMatch(line -> line.contains(".journal.") || line.contains("Resumption"));
    }

    /** A container's first process has to reap what nobody else does: what the JVM does not know stays as a zombie. */
    @LongTest
    @Test
    void asTheFirstProcessItIsLeftNoZombie() throws Exception {
        List<String> program =
                List.of("--pid", "--fork", "--mount-proc", JAVA, "-cp", CLASS_PATH, FirstProcess.class.getName());
        for (List<String> way :
                List.of(List.of("unshare"), List.of("unshare", "-r"), List.of("sudo", "-n", "unshare"))) {
            List<String> command = Stream.concat(way.stream(), program.stream()).toList();
            Outcome outcome = run(command);
            if (outcome.exitCode == 0) {
                assertThat(outcome).isEqualTo(new Outcome(0, "[]\n", ""));
                return;
            }
        }
        fail("a pid namespace of its own is needed for this test, and may not be made");
    }

    /** Its lambdas are the same to the journal in another JVM; with another value in one of them it is another run. */
    @LongTest
    @Test
    void startedAgainWithItsJournalItDoesNothingTwice() throws Exception {
        Path file = folder.resolve("run.journal");
        String journal = "-Djournal=" + file;
        assertThat(java(journal, "-cp", CLASS_PATH, MAIN, data, "more")).isEqualTo(new Outcome(0, ANSWER, ""));

        assertThat(java(journal, "-cp", CLASS_PATH, MAIN, data, "more")).isEqualTo(new Outcome(0, ANSWER, """
            [journal run.journal] 1 piece of this run is finished already
            [journal run.journal] 3 pieces of this run are finished already
            """));
        assertThat(java(journal, "-cp", CLASS_PATH, MAIN, data, "more", "and more").out)
                .as("the first run is known, and the second is new")
                .isEqualTo("Range[low=0, high=999]\n[1000, 750, 1500]\n");
        assertNoticesAreNoOrders(file);
    }

    /** On a terminal, which script(1) makes, what the library passes on is no order to that; a file's name here. */
    private void assertNoticesAreNoOrders(Path known) throws Exception {
        Path journal = Files.copy(known, folder.resolve("\u001b[31m.journal"));
        String command = String.join("' '", JAVA, "-Djournal=" + journal, "-cp", CLASS_PATH, MAIN, data, "more");

        Process script = new ProcessBuilder("script", "-qefc", "'" + command + "'", "/dev/null").start();
        String screen = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(script.waitFor()).isZero();
        assertThat(screen)
                .contains("[journal \\u001b[31m.journal] 1 piece of this run is finished already")
                .doesNotContain("\u001b");
    }

    @LongTest
    @Test
    void whatItDoesNotCatchEndsItWithTheWholeStory() throws Exception {
        Outcome outcome = java("-cp", CLASS_PATH, MAIN, data);
        assertThat(outcome.exitCode).isEqualTo(1);
        assertThat(outcome.out).isEqualTo("Range[low=0, high=999]\n");
        assertThat(outcome.err)
                .startsWith("Exception in thread \"main\" " + RunFailedException.class.getName()
                        + ": the job failed at task ")
                .contains("\tat " + MAIN + ".main(HostProgram.java:")
                .contains("Caused by: java.lang.ArithmeticException: / by zero\n\tat " + MAIN + ".lambda$");
    }
}
