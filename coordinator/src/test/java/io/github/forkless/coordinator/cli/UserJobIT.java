package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.testing.LongTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that users bring along, and what they are called with. */
class UserJobIT {
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

    @LongTest
    @Test
    void aSourceFileInAPackageWithItsHelpers() {
        assertThat(coordinator
                        .run(
                                "--job",
                                TestJobs.path("Echo.java"),
                                "--param",
                                "n=-7",
                                "--param",
                                "text=a=b, c",
                                "data.bin")
                        .answer()
                        .lines())
                .containsExactly("text    a=b, c", "n       -7", "factor  0.5", "count   4");
    }

    @LongTest
    @Test
    void aJobOfTheUsersIsExplained() throws Exception {
        Files.writeString(folder.resolve("Above.java"), """
            import io.github.forkless.common.dataset.Block;
            import io.github.forkless.common.job.*;

            @Summary("how many are above a limit")
            public record Above(@Parameter("what they are above") int limit, Step step) implements Job<Long, Long> {
                public enum Step { UP, DOWN }
                static { if (true) throw new IllegalStateException("nothing of it runs"); }
                public Long start() { return 0L; }
                public Long accept(Long count, Block data) { return count; }
                public Long merge(Long left, Long right) { return left + right; }
                public Long finish(Long count) { return count; }
            }
            """);
        String explained = coordinator.run("jobs", "Above.java").answer();

        assertThat(explained).isEqualTo("""
            Above.java how many are above a limit
            Parameters (--param NAME=VALUE):
              limit (int, required): what they are above
              step (UP|DOWN, optional)
            """);
        ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        folder.resolve("classes").toString(),
                        folder.resolve("Above.java").toString());
        assertThat(coordinator.run("jobs", "--class-path", "classes", "Above").answer())
                .isEqualTo(explained.replace("Above.java", "Above     "));
        assertThat(coordinator.run("jobs", "--class-path", "classes", "Below").error(2))
                .contains("there is no job Below", "--class-path");
        assertThat(coordinator
                        .run("jobs", "--class-path", "classes", "Above$Step")
                        .error(2))
                .contains("Above$Step is not a job");
    }

    /** The feature is none that the compiler knows by itself. */
    @LongTest
    @Test
    void workersHaveTheOptionsAndTheEnvironmentThatAreGiven() {
        String[] given = {
            "--jvm-option=-Dgreeting=hello", "--env", "REGION=a=b c", "--job", TestJobs.path("Surroundings.java")
        };

        assertThat(new Launcher(folder)
                        .run(
                                "--jvm-option",
                                "--enable-preview",
                                given[0],
                                given[1],
                                given[2],
                                given[3],
                                given[4],
                                "data.bin")
                        .answer())
                .isEqualTo("4 elements hello a=b c\n");
        assertThat(new Launcher(folder)
                        .run(given[0], given[3], given[4], "data.bin")
                        .stderr())
                .contains("does not compile", "--enable-preview");
        assertThat(new Launcher(folder).run("--jvm-option=-Xmx1g", "data.bin").stderr())
                .isEqualTo("coordinator: the JVM option '-Xmx1g' limits the heap, which the pool does; use"
                        + " --worker-memory\n");
        assertThat(new Launcher(folder).run("--env", "a.b=1", "data.bin").exit())
                .isEqualTo(2);
    }

    @Test
    void sweepsMultiplyAndTheLastVariesFastest() {
        assertThat(coordinator
                        .run(
                                "--procs",
                                "3",
                                "--job",
                                TestJobs.path("Echo.java"),
                                "--param",
                                "text=x",
                                "--sweep",
                                "n=5:15:5",
                                "--sweep",
                                "factor=2,0.25,1e3",
                                "data.bin")
                        .answer()
                        .lines())
                .containsExactly(
                        "text=x n=5 factor=2      text=x n=5 factor=2.0 count=4",
                        "text=x n=5 factor=0.25   text=x n=5 factor=0.25 count=4",
                        "text=x n=5 factor=1e3    text=x n=5 factor=1000.0 count=4",
                        "text=x n=10 factor=2     text=x n=10 factor=2.0 count=4",
                        "text=x n=10 factor=0.25  text=x n=10 factor=0.25 count=4",
                        "text=x n=10 factor=1e3   text=x n=10 factor=1000.0 count=4",
                        "text=x n=15 factor=2     text=x n=15 factor=2.0 count=4",
                        "text=x n=15 factor=0.25  text=x n=15 factor=0.25 count=4",
                        "text=x n=15 factor=1e3   text=x n=15 factor=1000.0 count=4");
    }

    @LongTest
    @Test
    void aLongSweepKeepsItsOrder() {
        List<String> lines = coordinator
                .run("--procs", "3", "--job", TestJobs.path("Echo.java"), "--sweep", "n=1:1000", "data.bin")
                .answer()
                .lines()
                .toList();

        assertThat(lines).hasSize(1000);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).isEqualTo("n=%-4d  text=none n=%d factor=0.5 count=4".formatted(i + 1, i + 1));
        }
    }

    @Test
    void aClassFromAClassPath() {
        Path classes = folder.resolve("classes");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-proc:none",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-d",
                                classes.toString(),
                                TestJobs.path("Echo.java")))
                .isZero();
        String name = "io.github.forkless.example.deep.Echo";

        assertThat(coordinator
                        .run("--class-path", "none:classes", "--job", name, "--param", "n=1", "data.bin")
                        .answer())
                .startsWith("text    none\nn       1\n");
        assertThat(coordinator.run("--job", name, "--param", "n=1", "data.bin").error(2))
                .contains("there is no job " + name, "--class-path");
    }

    @Test
    void aSourceFileThatDoesNotCompileIsShownAsJavacDoes() throws Exception {
        Files.writeString(folder.resolve("Broken.java"), """
            import io.github.forkless.common.job.Job;

            public record Broken() implements Job<Long, Long> {
                public Long start() { return 0; }
            }
            """);

        List<String> lines = coordinator.run("--job", "Broken.java", "data.bin").errorLines(2);

        assertThat(lines.getFirst()).isEqualTo("--job Broken.java does not compile:");
        assertThat(lines)
                .anyMatch(line ->
                        line.matches("Broken.java:4: error: incompatible types: int cannot be converted to Long"))
                .anyMatch(line -> line.contains("public Long start() { return 0; }"));
    }

    @LongTest
    @Test
    void aSourceFileWithoutAClassOfItsName() throws Exception {
        Files.writeString(folder.resolve("Other.java"), "record Another(int n) {}\n");

        assertThat(coordinator.run("--job", "Other.java", "data.bin").error(2))
                .isEqualTo(
                        "--job Other.java has no class Other; it has Another. Name the job's class and its file alike");
    }

    @LongTest
    @Test
    void aClassThatIsNoJob() throws Exception {
        Files.writeString(folder.resolve("Plain.java"), "public record Plain(int n) {}\n");

        assertThat(coordinator.run("--job", "Plain.java", "data.bin").error(2))
                .isEqualTo("Plain is not a job: it does not implement io.github.forkless.common.job.Job");
    }
}
