package io.github.forkless.coordinator.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.PoolOptions;
import io.github.forkless.coordinator.WorkerPool;
import io.github.forkless.coordinator.files.TemporaryFiles;
import io.github.forkless.worker.jobs.Sum;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What no argument of a process can hold. */
@Execution(ExecutionMode.SAME_THREAD)
class ArgumentFileIT {
    @TempDir
    private Path folder;

    private PrivateFolder ours;

    @BeforeEach
    void create() throws Exception {
        ours = PrivateFolder.create();
    }

    @AfterEach
    void isRemovedWithItsFolder() {
        ours.remove();

        assertThat(ours.path()).doesNotExist();
    }

    @Test
    void isNeededForWhatTheSystemRefuses() {
        assertThat(ArgumentFile.isNeededFor("x".repeat(131_071))).isFalse();
        assertThat(ArgumentFile.isNeededFor("x".repeat(131_072))).isTrue();
    }

    @Test
    void holdsAnyCharacter() throws Exception {
        String value = "a \"b\" 'c' \\d\\ #e\tf\ng\rh @i";
        String argument =
                ArgumentFile.write(ours, List.of("-Dvalue=" + value, "-XshowSettings:properties", "-version"));

        Process java = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", argument)
                .redirectErrorStream(true)
                .start();
        String settings = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(java.waitFor()).isZero();
        assertThat(settings).contains("value = a \"b\" 'c' \\d\\ #e");
        assertThat(settings.replaceAll("\\s+", " ")).contains("f g h @i");
    }

    @Test
    void aClassPathMayHaveAnyLength() throws Exception {
        Path data = Files.write(folder.resolve("data.bin"), new byte[] {1, 0, 0, 0, 9, 0, 0, 0});
        List<Path> classPath = IntStream.range(0, 2_000)
                .mapToObj(i -> folder.resolve("a folder that does not exist, and makes the class path long, " + i))
                .toList();
        assertThat(String.join(":", classPath.stream().map(Path::toString).toList()))
                .hasSizeGreaterThan(131_072);

        try (var pool =
                WorkerPool.open(data, PoolOptions.defaults().withProcs(1).withClassPath(classPath))) {
            assertThat((Object) pool.run(new Sum())).hasToString("10");
        }
        // Other pools of this JVM may be open, but theirs are short.
        String pid = "forkless-" + ProcessHandle.current().pid() + "-";
        try (Stream<Path> folders = Files.list(TemporaryFiles.folder())) {
            assertThat(folders.filter(path -> path.getFileName().toString().startsWith(pid)))
                    .allSatisfy(path -> assertThat(path.toFile().list((_, name) -> name.startsWith("arguments-")))
                            .isNullOrEmpty());
        }
    }
}
