package io.github.forkless.coordinator.lab;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;

/**
 * What a JVM of the laboratory tells it: lines of words on stdout, each beginning with {@link #MARK}. Whatever else is
 * printed there, by a JVM that crashes for one, is not for the laboratory. Safe for use by several threads.
 */
final class Signals {
    static final String MARK = "lab:";

    /** All processes are up, and the program has its data. */
    static final String STARTED = "started";
    /** A result: the job's number and what it found. */
    static final String RESULT = "result";
    /** All results are there, and nothing has been let go of. */
    static final String HOLDING = "holding";
    /** A job of a neighbour is done: its number, its longest pause in nanoseconds, and where it ran. */
    static final String NEIGHBOUR = "neighbour";
    /** A job of a neighbour has no result: its number, and why. */
    static final String LOST = "lost";
    /** The harm is done, or begins: where, if that is a process of its own. */
    static final String HARM = "harm";
    /** How the culprit ended. */
    static final String CULPRIT = "culprit";
    /** Everything is over. */
    static final String END = "end";

    private final PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false);
    private final InputStream in = new FileInputStream(FileDescriptor.in);

    void send(String what, Object... words) {
        var line = new StringBuilder(MARK).append(' ').append(what);
        for (Object word : words) {
            line.append(' ').append(word);
        }
        line.append('\n');
        synchronized (out) { // one write for a line: two threads' lines must not mix
            out.append(line);
            out.flush();
        }
    }

    /** Whether there is a line from the laboratory. */
    boolean mayGo() throws IOException {
        return in.available() > 0;
    }

    /** Waits for a line from the laboratory. */
    void awaitGo() throws IOException {
        if (in.read() < 0) {
            throw new IOException("the laboratory is gone");
        }
    }
}
