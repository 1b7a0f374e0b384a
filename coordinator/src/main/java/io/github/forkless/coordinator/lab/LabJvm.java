package io.github.forkless.coordinator.lab;

import io.github.forkless.coordinator.machine.JvmEnvironment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A JVM that the laboratory looks at from outside. It hears of what goes on in there by {@link Signals}. */
final class LabJvm implements AutoCloseable {
    /** Ctrl-C is for the laboratory, which ends what it has started. Crashes on purpose need no dump of everything. */
    private static final List<String> SHELL_PREFIX =
            List.of("/bin/sh", "-c", "trap '' INT; ulimit -c 0; exec \"$@\"", "forkless-lab");

    /** Where the launcher keeps the AOT caches for its JVM; the workers' JVMs look there too. */
    private static final String AOT_FOLDER = "forkless.aot";

    private static final int LAST_WORDS = 5;

    private final Laboratory laboratory;
    private final Process process;
    private final BufferedReader lines;
    private final Path stderr;
    private final long startedNanos;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());
    private long bytesRead;
    private volatile boolean isKilled;

    /**
     * A signal.
     *
     * @param afterNanos how long after the JVM was started it came
     * @param words the signal's name and what belongs to it
     */
    record Signal(long afterNanos, List<String> words) {
        String name() {
            return words.getFirst();
        }

        long number(int index) {
            return Long.parseLong(words.get(index));
        }

        Duration after() {
            return Duration.ofNanos(afterNanos);
        }

        /** All words from {@code index} on. */
        String rest(int index) {
            return String.join(" ", words.subList(index, words.size()));
        }
    }

    LabJvm(Laboratory laboratory, List<String> jvmOptions, Class<?> main, List<String> arguments) {
        this.laboratory = laboratory;
        this.stderr = laboratory.folder().resolve("stderr");
        var builder = new ProcessBuilder(command(laboratory.folder(), jvmOptions, main, arguments))
                .redirectError(stderr.toFile());
        builder.environment().keySet().removeAll(JvmEnvironment.NAMES); // JVMs that are compared are alike
        this.startedNanos = System.nanoTime();
        this.process = laboratory.start(builder);
        this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static List<String> command(Path folder, List<String> jvmOptions, Class<?> main, List<String> arguments) {
        var command = new ArrayList<String>(SHELL_PREFIX);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:-UsePerfData");
        command.add("-Djava.io.tmpdir=" + folder); // crash logs go with the folder
        command.add("-XX:ErrorFile=" + folder.resolve("crash-%p.log"));
        command.add("--enable-native-access=ALL-UNNAMED");
        String caches = System.getProperty(AOT_FOLDER);
        if (caches != null) {
            command.add("-D" + AOT_FOLDER + "=" + caches);
            command.add("-XX:AOTCache=" + Path.of(caches, "coordinator.aot"));
            command.add("-Xlog:aot*=off");
            command.add("-Xlog:cds*=off");
        }
        command.addAll(jvmOptions);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.add(Long.toString(ProcessHandle.current().pid()));
        command.addAll(arguments);
        return command;
    }

    /** What there is of the JVM and all that it has started, less what it has said to the laboratory. */
    Footprint footprint() {
        Footprint all = Footprint.of(process.toHandle());
        return new Footprint(
                all.processes(),
                all.residentBytes(),
                all.proportionalBytes(),
                all.writtenBytes() - bytesRead,
                all.cpu());
    }

    /**
     * The next signal; empty at the end of them.
     *
     * @throws LabException when the laboratory was closed meanwhile
     */
    Optional<Signal> next() {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                long now = System.nanoTime();
                if (line.startsWith(Signals.MARK)) {
                    bytesRead += line.length() + 1;
                    List<String> words = List.of(
                            line.substring(Signals.MARK.length()).strip().split(" "));
                    return Optional.of(new Signal(now - startedNanos, words));
                }
            }
            if (laboratory.isClosed()) {
                throw Laboratory.ending();
            }
            return Optional.empty();
        } catch (IOException e) {
            throw laboratory.isClosed() ? Laboratory.ending() : new LabException("a JVM cannot be listened to: " + e);
        }
    }

    /** Ends it at a certain time, if it has not ended by then. */
    ScheduledFuture<?> killAfter(Duration time) {
        return timer.schedule(this::kill, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Has it go on. */
    void go() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        } catch (IOException e) {
            // It is gone, as its exit will tell.
        }
    }

    /** Waits for its end; 128 more than a signal's number if that was it. */
    int exitCode() {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Laboratory.ending();
        }
    }

    /** The last lines that it printed on stderr, to explain how it ended. */
    String lastWords() {
        try {
            List<String> all = Files.readAllLines(stderr);
            return String.join("\n", all.subList(Math.max(0, all.size() - LAST_WORDS), all.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it was ended by the laboratory. */
    boolean isKilled() {
        return isKilled;
    }

    private void kill() {
        isKilled = true;
        laboratory.end(process.toHandle());
    }

    @Override
    public void close() {
        kill();
        timer.shutdownNow();
        exitCode();
    }
}
