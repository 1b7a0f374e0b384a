package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.coordinator.cli.Launcher.Running;
import io.github.forkless.testing.LongTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code mvn package} makes, unpacked where and by whom it may be. */
class PackageIT {
    private static final String PREPARING = "Preparing Forkless for this JDK (once)...\n";
    private static final String ODD_NAME = "a folder, it's \u00e9 * $HOME";
    private static final boolean IS_ROOT = "root".equals(System.getProperty("user.name"));

    @TempDir
    private Path folder;

    @BeforeEach
    void writeData() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.write(folder.resolve("data.bin"), TestData.int32(1, 2, 3, 4));
    }

    @LongTest
    @Test
    void theFirstStartMakesItsCachesAndAnotherAtTheSameTimeGoesOnWithoutThem() throws Exception {
        assumeThat(IS_ROOT)
                .as("root does so in anotherUserHasCachesOfItsOwn: to make them takes long")
                .isFalse();
        Path home = unpack("forkless-[^-]+(-SNAPSHOT)?[.]tar[.]gz", ODD_NAME);
        assertOneOfTwoMakesCaches(in(home), home);
    }

    private void assertOneOfTwoMakesCaches(Launcher coordinator, Path home) throws IOException {
        List<Outcome> outcomes;
        try (Running one = coordinator.start("--job", "sum", "data.bin");
                Running other = coordinator.start("--job", "sum", "data.bin")) {
            outcomes = List.of(one.await(), other.await());
        }

        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(outcome)
                        .extracting(Outcome::exit, Outcome::stdout)
                        .containsExactly(0, "10\n"));
        assertThat(outcomes).extracting(Outcome::stderr).containsExactlyInAnyOrder(PREPARING, "");
        assertThat(names(home.resolve("aot"))).hasSize(2).contains("lock");
        assertThat(startsFromCaches(coordinator)).isTrue();
        assertThat(names(home)).contains("LICENSE", "NOTICE", "README.md", "bom.json", "docs");
    }

    @LongTest
    @Test
    void anotherUserHasCachesOfItsOwn() throws Exception {
        Path home = unpack("forkless-[^-]+(-SNAPSHOT)?[.]tar[.]gz", ODD_NAME);
        makeReadOnly(home);
        Launcher coordinator = asOrdinaryUser(home).with("LANG", "C").with("LC_ALL", "");

        Path unwritable = Files.createDirectory(folder.resolve("unwritable"));
        Files.setPosixFilePermissions(unwritable, PosixFilePermissions.fromString("r-xr-xr-x"));
        assertThat(sum(coordinator.with("HOME", unwritable.toString()))).isEqualTo("10\n");
        assertThat(sum(coordinator.with("HOME", "/nonexistent"))).isEqualTo("10\n");

        Path users = Files.createDirectory(folder.resolve("home"));
        Path unused = otherCache(users, "unused", 40, 40);
        Path old = otherCache(users, "old but read", 40, 20);
        giveToOrdinaryUser(users);
        Launcher withHome = coordinator.with("HOME", users.toString());
        assertThat(withHome.run("--job", "sum", "data.bin"))
                .extracting(Outcome::stdout, Outcome::stderr)
                .containsExactly("10\n", PREPARING);
        assertThat(startsFromCaches(withHome)).isTrue();
        assertThat(names(users.resolve(".cache/forkless"))).hasSize(3).contains("lock", "old but read");
        assertThat(unused).doesNotExist();
        assertThat(old.resolve("coordinator.aot")).exists();
        assertThat(names(home)).doesNotContain("aot");

        if (IS_ROOT) {
            // What it runs from the cache of another is that other's code.
            assertOneOfTwoMakesCaches(in(home).with("HOME", users.toString()), home);
        }
    }

    /** A folder of caches for another build. */
    private static Path otherCache(Path user, String name, int madeDaysAgo, int readDaysAgo) throws IOException {
        Path caches = Files.createDirectories(user.resolve(".cache/forkless").resolve(name));
        Path cache = Files.createFile(caches.resolve("coordinator.aot"));
        Instant now = Instant.now();
        Files.getFileAttributeView(cache, BasicFileAttributeView.class)
                .setTimes(
                        FileTime.from(now.minus(madeDaysAgo, ChronoUnit.DAYS)),
                        FileTime.from(now.minus(readDaysAgo, ChronoUnit.DAYS)),
                        null);
        return caches;
    }

    private static void giveToOrdinaryUser(Path folder) throws IOException, InterruptedException {
        if (IS_ROOT) {
            Process chown = new ProcessBuilder("chown", "-R", "65534:65534", folder.toString()).start();
            assertThat(chown.waitFor()).isZero();
        }
    }

    @Test
    void selfContainedItNeedsNothingElse() throws Exception {
        Path home = unpack("forkless-.*-linux-.*[.]tar[.]gz", "self contained");
        makeReadOnly(home);
        Launcher coordinator = asOrdinaryUser(home)
                .with("JAVA_HOME", "/nonexistent")
                .with("PATH", "/usr/bin:/bin")
                .with("HOME", "/nonexistent");

        assertThat(sum(coordinator)).isEqualTo("10\n");
        assertThat(startsFromCaches(coordinator)).isTrue();
        assertThat(home.resolve("runtime/legal/java.base")).isNotEmptyDirectory();
        assertThat(coordinator.run("--version").answer())
                .contains(home.resolve("runtime").toString());
        String log = home.resolve("docs/examples/access.log").toString();
        String job = home.resolve("docs/examples/Statuses.java").toString();
        assertThat(coordinator.run("--job", job, log).answer()).startsWith("200  5\n");
    }

    @Test
    void theNoticeNamesEveryJarAndTheBillOfMaterialsToo() throws Exception {
        Path home = unpack("forkless-[^-]+(-SNAPSHOT)?[.]tar[.]gz", "notice");
        String notice = Files.readString(home.resolve("NOTICE"));
        String bom = Files.readString(home.resolve("bom.json"));

        List<String> others = files(home.resolve("lib"), "[.]jar").stream()
                .map(jar -> jar.getFileName().toString())
                .filter(name -> !name.startsWith("forkless-"))
                .map(name -> name.substring(0, name.length() - ".jar".length()))
                .toList();

        assertThat(others).isNotEmpty().allSatisfy(jar -> assertThat(notice).contains("\n" + jar + " "));
        assertThat(others).allSatisfy(jar -> assertThat(bom).contains("/" + jar.replaceFirst("-(?=[0-9])", "@") + "?"));
    }

    @Test
    void everyLinkOfItsDocumentsLeadsToSomethingInIt() throws Exception {
        Path home = unpack("forkless-[^-]+(-SNAPSHOT)?[.]tar[.]gz", "links");
        Pattern link = Pattern.compile("(?:\\]\\(|(?:src|href)=\"|^\\[[^]]+\\]: )([^)\\s\"]+)", Pattern.MULTILINE);
        List<String> broken = new ArrayList<>();
        int links = 0;

        for (Path document : files(home, "[.](md|html)")) {
            for (MatchResult found :
                    link.matcher(Files.readString(document)).results().toList()) {
                String[] target = found.group(1).split("#", 2);
                if (!target[0].matches("[a-z]+:.*")) {
                    Path file = target[0].isEmpty() ? document : document.resolveSibling(target[0]);
                    boolean leadsOutside = !file.normalize().startsWith(home) || !Files.exists(file);
                    if (leadsOutside || target.length > 1 && !anchors(file).contains(target[1])) {
                        broken.add(home.relativize(document) + ": " + found.group(1));
                    }
                    links++;
                }
            }
        }

        assertThat(broken).isEmpty();
        assertThat(links).isGreaterThan(30);
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().matches(".*" + ending)).toList();
        }
    }

    /** What a heading is called in a link. */
    private static List<String> anchors(Path document) throws IOException {
        try (Stream<String> lines = Files.lines(document)) {
            return lines.filter(line -> line.startsWith("#"))
                    .map(line -> line.replaceFirst("#+ ", "")
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("[^a-z0-9 _-]", "")
                            .replace(' ', '-'))
                    .toList();
        }
    }

    /** What libraries say of their licences, and of code of others in them, is in the package as text. */
    @Test
    void licencesOfBundledLibrariesStandInThePackage() throws Exception {
        Path home = unpack("forkless-[^-]+(-SNAPSHOT)?[.]tar[.]gz", "licences");
        String stated = words(Files.readString(home.resolve("NOTICE")) + Files.readString(home.resolve("LICENSE")));
        int texts = 0;

        for (Path jar : files(home.resolve("lib"), "[.]jar")) {
            try (var files = new ZipInputStream(Files.newInputStream(jar))) {
                for (ZipEntry file = files.getNextEntry(); file != null; file = files.getNextEntry()) {
                    if (file.getName().matches("META-INF/[^/]*(LICEN[CS]E|NOTICE|COPYING)[^/]*")) {
                        assertThat(stated)
                                .as("%s of %s", file.getName(), jar)
                                .contains(words(new String(files.readAllBytes(), StandardCharsets.UTF_8)));
                        texts++;
                    }
                }
            }
        }

        assertThat(texts).isPositive();
    }

    private static String words(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    /** Every option in the order of its help; troff has no word of complaint. */
    @LongTest
    @Test
    void theManualHasEveryOption() throws Exception {
        Path manual = Launcher.HOME.resolve("share/man/man1/coordinator.1");
        String page = Files.readString(manual);
        for (String command : List.of("run", "generate", "import", "info", "jobs", "lab")) {
            String help = new Launcher(folder).run(command, "--help").answer();
            assertThat(help.lines().filter(line -> line.matches(" +--[a-z-]+=.*")))
                    .allSatisfy(line -> assertThat(page)
                            .contains("\n.B " + line.strip().split("[ =\\[]")[0].replace("-", "\\-") + "="));
        }
        assertThat(page.lines().filter(line -> line.startsWith(".")))
                .allMatch(line -> line.matches("[.](TH|SH|B|TP|br|nf|fi)( .*)?"));
    }

    /** Whether the JVM took the coordinator's classes from an AOT cache. */
    private boolean startsFromCaches(Launcher coordinator) throws IOException {
        Path logs = Files.createTempDirectory(folder, "logs");
        Files.setPosixFilePermissions(logs, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path log = logs.resolve("classes");
        assertThat(sum(coordinator.with("FORKLESS_JAVA_OPTS", "-Xlog:class+load:file=" + log)))
                .isEqualTo("10\n");
        return Files.readString(log).contains(Main.class.getName() + " source: shared objects file");
    }

    private static String sum(Launcher coordinator) {
        return coordinator.run("--job", "sum", "data.bin").answer();
    }

    private Path unpack(String name, String to) throws IOException, InterruptedException {
        List<Path> archives;
        try (Stream<Path> files = Files.list(Launcher.HOME.resolveSibling("."))) {
            archives = files.filter(file -> file.getFileName().toString().matches(name))
                    .toList();
        }
        assumeThat(archives)
                .as("packages that were built, of the name %s", name)
                .hasSize(1);
        Path target = Files.createDirectory(folder.resolve(to));
        Process tar = new ProcessBuilder(
                        "tar", "-xzf", archives.getFirst().toString(), "-C", target.toString(), "--strip-components=1")
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
        return target;
    }

    private Launcher in(Path home) {
        return new Launcher(folder).by(home.resolve("bin/coordinator").toString());
    }

    /** To root no folder is read-only. */
    private Launcher asOrdinaryUser(Path home) {
        String script = home.resolve("bin/coordinator").toString();
        return IS_ROOT
                ? new Launcher(folder).by("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", script)
                : new Launcher(folder).by(script);
    }

    private static void makeReadOnly(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isDirectory)::iterator) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r-xr-xr-x"));
            }
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
