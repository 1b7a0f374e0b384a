package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The launcher alone, in each shell that may be {@code sh}: what it makes of its environment, and that no way through it
 * ends without a word. Its java is a script that says how it was started.
 */
@Isolated("A script cannot be run while a process that is just being started has inherited the file that it is written"
        + " to.")
class LauncherTest {
    private static final boolean IS_ROOT = "root".equals(System.getProperty("user.name"));
    private static final String PREPARING = "Preparing Forkless for this JDK (once)...\n";

    /** Writes what a JVM in training is to write, and is an image of its start to everybody else. */
    private static final String JAVA = """
        #!/bin/sh
        for last; do
            case $last in
                -XX:AOTCacheOutput=*) cache=${last#*=} ;;
            esac
        done
        case " $* " in
            *" train "*) cache=$last ;;
        esac
        case " $* " in
            *" train "* | *" generate "* | *" -XX:AOTCacheOutput="*)
                [ -z "${JAVA_TOOL_OPTIONS:-}${JDK_JAVA_OPTIONS:-}${_JAVA_OPTIONS:-}" ] || exit 1
                [ ! -e "${0%/bin/java}/cannot" ] || exit 1
                [ -z "${cache:-}" ] || echo made >"$cache"
                exit ;;
        esac
        echo "LC_ALL=$LC_ALL" >&9
        printf '%s\\n' "$@" >&9
        echo 'the JVM says something'
        exit 0
        """;

    enum Shell {
        DASH("dash"),
        BASH("bash"),
        BUSYBOX("busybox", "sh");

        private final List<String> command;

        Shell(String... command) {
            this.command = List.of(command);
        }

        /** The shell by its path, with what makes it one; skips the test where it is not installed. */
        List<String> command() {
            Optional<Path> file = Stream.of(System.getenv("PATH").split(":"))
                    .map(folder -> Path.of(folder, command.getFirst()))
                    .filter(Files::isExecutable)
                    .findFirst();
            assumeThat(file).as("%s is installed", command.getFirst()).isPresent();
            return Stream.concat(
                            file.stream().map(Path::toString), command.stream().skip(1))
                    .toList();
        }
    }

    /** How a start ended. */
    private record Outcome(int exit, String stdout, String stderr) {
        Outcome started() {
            assertThat(this).extracting(Outcome::exit, Outcome::stderr).containsExactly(0, "the JVM says something\n");
            return this;
        }

        Outcome prepared() {
            assertThat(this)
                    .extracting(Outcome::exit, Outcome::stderr)
                    .containsExactly(0, PREPARING + "the JVM says something\n");
            return this;
        }

        /** The folder of the caches that the JVM starts from; empty without any. */
        String caches() {
            return stdout.lines()
                    .filter(line -> line.startsWith("-XX:AOTCache="))
                    .map(line -> Path.of(line.substring("-XX:AOTCache=".length()))
                            .getParent()
                            .toString())
                    .findFirst()
                    .orElse("");
        }

        boolean has(String argument) {
            return stdout.lines().anyMatch(argument::equals);
        }
    }

    @TempDir
    private Path folder;

    private Path home;
    private Path jdk;
    private final Map<String, String> environment = new TreeMap<>();

    @BeforeEach
    void install() throws IOException {
        allow(folder, "rwxr-xr-x");
        home = Files.createDirectory(folder.resolve("installed"));
        Path bin = Files.createDirectory(home.resolve("bin"));
        Files.copy(Path.of("bin/coordinator"), bin.resolve("coordinator"));
        Path lib = Files.createDirectory(home.resolve("lib"));
        for (String jar : List.of("coordinator", "worker", "common")) {
            Files.createFile(lib.resolve("forkless-" + jar + "-1.jar"));
        }
        Files.writeString(lib.resolve("build"), "1-abc\n");
        jdk = jdk("jdk", "99");
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("JAVA_HOME", jdk.toString());
        environment.put("HOME", "/nonexistent");
    }

    private Path jdk(String name, String version) throws IOException {
        Path bin = Files.createDirectories(folder.resolve(name + "/bin"));
        Files.writeString(bin.resolveSibling("release"), "IMPLEMENTOR=\"N/A\"\nJAVA_VERSION=\"" + version + "\"\n");
        for (String file : List.of("java", "javac")) {
            allow(Files.writeString(bin.resolve(file), JAVA), "rwxr-xr-x");
        }
        return bin.getParent();
    }

    @ParameterizedTest
    @EnumSource
    void cachesAreMadeOnceWhereItIsInstalledForAllUsers(Shell shell) throws Exception {
        Path aot = home.resolve("aot/1-abc-N_A-99");

        assertThat(start(shell, "umask 077").prepared().caches()).isEqualTo(aot.toString());
        assertThat(start(shell).started().caches()).isEqualTo(aot.toString());
        assertThat(modes(aot)).isEqualTo("rwxr-xr-x");
        assertThat(modes(aot.resolve("worker.aot"))).isEqualTo("rw-r--r--");
        assertThat(modes(home.resolve("aot"))).isEqualTo("rwxr-xr-x");
        assertThat(startAsNobody(shell).started().caches()).isEqualTo(aot.toString());
    }

