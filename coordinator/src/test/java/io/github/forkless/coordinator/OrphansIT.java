package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.job.DataFunction;
import io.github.forkless.testing.Thorough;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When the coordinator is gone, so are its workers and what their jobs started, a second later, whatever they do. */
class OrphansIT {
    private static final int WORKERS = 3;

    @TempDir
    Path folder;

    static Stream<String> ways() {
        return Thorough.orFirst(List.of("BURN", "STOP", "READ", "IGNORE", "CHILD"));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void nobodyOutlivesACoordinatorThatIsKilled(String way) throws Exception {
        Process coordinator = start(way);
        assertThat(Marked.of(coordinator.pid())).hasSizeGreaterThanOrEqualTo(WORKERS);

        coordinator.destroyForcibly().waitFor();

        Marked.assertNoneIsLeft(coordinator.pid(), Duration.ofSeconds(1));
    }

    static Stream<Arguments> signals() {
        return Thorough.orFirst(List.of(
                Arguments.of("CHILD", "INT", 130),
                Arguments.of("STOP", "TERM", 143),
                Arguments.of("IGNORE", "TERM", 143)));
    }

    @ParameterizedTest
    @MethodSource("signals")
    void aSignalEndsTheCoordinatorAndEverybodyElse(String way, String signal, int exitValue) throws Exception {
        Process coordinator = start(way);

        new ProcessBuilder("kill", "-" + signal, Long.toString(coordinator.pid()))
                .start()
                .waitFor();

        assertThat(coordinator.waitFor()).isEqualTo(exitValue);
        Marked.assertNoneIsLeft(coordinator.pid(), Duration.ofMillis(200));
    }

    @Test
    void whenTheSweeperIsKilledTooWorkersSeeForThemselves() throws Exception {
        Process coordinator = start("BURN");
        coordinator
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("sh"))
                .forEach(ProcessHandle::destroyForcibly);

        coordinator.destroyForcibly().waitFor();

        Marked.assertNoneIsLeft(coordinator.pid(), Duration.ofSeconds(1));
    }

    /** Starts a coordinator and waits until all of its workers are at it. */
    private Process start(String way) throws IOException, InterruptedException {
        Process coordinator = new ProcessBuilder(
                        // A shell that runs this in the background may have told us, and so our children, to ignore
                        // SIGINT.
                        "env",
                        "--default-signal=INT",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Coordinator.class.getName(),
                        way,
                        folder.toString())
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        while (busyWorkers() < WORKERS) {
            assertThat(coordinator.isAlive()).isTrue();
            Thread.sleep(10);
        }
        Thread.sleep(100); // so that most are deep in it; one that is not must end just the same
        return coordinator;
    }

    private long busyWorkers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    /** A program that keeps its workers busy for ever. */
    static final class Coordinator {
        public static void main(String[] args) {
            String way = args[0];
            String folder = args[1];
            DataFunction<Integer, Integer> misbehave = (_, i) -> {
                Files.createFile(Path.of(folder, Integer.toString(i)));
                misbehave(way);
                return i;
            };
            try (var pool = WorkerPool.open(PoolOptions.defaults().withProcs(WORKERS))) {
                pool.map(List.of(0, 1, 2), misbehave);
            }
        }

        private static void misbehave(String way) throws IOException, InterruptedException {
            switch (way) {
                case "BURN" -> burn();
                case "STOP" ->
                    new ProcessBuilder(
                                    "kill",
                                    "-STOP",
                                    Long.toString(ProcessHandle.current().pid()))
                            .start()
                            .waitFor();
                case "READ" -> System.in.transferTo(System.out);
                case "IGNORE" -> Runtime.getRuntime().addShutdownHook(new Thread(Coordinator::burn));
                default ->
                    new ProcessBuilder("sh", "-c", "trap '' HUP INT TERM; sleep 1000; sleep 1000")
                            .inheritIO()
                            .start();
            }
            Thread.sleep(Duration.ofMinutes(5));
        }

        private static void burn() {
            long n = 0;
            while (n >= 0) {
                for (int i = 0; i < Integer.MAX_VALUE; i++) {
                    n += i & 1;
                }
            }
        }

        private Coordinator() {}
    }
}
