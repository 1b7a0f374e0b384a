package io.github.forkless.coordinator.process;

import io.github.forkless.common.text.Text;
import io.github.forkless.coordinator.machine.JvmEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Drains what one worker prints, passes it on line by line with the worker's name in front, and remembers the last
 * lines in case they are its last words.
 */
final class WorkerOutput {
    private static final int REMEMBERED_LINES = 20;

    private static final int REMEMBERED_CHARS = 1000;

    /** A line longer than this is passed on in pieces. */
    private static final int MAX_LINE_BYTES = 8 << 10;

    /**
     * How long to wait for a dead worker's stderr to end: a process that it started may hold it open. Its last words are on
     * their way, and a busy machine is slow to read them.
     */
    private static final long END_MILLIS = 2_000;

    /** What a JVM says of it at its start is not worth a line for each worker: this one has said it, and they are last words. */
    private static final JvmEnvironment ENVIRONMENT = JvmEnvironment.ofThisProcess();

    private final InputStream stream;
    private final ArrayDeque<String> lastLines = new ArrayDeque<>();
    private final Thread thread;

    // Where the lines go: guarded by lastLines.
    private String prefix;
    private Consumer<String> sink;

    WorkerOutput(String prefix, InputStream stream, Consumer<String> sink) {
        this.prefix = prefix;
        this.stream = stream;
        this.sink = sink;
        this.thread = Thread.ofPlatform().daemon().name(prefix + "stderr").unstarted(this::drain);
    }

    void start() {
        thread.start();
    }

    /** What comes from now on goes to another sink; what came before is forgotten. */
    void move(String otherPrefix, Consumer<String> otherSink) {
        synchronized (lastLines) {
            prefix = otherPrefix;
            sink = otherSink;
            lastLines.clear();
        }
    }

    boolean hasPrinted() {
        synchronized (lastLines) {
            return !lastLines.isEmpty();
        }
    }

    /** Waits for the end of the stream, but not for ever, and returns the last lines. */
    List<String> awaitEnd() throws InterruptedException {
        thread.join(END_MILLIS);
        synchronized (lastLines) {
            return List.copyOf(lastLines);
        }
    }

    private void drain() {
        byte[] buffer = new byte[MAX_LINE_BYTES];
        byte[] line = new byte[MAX_LINE_BYTES];
        int length = 0;
        try {
            for (int got = stream.read(buffer); got >= 0; got = stream.read(buffer)) {
                for (int i = 0; i < got; i++) {
                    if (buffer[i] == '\n') {
                        pass(line, length);
                        length = 0;
                        continue;
                    }
                    line[length++] = buffer[i];
                    if (length == MAX_LINE_BYTES) {
                        int whole = wholeCharacters(line, length);
                        pass(line, whole);
                        length -= whole;
                        System.arraycopy(line, whole, line, 0, length);
                    }
                }
            }
        } catch (IOException e) {
            // The stream was closed under us because the process is gone; what came before stands.
        }
        if (length > 0) {
            pass(line, length);
        }
    }

    /** How many of the first {@code length} bytes, more than 4, are left without a UTF-8 character that ends behind them. */
    private static int wholeCharacters(byte[] line, int length) {
        for (int last = length - 1; last >= length - 3; last--) {
            int lead = line[last] & 0xff;
            if (lead >= 0xc0) {
                int bytes = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
                return last + bytes > length ? last : length;
            } else if (lead < 0x80) {
                return length;
            }
        }
        return length;
    }

    private void pass(byte[] bytes, int length) {
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        String line;
        Consumer<String> takes;
        synchronized (lastLines) {
            if (lastLines.size() == REMEMBERED_LINES) {
                lastLines.removeFirst();
            }
            lastLines.add(Text.shortened(text, REMEMBERED_CHARS));
            line = prefix + text;
            takes = sink;
        }
        if (!ENVIRONMENT.isAnnouncement(text)) {
            takes.accept(line);
        }
    }
}
