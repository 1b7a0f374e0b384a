package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.testing.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * A coordinator that stays and answers the commands of a class of tests which is about answers and errors, and not about
 * processes: how they start and end, what they take, and which work each has. That takes a tenth of the time. What it does not
 * answer runs in a process of its own, as for a user. {@code DaemonIT} shows that the words are the same. One class at a time
 * has it, then the next; it ends with this JVM's tests.
 */
public final class SharedResident implements BeforeAllCallback, AfterAllCallback {
    private static final Pattern PID = Pattern.compile("pid (\\d+)");
    private static final Duration SOON = Duration.ofSeconds(10);

    private Resident resident;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        resident = free(context).take();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        free(context).giveBack(resident);
    }

    private static Free free(ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(SharedResident.class))
                .getOrComputeIfAbsent(Free.class);
    }

    /** Starts commands in a folder. */
    Launcher launcher(Path folder) {
        return new Launcher(folder, Optional.of(this));
    }

    /** Has a command answered by the resident. */
    public void prepare(ProcessBuilder command) {
        resident.prepare(command);
    }

    /** In the environment of the resident, the commands and all that these start. */
    String mark() {
        return resident.mark;
    }

    /** Whether it is the resident's, or the resident. */
    boolean has(ProcessHandle process) {
        return resident.process.filter(process::equals).isPresent()
                || process.parent().filter(this::has).isPresent();
    }

    private record Resident(Path folder, String mark, Optional<ProcessHandle> process) {
        /** On a machine that is too busy for it, commands run without. */
        static Resident start() throws IOException {
            var starting = new Resident(
                    Files.createTempDirectory("forkless-resident"), // for nobody else
                    UUID.randomUUID().toString(),
                    Optional.empty());
            Matcher pid = PID.matcher(starting.daemon("start", "--idle", "2h"));
            return pid.find()
                    ? new Resident(starting.folder, starting.mark, ProcessHandle.of(Long.parseLong(pid.group(1))))
                    : starting;
        }

        void prepare(ProcessBuilder command) {
            command.environment().put("XDG_RUNTIME_DIR", folder.toString());
            command.environment().put(Launcher.MARK, mark);
        }

        private String daemon(String... arguments) throws IOException {
            var builder = new ProcessBuilder(
                            Stream.concat(Stream.of(Launcher.SCRIPT.toString(), "daemon"), Stream.of(arguments))
                                    .toList())
                    .redirectErrorStream(true);
            Launcher.FOREIGN.forEach(builder.environment()::remove);
            prepare(builder);
            Process command = builder.start();
            command.getOutputStream().close();
            return new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }

        void end() throws IOException, InterruptedException {
            daemon("stop");
            Patience.awaits(SOON, () -> left().isEmpty());
            List<ProcessHandle> left = left();
            left.forEach(ProcessHandle::destroyForcibly);
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            assertThat(left).as("left of the resident coordinator").isEmpty();
        }

        private List<ProcessHandle> left() {
            return Launcher.marked(Launcher.MARK + "=" + mark).toList();
        }
    }

    /** Those that no class has just now. */
    static final class Free implements AutoCloseable {
        private final Deque<Resident> residents = new ArrayDeque<>();

        private synchronized Resident take() throws IOException {
            return residents.isEmpty() ? Resident.start() : residents.pop();
        }

        private synchronized void giveBack(Resident resident) {
            residents.push(resident);
        }

        @Override
        public synchronized void close() throws IOException {
            try {
                for (Resident resident : residents) {
                    resident.end();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
