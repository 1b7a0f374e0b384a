package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.forkless.coordinator.cli.Launcher.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
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
    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX", "", "C.UTF-8", "nonsense"})
    void namesAndTextsAreUtf8InEveryLocale(String locale) {
        Outcome outcome = coordinator
                .with("LC_ALL", locale)
                .with("LANG", "")
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

    @Test
    void aJavaHomeThatIsTooOldIsPassedOver() throws Exception {
        Path old = fakeJdk("17.0.15", "echo old");

        assertThat(sum(coordinator.with("JAVA_HOME", old.toString()))).isEqualTo("10\n");
    }

    @Test
    void aJavaHomeThatIsNewEnoughComesFirstAndThatItCannotMakeCachesIsSaidOnce() throws Exception {
        Path newer = fakeJdk("99-ea", "for last; do :; done; echo \"called with ... $last\"");
        Path copy = folder.resolve("forkless");
        copyRunFolder(copy);
        Launcher start = coordinator
                .with("JAVA_HOME", newer.toString())
                .by(copy.resolve("bin/coordinator").toString());

        Outcome first = start.run("a file with blanks");

        assertThat(first.stdout()).isEqualTo("called with ... a file with blanks\n");
        assertThat(first.stderr().lines()).hasSize(2).last().asString().startsWith("That failed, see " + copy);
        assertThat(start.run("a file with blanks").answer()).isEqualTo(first.stdout());
    }

    @Test
    void withoutAJdkItSaysWhichItNeedsAndWhereItLooked() throws Exception {
        Path old = fakeJdk("17.0.15", "echo old");

        String error = withoutJdks(old).error(1);

        assertThat(error)
                .startsWith("needs JDK 25 or newer; looked in ")
                .contains("JAVA_HOME (" + old + ")", "PATH", "/usr/lib/jvm");
    }

    /** Runs it where the folders in which it looks for JDKs are empty: in a mount namespace, which ends with it. */
    private Outcome withoutJdks(Path javaHome) {
        List<List<String>> ways =
                List.of(List.of("unshare", "-m"), List.of("unshare", "-rm"), List.of("sudo", "-n", "unshare", "-m"));
        String hide = "for d in /usr/lib/jvm /opt; do [ ! -d $d ] || mount -t tmpfs tmpfs $d || exit; done";
        for (List<String> way : ways) {
            Stream<String> shell = Stream.concat(way.stream(), Stream.of("sh", "-c"));
            Launcher hiding = coordinator.by(shell.toArray(String[]::new));
            if (hiding.run(hide).exit() == 0) {
                String start = "; exec env HOME=\"$PWD\" PATH=/usr/bin:/bin JAVA_HOME=\"$1\" \"$0\" data.bin";
                return hiding.run(hide + start, Launcher.SCRIPT.toString(), javaHome.toString());
            }
        }
        return fail("folders have to be hidden for this test, and nothing may be mounted");
    }

    /** A real Maven builds a checkout that has nothing in it; what it adds to the terminal would be in a user's first output. */
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

    /** A folder that looks like a JDK, and whose java is a shell script. */
    private Path fakeJdk(String version, String script) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("jdk-" + version + "/bin"));
        Files.writeString(bin.resolveSibling("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        for (String name : List.of("java", "javac")) {
            Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + script + "\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return bin.getParent();
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
