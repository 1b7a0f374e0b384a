package io.github.forkless.coordinator.process;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.text.Text;
import io.github.forkless.common.wire.ImportMessage;
import io.github.forkless.common.wire.ImportMessage.Done;
import io.github.forkless.common.wire.ImportMessage.Note;
import io.github.forkless.common.wire.ImportMessage.Read;
import io.github.forkless.common.wire.ImportMessage.Refused;
import io.github.forkless.coordinator.machine.JvmEnvironment;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The child JVM that makes a table of a file of another format. What is in such a file is not to be trusted: it can have a reader
 * take all memory there is, or read for ever. So the child has a heap of its own, and is ended when it does not come on.
 */
public final class ImportProcess {
    private static final String MAIN = "io.github.forkless.importer.ImportMain";

    /** Signals come to all processes of a terminal: which one it was says the coordinator, which ends this one. */
    private static final List<String> SHELL =
            List.of("/bin/sh", "-c", "trap '' HUP INT TERM; exec \"$@\"", "forkless-importer");

    private static final List<String> JVM = List.of(
            "-XX:-UsePerfData",
            "-XX:+DisplayVMOutputToStderr", // stdout is for messages
            "-Xlog:disable",
            "-Xlog:all=warning:stderr",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+ErrorFileToStderr",
            "-XX:-DumpReplayDataOnError",
            "-XX:+UseCountedLoopSafepoints", // a reader that loops for ever must not keep an orphan from ending
            "-XX:LoopStripMiningIter=1000",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /** No thread of its own for what is little garbage. */
    private static final String COLLECTOR = "-XX:+UseSerialGC";

    /** What is read at a time is new, and outlives a collection: it is copied once where there is room. */
    private static final List<String> ROOM = List.of("-XX:NewRatio=1", "-XX:SurvivorRatio=4");

    private static final int OUT_OF_MEMORY = 3;
    private static final int SIGKILLED = 137;
    private static final long LOOK_MILLIS = 200;

    private final Path source;
    private final List<String> options;
    private final long memory;
    private final Duration patience;
    private final Consumer<String> output;

    private volatile Read read = new Read(0, 0);
    private volatile ImportMessage last;

    // Set while this is locked.
    private Process started;
    private boolean isProgramEnding;

    /**
     * @param source the file to read
     * @param options what the importer is told of it: names, each with its value behind it
     * @param memory how large the child's heap may grow, in bytes
     * @param patience how long the child may go without reading any more
     * @param output where lines for the user go
     */
    public ImportProcess(Path source, List<String> options, long memory, Duration patience, Consumer<String> output) {
        this.source = source;
        this.options = List.copyOf(options);
        this.memory = memory;
        this.patience = patience;
        this.output = output;
    }

    /** How far it is. */
    public Read read() {
        return read;
    }

    /**
     * Has the table written, and waits for that. Nothing is left of the child, whatever happens.
     *
     * @param target an empty file
     * @return what is in the table, in one line
     * @throws DatasetException if the source cannot be imported
     * @throws InvalidRequestException if what was asked for is not possible
     * @throws IOException if the table could not be written, or the child died
     */
    public String writeTo(Path target) throws IOException, InterruptedException {
        // Without a limit of time, as other hooks have: to kill takes none, and one that is stopped would stay for
        // ever.
        var atShutdown = new Thread(this::endAtShutdown, "end-importer");
        try {
            Runtime.getRuntime().addShutdownHook(atShutdown); // before there is a child that it would miss
            Process child = startUnlessEnding(target);
            var printed = new WorkerOutput("", child.getErrorStream(), this::pass);
            printed.start();
            Thread listener =
                    Thread.ofPlatform().daemon().name("importer-messages").start(() -> listen(child));
            await(child);
            listener.join();
            printed.awaitEnd();
            return answer(child.exitValue());
        } catch (IllegalStateException e) { // by the shutdown
            throw new InterruptedIOException("the program is ending");
        } finally {
            if (started != null) {
                end(started);
            }
            try {
                Runtime.getRuntime().removeShutdownHook(atShutdown);
            } catch (IllegalStateException e) {
                // It has begun, and finds nothing to do.
            }
        }
    }

    private synchronized Process startUnlessEnding(Path target) throws IOException {
        if (isProgramEnding) {
            throw new IllegalStateException("the program is ending");
        }
        started = start(target);
        return started;
    }

    private synchronized void endAtShutdown() {
        isProgramEnding = true;
        if (started != null) {
            started.destroyForcibly();
        }
    }

    private Process start(Path target) throws IOException {
        List<String> command = new ArrayList<>(SHELL);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (!JvmEnvironment.ofThisProcess().choosesCollector()) {
            command.add(COLLECTOR);
            command.addAll(ROOM);
        }
        command.addAll(JVM);
        command.add("-Xmx" + memory);
        command.addAll(List.of("-cp", classPath(), MAIN, source.toString(), target.toString()));
        command.addAll(options);
        return new ProcessBuilder(command).start();
    }

    /** With the importer's jars, which the coordinator does without. */
    private static String classPath() throws IOException {
        String own = WorkerCommand.classPath();
        CodeSource code = ImportProcess.class.getProtectionDomain().getCodeSource();
        Path jars;
        try {
            jars = Path.of(code.getLocation().toURI()).resolveSibling("importer");
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        if (Files.isDirectory(jars)) {
            return jars + "/*" + File.pathSeparator + own;
        }
        if (ClassLoader.getSystemResource(MAIN.replace('.', '/') + ".class") == null) {
            throw new InvalidRequestException(
                    "this installation has no importer: there is no folder " + jars + "; unpack Forkless anew");
        }
        return own;
    }

    /** What the JVM says of its lack of memory is told in our words. */
    private void pass(String line) {
        if (!line.startsWith("Terminating due to java.lang.OutOfMemoryError")) {
            output.accept(line);
        }
    }

    private void listen(Process child) {
        try (var messages = new DataInputStream(child.getInputStream())) {
            for (ImportMessage it = ImportMessage.readFrom(messages);
                    it != null;
                    it = ImportMessage.readFrom(messages)) {
                switch (it) {
                    case Read now -> read = now;
                    case Note note -> output.accept("coordinator: " + note.text());
                    case Done _, Refused _ -> last = it;
                }
            }
        } catch (IOException e) {
            // It died in the middle of a message.
        }
    }

    private void await(Process child) throws IOException, InterruptedException {
        long look = Math.clamp(patience.toMillis() / 4, 1, LOOK_MILLIS);
        long still = 0;
        Read before = read;
        long then = System.nanoTime();
        while (!child.waitFor(look, TimeUnit.MILLISECONDS)) {
            long now = System.nanoTime();
            // Both processes may have been stopped meanwhile: that was no time to read in.
            still = read.equals(before) ? still + Math.min(now - then, 2 * TimeUnit.MILLISECONDS.toNanos(look)) : 0;
            before = read;
            then = now;
            if (still > patience.toNanos() && last == null) {
                throw new IOException(Text.format(
                        "the importer has read nothing of %s for %d s, at byte %d of %d; the file may be damaged; if"
                                + " the machine is that slow, give --timeout 1h",
                        source, TimeUnit.NANOSECONDS.toSeconds(still), read.bytes(), read.of()));
            }
        }
    }

    private String answer(int exit) throws IOException {
        if (exit == 0 && last instanceof Done(var answer)) {
            return answer;
        }
        if (exit == 0 && last instanceof Refused(var fault, var message)) {
            switch (fault) {
                case REQUEST -> throw new InvalidRequestException(message);
                case SOURCE -> throw DatasetException.reported(message);
                case TARGET -> throw new IOException(message);
            }
        }
        String cause = switch (exit) {
            case OUT_OF_MEMORY ->
                Text.format(
                        "ran out of memory; give it more than %d MiB with --memory, as in --memory 8G", memory >> 20);
            case SIGKILLED ->
                "was killed by SIGKILL; if the machine has run out of memory, give it less with --memory, as in"
                        + " --memory 500M";
            default -> ExitStatus.describe(exit) + "; what it printed is above";
        };
        throw new IOException("the importer of " + source + " " + cause);
    }

    /** Nothing of it is there when this returns. */
    private static void end(Process child) {
        child.destroyForcibly();
        boolean wasInterrupted = Thread.interrupted();
        while (true) {
            try {
                child.waitFor();
                break;
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
