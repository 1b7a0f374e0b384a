package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** The {@code .java} jobs under {@code src/test/resources/jobs}, and the gate at which some of them wait. */
final class TestJobs {

    /** The file itself, as it is given to {@code --job}. */
    static String path(String name) {
        URL job = TestJobs.class.getResource("/jobs/" + name);
        assertThat(job).as(name).isNotNull();
        try {
            return Path.of(job.toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Arguments of a run of a job of theirs, as a class that is compiled already. */
    static String[] job(String name, String... more) {
        return Stream.concat(Stream.of("--job", name, "--class-path", classes()), Stream.of(more))
                .toArray(String[]::new);
    }

    /** The folder of their classes. */
    static String classes() {
        return Compiled.FOLDER.toString();
    }

    /** Once for all tests. */
    private static final class Compiled {
        private static final Path FOLDER = Launcher.HOME.resolveSibling("test-jobs");
        private static final String NEEDS_PREVIEW = "Surroundings.java";

        static {
            try (Stream<Path> jobs = Files.list(Path.of(path(NEEDS_PREVIEW)).getParent())) {
                String[] arguments = Stream.concat(
                                Stream.of("-g", "-parameters", "-proc:none", "-d", FOLDER.toString()),
                                jobs.map(Path::toString).filter(job -> !job.endsWith(NEEDS_PREVIEW)))
                        .toArray(String[]::new);
                assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments))
                        .isZero();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * A folder through which workers that run {@code Gate.java} or {@code GateAtEnd.java} say that they are at the gate,
     * and learn that it is open.
     */
    record Gate(Path folder) {
        private static final String WAITING = "waiting-";

        static Gate in(Path parent) throws IOException {
            return new Gate(Files.createDirectory(parent.resolve("gate")));
        }

        /** Arguments of a run of {@code Gate}. */
        String[] job(String... more) {
            return TestJobs.job(
                    "Gate",
                    Stream.concat(Stream.of("--param", parameter()), Stream.of(more))
                            .toArray(String[]::new));
        }

        /** The job's parameter. */
        String parameter() {
            return "gate=" + folder;
        }

        /** Waits until so many workers wait, and returns their pids. */
        List<Long> awaitWaiting(int count) throws IOException, InterruptedException {
            while (true) {
                List<Long> pids = waiting();
                if (pids.size() >= count) {
                    return pids;
                }
                Thread.sleep(5); // the test's timeout ends this
            }
        }

        private List<Long> waiting() throws IOException {
            try (Stream<Path> files = Files.list(folder)) {
                return files.map(file -> file.getFileName().toString())
                        .filter(name -> name.startsWith(WAITING))
                        .map(name -> Long.valueOf(name.substring(WAITING.length())))
                        .toList();
            }
        }

        void open() throws IOException {
            Files.createFile(folder.resolve("open"));
        }
    }

    private TestJobs() {}
}
