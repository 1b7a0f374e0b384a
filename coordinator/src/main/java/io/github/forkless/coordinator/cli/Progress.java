package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.files.ShutdownHook;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.Recording.Totals;
import java.io.OutputStream;
import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarConsumer;

/**
 * Tells on stderr how far a run is: on a terminal in one line that is drawn again and again, elsewhere in a line every few
 * seconds. Says nothing in the first half second, and leaves nothing of its own on the screen when it is closed, or when
 * the JVM ends. Safe for use by several threads.
 */
class Progress implements AutoCloseable {
    private static final int QUIET_MILLIS = 500;
    private static final int DRAW_MILLIS = 200;
    private static final int LINE_MILLIS = 5_000;
    private static final int LINE_COLUMNS = 120;

    /** The cursor waits where the line begins: an echoed {@code ^C} does not make it longer than the terminal is wide. */
    private static final String TO_BEGINNING = "\r";

    /** To the end of the screen: in a terminal that was made narrower, the line has become two. */
    private static final String ERASE = TO_BEGINNING + "\033[J";

    private final PrintStream err = System.err;

    /** For the line that is drawn, and the orders around it. */
    private final PrintStream terminal = StandardStreams.unfilteredErr();

    private final Recording recording;
    private final int procs;
    private final boolean isTerminal;
    /** Null in the beginning. */
    private ProgressBar bar;

    private Thread atShutdown;
    private boolean isClosed;

    // What is on the screen, for the thread that draws and those that print workers' lines.
    private final Object screen = new Object();
    private String drawn = "";

    /**
     * Starts telling.
     *
     * @param procs workers that were asked for; 0 where there is no talk of workers
     */
    Progress(Recording recording, int procs, boolean isTerminal) {
        this.recording = recording;
        this.procs = procs;
        this.isTerminal = isTerminal;
        Thread.ofPlatform().daemon().name("forkless-progress").start(this::beginLater);
    }

    /** How far it is. */
    Totals totals() {
        return recording.totals();
    }

    /** Where workers' lines go, so that they and ours do not mix. */
    PrintStream workerOutput() {
        return new PrintStream(OutputStream.nullOutputStream()) {
            @Override
            public void println(String line) {
                synchronized (screen) {
                    erase();
                    err.println(line);
                }
            }
        };
    }

    /** Nothing of the library is loaded in a run that ends before. */
    private synchronized void beginLater() {
        try {
            long end = System.nanoTime() + QUIET_MILLIS * 1_000_000L;
            for (long left = QUIET_MILLIS; left > 0 && !isClosed; left = (end - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
            if (!isClosed) {
                begin();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private void begin() {
        atShutdown = ShutdownHook.of("forkless-progress-end", this::end);
        try {
            Runtime.getRuntime().addShutdownHook(atShutdown);
        } catch (IllegalStateException e) {
            return; // the JVM is going down already
        }
        bar = ProgressLine.start(
                this::totals,
                procs,
                isTerminal ? "" : "coordinator:",
                isTerminal ? DRAW_MILLIS : LINE_MILLIS,
                new Display());
    }

    /** What the library draws on. It may draw the same twice. */
    private final class Display implements ProgressBarConsumer {
        @Override
        public int getMaxRenderedLength() {
            return isTerminal ? StandardStreams.errColumns() - 1 : LINE_COLUMNS;
        }

        @Override
        public void accept(String line) {
            synchronized (screen) {
                if (line.equals(drawn)) {
                    return;
                }
                if (isTerminal) {
                    terminal.print(ERASE + line + TO_BEGINNING);
                } else {
                    err.println(line);
                }
                drawn = line;
            }
        }

        @Override
        public void clear() {
            synchronized (screen) {
                erase();
            }
        }

        @Override
        public void close() {}
    }

    private void erase() {
        if (isTerminal && !drawn.isEmpty()) {
            terminal.print(ERASE);
            drawn = "";
        }
    }

    private void end() {
        synchronized (this) {
            if (isClosed) {
                return;
            }
            isClosed = true;
            notifyAll();
        }
        if (bar != null) {
            bar.close();
        }
    }

    @Override
    public void close() {
        end();
        if (atShutdown != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(atShutdown);
            } catch (IllegalStateException e) {
                // The JVM is going down, and finds nothing to do.
            }
        }
    }
}
