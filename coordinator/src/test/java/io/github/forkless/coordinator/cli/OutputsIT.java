package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.forkless.testing.LongTest;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a run writes is never what it reads, nor a file that others have put there: that is refused, and nothing is changed. */
class OutputsIT {
    private static final int USAGE = 2;
    private static final byte[] NUMBERS = TestData.int32(1, 2, 3, 4);

    @RegisterExtension
    static final SharedResident RESIDENT = new SharedResident();

    @TempDir
    private Path folder;

    private Launcher coordinator;
    private Path data;

    @BeforeEach
    void writeData() throws Exception {
        coordinator = RESIDENT.launcher(folder);
        data = Files.write(folder.resolve("data.bin"), NUMBERS);
    }

    @AfterEach
    void findDataAsItWas() {
        assertThat(data).hasBinaryContent(NUMBERS);
    }

    @Test
    void theAnswerOntoTheDataset() {
        Launcher appending = coordinator.by("sh", "-c", "\"$0\" \"$@\" >> data.bin", Launcher.SCRIPT.toString());

        assertThat(appending.run("--json", "data.bin").error(USAGE))
                .isEqualTo("the answer goes to the dataset itself; redirect stdout to another file (a shell's > has"
                        + " emptied this one already)");
    }

    @Test
    void aReportOntoTheJobsSourceByAnotherName() throws Exception {
        Path job = Files.copy(Path.of(TestJobs.path("Echo.java")), folder.resolve("Echo.java"));
        Files.createLink(folder.resolve("report.html"), job);
        byte[] source = Files.readAllBytes(job);

        assertThat(coordinator
                        .run("--job", "Echo.java", "--report", "report.html", "data.bin")
                        .error(USAGE))
                .isEqualTo("--report report.html: that is the job's source; give another file");
        assertThat(job).hasBinaryContent(source);
    }

    @Test
    void aReportAndATraceAndStdoutInOneFile() throws Exception {
        assertThat(coordinator
                        .run("--report", "new", "--trace", "./new", "data.bin")
                        .error(USAGE))
                .isEqualTo("--trace ./new: that is the file of --report; give another file");
        Launcher redirected = coordinator.by("sh", "-c", "\"$0\" \"$@\" > out", Launcher.SCRIPT.toString());
        assertThat(redirected.run("--journal", "out", "data.bin").error(USAGE))
                .isEqualTo("--journal out: that is where stdout goes; give another file");
        assertThat(folder.resolve("out")).isEmptyFile();
    }

    @Test
    void aJournalIntoADatasetThatIsEmpty() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.bin"));

        assertThat(coordinator.run("--journal", "empty.bin", "empty.bin").error(USAGE))
                .isEqualTo("--journal empty.bin: that is the dataset; give another file");
        assertThat(empty).isEmptyFile();
    }

    @Test
    void throughALinkThatAnotherUserHasPutIntoAFolderForEverybody() throws Exception {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .as("run by root")
                .isEqualTo(0);
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setAttribute(open, "unix:mode", 01777);
        Path link = Files.createSymbolicLink(open.resolve("report.html"), folder.resolve("precious"));
        Files.setAttribute(link, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
        Files.writeString(folder.resolve("precious"), "precious");

        String problem = ": it belongs to another user (uid 65534), in a folder where everybody may write";
        assertThat(coordinator.run("--report", link.toString(), "data.bin").error(USAGE))
                .startsWith("--report " + link + problem);
        assertThat(coordinator
                        .run("generate", "--force", "--type", "int8", "--count", "1", link.toString())
                        .error(3))
                .startsWith(link + problem);
        assertThat(coordinator.run("--journal", link.toString(), "data.bin").error(USAGE))
                .startsWith("the journal " + link + " cannot be opened" + problem);
        assertThat(folder.resolve("precious")).hasContent("precious");
        assertThat(names(open)).containsExactly("report.html");
    }

    /** The user has no rights that root has, the attacker no more than an account. */
    @LongTest
    @Test
    void whatAnotherUserHasLaidOutIsNeitherFollowedNorWaitedFor() throws Exception {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .as("run by root")
                .isEqualTo(0);
        Path scratch = Files.createDirectory(folder.resolve("scratch"));
        Path precious = Files.createDirectory(folder.resolve("precious"));
        Files.setAttribute(folder, "unix:mode", 0755);
        Files.setAttribute(scratch, "unix:mode", 0777);
        Files.setAttribute(precious, "unix:uid", 65534);
        as(
                65533,
                "sh",
                "-c",
                "cd '" + scratch + "' && mkfifo -m 666 pipe && mkdir below linked && chmod 777 below" + " && ln -s '"
                        + precious + "/profile' below/report && ln -s '" + precious + "' linked/folder");
        as(65534, "sh", "-c", "echo precious > '" + precious + "/profile'");
        Launcher user = coordinator.by(
                "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", Launcher.SCRIPT.toString());
        String problem = " belongs to another user (uid 65533), in a folder where everybody may write";

        for (String option : new String[] {"--report", "--trace"}) {
            assertThat(user.run(option, "scratch/pipe", "data.bin").error(USAGE))
                    .startsWith(option + " scratch/pipe: it" + problem);
        }
        assertThat(user.run("--report", "scratch/below/report", "data.bin").error(USAGE))
                .startsWith("--report scratch/below/report: " + scratch.toRealPath() + "/below" + problem);
        assertThat(user.run("--journal", "scratch/linked/folder/new", "data.bin")
                        .error(USAGE))
                .contains(scratch.toRealPath() + "/linked" + problem);
        assertThat(user.run("generate", "--type", "int8", "--count", "1", "scratch/linked/folder/new")
                        .error(3))
                .contains(scratch.toRealPath() + "/linked" + problem);
        assertThat(user.run("--trace", "new", "data.bin").error(USAGE))
                .isEqualTo("--trace new: no file can be created there: permission denied");
        assertThat(precious.resolve("profile")).hasContent("precious\n");
        assertThat(names(precious)).containsExactly("profile");
        assertThat(user.run("--report", "/dev/null", "--trace", "precious/trace", "--job", "sum", "data.bin")
                        .answer())
                .isEqualTo("10\n");
    }

    private static void as(int user, String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"));
        all.addAll(List.of(command));
        assertThat(new ProcessBuilder(all).inheritIO().start().waitFor()).isZero();
    }

    private static Stream<String> names(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
    }
}
