package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.daemon.Client;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Where this program prints. {@code System.out} is for the answer: the launcher moves it to another file descriptor, so that
 * 1 is the same as 2 and what the JVM itself prints, thread dumps and complaints, lands on stderr. Both streams are UTF-8
 * in every locale, and go through a {@link TerminalFilter} where they end at a terminal.
 */
final class StandardStreams {
    /** Set by the launcher: the file descriptor for the answer. */
    private static final String STDOUT = "forkless.stdout";

    /** Set by the launcher: which of {@code out} and {@code err} are terminals. */
    private static String terminals = System.getProperty("forkless.terminals", "");

    private static final int STDOUT_NUMBER = Integer.getInteger(STDOUT, 1);
    private static final int STDERR_NUMBER = 2;

    private static final int BUFFERED = 64 << 10;

    /** What the C library says of a pipe that has no reader any more. */
    private static final String BROKEN_PIPE = "Broken pipe";

    private static final Answers ANSWERS = new Answers(new FileOutputStream(stdout()));
    private static final OutputStream ERRORS = new FileOutputStream(FileDescriptor.err);

    /** Who has asked, in a process that stays; null elsewhere. */
    private static Client client;

    private static PrintStream answer = System.out;

    /** Has {@code System.out} and {@code System.err} be these. */
    static void open() {
        OutputStream answers = isOutTerminal() ? new TerminalFilter(ANSWERS) : ANSWERS;
        answer = new PrintStream(new BufferedOutputStream(answers, BUFFERED), false, StandardCharsets.UTF_8);
        System.setOut(answer);
        OutputStream errors = isErrTerminal() ? new TerminalFilter(ERRORS) : ERRORS;
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    }

    /** The same for the next command, in a process that stays. */
    static void changeTo(Client other) {
        client = other;
        terminals = other.terminals();
        ANSWERS.failure = null;
    }

    /** The process that the user started. */
    static long pid() {
        return client == null ? ProcessHandle.current().pid() : client.pid();
    }

    /** An environment variable of it; null if it is not set. */
    static String variable(String name) {
        return client == null ? System.getenv(name) : client.environment().get(name);
    }

    /** What {@code System.out} is as long as no job runs in this JVM. */
    static PrintStream answer() {
        return answer;
    }

    /**
     * From now on a job that runs in this JVM finds what it would find in one of its own: nothing to read on stdin, and a stdout
     * that leads to stderr.
     */
    static void keepFromJobs(PrintStream output) {
        System.setIn(InputStream.nullInputStream());
        System.setOut(output);
    }

    static boolean isOutTerminal() {
        return terminals.contains("out");
    }

    static boolean isErrTerminal() {
        return terminals.contains("err");
    }

    /** Whether a terminal, if there is one, cannot be told where to print, and in which colour; or nobody knows. */
    static boolean isTerminalDumb() {
        String term = variable("TERM");
        return term == null || term.isEmpty() || term.equals("dumb") || term.equals("unknown");
    }

    /** What is behind stdout, by a name that can be looked at. */
    static Path outFile() {
        return client == null ? Path.of("/proc/self/fd", Integer.toString(STDOUT_NUMBER)) : client.out();
    }

    /** The same of stderr. */
    static Path errFile() {
        return client == null ? Path.of("/proc/self/fd/2") : client.err();
    }

    /** How wide the answer may be: as {@code COLUMNS} says, or else as the terminal is that it goes to; 80 without one. */
    static int outColumns() {
        String given = variable("COLUMNS");
        if (given != null && given.matches("[1-9][0-9]{0,3}")) {
            return Integer.parseInt(given);
        }
        return isOutTerminal() ? TerminalWidth.columns(STDOUT_NUMBER) : TerminalWidth.DEFAULT;
    }

    /** How wide the terminal is that stderr goes to. */
    static int errColumns() {
        return TerminalWidth.columns(STDERR_NUMBER);
    }

    /** For what this program itself tells a terminal to do; nothing from elsewhere is printed here. */
    static PrintStream unfilteredOut() {
        return new PrintStream(ANSWERS, true, StandardCharsets.UTF_8);
    }

    /** The same for stderr. */
    static PrintStream unfilteredErr() {
        return new PrintStream(ERRORS, true, StandardCharsets.UTF_8);
    }

    /** Whether the reader of the answer has closed the pipe, as {@code head} does. */
    static boolean isReaderGone() {
        return ANSWERS.failure != null && BROKEN_PIPE.equals(ANSWERS.failure.getMessage());
    }

    /**
     * What was opened before this JVM was started, and is no file to open again: that would begin at its start, or fail. The
     * launcher opens the package for this.
     */
    private static FileDescriptor stdout() {
        if (STDOUT_NUMBER == 1) {
            return FileDescriptor.out;
        }
        try {
            Constructor<FileDescriptor> byNumber = FileDescriptor.class.getDeclaredConstructor(int.class);
            byNumber.setAccessible(true);
            return byNumber.newInstance(STDOUT_NUMBER);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM cannot write to file descriptor " + STDOUT_NUMBER, e);
        }
    }

    /** Remembers why an answer could not be written; a print stream only knows that. */
    private static final class Answers extends OutputStream {
        private final FileOutputStream stdout;
        private volatile IOException failure;

        Answers(FileOutputStream stdout) {
            this.stdout = stdout;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                stdout.write(bytes, offset, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }

    private StandardStreams() {}
}
