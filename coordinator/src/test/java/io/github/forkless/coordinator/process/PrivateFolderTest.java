package io.github.forkless.coordinator.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.forkless.coordinator.files.TemporaryFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFolderTest {
    @TempDir
    private Path temporary;

    @Test
    void isForItsOwnerAloneAndGoesWithWhatIsInIt() throws Exception {
        PrivateFolder created = PrivateFolder.create();

        assertThat(created.path()).hasParent(TemporaryFiles.folder());
        assertThat(Files.getPosixFilePermissions(created.path()))
                .hasSize(3)
                .allMatch(permission -> permission.name().startsWith("OWNER"));
        created.createFile("arguments-");
        created.claim();
        assertThat(created.path().resolve("lock")).exists();
        created.remove();
        created.claim();
        assertThat(created.path()).doesNotExist();
    }

    /** A program of its own: where temporary files go is a property of its JVM. */
    @Test
    void isElsewhereWhereTemporaryFilesCannotBe() throws Exception {
        assertThat(firstLine(creating(Map.of(), "-Djava.io.tmpdir=/proc")))
                .contains("/forkless-")
                .doesNotStartWith("/proc");
    }

    @Test
    void isWhereTmpdirSaysUnlessTheJvmWasToldOtherwise() throws Exception {
        Path other = Files.createDirectory(temporary.resolve("other"));
        Map<String, String> environment = Map.of("TMPDIR", temporary.toString());

        assertThat(firstLine(creating(environment))).startsWith(temporary + "/forkless-");
        assertThat(firstLine(creating(environment, "-Djava.io.tmpdir=" + other)))
                .startsWith(other + "/forkless-");
        assertThat(firstLine(creating(Map.of("TMPDIR", "/none")))).startsWith("/tmp/forkless-");
    }

    @Test
    void ofAnOwnerThatWasKilledItIsRemovedByTheNext() throws Exception {
        Process owner = creating(Map.of("TMPDIR", temporary.toString()));
        try {
            BufferedReader said = owner.inputReader();
            Path theirs = Path.of(said.readLine());
            Files.createFile(theirs.resolve("progress-1"));
            Path shared = Files.createFile(temporary.resolve(".shared.0123456789abcdef.forkless.tmp"));
            Path other = Files.createFile(temporary.resolve("other"));
            Files.createSymbolicLink(theirs.resolve("shared-1"), shared);
            Files.createSymbolicLink(theirs.resolve("shared-2"), other);
            Path contents = Files.createDirectory(temporary.resolve(".contents." + theirs.getFileName()));
            Files.createFile(contents.resolve("1-1"));
            Files.createSymbolicLink(theirs.resolve("contents"), contents);
            Path ours = temporary.resolve("forkless-1-1");
            Files.createDirectory(ours);
            var sweeping = PrivateFolder.in(ours);

            sweeping.removeLeftBehind();
            assertThat(theirs.resolve("progress-1")).exists();
            assertThat(shared).exists();

            owner.destroyForcibly().waitFor();
            sweeping.removeLeftBehind();
            assertThat(theirs).doesNotExist();
            assertThat(shared).doesNotExist();
            assertThat(contents).doesNotExist();
            assertThat(other).exists();
            assertThat(ours).exists();
        } finally {
            owner.destroyForcibly();
        }
    }

    @Test
    void largeAnswersAreRemovedWithTheirFolderAndNothingElse() throws Exception {
        Path ours = Files.createDirectory(temporary.resolve("forkless-1-1"));
        Path dead = Files.createDirectory(temporary.resolve("forkless-2147483647-2"));
        Files.createFile(dead.resolve("lock"));
        Path answer = Files.createFile(Files.createDirectory(Path.of("/dev/shm/.contents.forkless-2147483647-2"))
                .resolve("1-1"));
        Path misled = Files.createDirectory(temporary.resolve("forkless-2147483647-3"));
        Files.createFile(misled.resolve("lock"));
        Path other = Files.createFile(
                Files.createDirectory(temporary.resolve("other")).resolve("1-1"));
        Files.createSymbolicLink(misled.resolve("contents"), other.getParent());
        Path linked = Files.createDirectory(temporary.resolve("forkless-2147483647-4"));
        Files.createFile(linked.resolve("lock"));
        Path link = Files.createSymbolicLink(temporary.resolve(".contents.forkless-2147483647-4"), other.getParent());
        Files.createSymbolicLink(linked.resolve("contents"), link);

        PrivateFolder.in(ours).removeLeftBehind();

        assertThat(answer.getParent()).doesNotExist();
        assertThat(List.of(dead, misled, linked))
                .allSatisfy(path -> assertThat(path).doesNotExist());
        assertThat(other).exists();
    }

    @Test
    void crashLogsAndWhatIsNoPoolsAndWhatStartsJustNowStay() throws Exception {
        Path ours = Files.createDirectory(temporary.resolve("forkless-1-1"));
        Path starting = Files.createDirectory(temporary.resolve("forkless-2147483647-2"));
        Path crashed = Files.createDirectory(temporary.resolve("forkless-2147483647-3"));
        Path log = Files.createFile(crashed.resolve("hs_err_pid4.log"));
        Path lock = Files.createFile(crashed.resolve("lock"));
        Path alive = Files.createDirectory(
                temporary.resolve("forkless-" + ProcessHandle.current().pid() + "-4"));
        Path project = Files.createDirectory(temporary.resolve("forkless-old-sources"));
        Path dead = Files.createDirectory(temporary.resolve("forkless-2147483647-5"));
        Path link = Files.createSymbolicLink(temporary.resolve("forkless-2147483647-6"), project);
        FileTime hoursAgo = FileTime.from(Instant.now().minus(2, ChronoUnit.HOURS));
        for (Path folder : List.of(alive, project, dead)) {
            Files.setLastModifiedTime(folder, hoursAgo);
        }

        PrivateFolder.in(ours).removeLeftBehind();

        assertThat(List.of(ours, starting, log, alive, project, link))
                .allSatisfy(path -> assertThat(path).exists());
        assertThat(List.of(lock, dead)).allSatisfy(path -> assertThat(path).doesNotExist());
    }

    @Test
    void thatOfAnotherUserStays() throws Exception {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .as("run by root")
                .isEqualTo(0);
        Path ours = Files.createDirectory(temporary.resolve("forkless-1-1"));
        Path theirs = Files.createDirectory(temporary.resolve("forkless-2147483647-2"));
        Files.createFile(theirs.resolve("lock"));
        Files.setAttribute(theirs, "unix:uid", 65534);

        PrivateFolder.in(ours).removeLeftBehind();

        assertThat(theirs.resolve("lock")).exists();
    }

    /** In a mount namespace of its own, as in a container with a read-only root. */
    @Test
    void whereNothingCanBeWrittenItIsSaidWhyAndWhatToDo() throws Exception {
        assumeThat(System.getProperty("java.home") + ":" + System.getProperty("java.class.path"))
                .as("what a JVM needs is below /tmp, where it could not be found")
                .doesNotContainPattern("(^|:)/tmp/");
        String mount = "mount -t tmpfs -o ro tmpfs /tmp && mount -t tmpfs -o ro tmpfs /dev/shm && exec \"$0\" \"$@\"";
        boolean isRoot = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        List<String> mounting = List.of("unshare", isRoot ? "-m" : "-rm", "sh", "-c", mount);

        assertThat(firstLine(creating(mounting, Map.of("XDG_RUNTIME_DIR", "/none"))))
                .isEqualTo("no folder for temporary files can be made: /tmp (Read-only file system), /none (there is"
                        + " no such folder), /dev/shm (Read-only file system); set TMPDIR to a folder that can"
                        + " be written to and has room");
    }

    private static Process creating(Map<String, String> environment, String... options) throws IOException {
        return creating(List.of(), environment, options);
    }

    private static Process creating(List<String> starter, Map<String, String> environment, String... options)
            throws IOException {
        List<String> command = new ArrayList<>(starter);
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Creating.class.getName()));
        var program = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
        program.environment().remove("TMPDIR");
        program.environment().putAll(environment);
        return program.start();
    }

    private static String firstLine(Process program) throws IOException {
        program.getOutputStream().close();
        return program.inputReader().readLine();
    }

    /** Says where its folder is, and has it until its stdin ends. */
    static final class Creating {
        public static void main(String[] args) throws Exception {
            PrivateFolder created;
            try {
                created = PrivateFolder.create();
            } catch (IOException e) {
                System.out.println(e.getMessage());
                return;
            }
            created.claim();
            System.out.println(created.path());
            System.in.readAllBytes();
            created.remove();
        }
    }
}
