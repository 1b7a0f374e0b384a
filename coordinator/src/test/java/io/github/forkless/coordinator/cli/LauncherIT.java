package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.testing.LongTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shell script in front of the coordinator: it finds itself, its jars and a JDK. */
class LauncherIT {
    @TempDir
    private Path folder;

    private Launcher coordinator;

    @BeforeEach
    void writeData() throws Exception {
        coordinator = new Launcher(folder);
        Files.write(folder.resolve("data.bin"), TestData.int32(1, 2, 3, 4));
    }

    @Test
    void throughSymlinksAndFromThePath() throws Exception {
        Path copy = folder.resolve("forkless");
        copyRunFolder(copy);
        Path bin = Files.createDirectories(folder.resolve("some/bin"));
        Files.createSymbolicLink(bin.resolve("forkless"), copy.resolve("bin/coordinator"));
        Files.createSymbolicLink(folder.resolve("again"), Path.of("some/bin/forkless"));

        assertThat(sum(coordinator.by("./again"))).isEqualTo("10\n");
        String path = bin + ":" + System.getenv("PATH");
        assertThat(sum(coordinator.with("PATH", path).by("env", "forkless"))).isEqualTo("10\n");
    }

    @LongTest
    @Test
    void fromAFolderWithBlanksInItsName() throws Exception {
        Path copy = folder.resolve("a folder, it's \"mine\" * $HOME");
        copyRunFolder(copy);

        assertThat(sum(coordinator.by(copy.resolve("bin/coordinator").toString())))
                .isEqualTo("10\n");
        Files.move(folder.resolve("data.bin"), copy.resolve("my data.bin"));
        assertThat(new Launcher(copy)
                        .by("bin/coordinator")
                        .run("--job", "sum", "my data.bin")
                        .answer())
                .isEqualTo("10\n");
    }

    /** The file gets its name from the shell: what the JVM of a test can name depends on its own locale. */
    @LongTest
    @ParameterizedTest
    @ValueSource(strings = {"LC_ALL=C", "LC_ALL=", "LC_ALL=nonsense", "LANG=de_DE.UTF-8"})
    void namesAndTextsAreUtf8InEveryLocale(String locale) {
        String[] variable = locale.split("=", 2);
        Outcome outcome = coordinator
                .with("LC_ALL", "")
                .with("LANG", "")
                .with(variable[0], variable[1])
                .by(
                        "sh",
                        "-c",
                        "name=$(printf 'n\\303\\251.bin'); cp data.bin \"$name\"; \"$0\" \"$@\" text=\"$name\""
                                + " \"$name\"")
                .run(Launcher.SCRIPT.toString(), "--job", TestJobs.path("Echo.java"), "--param", "n=1", "--param");

        assertThat(outcome.answer()).startsWith("text    n\u00e9.bin\n");
    }

    @Test
    void optionsForItsJvmComeFromTheEnvironment() {
        assertThat(coordinator
                        .with("FORKLESS_JAVA_OPTS", "-Xlog:disable  -showversion")
                        .run("--job", "sum", "data.bin"))
                .satisfies(outcome -> assertThat(outcome.stdout()).isEqualTo("10\n"))
                .satisfies(outcome -> assertThat(outcome.stderr()).contains("openjdk version"));
    }

    /** One lambda that is in no cache takes as long as hundreds of classes that are: it is spun, with all that spins it. */
    @Test
    void aStartTakesAllClassesOfOursFromTheCaches() throws Exception {
        Path ofCoordinator = folder.resolve("coordinator-classes");
        Path ofWorker = folder.resolve("worker-classes");
        String log = "-Xlog:class+load:file=";
        coordinator
                .with("FORKLESS_JAVA_OPTS", log + ofCoordinator)
                .run("--procs", "1", "data.bin") // a second one may be ended at its start, which takes a class more
                .answer();
        coordinator
                .run("--procs", "1", "--jvm-option=" + log + ofWorker, "data.bin")
                .answer();

        for (Path classes : List.of(ofCoordinator, ofWorker)) {
            assertThat(Files.readAllLines(classes))
                    .hasSizeGreaterThan(500)
                    .filteredOn(line -> line.contains("forkless") && !line.contains("shared objects file"))
                    .isEmpty();
        }
    }

    /** A real Maven builds a checkout that has nothing in it; what it adds to the terminal would be in a user's first output. */
    @LongTest
    @Test
    void thatItBuildsIsSaidInOneLineWithoutMavensOwn() throws Exception {
        Path checkout = Files.createDirectories(folder.resolve("checkout"));
        Path module = Files.createDirectories(checkout.resolve("coordinator"));
        Files.writeString(checkout.resolve("pom.xml"), pom("all", "<modules><module>coordinator</module></modules>"));
        Files.writeString(module.resolve("pom.xml"), pom("coordinator", ""));
        Path script = Files.createDirectories(module.resolve("bin")).resolve("coordinator");
        Files.copy(Launcher.SCRIPT, script, StandardCopyOption.COPY_ATTRIBUTES);

        Outcome outcome = coordinator.by(script.toString()).run("data.bin");

        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr())
                .isEqualTo("Building Forkless (first use)...\ncoordinator: there are no jars in " + module
                        + "/target/forkless/lib\n");
    }

    private static String pom(String name, String more) {
        return """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <groupId>test</groupId><artifactId>%s</artifactId><version>1</version><packaging>pom</packaging>
              %s
            </project>
            """.formatted(name, more);
    }

    private static String sum(Launcher launcher) {
        return launcher.run("--job", "sum", "data.bin").answer();
    }

    private static void copyRunFolder(Path copy) throws IOException {
        try (Stream<Path> files = Files.walk(Launcher.HOME)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = copy.resolve(Launcher.HOME.relativize(file).toString());
                Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