    /** Two first starts at the same time: both see that there is no folder, and both make it. */
    @ParameterizedTest
    @EnumSource
    void aFolderThatAnotherMakesInTheSameMomentIsUsedToo(Shell shell) throws Exception {
        Path tools = Files.createDirectory(folder.resolve("tools"));
        allow(Files.writeString(tools.resolve("mkdir"), """
            #!/bin/sh
            for last; do :; done
            case $last in */aot) /bin/mkdir "$last" ;; esac
            exec /bin/mkdir "$@"
            """), "rwxr-xr-x");
        environment.put("PATH", tools + ":" + environment.get("PATH"));
        userHome();

        assertThat(start(shell).prepared().caches()).startsWith(home + "/aot/");
    }

    @ParameterizedTest
    @EnumSource
    void aUserOfAnothersInstallationHasCachesThatNobodyElseCanWrite(Shell shell) throws Exception {
        Path user = userHome();

        Outcome first = startAsNobody(shell, "umask 000");

        Path own = user.resolve(".cache/forkless");
        assertThat(first.prepared().caches())
                .isEqualTo(own.resolve("1-abc-N_A-99").toString());
        assertThat(startAsNobody(shell).started().caches()).isEqualTo(first.caches());
        try (Stream<Path> made = Files.walk(user.resolve(".cache"))) {
            assertThat(made).allSatisfy(path -> assertThat(modes(path)).endsWith("------"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whereNothingCanBeKeptItStartsAllTheSame(Shell shell) throws Exception {
        Path unwritable = Files.createDirectory(folder.resolve("unwritable"));
        Path notOurs = Files.createDirectory(folder.resolve("not ours"));
        allow(notOurs, "rwxrwxrwx");
        Path aot = Files.createDirectory(home.resolve("aot"));
        allow(Files.createFile(aot.resolve("lock")), "rw-------");
        allow(Files.createDirectory(aot.resolve("1-abc-N_A-99")), "rwx------");

        for (Path users : List.of(unwritable, notOurs, folder.resolve("missing"), jdk.resolve("release"))) {
            environment.put("HOME", users.toString());
            assertThat(startAsNobody(shell).started().caches()).isEmpty();
        }
        assertThat(notOurs).isEmptyDirectory();
        environment.remove("HOME");
        assertThat(startAsNobody(shell).started().caches()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void onAFullDiskItSaysThatItStartsMoreSlowly(Shell shell) throws Exception {
        assumeThat(IS_ROOT).as("root, who may mount").isTrue();
        Path user = userHome();
        String full = "mount -t tmpfs -o size=8k,uid=65534 none '" + user + "' && " + "head -c 8192 /dev/zero >'" + user
                + "/filler'";
        assumeThat(run(List.of("unshare", "-m", "sh", "-c", full)).exit())
                .as("a mount namespace")
                .isLessThan(2);

        Outcome outcome = run(Stream.concat(
                        Stream.of("unshare", "-m", "sh", "-c", full + "; exec \"$@\"", "sh"),
                        asNobody(command(shell, ":", "DATA")).stream())
                .toList());

        assertThat(outcome.exit()).isZero();
        assertThat(outcome.has("DATA")).isTrue();
        assertThat(outcome.stderr()).doesNotContain("coordinator:");
    }

    @ParameterizedTest
    @EnumSource
    void cachesThatOthersCouldHaveMadeOrChangedAreNotUsed(Shell shell) throws Exception {
        Path user = userHome();
        Path own = user.resolve(".cache/forkless");
        Path caches = own.resolve("1-abc-N_A-99");
        Path worker = caches.resolve("worker.aot");
        startAsNobody(shell).prepared();

        // What was made while others could write is made anew.
        allow(worker, "rw-rw----");
        run(List.of("chgrp", "0", worker.toString()));
        assertThat(startAsNobody(shell).prepared().caches()).isEqualTo(caches.toString());
        allow(own, "rwxrwxrwx");
        Path victim = folder.resolve("victim");
        Files.delete(own.resolve("lock"));
        Files.createSymbolicLink(own.resolve("lock"), victim);
        assertThat(startAsNobody(shell).prepared().caches()).isEqualTo(caches.toString());
        assertThat(modes(own)).isEqualTo("rwx------");
        assertThat(victim).doesNotExist();

        // A link leads to what others may have made.
        Path elsewhere = folder.resolve("elsewhere");
        Files.move(caches, elsewhere);
        Files.createSymbolicLink(caches, elsewhere);
        startAsNobody(shell).prepared();
        assertThat(caches).isDirectory().matches(path -> !Files.isSymbolicLink(path));
        Files.delete(worker);
        Files.createSymbolicLink(worker, elsewhere.resolve("worker.aot"));
        startAsNobody(shell).prepared();

        // Who may write the folder around can put another in its place.
        allow(user.resolve(".cache"), "rwxrwxrwx");
        assertThat(startAsNobody(shell).started().caches()).isEmpty();
        allow(user.resolve(".cache"), "rwxr-xr-x");
        allow(user, "rwxrwxr-x");
        run(List.of("chgrp", "1", user.toString()));
        assertThat(startAsNobody(shell).started().caches()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theHomeOfAnotherUserIsNotUsed(Shell shell) throws Exception {
        Path user = userHome();
        startAsNobody(shell).prepared();
        assumeThat(IS_ROOT).as("root, with another user's HOME").isTrue();
        run(List.of("chown", "-R", "1:1", home.toString()));

        assertThat(start(shell).started().caches()).as("caches of another").isEmpty();

        // Caches that root has made for itself, and a link to them from where the user wants them to be.
        environment.put(
                "XDG_CACHE_HOME", Files.createDirectory(folder.resolve("roots")).toString());
        assertThat(start(shell).prepared().caches())
                .startsWith(folder.resolve("roots/forkless").toString());
        environment.remove("XDG_CACHE_HOME");
        run(List.of("rm", "-r", user.resolve(".cache").toString()));
        Files.createSymbolicLink(user.resolve(".cache"), folder.resolve("roots"));
        assertThat(start(shell).started().caches()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aFailedPreparationIsSaidOnceAndTriedAgainAnHourLater(Shell shell) throws Exception {
        Path cannot = Files.createFile(jdk.resolve("cannot"));
        Path failed = home.resolve("aot/1-abc-N_A-99.failed");

        Outcome first = start(shell);

        assertThat(first.exit()).isZero();
        assertThat(first.stderr().lines()).hasSize(3).element(1).asString().startsWith("That failed, see " + failed);
        Files.delete(cannot);
        assertThat(start(shell).started().caches()).isEmpty();
        Files.setLastModifiedTime(failed, FileTime.from(Instant.now().minus(61, ChronoUnit.MINUTES)));
        assertThat(start(shell).prepared().caches()).isNotEmpty();
        assertThat(failed).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void optionsOfTheEnvironmentAreNotContradictedAndNotForPreparing(Shell shell) throws Exception {
        environment.put("JAVA_TOOL_OPTIONS", "-Xmx1g  -XX:+UseG1GC");
        assertThat(start(shell).prepared().has("-XX:+UseSerialGC")).isFalse();
        environment.put("JAVA_TOOL_OPTIONS", "-XX:+UseStringDeduplication");
        assertThat(start(shell).started().has("-XX:+UseSerialGC")).isTrue();
        for (String variable : List.of("JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "FORKLESS_JAVA_OPTS")) {
            environment.put(variable, "\"-XX:+UseZGC\"");
            assertThat(start(shell).started().has("-XX:+UseSerialGC")).isFalse();
            environment.put(variable, "-Xshare:off");
            assertThat(start(shell).started().caches()).isEmpty();
            environment.remove(variable);
        }
        assertThat(start(shell).started().caches()).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void everyLocaleIsUtf8(Shell shell) throws Exception {
        for (String locale : List.of("de_DE.UTF-8", "C", "POSIX", "", "nonsense", "ar_EG.utf8")) {
            environment.put("LANG", locale);
            assertThat(start(shell).stdout()).startsWith("LC_ALL=C.UTF-8\n");
        }
        environment.put("LOCPATH", "/nonexistent");
        environment.put("LC_ALL", "de_DE.UTF-8");
        assertThat(start(shell).exit()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void closedStreamsAreOpened(Shell shell) throws Exception {
        start(shell);

        for (String closed : List.of("<&-", "2>&-", "<&- 2>&-")) {
            Outcome outcome = start(shell, "exec " + closed);
            assertThat(outcome.exit()).as(closed).isZero();
            assertThat(outcome.stdout()).as(closed).contains("DATA");
        }
        assertThat(start(shell, "exec >&-").stderr())
                .as("to this an answer cannot be written")
                .contains("rror");
    }

    @ParameterizedTest
    @EnumSource
    void whatItCannotUseItNames(Shell shell) throws Exception {
        String old = jdk("old", "17.0.15").toString();
        environment.put("JAVA_HOME", old);
        environment.put("PATH", jdk + "/bin:/usr/bin:/bin");
        assertThat(start(shell).exit()).as("another is on the PATH").isZero();
        environment.put("PATH", "/usr/bin:/bin");
        assertThat(failing(run(withoutJdks(command(shell, ":", "DATA")))))
                .startsWith("needs JDK 25 or newer; looked in JAVA_HOME (" + old + ", which is version 17.0.15), PATH,")
                .contains("/usr/lib/jvm");
        environment.put("JAVA_HOME", "/none\u001b[2J\nwhere");
        assertThat(failing(run(withoutJdks(command(shell, ":", "DATA")))))
                .contains("JAVA_HOME (/none?[2J?where, which is not there)");

        environment.put("JAVA_HOME", jdk.toString());
        allow(home.resolve("lib/forkless-worker-1.jar"), "rw-------");
        assertThat(failing(startAsNobody(shell))).startsWith("cannot read " + home + "/lib/forkless-worker-1.jar;");
        allow(jdk, "rwx------");
        assertThat(failing(run(withoutJdks(asNobody(command(shell, ":", "DATA"))))))
                .contains("JAVA_HOME (" + jdk + ", which may not be read by this user)")
                .endsWith("not for this user to read: " + jdk);
    }

    @ParameterizedTest
    @EnumSource
    void theCheckoutOfAnotherUserIsNotBuilt(Shell shell) throws Exception {
        Path checkout = folder.resolve("checkout/coordinator");
        Files.createDirectories(checkout.resolve("target"));
        Files.createFile(checkout.resolve("pom.xml"));
        Files.createFile(checkout.resolveSibling("pom.xml"));
        Files.move(home.resolve("bin"), checkout.resolve("bin"));
        home = checkout;

        assertThat(failing(startAsNobody(shell))).startsWith("cannot build in " + checkout.getParent() + ": ");
    }

    /** One line, and an exit code. */
    private static String failing(Outcome outcome) {
        assertThat(outcome).extracting(Outcome::exit, Outcome::stdout).containsExactly(1, "");
        assertThat(outcome.stderr().lines()).hasSize(1);
        assertThat(outcome.stderr()).startsWith("coordinator: ");
        return outcome.stderr().substring("coordinator: ".length()).stripTrailing();
    }

    /** The HOME of who starts as nobody. */
    private Path userHome() throws Exception {
        Path user = Files.createDirectory(folder.resolve("user"));
        environment.put("HOME", user.toString());
        run(List.of("chown", "65534:65534", user.toString()));
        return user;
    }

    private Outcome start(Shell shell) throws Exception {
        return start(shell, ":");
    }

    /** @param before what the shell does first */
    private Outcome start(Shell shell, String before) throws Exception {
        return run(command(shell, before, "DATA"));
    }

    private Outcome startAsNobody(Shell shell) throws Exception {
        return startAsNobody(shell, ":");
    }

    private Outcome startAsNobody(Shell shell, String before) throws Exception {
        assumeThat(IS_ROOT).as("root, who may be another user").isTrue();
        return run(asNobody(command(shell, before, "DATA")));
    }

    private static List<String> asNobody(List<String> command) {
        return Stream.concat(
                        Stream.of("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
                        command.stream())
                .toList();
    }

    /** The same where the folders in which it looks for JDKs are empty: in a mount namespace, which ends with it. */
    private List<String> withoutJdks(List<String> command) throws Exception {
        String hide = "for d in /usr/lib/jvm /opt; do [ ! -d $d ] || mount -t tmpfs tmpfs $d || exit; done";
        for (String way : List.of("unshare -m", "unshare -rm", "sudo -n unshare -m")) {
            List<String> shell = Stream.concat(Stream.of(way.split(" ")), Stream.of("sh", "-c"))
                    .toList();
            if (run(Stream.concat(shell.stream(), Stream.of(hide)).toList()).exit() == 0) {
                return Stream.of(shell.stream(), Stream.of(hide + "; exec \"$@\"", "sh"), command.stream())
                        .flatMap(words -> words)
                        .toList();
            }
        }
        return fail("folders have to be hidden for this test, and nothing may be mounted");
    }

    private List<String> command(Shell shell, String before, String argument) {
        var command = new ArrayList<>(List.of("/bin/sh", "-c", before + "; exec \"$@\"", "sh"));
        command.addAll(shell.command());
        command.addAll(List.of(home.resolve("bin/coordinator").toString(), argument));
        return command;
    }

    private Outcome run(List<String> command) throws IOException, InterruptedException {
        Path stdout = Files.createTempFile(folder, "stdout", "");
        Path stderr = Files.createTempFile(folder, "stderr", "");
        var builder =
                new ProcessBuilder(command).redirectOutput(stdout.toFile()).redirectError(stderr.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        return new Outcome(
                process.waitFor(),
                Files.readString(stdout, StandardCharsets.UTF_8),
                Files.readString(stderr, StandardCharsets.UTF_8));
    }

    private static void allow(Path file, String modes) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(modes));
    }

    private static String modes(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
    }
}
