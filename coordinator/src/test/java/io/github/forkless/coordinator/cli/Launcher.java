package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.testing.Patience;
import io.github.forkless.testing.ProcessVariables;
import io.github.forkless.worker.WorkerMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Starts the coordinator the way a user does, through the launcher of the run folder, and sees to it that nothing of it
 * is left: everything that it starts inherits a mark in its environment, by which /proc tells who is still there.
 */
record Launcher(Path folder, List<String> command, Map<String, String> environment, Optional<SharedResident> resident) {
    /** The run folder: {@code bin/coordinator} and {@code lib}. */
    static final Path HOME = Path.of(System.getProperty("forkless.home"));

    static final Path SCRIPT = HOME.resolve("bin/coordinator");

    /** A run that takes longer is stuck; idle machines need half a second. */
    private static final Duration DEADLINE = Duration.ofSeconds(45);

    /** What is promised: no worker outlives its coordinator by more. */
    private static final Duration LAST_BREATH = Duration.ofSeconds(1);

    static final String MARK = "FORKLESS_TEST";

    /** Variables that would change what a run prints. */
    static final List<String> FOREIGN =
            List.of("FORKLESS_DAEMON", "FORKLESS_JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /** @param folder where runs are started */
    Launcher(Path folder) {
        this(folder, Optional.empty());
    }

    Launcher(Path folder, Optional<SharedResident> resident) {
        this(folder, List.of(SCRIPT.toString()), Map.of(), resident);
    }

    /** The same, started by another command; the arguments of a run follow it. */
    Launcher by(String... otherCommand) {
        return new Launcher(folder, List.of(otherCommand), environment, resident);
    }

    Launcher with(String variable, String value) {
        var more = new HashMap<>(environment);
        more.put(variable, value);
        return new Launcher(folder, command, more, resident);
    }

    /** A whole run; the resident may answer it. */
    Outcome run(String... arguments) {
        try (Running running = start(resident, arguments)) {
            return running.await();
        }
    }

    /** A run that is under way, in a process of its own. */
    Running start(String... arguments) {
        return start(Optional.empty(), arguments);
    }

    private Running start(Optional<SharedResident> answering, String... arguments) {
        String mark = answering
                .map(SharedResident::mark)
                .orElseGet(() -> UUID.randomUUID().toString());
        try {
            Path stdout = Files.createTempFile("forkless-stdout", null);
            Path stderr = Files.createTempFile("forkless-stderr", null);
            var builder = new ProcessBuilder(Stream.concat(command.stream(), Stream.of(arguments))
                            .toList())
                    .directory(folder.toFile())
                    .redirectOutput(stdout.toFile())
                    .redirectError(stderr.toFile());
            FOREIGN.forEach(builder.environment()::remove);
            builder.environment().putAll(environment);
            builder.environment().put(MARK, mark);
            answering.ifPresent(it -> it.prepare(builder));
            return new Running(builder.start(), MARK + "=" + mark, stdout, stderr, answering);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<ProcessHandle> marked(String mark) {
        return ProcessHandle.allProcesses()
                .filter(process -> ProcessVariables.of(process.pid()).contains(mark));
    }

    /** How a run ended and what it printed. */
    record Outcome(int exit, String stdout, String stderr) {

        /** Checks that it ended well, with nothing on stderr, and returns what it printed. */
        String answer() {
            assertThat(this).extracting(Outcome::exit, Outcome::stderr).containsExactly(0, "");
            return stdout;
        }

        /** Checks that it ended with one line of error, and returns that without the program's name. */
        String error(int expectedExit) {
            List<String> lines = errorLines(expectedExit);
            assertThat(lines).hasSize(1);
            return lines.getFirst();
        }

        /** The same, where more lines may follow the first. */
        List<String> errorLines(int expectedExit) {
            assertThat(this).extracting(Outcome::exit, Outcome::stdout).containsExactly(expectedExit, "");
            List<String> lines = stderr.lines().toList();
            assertThat(lines).isNotEmpty();
            assertThat(lines.getFirst()).startsWith("coordinator: ");
            assertThat(stderr).doesNotContain("\tat ");
            return Stream.concat(
                            Stream.of(lines.getFirst().substring("coordinator: ".length())),
                            lines.stream().skip(1))
                    .toList();
        }
    }

    /** A coordinator and all that it has started. Closing it ends what is left. */
    record Running(Process process, String mark, Path stdout, Path stderr, Optional<SharedResident> resident)
            implements AutoCloseable {

        /** Waits for the end, and checks that the end was everybody's. */
        Outcome await() {
            try {
                Duration deadline = Patience.of(DEADLINE);
                if (!process.waitFor(deadline.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError(
                            "not done after " + deadline + "; " + printed() + "; still there: " + left());
                }
                assertNoneIsLeft();
                return printed();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Waits for what must come before the coordinator ends. */
        void await(Patience.Condition condition) throws InterruptedException {
            boolean holds = Patience.awaits(DEADLINE, () -> {
                boolean canCome = process.isAlive();
                boolean isThere = condition.holds();
                assertThat(isThere || canCome)
                        .as("it ended before: %s", printed())
                        .isTrue();
                return isThere;
            });
            assertThat(holds).as("still not after %s: %s", DEADLINE, printed()).isTrue();
        }

        private void assertNoneIsLeft() throws InterruptedException {
            Patience.awaits(LAST_BREATH, () -> left().isEmpty());
            assertThat(left().stream()
                            .map(handle -> handle.pid() + " "
                                    + handle.info().commandLine().orElse("?")))
                    .as("processes that are left %s after the end of %s", LAST_BREATH, process.pid())
                    .isEmpty();
        }

        /** What was printed so far. */
        Outcome printed() {
            try {
                return new Outcome(
                        process.isAlive() ? -1 : process.exitValue(),
                        Files.readString(stdout, StandardCharsets.UTF_8),
                        Files.readString(stderr, StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void signal(String name) {
            try {
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** The worker JVMs that there are. */
        List<ProcessHandle> workers() {
            return left().stream().filter(Running::isWorker).toList();
        }

        private static boolean isWorker(ProcessHandle process) {
            return read(process, "cmdline").contains("\0" + WorkerMain.class.getName() + "\0");
        }

        /** Whoever carries the mark, but for a resident and the workers that it keeps. */
        private List<ProcessHandle> left() {
            return marked(mark)
                    .filter(process -> resident.filter(it -> it.has(process)).isEmpty())
                    .filter(ProcessHandle::isAlive) // who is gone has no parent
                    .toList();
        }

        /** What /proc has about a process; empty if that is gone, or another user's. */
        private static String read(ProcessHandle process, String file) {
            try {
                return Files.readString(
                        Path.of("/proc", Long.toString(process.pid()), file), StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                return "";
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
            left().forEach(ProcessHandle::destroyForcibly);
            try {
                Files.deleteIfExists(stdout);
                Files.deleteIfExists(stderr);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
