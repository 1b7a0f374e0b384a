package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.Recording;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells on stderr how far a run is: on a terminal in one line that is drawn again and again, elsewhere in a line every few
 * seconds. Says nothing in the first half second, and leaves nothing of its own on the screen when it is closed, or when
 * the JVM ends. Safe for use by several threads.
 */
final class Progress implements AutoCloseable {
    private static final long QUIET_MILLIS = 500;
    private static final long DRAW_MILLIS = 200;
    private static final long LINE_MILLIS = 5_000;
    private static final String ERASE = "\r\033[K";
    private static final Path STDERR = Path.of("/proc/self/fd/2");

    private final PrintStream err;
    private final Recording recording;
    private final int procs;
    private final boolean isTerminal;
    private Thread atShutdown;
    /** Whether the cursor is behind a line of ours. */
    private boolean isDrawn;

    private boolean hasSpoken;
    private boolean isClosed;

    /** Whether stderr is a terminal that understands where a line begins. */
    static boolean isTerminal() {
        try {
            String stderr = Files.readSymbolicLink(STDERR).toString();
            boolean isDevice =
                    stderr.startsWith("/dev/pts/") || stderr.startsWith("/dev/tty") || stderr.equals("/dev/console");
            return isDevice && !"dumb".equals(System.getenv("TERM"));
        } catch (IOException e) {
            return false;
        }
    }

    /** Starts telling. */
    Progress(PrintStream err, Recording recording, int procs, boolean isTerminal) {
        this.err = err;
        this.recording = recording;
        this.procs = procs;
        this.isTerminal = isTerminal;
        Thread.ofPlatform().daemon().name("forkless-progress").start(this::tell);
    }

    /** Where workers' lines go, so that they and ours do not mix. */
    PrintStream chatter() {
        return new PrintStream(OutputStream.nullOutputStream()) {
            @Override
            public void println(String line) {
                print(line);
            }
        };
    }

    private synchronized void print(String line) {
        erase();
        err.println(line);
    }

    private synchronized void tell() {
        try {
            pause(QUIET_MILLIS);
            while (!isClosed) {
                if (isTerminal) {
                    draw();
                    pause(DRAW_MILLIS);
                } else {
                    err.println("coordinator: " + line(Integer.MAX_VALUE));
                    hasSpoken = true;
                    pause(LINE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /** Until so much time has passed, or this is closed. */
    private void pause(long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; left > 0 && !isClosed; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }

    private void draw() {
        if (atShutdown == null) {
            atShutdown = new Thread(this::end, "forkless-progress-end");
            try {
                Runtime.getRuntime().addShutdownHook(atShutdown);
            } catch (IllegalStateException e) {
                isClosed = true; // the JVM is going down already
                return;
            }
        }
        err.print(ERASE + line(TerminalWidth.columns() - 1));
        err.flush();
        isDrawn = true;
    }

    private void erase() {
        if (isDrawn) {
            err.print(ERASE);
            err.flush();
            isDrawn = false;
        }
    }

    private synchronized void end() {
        isClosed = true;
        erase();
        notifyAll();
    }

    private String line(int width) {
        return ProgressLine.of(recording.totals(), procs, width);
    }

    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        end();
        if (hasSpoken) {
            err.println("coordinator: " + line(Integer.MAX_VALUE));
        }
        if (atShutdown != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(atShutdown);
            } catch (IllegalStateException e) {
                // The JVM is going down, and finds nothing to do.
            }
        }
    }
}
