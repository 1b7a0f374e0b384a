package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.job.DataFunction;
import io.github.forkless.testing.Patience;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A coordinator that was stopped for a while, as by Ctrl-Z or a laptop's sleep, charges nobody with that time. */
@Execution(ExecutionMode.SAME_THREAD)
class PauseIT {
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    @TempDir
    Path folder;

    @Test
    void whileTheCoordinatorIsStoppedNoTaskTimesOut() throws Exception {
        Path log = folder.resolve("log");
        Process coordinator = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Coordinator.class.getName(),
                        folder.toString(),
                        Patience.of(TIMEOUT).toString())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(log.toFile()))
                .start();
        try {
            assertThat(Patience.awaits(Duration.ofSeconds(10), () -> Files.exists(folder.resolve("at-work"))))
                    .as("the task was begun: %s", log)
                    .isTrue();
            signal("STOP", coordinator);
            Thread.sleep(Patience.of(TIMEOUT).multipliedBy(2)); // the pause itself
            Files.createFile(folder.resolve("go-on"));
            signal("CONT", coordinator);

            assertThat(coordinator.waitFor()).as(() -> read(log)).isZero();
        } finally {
            coordinator.destroyForcibly().waitFor();
        }
        Marked.assertNoneIsLeft(coordinator.pid(), Duration.ofSeconds(1));
    }

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** A program whose only task takes as long as it is not told to go on, and has a timeout and no second attempt. */
    static final class Coordinator {
        public static void main(String[] args) {
            String folder = args[0];
            DataFunction<Integer, Integer> wait = (_, i) -> {
                Files.createFile(Path.of(folder, "at-work"));
                TestData.await(Path.of(folder, "go-on"));
                return i;
            };
            var options = PoolOptions.defaults()
                    .withProcs(1)
                    .withRunOptions(RunOptions.defaults().withRetries(0).withTimeout(Duration.parse(args[1])));
            try (var pool = WorkerPool.open(options)) {
                pool.map(List.of(1), wait);
            }
        }

        private Coordinator() {}
    }
}
