package io.github.forkless.coordinator.lab;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.generate.DatasetGenerator;
import io.github.forkless.coordinator.generate.Distribution;
import io.github.forkless.coordinator.generate.Existing;
import io.github.forkless.coordinator.generate.GenerateException;
import io.github.forkless.coordinator.generate.GenerateSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where experiments are made: a folder for their data, and one program at a time, or a resident coordinator and who asks it.
 * However the laboratory ends, all of it goes: closing it sees to that, and if nobody does, a shell beside it, which waits for
 * the end of its stdin. The kernel closes that when this process is gone.
 *
 * <p>One thread makes experiments; another may close it meanwhile, after which that one gets {@link #ending}.
 */
public final class Laboratory implements AutoCloseable {
    /** Reads the pids of what runs, a line each time that this changes. The argument is the folder. */
    private static final String JANITOR = """
        trap '' HUP INT QUIT TERM
        running=
        while read -r pids; do running=$pids; done
        [ -z "$running" ] || kill -9 $running
        rm -rf -- "$1"
        """;

    private final Path folder;
    private final Process janitor;

    /** The last that was started comes first: it may ask one before it, and would have another started if that ended. */
    private final Deque<ProcessHandle> running = new ArrayDeque<>();

    private boolean isClosed;

    /**
     * Opens one with a folder of its own within {@code parent}.
     *
     * @throws LabException when it cannot be written there
     */
    public static Laboratory open(Path parent) {
        try {
            Path folder = Files.createTempDirectory(parent.toAbsolutePath(), "forkless-lab-");
            Process janitor = new ProcessBuilder("/bin/sh", "-c", JANITOR, "forkless-lab", folder.toString())
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            return new Laboratory(folder, janitor);
        } catch (IOException e) {
            throw new LabException(
                    "no folder for the data can be made in " + parent + ": " + e.getMessage() + "; choose another with"
                            + " --dir",
                    e);
        }
    }

    private Laboratory(Path folder, Process janitor) {
        this.folder = folder;
        this.janitor = janitor;
    }

    Path folder() {
        return folder;
    }

    /** Writes random integers, the same ones for the same number of them. */
    Path generate(long elements) throws InterruptedException {
        Path data = folder.resolve("data.bin");
        try {
            DatasetGenerator.generate(
                    data,
                    new GenerateSpec(elements, ElementType.INT32, Distribution.UNIFORM, 1),
                    Existing.REPLACED,
                    Runtime.getRuntime().availableProcessors());
        } catch (GenerateException e) {
            if (isClosed()) {
                throw ending();
            }
            throw new LabException(e.getMessage() + "; choose another folder with --dir, or fewer with --count", e);
        }
        return data;
    }

    void remove(Path data) throws IOException {
        Files.deleteIfExists(data);
    }

    LabJvm start(List<String> jvmOptions, Class<?> main, List<String> arguments) {
        return new LabJvm(this, jvmOptions, main, arguments);
    }

    /** What starts ends with the laboratory at the latest. */
    synchronized Process start(ProcessBuilder program) {
        if (isClosed) {
            throw ending();
        }
        try {
            Process process = program.start();
            begin(process.toHandle());
            return process;
        } catch (IOException e) {
            throw new LabException("a program cannot be started: " + e.getMessage(), e);
        }
    }

    /** The same, for what somebody else has started. */
    synchronized void begin(ProcessHandle process) {
        if (isClosed) {
            kill(process);
            throw ending();
        }
        running.push(process);
        tellJanitor();
    }

    /** Ends what runs, with all that it has started, if it has not ended yet. */
    synchronized void end(ProcessHandle process) {
        kill(process);
        running.remove(process);
        tellJanitor();
    }

    /** Workers see for themselves that who started them is gone; this is sooner. */
    private static void kill(ProcessHandle process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    synchronized boolean isClosed() {
        return isClosed;
    }

    /** Thrown in an experiment when the laboratory is closed meanwhile. */
    static LabException ending() {
        return new LabException("the laboratory is closed");
    }

    private void tellJanitor() {
        String pids =
                running.stream().map(process -> Long.toString(process.pid())).collect(Collectors.joining(" "));
        try {
            OutputStream line = janitor.getOutputStream();
            line.write((pids + "\n").getBytes(StandardCharsets.US_ASCII));
            line.flush();
        } catch (IOException e) {
            // Somebody has ended it, so this process has to do its work.
        }
    }

    /** Ends what runs, removes the folder. */
    @Override
    public synchronized void close() {
        isClosed = true;
        running.forEach(Laboratory::kill);
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(Laboratory::delete);
        } catch (IOException | UncheckedIOException e) {
            // The janitor has another try at it.
        }
        try {
            janitor.getOutputStream().close();
            janitor.waitFor(1, TimeUnit.SECONDS);
        } catch (IOException e) {
            // It is gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The janitor has another try at it.
        }
    }
}
